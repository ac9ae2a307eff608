//! `socle import …` and `socle export …`: arguments in, a report out.

use super::run::{self, RunError};
use super::{ImportError, Mapping, Plan, Source, guide, osm, plan, rows};
use crate::export::GuideFile;
use crate::owner;
use crate::publish;
use crate::relay::Relay;
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;
use shared::edit::difference;
use shared::ids::GuideId;
use shared::schema::Kind;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use thiserror::Error;

/// Bring other people's facts into a guide. What people changed by hand is never overwritten.
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// OpenStreetMap: Overpass JSON (`[out:json]; … out center;`) or GeoJSON
    #[command(after_help = "Examples:\n  socle import osm doctors.json --guide berlin --dry-run\n  \
        socle import osm fountains.geojson --guide berlin --category food.water")]
    Osm(Osm),
    /// A table: CSV, or a JSON array of objects, with a mapping file
    #[command(after_help = "Examples of mappings stand in server/mappings: hinaura.toml, entourage_paris.toml, \
        entourage_lyon.toml.\n\nExample:\n  socle import table places.csv --guide lyon --mapping map.toml --dry-run")]
    Table(Table),
    /// A guide's own file, as `socle export` writes it
    ///
    /// Makes the guide when this relay does not have it. In a guide that is there, what is missing is
    /// added and what differs is only reported.
    #[command(after_help = "Example:\n  socle import guide backup.json --dry-run")]
    Guide(File),
}

#[derive(Debug, Args)]
pub struct Osm {
    pub file: PathBuf,
    /// The guide's short name
    #[arg(long)]
    pub guide: GuideId,
    /// A category for every place, beside what its tags tell: health.doctor, food.water, …
    #[arg(long, value_parser = category)]
    pub category: Option<String>,
    /// Say what would happen, change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct Table {
    pub file: PathBuf,
    /// The guide's short name
    #[arg(long)]
    pub guide: GuideId,
    /// How columns become fields: a TOML file
    #[arg(long)]
    pub mapping: PathBuf,
    /// Say what would happen, change nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Args)]
pub struct File {
    pub file: PathBuf,
    /// Say what would happen, change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Write a guide as one JSON file: every record's fields, internal notes and withheld addresses
/// included. It is the collective's own backup, not a file to publish.
#[derive(Debug, Args)]
pub struct ExportCommand {
    /// The guide's short name
    pub guide: GuideId,
    /// Where to write; without it, to the terminal
    #[arg(long)]
    pub out: Option<PathBuf>,
}

/// Why a command did not do its work.
#[derive(Debug, Error)]
pub enum CommandError {
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Run(#[from] RunError),
    #[error("{path} cannot be written: {error}", path = path.display())]
    Write { path: PathBuf, error: std::io::Error },
    #[error("writing to the terminal: {0}")]
    Output(#[from] std::io::Error),
}

fn category(code: &str) -> Result<String, String> {
    let known = || shared::categories::codes().collect::<Vec<_>>().join(", ");
    if shared::categories::is_code(code) { Ok(code.to_owned()) } else { Err(format!("the categories are {}", known())) }
}

/// Runs `socle import …`.
pub fn import(relay: &Arc<Relay>, command: &ImportCommand, out: &mut dyn Write) -> Result<(), CommandError> {
    match command {
        ImportCommand::Osm(args) => {
            let language = run::source_language(relay, &args.guide)?;
            let options = osm::Options { category: args.category.clone(), language };
            let source = osm::read(&rows::read_file(&args.file)?, &args.file, &args.guide, &options)?;
            carry_out(relay, &args.guide, source, args.dry_run, out)
        }
        ImportCommand::Table(args) => {
            run::source_language(relay, &args.guide)?;
            let mapping_name = args.mapping.display().to_string();
            let mapping = Mapping::parse(&rows::read_file(&args.mapping)?, &mapping_name)?;
            let source = mapping.read(&rows::read_file(&args.file)?, &args.file, &mapping_name, &args.guide)?;
            carry_out(relay, &args.guide, source, args.dry_run, out)
        }
        ImportCommand::Guide(args) => {
            let (file, source) = guide::read(&rows::read_file(&args.file)?)?;
            if !args.dry_run {
                begin(relay, &file)?;
            }
            carry_out(relay, &file.guide, source, args.dry_run, out)
        }
    }
}

/// Runs `socle export …`.
pub fn export(relay: &Arc<Relay>, command: &ExportCommand, out: &mut dyn Write) -> Result<(), CommandError> {
    run::source_language(relay, &command.guide)?;
    let text = GuideFile::of(command.guide.clone(), &run::existing(relay, &command.guide)?).to_text();
    match &command.out {
        Some(path) => {
            let file = owner::writing().create(true).truncate(true).open(path);
            let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
            written.map_err(|error| CommandError::Write { path: path.clone(), error })
        }
        None => Ok(out.write_all(text.as_bytes())?),
    }
}

/// Makes the guide of a file, with the file's settings, where the relay does not have it.
pub fn begin(relay: &Arc<Relay>, file: &GuideFile) -> Result<(), RunError> {
    let has_settings = relay.record(&file.guide, file.guide.settings())?.is_some();
    if !has_settings {
        let empty = Value::Object(serde_json::Map::new());
        relay.start_guide(&file.guide, &difference(Kind::Guide, &empty, file.settings()))?;
    }
    Ok(())
}

fn carry_out(
    relay: &Arc<Relay>,
    guide: &GuideId,
    source: Source,
    dry_run: bool,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let bases = run::bases(relay, guide, &source.scheme)?;
    let plan = plan(source, &run::existing(relay, guide)?, guide.settings(), &bases);
    write!(out, "{plan}")?;
    if dry_run {
        return Ok(writeln!(out, "\nA dry run: nothing was changed.")?);
    }
    let mut progress = Progress::of(&plan);
    let outcome = run::run(relay, guide, &plan, &mut |records| progress.moved(records))?;
    progress.finish();
    publish::publish(relay, guide).map_err(RunError::from)?;
    for (label, refusal) in &outcome.refused {
        writeln!(out, "  not taken: {label} ({})", refusal.code())?;
    }
    Ok(writeln!(out, "\n{} records written to {guide}.", outcome.done)?)
}

/// A bar on a terminal, a line for each tenth elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    done: usize,
    of: usize,
}

impl Progress {
    fn of(plan: &Plan) -> Progress {
        let of = plan.new.len() + plan.changed.len();
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos} of {len} records, {eta} left");
            ProgressBar::new(of as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Progress { bar, done: 0, of }
    }

    fn moved(&mut self, records: usize) {
        let before = self.done;
        self.done += records;
        let tenth = |done: usize| done * 10 / self.of.max(1);
        match &self.bar {
            Some(bar) => bar.inc(records as u64),
            None if tenth(self.done) > tenth(before) => eprintln!("{} of {} records written", self.done, self.of),
            None => {}
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
