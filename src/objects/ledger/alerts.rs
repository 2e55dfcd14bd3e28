//! The alerts beside the ledger: they hear what each command leads to and are judged after it, and
//! what that leads to is written with it. Then whoever is to be told is told, by one deliverer at a
//! time and never while a command waits. What came of a try is a command as any other; if it does not
//! come, the alarm starts again from storage.

use std::rc::Rc;

use domain::alert::{Alert, AlertWrite, Alerting, Delivery, Message, Notice, Watch};
use domain::generation::Owed;
use domain::ledger::{Acquired, Effects, Ledger, Write};
use domain::time::{Millis, UnixMillis};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;
use worker::wasm_bindgen::JsValue;
use worker::{Fetch, Headers, Method, Request, RequestInit, RequestRedirect};

use super::store::LedgerStore;
use super::{LedgerClient, LedgerObject};
use crate::clock::now;
use crate::config::{Config, Receiver};
use crate::ideogram::{read_at_most, time_out};
use crate::log;
use crate::objects::sql::{Sql, StorageError};

/// How long a receiver may take.
const TIME_OUT: Millis = Millis::from_seconds(10);
/// A try that has not ended by then is dead: longer than it and its outcome's way back may take.
const WATCHDOG: Millis = Millis::from_seconds(20);
/// How much of a receiver's answer is read, in bytes, so that the connection is free again.
const MOST_ANSWER_BYTES: usize = 64 * 1024;

/// What came of a try to deliver a notice.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tried {
    /// The notice's name.
    id: String,
    /// Whether it was taken.
    taken: bool,
}

/// The alerts as the operator sees them.
#[derive(Debug, Serialize, Deserialize)]
pub struct ShownAlerts {
    /// What fires first, then what has changed last.
    pub alerts: Vec<Value>,
    /// How many notices are not delivered.
    pub undelivered: usize,
}

impl LedgerObject {
    /// Adds to a command's writes what the alerts have to store after it; returns those that have
    /// changed.
    pub(super) fn judge<S: Sql>(
        &self,
        store: &LedgerStore<S>,
        ledger: &Ledger,
        effects: &mut Effects,
        settled: Option<&Owed>,
    ) -> Result<Vec<Alert>, StorageError> {
        let mut slot = self.alerting.borrow_mut();
        let Some(alerting) = slot.as_mut() else {
            return Ok(vec![]);
        };
        let (now, status) = (now(), ledger.status());
        alerting.hear(now, effects, &status);
        if let Some(owed) = settled {
            hear_of_generation(store, &mut alerting.watch, owed, now)?;
        }
        let judged = alerting.judge(now, &status);
        let writes = judged.writes.into_iter().map(Write::Alert);
        effects.writes.extend(writes);
        Ok(judged.changed)
    }

    /// What the alerts start from; after the ledger, which brings the tables up to date.
    pub(super) fn restore_alerts<S: Sql>(
        &self,
        store: &LedgerStore<S>,
        config: &Config,
    ) -> Result<(), StorageError> {
        let alerts = &config.alerts;
        let stored = store.load_alerts(alerts.thresholds.credits.map(|credits| credits.on))?;
        let told = alerts.receiver.is_some();
        let alerting = Alerting::restore(alerts.thresholds, told, stored, now());
        *self.alerting.borrow_mut() = Some(alerting);
        Ok(())
    }

    /// How an `acquire` was answered at once. Those who waited are heard of by their wakes.
    pub(super) fn alerts_hear_answer(&self, answer: &Acquired, ledger: &Ledger) {
        if let Some(alerting) = self.alerting.borrow_mut().as_mut() {
            alerting.answered(answer, &ledger.status());
        }
    }

    /// All rules that have ever fired.
    pub(super) fn shown_alerts(&self) -> Result<ShownAlerts, StorageError> {
        self.command(None, |ledger, _| Ok(((), ledger.tick(now()))))?;
        let slot = self.alerting.borrow();
        let alerts = slot.iter().flat_map(Alerting::alerts);
        Ok(ShownAlerts {
            alerts: alerts.map(Alert::shown).collect(),
            undelivered: slot.as_ref().map_or(0, Alerting::undelivered),
        })
    }

    /// When the alerts need the alarm: for what is to be told, and for what is over with the day.
    pub(super) fn alerts_deadline(&self) -> Option<UnixMillis> {
        let slot = self.alerting.borrow();
        let alerting = slot.as_ref()?;
        let now = now();
        let under_way = self.delivering.get().unwrap_or_default();
        let tell_at = alerting.tell_at().map(|at| at.max(under_way));
        tell_at.into_iter().chain(alerting.judge_at(now)).min()
    }

    /// Starts to deliver what is due, unless something is on its way.
    pub(super) fn deliver(&self) {
        let slot = self.alerting.borrow();
        let due = slot.as_ref().and_then(|alerting| alerting.due(now()));
        let (Some(due), Ok(config)) = (due, Config::of(&self.env)) else {
            return;
        };
        let Some(receiver) = &config.alerts.receiver else {
            return;
        };
        if self.delivering.get().is_some_and(|until| now() < until) {
            return;
        }
        self.delivering.set(Some(now().plus(WATCHDOG)));
        let (notice, env) = (due.notice.clone(), self.env.clone());
        let delivering = Rc::clone(&self.delivering);
        spawn_local(async move {
            let tried = Tried {
                id: notice.id(),
                taken: is_taken(receiver, &notice).await,
            };
            if let Err(error) = LedgerClient(&env).tried(&tried).await {
                log::fault("alerts", &error.0);
                delivering.set(None);
            }
        });
    }

    /// A try has ended; the next one begins.
    pub(super) fn tried(&self, tried: &Tried) -> Result<(), StorageError> {
        self.delivering.set(None);
        let delivery = if tried.taken {
            Delivery::Taken
        } else {
            Delivery::Failed
        };
        self.command(None, |ledger, _| {
            let mut effects = ledger.tick(now());
            let mut slot = self.alerting.borrow_mut();
            let write: Option<AlertWrite> = slot
                .as_mut()
                .and_then(|alerting| alerting.tried(now(), &tried.id, delivery));
            effects.writes.extend(write.map(Write::Alert));
            Ok(((), effects))
        })
    }
}

/// Hears how a generation ended, the first time, and each time how the storing of its pictures goes.
fn hear_of_generation<S: Sql>(
    store: &LedgerStore<S>,
    watch: &mut Watch,
    owed: &Owed,
    now: UnixMillis,
) -> Result<(), StorageError> {
    let Some(record) = &owed.record else {
        return Ok(());
    };
    match &record.storing {
        Some(report) => watch.kept(report.into()),
        None if store.knows_outcome(&record.id)? => {}
        None => watch.ended(now, &record.outcome),
    }
    Ok(())
}

/// Sends a notice; whether the receiver has taken it.
async fn is_taken(receiver: &Receiver, notice: &Notice) -> bool {
    let signal = time_out(TIME_OUT);
    let sent = async {
        let request = request(receiver, notice)?;
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        // The status decides, whatever becomes of the rest.
        drop(read_at_most(&mut response, MOST_ANSWER_BYTES).await);
        Ok::<_, worker::Error>(response.status_code())
    };
    // An error's own words may have the address in them, which may be a secret.
    let problem = match sent.await {
        Ok(200..=299) => return true,
        Ok(status) => format!("the receiver answered {status}"),
        Err(_) if signal.aborted() => "the receiver did not answer in time".to_owned(),
        Err(_) => "the receiver could not be reached".to_owned(),
    };
    log::fault("alerts", &problem);
    false
}

fn request(receiver: &Receiver, notice: &Notice) -> worker::Result<Request> {
    let secret = receiver.secret.as_ref();
    let message = Message::of(notice, &receiver.shape, secret, now());
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    for (name, value) in &message.headers {
        headers.set(name, value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        // What is told goes to the configured address only.
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(JsValue::from_str(&message.body)));
    Request::new_with_init(&receiver.url, &init)
}
