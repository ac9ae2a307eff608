//! Every bound, its unit in its name. The gate, the forms and the relay all read them here.

/// One sealed batch as bytes on the wire.
pub const BATCH_BYTES_MAX: usize = 256 * 1024;
/// One sealed batch of an import on the relay's own command line.
pub const IMPORT_BATCH_BYTES_MAX: usize = 5 * 1024 * 1024;
/// A table that a steward sends to be read.
pub const IMPORT_TABLE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Changes in one batch.
pub const BATCH_CHANGES_MAX: usize = 2_000;
/// One Automerge change, raw.
pub const CHANGE_BYTES_MAX: usize = 64 * 1024;
/// Operations one change may claim: enough to replace the longest text by another, two a character.
pub const CHANGE_OPS_MAX: usize = 24_000;
/// Dependencies of one change.
pub const CHANGE_DEPS_MAX: usize = 64;
/// A whole document with its history.
pub const DOCUMENT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Records of one guide.
pub const GUIDE_RECORDS_MAX: usize = 50_000;
/// All changes of one guide: 20 KB for each record it may hold.
pub const GUIDE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Batches of one device at once: days of work with no network.
pub const DEVICE_BATCHES_AT_ONCE: u32 = 2_000;
/// Batches of one device when it goes on and on.
pub const DEVICE_BATCHES_PER_MINUTE: u32 = 300;
/// Bytes of batches of one device.
pub const DEVICE_BYTES_PER_DAY: u32 = 32 * 1024 * 1024;

/// A single-line field, in characters.
pub const LINE_CHARS_MAX: usize = 300;
/// A short single-line field such as a postal code.
pub const SHORT_CHARS_MAX: usize = 80;
/// A web address.
pub const LINK_CHARS_MAX: usize = 600;
/// An `opening_hours` value. OSM caps tags at 255; places seen in guides need more.
pub const HOURS_CHARS_MAX: usize = 1_000;
/// Prose: a description, a step, a notice.
pub const PROSE_CHARS_MAX: usize = 6_000;
/// The body of a page.
pub const BODY_CHARS_MAX: usize = 10_000;
/// The outline of a territory: about 200 corners, a kilobyte on the way to a phone.
pub const BOUNDARY_CHARS_MAX: usize = 3_000;
/// Entries of one collection, such as services or phones.
pub const ENTRIES_MAX: usize = 60;
/// A key of a collection, in characters.
pub const KEY_CHARS_MAX: usize = 64;
/// A pseudonym, in characters.
pub const PSEUDONYM_CHARS_MAX: usize = 40;

/// How long an invite is good for unless its maker says otherwise.
pub const INVITE_HOURS_VALID: u32 = 7 * 24;
pub const INVITE_HOURS_MAX: u32 = 365 * 24;
/// How long a device keeps batches that the relay acknowledged, for a relay restored from a backup.
pub const ACKNOWLEDGED_DAYS_KEPT: i32 = 30;
/// How far dated hours are expanded at publication.
pub const SCHEDULE_DAYS: i32 = 400;
/// After this many days without a check a place says that it may have changed.
pub const OUTDATED_DAYS: i32 = 183;
/// Places on one page of a list.
pub const LIST_PAGE_ENTRIES: usize = 50;
/// Changes in one page of the feed.
pub const FEED_PAGE_CHANGES: usize = 500;
/// Publications of one guide are at least this far apart.
pub const PUBLISH_SECONDS_MIN: u64 = 5;
/// Records that one device may change in an hour before more of them wait for a second person.
pub const RECORDS_AN_HOUR_MAX: usize = 20;
/// Records of which something waits, of one contributor's device.
pub const DEVICE_RECORDS_WAITING_MAX: usize = 200;
/// What an editor writes to whoever is sent back, in characters.
pub const REASON_CHARS_MAX: usize = 600;
/// Records of a queue that are told at once, the oldest first; and of those that were sent back.
pub const QUEUE_RECORDS_MAX: usize = 200;
/// Steps of a record's history that are told, the latest.
pub const HISTORY_STEPS_MAX: usize = 200;
/// For so long a member is told what was sent back.
pub const RETURNED_DAYS: i32 = 60;
