//! What those who watch Ideogram tell the ledger and need more than the machine for.

use domain::money::MicroDollars;
use domain::price::Rate;
use domain::quote::PriceWatch;
use domain::reconciliation::Usage;
use domain::time::Day;
use worker::Response;

use super::LedgerObject;
use crate::clock::now;
use crate::config::Config;
use crate::objects::call;

impl LedgerObject {
    /// Holds what Ideogram quoted against the table and what it quoted before; answers with what
    /// counts from now on.
    pub(super) async fn quoted(
        &self,
        answered: Vec<(Rate, Option<MicroDollars>)>,
    ) -> worker::Result<Response> {
        let Ok(config) = Config::of(&self.env) else {
            return call::failed("the settings are wrong; see /health");
        };
        let quoted = self.command(None, |ledger, store| {
            let before = store.price_watch()?;
            let watch = PriceWatch::new(now(), &answered, before.as_ref(), &config.prices);
            let effects = ledger.quoted(now(), watch.clone());
            Ok((watch, effects))
        });
        self.reply(quoted).await
    }

    /// Holds what Ideogram says of a day against what is booked on it.
    pub(super) async fn reconcile(&self, day: Day, usage: Usage) -> worker::Result<Response> {
        let reconciled = self.command(None, |ledger, store| {
            let reconciliation = store.reconcile(now(), day, usage)?;
            let effects = ledger.reconciled(now(), reconciliation);
            Ok((reconciliation, effects))
        });
        self.reply(reconciled).await
    }
}
