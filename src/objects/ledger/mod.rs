//! The Ledger object: one for each Ideogram account. It keeps `domain::ledger` in memory, writes
//! what each command leads to before it answers, and holds the requests of those who wait open.
//!
//! Commands: `/acquire` (answers when there is an answer), `/settle`, `/retry`, `/position`,
//! `/clients`, `/recorded`, `/erase`, `/status`, `/costs`, `/history`, `/gathered`, `/metrics`, `/probed`,
//! `/probes`, `/paces`, `/quoted`, `/reconcile`,
//! `/reconciliations`, `/restore`, `/preflight`, `/alerts`, `/tried`, `/mode`, `/set_mode`. Its alarm
//! does what is due by time alone: leases that expire, places that come back, waits that end.

mod alerts;
mod client;
mod metrics;
mod mode;
mod store;
mod watching;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use domain::alert::Alerting;
use domain::generation::{Owed, Remembered};
use domain::ids::{GenerationId, LeaseId};
use domain::ledger::{Acquired, Acquisition, CallReport, Effects, LeaseTerms, Ledger};
use domain::report::{CostQuery, HistoryQuery, ProbeQuery};
use domain::time::{Millis, UnixMillis};
use futures_channel::oneshot;
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

pub use self::client::LedgerClient;
use self::store::LedgerStore;
use super::call;
use super::sql::{ObjectSql, StorageError};
use crate::clock::{self, now};
use crate::config::Config;
use crate::log;

const BINDING: &str = "LEDGER";
/// There is one account for each deployment; more accounts are more names.
const ACCOUNT: &str = "account";
/// How long the ledger may take for a command that does not wait.
const PROMPT: Millis = Millis::from_seconds(5);

/// A call that failed, as `/retry` hears of it.
#[derive(Debug, Serialize, Deserialize)]
struct FailedCall {
    lease: LeaseId,
    call: CallReport,
}

/// The object.
#[durable_object]
pub struct LedgerObject {
    state: State,
    env: Env,
    /// None before the first command, and after a failed write: then storage is the truth.
    ledger: RefCell<Option<Ledger>>,
    waiting: RefCell<HashMap<LeaseId, oneshot::Sender<Acquired>>>,
    alarm_at: Cell<Option<UnixMillis>>,
    /// There whenever the ledger is.
    alerting: RefCell<Option<Alerting>>,
    /// Until when a notice is on its way at most, if one is.
    delivering: Rc<Cell<Option<UnixMillis>>>,
}

impl DurableObject for LedgerObject {
    fn new(state: State, env: Env) -> Self {
        clock::set_by(&env);
        Self {
            state,
            env,
            ledger: RefCell::default(),
            waiting: RefCell::default(),
            alarm_at: Cell::default(),
            alerting: RefCell::default(),
            delivering: Rc::default(),
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        match request.path().as_str() {
            "/acquire" => {
                let terms = call::asked(&mut request).await?;
                self.acquire(terms).await
            }
            "/settle" => {
                let owed = call::asked(&mut request).await?;
                self.settle(owed).await
            }
            "/retry" => {
                let failed: FailedCall = call::asked(&mut request).await?;
                let answer = |ledger: &mut Ledger| ledger.retry(now(), &failed.lease, failed.call);
                self.simple(answer).await
            }
            "/position" => {
                let lease: LeaseId = call::asked(&mut request).await?;
                let answer = |ledger: &mut Ledger| (ledger.ahead_of(&lease), Effects::default());
                self.simple(answer).await
            }
            "/clients" => {
                let answer = |ledger: &mut Ledger, store: &LedgerStore<ObjectSql>| {
                    let effects = ledger.tick(now());
                    let rejected = store.rejected_prompts(now().day())?;
                    Ok((ledger.clients(&rejected), effects))
                };
                self.reply(self.command(None, answer)).await
            }
            "/recorded" => {
                let id: GenerationId = call::asked(&mut request).await?;
                self.reply(self.history().recorded(&id)).await
            }
            "/erase" => {
                let id: GenerationId = call::asked(&mut request).await?;
                self.reply(self.history().erase(&id)).await
            }
            "/status" => {
                let answer = |ledger: &mut Ledger| {
                    let effects = ledger.tick(now());
                    (ledger.status(), effects)
                };
                self.simple(answer).await
            }
            "/costs" => {
                let query: CostQuery = call::asked(&mut request).await?;
                let store = self.up_to_date();
                self.reply(store.and_then(|store| store.costs(&query, now())))
                    .await
            }
            "/history" => {
                let query: HistoryQuery = call::asked(&mut request).await?;
                let store = self.up_to_date();
                self.reply(store.and_then(|store| store.page(&query))).await
            }
            "/gathered" => {
                let batch = call::asked(&mut request).await?;
                self.gathered(batch).await
            }
            "/metrics" => {
                let batch = call::asked(&mut request).await?;
                self.metrics(batch).await
            }
            "/probed" => {
                let probe = call::asked(&mut request).await?;
                let answer = |ledger: &mut Ledger| ((), ledger.probed(now(), probe));
                self.simple(answer).await
            }
            "/probes" => {
                let query: ProbeQuery = call::asked(&mut request).await?;
                let store = self.up_to_date();
                self.reply(store.and_then(|store| store.probes(query)))
                    .await
            }
            "/paces" => {
                let answer = |ledger: &mut Ledger| (ledger.paces(), Effects::default());
                self.simple(answer).await
            }
            "/quoted" => {
                let answered = call::asked(&mut request).await?;
                self.quoted(answered).await
            }
            "/reconcile" => {
                let (day, usage) = call::asked(&mut request).await?;
                self.reconcile(day, usage).await
            }
            "/reconciliations" => {
                let days = call::asked(&mut request).await?;
                let store = self.up_to_date();
                self.reply(store.and_then(|store| store.reconciliations(days)))
                    .await
            }
            "/restore" => {
                let generations: Vec<Remembered> = call::asked(&mut request).await?;
                let store = self.up_to_date();
                self.reply(store.and_then(|store| store.restore(generations)))
                    .await
            }
            "/preflight" => {
                let value: String = call::asked(&mut request).await?;
                self.reply(self.history().preflight(&value)).await
            }
            "/alerts" => self.reply(self.shown_alerts()).await,
            "/tried" => {
                let tried = call::asked(&mut request).await?;
                self.reply(self.tried(&tried)).await
            }
            "/mode" => {
                let answer = |ledger: &mut Ledger| (ledger.mode().clone(), Effects::default());
                self.simple(answer).await
            }
            "/set_mode" => {
                let change = call::asked(&mut request).await?;
                self.set_mode(change).await
            }
            other => call::failed(&format!("the ledger has no command {other}")),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.alarm_at.set(None);
        // An error would only bring the same alarm again; the next command or alarm starts afresh.
        match self.command(None, |ledger, _| Ok(((), ledger.tick(now())))) {
            Ok(()) => self.arm().await,
            Err(error) => {
                log::fault("ledger", &error.0);
                self.set_alarm(now().plus(PROMPT)).await;
            }
        }
        Response::empty()
    }
}

impl LedgerObject {
    async fn acquire(&self, terms: LeaseTerms) -> worker::Result<Response> {
        let lease = terms.lease.clone();
        let acquired = self.command(None, |ledger, store| {
            let known = store.lease(&terms.lease)?;
            let (acquisition, effects) = ledger.acquire(now(), terms, known.as_ref());
            if let Acquisition::Now(answer) = &acquisition {
                self.alerts_hear_answer(answer, ledger);
            }
            Ok((acquisition, effects))
        });
        let answer = match acquired {
            Err(error) => return call::failed(&error.0),
            Ok(Acquisition::Now(answer)) => {
                self.arm().await;
                answer
            }
            Ok(Acquisition::Waiting) => {
                let (sender, receiver) = oneshot::channel();
                // Before anything is awaited: the place may come free at once.
                self.waiting.borrow_mut().insert(lease, sender);
                self.arm().await;
                match receiver.await {
                    Ok(answer) => answer,
                    Err(_) => return call::failed("asked again, or started again, meanwhile"),
                }
            }
        };
        call::answer(&answer)
    }

    async fn settle(&self, owed: Owed) -> worker::Result<Response> {
        let history = Some(owed.clone());
        let settled = self.command(history, |ledger, store| {
            let known = store.lease(&owed.terms.lease)?;
            let effects = ledger.settle(now(), &owed.terms, owed.settlement, owed.call, known);
            Ok(((), effects))
        });
        self.reply(settled).await
    }

    /// A command that needs nothing of storage to be decided.
    async fn simple<T: Serialize>(
        &self,
        command: impl FnOnce(&mut Ledger) -> (T, Effects),
    ) -> worker::Result<Response> {
        let outcome = self.command(None, |ledger, _| Ok(command(ledger)));
        self.reply(outcome).await
    }

    async fn reply<T: Serialize>(
        &self,
        outcome: Result<T, StorageError>,
    ) -> worker::Result<Response> {
        match outcome {
            Ok(answer) => {
                self.arm().await;
                call::answer(&answer)
            }
            Err(error) => call::failed(&error.0),
        }
    }

    /// Runs one command: decide, write, wake, in one go. If that fails, storage is the truth.
    fn command<T>(
        &self,
        history: Option<Owed>,
        command: impl FnOnce(&mut Ledger, &LedgerStore<ObjectSql>) -> Result<(T, Effects), StorageError>,
    ) -> Result<T, StorageError> {
        let outcome = self.decide_and_write(history, command);
        if outcome.is_err() {
            // What is in memory may be ahead of what is stored. Those who wait ask again.
            self.ledger.take();
            self.alerting.take();
            self.waiting.borrow_mut().clear();
        }
        outcome
    }

    fn decide_and_write<T>(
        &self,
        history: Option<Owed>,
        command: impl FnOnce(&mut Ledger, &LedgerStore<ObjectSql>) -> Result<(T, Effects), StorageError>,
    ) -> Result<T, StorageError> {
        let store = LedgerStore(ObjectSql::of(&self.state));
        let mut slot = self.ledger.borrow_mut();
        let ledger = match slot.as_mut() {
            Some(ledger) => ledger,
            None => slot.insert(self.restore(&store)?),
        };
        let (answer, mut effects) = command(ledger, &store)?;
        let changed = self.judge(&store, ledger, &mut effects, history.as_ref())?;
        store.write(effects.writes, history)?;
        changed.iter().for_each(log::alert);
        for wake in effects.wakes {
            if let Some(sender) = self.waiting.borrow_mut().remove(&wake.lease) {
                // Whoever left meanwhile lets its lease expire.
                let _left = sender.send(wake.answer);
            }
        }
        Ok(answer)
    }

    /// Tells whoever has to be told, and sets the alarm for whatever is due next.
    async fn arm(&self) {
        self.deliver();
        let deadline = self
            .ledger
            .borrow()
            .as_ref()
            .and_then(Ledger::next_deadline);
        let deadlines = deadline.into_iter().chain(self.alerts_deadline());
        if let Some(deadline) = deadlines.min() {
            self.set_alarm(deadline).await;
        }
    }

    /// The storage, for what only the history knows. A command first, so that its tables are there.
    fn history(&self) -> LedgerStore<ObjectSql> {
        LedgerStore(ObjectSql::of(&self.state))
    }

    /// The same, with everything done that is due, for what is only read.
    fn up_to_date(&self) -> Result<LedgerStore<ObjectSql>, StorageError> {
        self.command(None, |ledger, _| Ok(((), ledger.tick(now()))))?;
        Ok(self.history())
    }

    fn restore(&self, store: &LedgerStore<ObjectSql>) -> Result<Ledger, StorageError> {
        let config = Config::of(&self.env)
            .map_err(|_| StorageError("the settings are wrong; see /health".into()))?;
        let stored = store.load(now())?;
        self.restore_alerts(store, config)?;
        Ok(Ledger::restore(config.limits, stored, now()))
    }

    /// The object has one alarm; one that rings too early does no harm.
    async fn set_alarm(&self, at: UnixMillis) {
        if self.alarm_at.get().is_some_and(|set| set <= at) {
            return;
        }
        self.alarm_at.set(Some(at));
        let wait = i64::try_from(at.since(now()).get()).unwrap_or(i64::MAX);
        if let Err(error) = self.state.storage().set_alarm(wait).await {
            self.alarm_at.set(None);
            log::fault("ledger", &format!("the alarm could not be set: {error}"));
        }
    }
}
