//! What those who watch Ideogram tell the ledger and need more than the machine for.

use domain::money::MicroDollars;
use domain::price::Rate;
use domain::quote::PriceWatch;
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
}
