//! An exchange with the relay: send what waits, fetch what is new, until neither has more to do.

use super::fetch::Fetched;
use super::send::Sent;
use super::{Keys, Relay, Replica, Shelf, Surroundings, Table};
use crate::gate::Refusal;
use crate::limits::ACKNOWLEDGED_DAYS_KEPT;
use crate::link::{State, Trouble};
use crate::wire::Denied;
use std::cell::Cell;

/// Rounds of one exchange; whatever is left then waits for the next.
const ROUNDS_MAX: usize = 5;

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Looks for the relay now. Not reaching it is no trouble, it shows in the state. While one
    /// exchange goes on, another only makes it go one more round.
    pub async fn exchange(&self) -> Result<State, Trouble> {
        if self.own().await?.membership.is_none_or(|membership| membership.revoked) {
            return self.state().await;
        }
        self.asked.set(true);
        if self.exchanging.replace(true) {
            return self.state().await;
        }
        let busy = Busy(&self.exchanging);
        self.tell_state().await?;
        let outcome = self.rounds().await;
        drop(busy);
        match outcome {
            Ok(()) => self.reached.set(Some(true)),
            Err(Trouble::NotReached) => self.reached.set(Some(false)),
            Err(Trouble::Denied { denied: Denied::BadToken }) => self.revoke(Refusal::Revoked).await?,
            Err(trouble) => {
                self.tell_state().await?;
                return Err(trouble);
            }
        }
        self.tell_state().await?;
        self.state().await
    }

    async fn rounds(&self) -> Result<(), Trouble> {
        for _ in 0..ROUNDS_MAX {
            self.asked.set(false);
            let sent = if self.own().await?.complete { self.send().await? } else { Sent::Held };
            if self.own().await?.membership.is_some_and(|membership| membership.revoked) {
                return Ok(());
            }
            let fetched = self.fetch().await?;
            self.reached.set(Some(true));
            if !self.goes_on(sent, fetched) {
                break;
            }
        }
        self.relist().await?;
        self.prune().await
    }

    fn goes_on(&self, sent: Sent, fetched: Fetched) -> bool {
        match sent {
            Sent::All => fetched.copied || self.asked.get(),
            // What was held may have found its ground in what was fetched.
            Sent::Held => fetched.copied || fetched.changes > 0 || self.asked.get(),
            Sent::OtherEpoch => true,
        }
    }

    /// Once a day, lets go of batches that no restored backup will miss any more.
    async fn prune(&self) -> Result<(), Trouble> {
        let today = self.world.today();
        self.transact(async |sheet| {
            if sheet.own.pruned == Some(today) {
                return Ok(());
            }
            sheet.own.pruned = Some(today);
            for key in sheet.batches(Table::Acknowledged).await? {
                let row = sheet.batch(Table::Acknowledged, key).await?;
                let day = row.and_then(|row| row.acknowledged);
                if day.is_some_and(|day| today.since(day) > ACKNOWLEDGED_DAYS_KEPT) {
                    sheet.delete(Table::Acknowledged, key.text());
                }
            }
            Ok(())
        })
        .await
    }
}

/// Set while an exchange goes on, also when it is dropped in the middle.
struct Busy<'a>(&'a Cell<bool>);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
