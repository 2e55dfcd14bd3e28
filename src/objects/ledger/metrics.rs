//! What isolates have gathered comes in, and what metrics are read off goes out.

use domain::gathered::Batch;
use domain::ledger::{Status, Write};
use worker::Response;

use super::LedgerObject;
use crate::clock::now;
use crate::objects::sql::StorageError;

impl LedgerObject {
    /// Adds what an isolate has gathered.
    pub(super) async fn gathered(&self, batch: Batch) -> worker::Result<Response> {
        let added = self.add(batch);
        self.reply(added.map(drop)).await
    }

    /// The same, and then what metrics say.
    pub(super) async fn metrics(&self, batch: Batch) -> worker::Result<Response> {
        let added = self.add(batch);
        // Read as the history is: what cannot be read there is no fault of the ledger's.
        let figures = added.and_then(|status| self.history().figures(status));
        self.reply(figures).await
    }

    fn add(&self, batch: Batch) -> Result<Status, StorageError> {
        self.command(None, |ledger, _| {
            let mut effects = ledger.tick(now());
            effects.writes.push(Write::Gathered(batch));
            Ok((ledger.status(), effects))
        })
    }
}
