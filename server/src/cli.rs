//! The command line: what `socle` can be told, and one clear line when it was told something wrong.

use crate::backup;
use crate::boundary;
use crate::config::public_url;
use crate::import::command::{self, ExportCommand, ImportCommand};
use crate::origin::Proxy;
use crate::relay::{NewGuide, Relay, RelayError};
use crate::serve::{self, Orders};
use crate::store::{Restored, TakenOver};
use crate::streets::{self, Streets as Installed};
use crate::{publish, store, welcome};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use shared::edit::Edit;
use shared::gate::Role;
use shared::ids::{GuideId, RecordId};
use shared::limits::{INVITE_HOURS_MAX, INVITE_HOURS_VALID};
use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// What was asked for does not make sense, or was not done.
const EXIT_WRONG: u8 = 2;

#[derive(Debug, Parser)]
#[command(name = "socle", version, about = "A guide that works with no network: read, edited and merged.")]
#[command(
    after_help = "Examples:\n  socle serve\n  socle serve --listen 0.0.0.0:8080 --public-url https://guide.example.org\n  \
    socle guide create --slug lyon --name \"Lyon\" --language fr --time-zone Europe/Paris --country FR\n  \
    socle invite --guide lyon --role editor\n  socle export lyon > lyon.json"
)]
struct Cli {
    /// The folder that holds everything: database, keys, earlier builds
    #[arg(long, value_name = "DIR", env = "SOCLE_DATA", default_value = "./socle-data", global = true)]
    data: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the relay: pages for readers, the collective's workspace for members
    #[command(
        after_help = "Examples:\n  socle serve\n  socle serve --data /var/lib/socle --listen 127.0.0.1:8080 --public-url https://guide.example.org"
    )]
    Serve(Serve),
    /// Begin a guide, or give it an outline
    Guide {
        #[command(subcommand)]
        command: GuideCommand,
    },
    /// Bring other people's facts into a guide: OpenStreetMap, a table, a guide's own file
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Write a guide as one JSON file, the collective's own backup
    #[command(after_help = "Examples:\n  socle export lyon --out lyon.json\n  socle export lyon > lyon.json")]
    Export(ExportCommand),
    /// Copy the database, while it is in use, to a folder of backups
    #[command(after_help = "Examples:\n  socle backup /mnt/usb\n  socle serve --backups /srv/backups   # one every hour")]
    Backup(Backup),
    /// Put a backup back as the database; no relay may be running on it
    #[command(after_help = "Examples:\n  socle restore /mnt/usb\n  socle restore /mnt/usb/socle-2026-11-23T18.sqlite")]
    Restore(Restore),
    /// Make a link that turns a browser into a member's device, once
    #[command(after_help = "Examples:\n  socle invite --guide lyon\n  socle invite --guide lyon --role steward --hours 24")]
    Invite(Invite),
    /// Remove a record for good: from the database and from every phone at its next contact
    #[command(after_help = "Example:\n  socle purge lyon 0f503e019870d637e0e25ff2b3457671\n\nBackups made before keep it.")]
    Purge(Purge),
    /// Check the database; with --rebuild, build documents and editions again from the log
    #[command(after_help = "Examples:\n  socle check\n  socle check --rebuild")]
    Check(Check),
}

#[derive(Debug, Args)]
struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", env = "SOCLE_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address people open; default http://ADDR
    #[arg(long, value_name = "URL", env = "SOCLE_PUBLIC_URL", value_parser = public_url)]
    public_url: Option<String>,
    /// The web server in front, whose X-Forwarded-For is believed: private (this machine and private
    /// networks), none, or one IP address
    #[arg(long, value_name = "WHO", env = "SOCLE_PROXY", default_value = "private")]
    proxy: Proxy,
    /// A folder for backups: one is put there every hour
    #[arg(long, value_name = "DIR", env = "SOCLE_BACKUPS")]
    backups: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Backup {
    /// Where the backup goes; older ones there are removed when they have had their time
    #[arg(value_name = "DIR", env = "SOCLE_BACKUPS")]
    folder: PathBuf,
}

#[derive(Debug, Args)]
struct Restore {
    /// A backup, or a folder of them, of which the newest is taken
    #[arg(value_name = "BACKUP")]
    from: PathBuf,
}

#[derive(Debug, Subcommand)]
enum GuideCommand {
    /// Make a new, empty guide
    #[command(
        after_help = "Example:\n  socle guide create --slug lyon --name \"Lyon\" --language fr --time-zone Europe/Paris --country FR"
    )]
    Create(Create),
    /// Give a guide the outline of its territory, for its map
    ///
    /// From GeoJSON in WGS 84: polygons, alone or in features. Drawn more simply until it fits. The
    /// licence of most outlines asks that their makers be named: say them with --source.
    #[command(after_help = "Examples:\n  socle guide boundary liege liege.geojson --source \"NGI\" --url https://www.ngi.be\n  \
        socle guide boundary liege --remove")]
    Boundary(Boundary),
    /// Give a guide a file of vector tiles, from which phones draw the streets below its sketch map
    ///
    /// Nobody else is asked for anything: the relay sends the file itself. A town is 5 to 20 MB;
    /// `pmtiles extract` cuts one out of a larger file.
    #[command(after_help = "Examples:\n  socle guide streets liege liege.pmtiles\n  socle guide streets liege --remove")]
    Streets(Streets),
}

#[derive(Debug, Args)]
struct Streets {
    /// The guide's short name
    guide: GuideId,
    /// A PMTiles file (version 3) of vector tiles in the basemap schema of Protomaps
    #[arg(required_unless_present = "remove")]
    file: Option<PathBuf>,
    /// Take the streets away
    #[arg(long, conflicts_with = "file")]
    remove: bool,
}

#[derive(Debug, Args)]
struct Boundary {
    /// The guide's short name
    guide: GuideId,
    /// A GeoJSON file
    #[arg(required_unless_present = "remove")]
    file: Option<PathBuf>,
    #[command(flatten)]
    source: Source,
    /// Take the outline away
    #[arg(long, conflicts_with_all = ["file", "source", "url", "licence"])]
    remove: bool,
}

/// Whose outline it is; shown wherever the guide is.
#[derive(Debug, Args)]
struct Source {
    /// Who made the outline
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Where it comes from
    #[arg(long, requires = "source")]
    url: Option<String>,
    /// Under which licence
    #[arg(long, requires = "source")]
    licence: Option<String>,
}

#[derive(Debug, Args)]
struct Create {
    /// Its short name in addresses, for ever: 2 to 40 of a-z, 0-9 and -
    #[arg(long)]
    slug: GuideId,
    /// Its name as people read it
    #[arg(long)]
    name: String,
    /// The language in which its texts are written first, such as fr
    #[arg(long)]
    language: String,
    /// Where it is, such as Europe/Paris
    #[arg(long, value_name = "TZ")]
    time_zone: String,
    /// Whose public holidays hold, such as FR
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// The outline of its territory, a GeoJSON file (as for `socle guide boundary`)
    #[arg(long, value_name = "FILE")]
    boundary: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Invite {
    #[arg(long, value_name = "SLUG")]
    guide: GuideId,
    /// What the new member may do
    #[arg(long, value_enum, default_value = "editor")]
    role: RoleName,
    /// How long the link is good for
    #[arg(long, default_value_t = INVITE_HOURS_VALID, value_parser = clap::value_parser!(u32).range(1..=i64::from(INVITE_HOURS_MAX)))]
    hours: u32,
    /// The address people open, as given to `socle serve`
    #[arg(long, value_name = "URL", env = "SOCLE_PUBLIC_URL", value_parser = public_url, default_value = "http://127.0.0.1:8080")]
    public_url: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Contributor,
    Editor,
    Steward,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Role {
        match name {
            RoleName::Contributor => Role::Contributor,
            RoleName::Editor => Role::Editor,
            RoleName::Steward => Role::Steward,
        }
    }
}

#[derive(Debug, Args)]
struct Purge {
    /// The guide's short name
    guide: GuideId,
    /// The record's id, as in the address of its page
    record: RecordId,
}

#[derive(Debug, Args)]
struct Check {
    /// Build documents and editions again from the log of changes
    #[arg(long)]
    rebuild: bool,
}

/// Does what the arguments say.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misunderstood(&error),
    };
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("socle: {error}");
            ExitCode::from(EXIT_WRONG)
        }
    }
}

/// Help is printed whole; what is wrong, in one line.
fn misunderstood(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        error.exit();
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        eprintln!("{error}");
        return ExitCode::from(EXIT_WRONG);
    }
    let text = error.to_string();
    let said: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
    eprintln!("socle: {} (see `socle --help`)", said.join(" ").trim_start_matches("error: "));
    ExitCode::from(EXIT_WRONG)
}

impl Cli {
    fn run(self) -> Result<(), Box<dyn Error>> {
        match self.command {
            Command::Serve(Serve { listen, public_url, proxy, backups }) => {
                Ok(serve::serve(&self.data, Orders { listen, public_url, proxy, backups })?)
            }
            Command::Guide { command: GuideCommand::Create(create) } => with_relay(&self.data, |relay| create.run(relay)),
            Command::Guide { command: GuideCommand::Boundary(asked) } => with_relay(&self.data, |relay| asked.run(relay)),
            Command::Guide { command: GuideCommand::Streets(asked) } => with_relay(&self.data, |relay| asked.run(relay)),
            Command::Import { command: asked } => {
                with_relay(&self.data, |relay| Ok(command::import(relay, &asked, &mut std::io::stdout())?))
            }
            Command::Export(asked) => with_relay(&self.data, |relay| Ok(command::export(relay, &asked, &mut std::io::stdout())?)),
            Command::Backup(asked) => with_relay(&self.data, |relay| asked.run(relay)),
            Command::Restore(asked) => asked.run(&self.data),
            Command::Invite(invite) => with_relay(&self.data, |relay| invite.run(relay)),
            Command::Purge(asked) => with_relay(&self.data, |relay| asked.run(relay)),
            Command::Check(check) => with_relay(&self.data, |relay| check.run(relay)),
        }
    }
}

/// Opens the relay for one command. One that serves the same folder may be running meanwhile.
fn with_relay(
    data: &std::path::Path,
    command: impl FnOnce(&Arc<Relay>) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let relay = Relay::open(data)?;
    let done = command(&relay);
    relay.close();
    done
}

impl Create {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        let Create { slug, name, language, time_zone, country, boundary } = self;
        // Read first: a guide is not begun for a file that is no outline.
        let outline = boundary.as_deref().map(boundary::read).transpose()?;
        relay.create_guide(&NewGuide { id: slug.clone(), name, language, time_zone, country })?;
        if let Some(outline) = outline {
            relay.change_settings(&slug, &[Edit::put("boundary", outline)])?;
        }
        publish::publish(relay, &slug)?;
        println!("The guide {slug} is there. Invite its first steward: socle invite --guide {slug} --role steward");
        Ok(())
    }
}

impl Boundary {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        let outline = self.file.as_deref().map(boundary::read).transpose()?;
        let corners = outline.as_deref().map(boundary::corners).unwrap_or_default();
        let mut edits = vec![outline.map_or_else(|| Edit::clear("boundary"), |outline| Edit::put("boundary", outline))];
        let Source { source, url, licence } = self.source;
        let said = [("name", source), ("url", url), ("licence", licence)];
        let said = said.into_iter().filter_map(|(field, value)| Some((field, value?)));
        if self.remove {
            edits.push(Edit::remove("attribution.boundary"));
        }
        edits.extend(said.map(|(field, value)| Edit::put(format!("attribution.boundary.{field}"), value)));
        relay.change_settings(&self.guide, &edits)?;
        publish::publish(relay, &self.guide)?;
        match corners {
            0 => println!("The map of {} has no outline.", self.guide),
            _ => println!("The map of {} has an outline of {corners} corners.", self.guide),
        }
        Ok(())
    }
}

impl Streets {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        if !relay.has_guide(&self.guide)? {
            return Err(RelayError::NoGuide.into());
        }
        match self.file {
            Some(file) => {
                let Installed { bytes, .. } = streets::install(relay.folder(), &self.guide, &file)?;
                println!("The map of {} has streets, {} KB.", self.guide, bytes.div_ceil(1000));
            }
            None if streets::remove(relay.folder(), &self.guide)? => {
                println!("The map of {} has no streets any more.", self.guide)
            }
            None => println!("The map of {} had no streets.", self.guide),
        }
        Ok(())
    }
}

impl Backup {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        let path = backup::backup(relay, &self.folder)?;
        println!("{} is whole and on the disk. It holds what only members may read: guard it.", path.display());
        Ok(())
    }
}

impl Restore {
    fn run(self, data: &std::path::Path) -> Result<(), Box<dyn Error>> {
        let from = match self.from.is_dir() {
            true => backup::newest(&self.from)?.ok_or("there is no backup in this folder: they are called socle-….sqlite")?,
            false => self.from,
        };
        let Restored { aside, taken_over } = store::restore(&from, data)?;
        println!("The database is that of {}. Phones send again what it lacks as soon as they reach the relay.", from.display());
        println!("Invites that nobody had used are no longer good: make new ones.");
        match taken_over {
            Some(TakenOver { purged, revoked, demoted }) => println!(
                "Taken over from what was there: {purged} records purged since, {revoked} devices removed, {demoted} with a lower role."
            ),
            None => println!(
                "What was purged since this backup, and who was removed or has a lower role, is not known here: do it once more."
            ),
        }
        if let Some(aside) = aside {
            println!("{}", of_aside(&aside));
        }
        Ok(())
    }
}

/// What a file is that a restored database took the place of.
fn of_aside(file: &std::path::Path) -> String {
    format!(
        "{} is the database from before a restore, with notes, pseudonyms and what was purged since: remove it when you are sure.",
        file.display()
    )
}

impl Invite {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        let token = relay.invite(&self.guide, self.role.into(), self.hours)?;
        println!("{}", welcome::link(&self.public_url, &self.guide, &token));
        eprintln!("Good once, for {} hours. Whoever has it can join: send it to one person.", self.hours);
        Ok(())
    }
}

impl Purge {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        if !relay.purge(&self.guide, self.record)? {
            return Err(format!("{} has no record {}", self.guide, self.record).into());
        }
        println!("Purged. Phones drop it at their next contact; backups made before keep it.");
        store::left_aside(relay.folder())?.iter().for_each(|file| println!("{}", of_aside(file)));
        Ok(())
    }
}

impl Check {
    fn run(self, relay: &Arc<Relay>) -> Result<(), Box<dyn Error>> {
        store::left_aside(relay.folder())?.iter().for_each(|file| println!("{}", of_aside(file)));
        let damage = relay.store().read(|rows| rows.damage())?;
        if !damage.is_empty() {
            return Err(format!("the database is damaged: {}. Restore a backup", damage.join("; ")).into());
        }
        for guide in relay.store().read(|rows| rows.guides())? {
            let differing = if self.rebuild { publish::rebuild(relay, &guide)? } else { publish::compare(relay, &guide)? };
            match (differing, self.rebuild) {
                (0, _) => println!("{guide}: sound"),
                (some, true) => println!("{guide}: {some} documents differed from the log and were built again"),
                (some, false) => {
                    return Err(format!("{guide}: {some} documents differ from the log: run `socle check --rebuild`").into());
                }
            }
        }
        Ok(())
    }
}
