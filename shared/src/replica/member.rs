//! Becoming a member's device, and leaving.

use super::{Keys, Relay, Replica, Shelf, Surroundings, Table, Write};
use crate::ids::hex;
use crate::joining::signing_bytes;
use crate::limits::PSEUDONYM_CHARS_MAX;
use crate::link::{Membership, State, Trouble};
use crate::validate::turns;
use crate::wire::{Denied, Redeem, Redeemed};

impl<S: Shelf, K: Keys, R: Relay, W: Surroundings> Replica<S, K, R, W> {
    /// Redeems an invite. The key is made first and kept: when the answer is lost, the same device
    /// asks again. Joining once more after a revocation keeps copy and drafts.
    pub async fn join(&self, token: String, pseudonym: String) -> Result<State, Trouble> {
        let written = pseudonym.trim().chars().filter(|c| !c.is_control() && !turns(*c));
        let pseudonym: String = written.take(PSEUDONYM_CHARS_MAX).collect();
        let public_key = self.keys.make().await?;
        let proof = self.keys.sign(&signing_bytes(&token, &public_key)).await?;
        let redeem = Redeem { token, public_key: hex(&public_key), pseudonym, proof: hex(&proof) };
        let redeemed = self.relay.redeem(&redeem).await?;
        if redeemed.guide != self.guide {
            return Err(Trouble::Denied { denied: Denied::BadRequest });
        }
        self.become_member(&redeemed).await?;
        self.reached.set(Some(true));
        self.tell_state().await?;
        self.state().await
    }

    async fn become_member(&self, redeemed: &Redeemed) -> Result<(), Trouble> {
        let membership = Membership {
            guide: redeemed.guide.clone(),
            device: redeemed.device,
            pseudonym: redeemed.pseudonym.clone(),
            role: redeemed.role,
            joined: self.world.today(),
            revoked: false,
        };
        self.transact(async |sheet| {
            sheet.own.membership = Some(membership.clone());
            sheet.own.read_token = Some(redeemed.read_token.clone());
            // What was to be sent again when the membership was taken.
            self.send_again(sheet, |row| row.again).await
        })
        .await
    }

    /// Removes copy, outbox, drafts and key from this browser.
    pub async fn leave(&self, even_unsent: bool) -> Result<(), Trouble> {
        let state = self.state().await?;
        let unsent = state.unsent + state.refused;
        if unsent > 0 && !even_unsent {
            return Err(Trouble::Unsent { unsent });
        }
        let version = self.shelf.version().await?;
        let clear = Table::ALL.map(|table| Write::Clear { table });
        self.shelf.commit(version, clear.to_vec()).await?;
        self.keys.forget().await?;
        self.reached.set(None);
        self.tell_changed(Vec::new()).await
    }
}
