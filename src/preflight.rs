//! The gateway checks itself: each check with a limit of its own, at most a few at once, and none
//! hides another. What is well, and the words for it, are `domain::preflight`'s.

use std::future::Future;
use std::pin::Pin;

use domain::policy::ContentPolicy;
use domain::preflight::{self, Check, Finding};
use domain::quote;
use domain::time::Millis;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use worker::Env;

use crate::clock::{now, random};
use crate::config::{Config, HealthProbe, WrongSetting};
use crate::deadline::within;
use crate::ideogram;
use crate::objects::{CallFailed, GenerationClient, LedgerClient};
use crate::storage;

/// The longest a check may take.
const LIMIT: Millis = Millis::from_seconds(10);
/// An invocation has six connections (Cloudflare's documentation of limits).
const AT_ONCE: usize = 3;

/// The settings, or what is wrong with them.
type Settings<'config> = Result<&'config Config, &'config [WrongSetting]>;
/// What a check came to; what kept it from being made is as bad as what it may find.
pub type Found = Result<Finding, String>;
/// One check, or more that come of one call.
type Checks<'check> = Pin<Box<dyn Future<Output = Vec<Checked>> + 'check>>;

/// A check that was made.
#[derive(Debug, Clone)]
pub struct Checked {
    check: Check,
    /// What came of it.
    pub finding: Finding,
    took: Millis,
    link: Option<String>,
}

impl Checked {
    /// As the operator is shown it: without any of these secrets, whoever may have put one there.
    pub fn to_json(&self, secrets: &[String]) -> Value {
        let details = self.finding.details_without(secrets);
        let mut shown = json!({
            "name": self.check,
            "ok": self.finding.ok,
            "ms": self.took,
            "details": details,
        });
        if let (Some(link), Some(fields)) = (&self.link, shown.as_object_mut()) {
            fields.insert("link".to_owned(), link.as_str().into());
        }
        shown
    }

    /// With where something can be looked at.
    pub fn with_link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }
}

/// Makes a check, for so long at most.
pub async fn checked(check: Check, limit: Millis, work: impl Future<Output = Found>) -> Checked {
    let started = now();
    let finding = match within(limit, work).await {
        Some(Ok(finding)) => finding,
        Some(Err(problem)) => Finding::amiss(problem),
        None => Finding::late(limit),
    };
    Checked {
        check,
        finding,
        took: now().since(started),
        link: None,
    }
}

/// Makes all checks that cost nothing.
pub async fn check_all(env: &Env, settings: Settings<'_>) -> Vec<Checked> {
    let checks: Vec<Checks<'_>> = vec![
        one(Check::Config, async move { Ok(config(settings)) }),
        one(Check::Secrets, async move {
            Ok(preflight::secrets(|name| Config::raw(env, name).is_some()))
        }),
        Box::pin(asked_of_ideogram(settings)),
        one(Check::KvResults, stored(storage::try_results(env))),
        one(Check::KvConfig, stored(storage::try_config_store(env))),
        one(Check::R2Images, stored(storage::try_bucket(env))),
        Box::pin(asked_of_ledger(env, settings)),
        one(Check::Generation, generation(env)),
        one(Check::Origins, async move {
            let config = settings.map_err(not_tried)?;
            Ok(preflight::origins(&config.allowed_origins))
        }),
        one(Check::Policy, policy(env, settings)),
    ];
    stream::iter(checks).buffered(AT_ONCE).concat().await
}

async fn stored(work: impl Future<Output = worker::Result<Finding>>) -> Found {
    work.await.map_err(|error| error.to_string())
}

fn one<'check>(check: Check, work: impl Future<Output = Found> + 'check) -> Checks<'check> {
    Box::pin(async move { vec![checked(check, LIMIT, work).await] })
}

fn config(settings: Settings<'_>) -> Finding {
    let wrong = settings.err().unwrap_or_default().iter();
    preflight::settings(wrong.map(|wrong| (wrong.setting, wrong.takes.as_str())))
}

/// What is said where the settings have to be right first.
fn not_tried(_: &[WrongSetting]) -> String {
    "not tried, because the settings are wrong".to_owned()
}

fn no_answer(failed: CallFailed) -> String {
    failed.0
}

fn drawn() -> Result<String, String> {
    let drawn = random::<16>().map(hex::encode);
    drawn.map_err(|failure| failure.message)
}

/// One question for a price says whether the key is taken, what a picture costs, and what time it is.
async fn asked_of_ideogram(settings: Settings<'_>) -> Vec<Checked> {
    let started = now();
    let asked = match settings {
        Ok(config) => Ok((config, ideogram::quote(config, &quote::PROBE).await)),
        Err(wrong) => Err(not_tried(wrong)),
    };
    let answered = now();
    let find = |check, find: &dyn Fn(&Config, &quote::QuoteOutcome) -> Finding| Checked {
        check,
        finding: match &asked {
            Ok((config, outcome)) => find(config, outcome),
            Err(problem) => Finding::amiss(problem.as_str()),
        },
        took: answered.since(started),
        link: None,
    };
    vec![
        find(Check::Key, &|_, outcome| preflight::key(&outcome.answer)),
        find(Check::Price, &|config, outcome| {
            preflight::price(&outcome.answer, quote::PROBE.rate(), &config.prices)
        }),
        find(Check::Clock, &|_, outcome| {
            preflight::clock(answered, outcome)
        }),
    ]
}

/// The ledger's storage, which works whatever the settings are, and what it says of itself and the cron.
async fn asked_of_ledger(env: &Env, settings: Settings<'_>) -> Vec<Checked> {
    let ledger = LedgerClient(env);
    let status = match settings {
        Ok(_) => ledger.status().await.map_err(no_answer),
        Err(wrong) => Err(not_tried(wrong)),
    };
    let storage = async {
        let value = drawn()?;
        let read = ledger.preflight(&value).await.map_err(no_answer)?;
        let storage = preflight::read_back(value.as_str(), read.as_deref());
        Ok(preflight::ledger(storage, status.as_ref().ok()))
    };
    let storage = checked(Check::Ledger, LIMIT, storage).await;
    let cron = async {
        let config = settings.map_err(not_tried)?;
        let probes = !matches!(config.health_probe, HealthProbe::Off);
        let last = status?.last_probe.map(|probe| probe.at);
        Ok(preflight::cron(now(), probes, last))
    };
    vec![storage, checked(Check::Cron, LIMIT, cron).await]
}

async fn generation(env: &Env) -> Found {
    let value = drawn()?;
    let read = GenerationClient(env).preflight(&value).await;
    let read = read.map_err(no_answer)?;
    Ok(preflight::read_back(value.as_str(), read.as_deref()))
}

/// The policy as it is now, not as this isolate remembers it.
async fn policy(env: &Env, settings: Settings<'_>) -> Found {
    if settings.map_err(not_tried)?.content_policy.is_some() {
        return Ok(preflight::policy(Some(Ok(()))));
    }
    let text = storage::get_policy_text(env).await;
    let text = text.map_err(|error| error.to_string())?;
    let read = text.map(|text| text.parse::<ContentPolicy>());
    let read = read.map(|read| read.map(drop).map_err(|error| error.to_string()));
    Ok(preflight::policy(read))
}
