//! The operator's switch. Every change is logged, once it is written.

use domain::ledger::ModeChange;
use worker::Response;

use super::LedgerObject;
use crate::clock::now;
use crate::log;

impl LedgerObject {
    pub(super) async fn set_mode(&self, change: ModeChange) -> worker::Result<Response> {
        let set = self.command(None, |ledger, _| {
            let before = ledger.mode().clone();
            let (mode, effects) = ledger.set_mode(now(), change);
            Ok(((mode != before, mode), effects))
        });
        if let Ok((true, mode)) = &set {
            log::mode(mode);
        }
        self.reply(set.map(|(_, mode)| mode)).await
    }
}
