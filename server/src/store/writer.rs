//! The writer: one thread, one connection. Jobs that wait while a commit is on its way to the disk
//! share the next one; each has a savepoint, so that one job's failure undoes that job alone. A job
//! is answered after the commit, in order.

use super::epoch::{self, Watermark};
use super::{Reading, StoreError, Writing};
use crate::report::report;
use rusqlite::Connection;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Jobs in one commit: enough to share the disk's time, few enough that the first does not wait long.
const GROUP_JOBS_MAX: usize = 256;

/// Something to be written, whole or not at all.
pub trait Work: Send + 'static {
    type Done: Send + 'static;
    type Error: From<StoreError> + Send + 'static;

    /// Does it; an error undoes it.
    fn run(&mut self, rows: &Writing<'_>) -> Result<Self::Done, Self::Error>;

    /// Told on the writer's thread, before the answer goes out and before any later group begins:
    /// whether this work is on the disk.
    fn settled(&mut self, _on_disk: bool) {}
}

/// A closure that has nothing to settle.
impl<F, T, E> Work for Option<F>
where
    F: FnOnce(&Writing<'_>) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    type Done = T;
    type Error = E;

    fn run(&mut self, rows: &Writing<'_>) -> Result<T, E> {
        let work = self.take().ok_or(StoreError::Stopped)?;
        work(rows)
    }
}

/// An answer that comes after the commit.
pub struct Pending<W: Work>(oneshot::Receiver<Result<W::Done, W::Error>>);

impl<W: Work> Pending<W> {
    pub async fn done(self) -> Result<W::Done, W::Error> {
        self.0.await.unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }

    /// For threads that may wait; never inside a runtime's task.
    pub fn wait(self) -> Result<W::Done, W::Error> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(StoreError::Stopped.into()))
    }
}

/// What became of a group.
#[derive(Clone)]
enum Fate {
    OnDisk,
    Failed(String),
}

type Answer = Box<dyn FnOnce(&Fate) + Send>;

/// A queued job. Running it says whether to keep what it wrote, and how to answer. Without a
/// transaction to run in it only learns what happened.
type Job = Box<dyn FnOnce(Option<&Writing<'_>>) -> (bool, Answer) + Send>;

pub(super) struct Writer {
    queue: Mutex<Option<Sender<Job>>>,
    waiting: Arc<AtomicUsize>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, watermark: &Watermark) -> Result<Writer, StoreError> {
        let (queue, jobs) = channel();
        let mut desk = Desk { connection, watermark: watermark.open()?, version: 0, generation: 0 };
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || desk.work(&jobs))?;
        Ok(Writer { queue: Mutex::new(Some(queue)), waiting: Arc::default(), thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn queue<W: Work>(&self, work: W) -> Pending<W> {
        let (reply, pending) = oneshot::channel();
        let waiting = self.waiting.clone();
        waiting.fetch_add(1, Ordering::Relaxed);
        let job: Job = Box::new(move |rows| {
            waiting.fetch_sub(1, Ordering::Relaxed);
            job(work, reply, rows)
        });
        let queue = self.queue.lock().expect("nobody panics while it holds this");
        // With the writer gone the job is dropped, and with it `reply`: the waiting side learns `Stopped`.
        if let Some(queue) = queue.as_ref() {
            queue.send(job).ok();
        }
        Pending(pending)
    }

    /// How many jobs have not begun.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Lets the writer finish what is queued, and waits for it.
    pub(super) fn stop(&self) {
        self.queue.lock().expect("nobody panics while it holds this").take();
        let thread = self.thread.lock().expect("nobody panics while it holds this").take();
        if let Some(thread) = thread {
            thread.join().expect("the writer catches its jobs' panics");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn job<W: Work>(mut work: W, reply: oneshot::Sender<Result<W::Done, W::Error>>, rows: Option<&Writing<'_>>) -> (bool, Answer) {
    let run = AssertUnwindSafe(|| match rows {
        Some(rows) => work.run(rows),
        None => Err(StoreError::Stopped.into()),
    });
    let result = catch_unwind(run).unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    let keep = result.is_ok();
    let answer = move |fate: &Fate| {
        let result = match fate {
            Fate::OnDisk => result,
            Fate::Failed(reason) => Err(StoreError::Commit(reason.clone()).into()),
        };
        work.settled(result.is_ok());
        // Who asked may have gone away; the work is done all the same.
        reply.send(result).ok();
    };
    (keep, Box::new(answer))
}

struct Desk {
    connection: Connection,
    watermark: File,
    version: i64,
    generation: u64,
}

impl Desk {
    fn work(&mut self, jobs: &Receiver<Job>) {
        while let Ok(first) = jobs.recv() {
            let group = std::iter::once(first).chain(jobs.try_iter().take(GROUP_JOBS_MAX - 1));
            self.group(group);
        }
        if let Err(error) = self.fold() {
            report(format!("the database's log stays beside it: {error}"));
        }
    }

    fn group(&mut self, jobs: impl Iterator<Item = Job>) {
        let began = self.begin();
        let rows = Writing { rows: Reading { connection: &self.connection }, generation: self.generation };
        let before = self.connection.total_changes();
        let mut fate = began.map_or_else(|error| Fate::Failed(error.to_string()), |()| Fate::OnDisk);
        let answers: Vec<Answer> = jobs.map(|job| in_savepoint(&rows, job, &mut fate)).collect();
        let wrote = self.connection.total_changes() != before;
        if let Err(error) = self.finish(&fate, wrote) {
            fate = Fate::Failed(error.to_string());
        }
        answers.into_iter().for_each(|answer| answer(&fate));
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let version = self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if version != self.version {
            self.version = version;
            self.generation += 1;
        }
        Ok(())
    }

    /// Commits, unless the group only looked.
    fn finish(&mut self, fate: &Fate, wrote: bool) -> Result<(), StoreError> {
        if !wrote || matches!(fate, Fate::Failed(_)) {
            return self.undo();
        }
        let count = "UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'commits' RETURNING value";
        let counted = self.connection.query_row(count, [], |row| row.get::<_, String>(0));
        let committed = counted.and_then(|commits| self.connection.execute_batch("COMMIT").map(|()| commits));
        match committed {
            Ok(commits) => self.note(&commits),
            Err(error) => {
                self.undo()?;
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn undo(&self) -> Result<(), StoreError> {
        // A commit that failed may have ended the transaction by itself.
        if !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        Ok(())
    }

    /// The commit stands whether or not the file beside the database can be written.
    fn note(&mut self, commits: &str) {
        if let Err(error) = epoch::note(&mut self.watermark, commits.parse().unwrap_or_default()) {
            report(format!("the count of commits beside the database was not written: {}", error.kind()));
        }
    }

    fn fold(&self) -> Result<(), StoreError> {
        // It may write: the checkpoint comes last.
        self.connection.execute_batch("PRAGMA optimize")?;
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// Runs a job in a savepoint. When the savepoint itself fails, the whole group is void.
fn in_savepoint(rows: &Writing<'_>, job: Job, fate: &mut Fate) -> Answer {
    let mut batch = |sql: &str| match rows.connection.execute_batch(sql) {
        Ok(()) => true,
        Err(error) => {
            *fate = Fate::Failed(StoreError::from(error).to_string());
            false
        }
    };
    if rows.connection.is_autocommit() || !batch("SAVEPOINT job") {
        return job(None).1;
    }
    let (keep, answer) = job(Some(rows));
    batch(if keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" });
    answer
}
