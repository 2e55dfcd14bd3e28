//! The ledger's commands, as the rest of the Worker calls them.

use domain::gathered::Batch;
use domain::generation::{Owed, Remembered};
use domain::health::Probe;
use domain::ids::{GenerationId, LeaseId};
use domain::ledger::{
    Acquired, CallReport, ClientDay, LeaseTerms, Mode, ModeChange, RetryAnswer, Status,
};
use domain::metrics::Figures;
use domain::money::MicroDollars;
use domain::pace::Paces;
use domain::price::Rate;
use domain::quote::PriceWatch;
use domain::reconciliation::{Reconciliation, Usage};
use domain::report::{CostQuery, Costs, Days, HistoryEntry, HistoryQuery, ProbeQuery};
use domain::restoring::Told;
use domain::time::{Day, Millis};
use worker::Env;

use super::alerts::{ShownAlerts, Tried};
use super::store::Recorded;
use super::{ACCOUNT, BINDING, FailedCall, PROMPT};
use crate::objects::call::{self, CallFailed};

/// The ledger, from outside.
#[derive(Debug)]
pub struct LedgerClient<'env>(pub &'env Env);

impl LedgerClient<'_> {
    /// Asks for money and places; waits in the queue for up to `queue_timeout`.
    ///
    /// # Errors
    /// The ledger did not answer; it may have granted all the same.
    pub async fn acquire(
        &self,
        terms: &LeaseTerms,
        queue_timeout: Millis,
    ) -> Result<Acquired, CallFailed> {
        let deadline = queue_timeout.plus(PROMPT);
        call::call(&|| self.stub(), "/acquire", terms, deadline).await
    }

    /// Books what a lease cost.
    ///
    /// # Errors
    /// The ledger did not answer; it may have booked all the same.
    pub async fn settle(&self, owed: &Owed) -> Result<(), CallFailed> {
        call::call(&|| self.stub(), "/settle", owed, PROMPT).await
    }

    /// Asks whether a failed call may be tried again.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn retry(
        &self,
        lease: &LeaseId,
        call: CallReport,
    ) -> Result<RetryAnswer, CallFailed> {
        let lease = lease.clone();
        let failed = FailedCall { lease, call };
        call::call(&|| self.stub(), "/retry", &failed, PROMPT).await
    }

    /// How many are served before this one; none if it does not wait.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn position(&self, lease: &LeaseId) -> Result<Option<usize>, CallFailed> {
        call::call(&|| self.stub(), "/position", lease, PROMPT).await
    }

    /// What the history knows of where a generation's pictures are; none if it does not know it.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn recorded(&self, id: &GenerationId) -> Result<Option<Recorded>, CallFailed> {
        call::call(&|| self.stub(), "/recorded", id, PROMPT).await
    }

    /// Erases what the history says of a generation but its cost.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn erase(&self, id: &GenerationId) -> Result<(), CallFailed> {
        call::call(&|| self.stub(), "/erase", id, PROMPT).await
    }

    /// What each client has come to today.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn clients(&self) -> Result<Vec<ClientDay>, CallFailed> {
        call::call(&|| self.stub(), "/clients", &(), PROMPT).await
    }

    /// Where everything stands.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn status(&self) -> Result<Status, CallFailed> {
        call::call(&|| self.stub(), "/status", &(), PROMPT).await
    }

    /// What a cost report is made of.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn costs(&self, query: &CostQuery) -> Result<Costs, CallFailed> {
        call::call(&|| self.stub(), "/costs", query, PROMPT).await
    }

    /// What the history has for a page.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn history(&self, query: &HistoryQuery) -> Result<Vec<HistoryEntry>, CallFailed> {
        call::call(&|| self.stub(), "/history", query, PROMPT).await
    }

    /// Adds what an isolate has gathered.
    ///
    /// # Errors
    /// The ledger did not answer; it may have added it all the same.
    pub async fn gathered(&self, batch: &Batch) -> Result<(), CallFailed> {
        call::call_once(&|| self.stub(), "/gathered", batch, PROMPT).await
    }

    /// Tells what was found of Ideogram's health.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn probed(&self, probe: &Probe) -> Result<(), CallFailed> {
        call::call(&|| self.stub(), "/probed", probe, PROMPT).await
    }

    /// How long models take, as far as that is known.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn paces(&self) -> Result<Paces, CallFailed> {
        call::call(&|| self.stub(), "/paces", &(), PROMPT).await
    }

    /// What was found before, the newest first.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn probes(&self, query: ProbeQuery) -> Result<Vec<Probe>, CallFailed> {
        call::call(&|| self.stub(), "/probes", &query, PROMPT).await
    }

    /// Tells what Ideogram quoted for each question; learns what counts from now on.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn quoted(
        &self,
        answered: &[(Rate, Option<MicroDollars>)],
    ) -> Result<PriceWatch, CallFailed> {
        call::call(&|| self.stub(), "/quoted", &answered, PROMPT).await
    }

    /// Tells what Ideogram says a day cost; learns what the day comes to.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn reconcile(&self, day: Day, usage: Usage) -> Result<Reconciliation, CallFailed> {
        call::call(&|| self.stub(), "/reconcile", &(day, usage), PROMPT).await
    }

    /// What these days came to, the newest first.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn reconciliations(&self, days: Days) -> Result<Vec<Reconciliation>, CallFailed> {
        call::call(&|| self.stub(), "/reconciliations", &days, PROMPT).await
    }

    /// Tells the history of generations by what their pictures say.
    ///
    /// # Errors
    /// The ledger did not answer; it may have taken them in all the same.
    pub async fn restore(&self, generations: &[Remembered]) -> Result<Told, CallFailed> {
        call::call(&|| self.stub(), "/restore", &generations, PROMPT).await
    }

    /// Adds what an isolate has gathered, and tells what metrics say then.
    ///
    /// # Errors
    /// The ledger did not answer; it may have added it all the same.
    pub async fn metrics(&self, batch: &Batch) -> Result<Figures, CallFailed> {
        call::call_once(&|| self.stub(), "/metrics", batch, PROMPT).await
    }

    /// Has the ledger write a value, read it back and delete it; answers with what was read.
    ///
    /// # Errors
    /// The ledger did not answer, or its storage failed.
    pub async fn preflight(&self, value: &str) -> Result<Option<String>, CallFailed> {
        call::call(&|| self.stub(), "/preflight", &value, PROMPT).await
    }

    /// All rules that have ever fired.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn alerts(&self) -> Result<ShownAlerts, CallFailed> {
        call::call(&|| self.stub(), "/alerts", &(), PROMPT).await
    }

    /// Tells the ledger what came of a try to deliver a notice.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub(super) async fn tried(&self, tried: &Tried) -> Result<(), CallFailed> {
        call::call(&|| self.stub(), "/tried", tried, PROMPT).await
    }

    /// Whether the operator lets pictures be made.
    ///
    /// # Errors
    /// The ledger did not answer.
    pub async fn mode(&self) -> Result<Mode, CallFailed> {
        call::call(&|| self.stub(), "/mode", &(), PROMPT).await
    }

    /// Lets pictures be made, or not, from now on.
    ///
    /// # Errors
    /// The ledger did not answer; it may have switched all the same.
    pub async fn set_mode(&self, change: &ModeChange) -> Result<Mode, CallFailed> {
        call::call(&|| self.stub(), "/set_mode", change, PROMPT).await
    }

    fn stub(&self) -> worker::Result<worker::Stub> {
        self.0.durable_object(BINDING)?.get_by_name(ACCOUNT)
    }
}
