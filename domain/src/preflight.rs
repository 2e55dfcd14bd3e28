//! What a gateway finds when it checks itself before it is relied on: which outcome of each check is
//! well, and in what words that is told.
//! Holds true: what is told names settings, prices and times, never a secret.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::AllowedOrigins;
use crate::body_fields::BodyFields;
use crate::ledger::Status;
use crate::price::{Extra, PriceTable, Rate};
use crate::quote::{QuoteAnswer, QuoteOutcome};
use crate::request::{InvalidRequest, Model};
use crate::retry::Health;
use crate::time::{Millis, UnixMillis};

/// The farthest the gateway's clock may be from Ideogram's. An hour off moves the day's budget to
/// another day; what is asked from Ideogram takes seconds to arrive, so less than this says nothing.
const CLOCK_TOLERANCE: Millis = Millis::from_seconds(60);
/// The longest ago the last probe may be. It strikes every five minutes; one may be missed.
const PROBE_PATIENCE: Millis = Millis::from_seconds(15 * 60);

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// One real picture too, which costs money.
    pub generate: bool,
}

impl Asked {
    /// Checks the body of a request for a preflight.
    ///
    /// # Errors
    /// Names the first field that is wrong, and what it takes.
    pub fn parse(body: &Value) -> Result<Self, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let generate = fields.optional("generate", "takes true or false", Value::as_bool)?;
        fields.no_others()?;
        Ok(Self {
            generate: generate.unwrap_or_default(),
        })
    }
}

/// A secret a gateway may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Secret {
    /// Its name.
    pub name: &'static str,
    /// What there is not without it; none: it has to be there.
    pub without: Option<&'static str>,
}

/// The secrets there are, by the names they are set under.
pub const SECRETS: &[Secret] = &[
    Secret {
        name: "IDEOGRAM_API_KEY",
        without: None,
    },
    Secret {
        name: "ADMIN_KEY",
        without: None,
    },
    Secret {
        name: "TOKEN_SECRET",
        without: Some("no browser tokens"),
    },
    Secret {
        name: "ALERT_WEBHOOK_URL",
        without: Some("nobody is told of alerts"),
    },
];

/// Declares what is checked once, in the order in which it is shown.
macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $check:ident;)+) => {
        /// What is checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Check {
            $($(#[doc = $doc])+ $check,)+
        }

        impl Check {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$check,)+];
        }
    };
}

checks! {
    /// The settings.
    Config;
    /// The secrets: that they are set.
    Secrets;
    /// Ideogram takes the key.
    Key;
    /// Ideogram says what a picture costs.
    Price;
    /// The clock is right.
    Clock;
    /// The KV namespace of results.
    KvResults;
    /// The KV namespace of what the operator sets while the gateway runs.
    KvConfig;
    /// The R2 bucket.
    R2Images;
    /// The object that holds the money.
    Ledger;
    /// The cron that looks after Ideogram.
    Cron;
    /// An object that makes pictures.
    Generation;
    /// The pages that may call.
    Origins;
    /// The content policy.
    Policy;
    /// A real picture.
    Picture;
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it is well.
    pub ok: bool,
    /// What was found.
    pub details: String,
}

impl Finding {
    /// All is well.
    #[must_use]
    pub fn well(details: impl Into<String>) -> Self {
        let details = details.into();
        Self { ok: true, details }
    }

    /// Something is not.
    #[must_use]
    pub fn amiss(details: impl Into<String>) -> Self {
        let details = details.into();
        Self { ok: false, details }
    }

    /// The check had no time left.
    #[must_use]
    pub fn late(limit: Millis) -> Self {
        let seconds = limit.seconds_rounded_up();
        Self::amiss(format!("no answer within {seconds} s"))
    }

    /// What was found, with none of these secrets in it: Ideogram chooses its own words for what is
    /// wrong with a key.
    #[must_use]
    pub fn details_without(&self, secrets: &[String]) -> String {
        let secrets = secrets.iter().filter(|secret| !secret.is_empty());
        secrets.fold(self.details.clone(), |details, secret| {
            details.replace(secret.as_str(), "…")
        })
    }
}

/// The settings: each that is wrong, with what it takes.
pub fn settings<'wrong>(wrong: impl IntoIterator<Item = (&'wrong str, &'wrong str)>) -> Finding {
    let wrong = wrong.into_iter();
    let wrong: Vec<_> = wrong
        .map(|(name, takes)| format!("{name} takes {takes}"))
        .collect();
    if wrong.is_empty() {
        Finding::well("all settings are right")
    } else {
        Finding::amiss(wrong.join("; "))
    }
}

/// The secrets, by which of them are set.
pub fn secrets(is_set: impl Fn(&str) -> bool) -> Finding {
    let missing = SECRETS.iter().filter(|secret| !is_set(secret.name));
    let told = |secret: &Secret| match secret.without {
        None => format!("{} is not set", secret.name),
        Some(without) => format!("{} is not set: {without}", secret.name),
    };
    let (needed, optional): (Vec<_>, Vec<_>) = missing.partition(|secret| secret.without.is_none());
    let all: Vec<_> = needed.iter().chain(&optional).copied().map(told).collect();
    match (needed.is_empty(), all.is_empty()) {
        (true, true) => Finding::well("all are set"),
        (true, false) => Finding::well(all.join("; ")),
        (false, _) => Finding::amiss(all.join("; ")),
    }
}

/// Whether Ideogram takes the key. What it refuses for another reason it has let in before.
#[must_use]
pub fn key(answer: &QuoteAnswer) -> Finding {
    match answer {
        QuoteAnswer::Price(_) => Finding::well("Ideogram takes the key"),
        QuoteAnswer::Refused {
            health: Health::Working | Health::NoCredits,
            why,
        } => Finding::well(format!("Ideogram takes the key, although: {why}")),
        QuoteAnswer::Refused { why, .. } | QuoteAnswer::Failed { why } => {
            Finding::amiss(why.as_str())
        }
    }
}

/// Whether Ideogram says what a picture costs. A price that is not the table's is told, but stops
/// nothing: the dearer of the two is booked.
#[must_use]
pub fn price(answer: &QuoteAnswer, rate: Rate, table: &PriceTable) -> Finding {
    let quoted = match answer {
        QuoteAnswer::Price(price) => *price,
        QuoteAnswer::Refused { why, .. } | QuoteAnswer::Failed { why } => {
            return Finding::amiss(format!("no price was quoted: {why}"));
        }
    };
    let name = rate.name();
    let listed = table.listed(rate);
    let dollars = quoted.to_dollars_json();
    if quoted == listed {
        return Finding::well(format!(
            "{name} is quoted at {dollars} dollars, as in the table"
        ));
    }
    let table = listed.to_dollars_json();
    Finding::well(format!(
        "{name} is quoted at {dollars} dollars where the table has {table}; the dearer one is booked"
    ))
}

/// Whether the gateway's clock, which said `now` when the answer was in, is Ideogram's.
#[must_use]
pub fn clock(now: UnixMillis, outcome: &QuoteOutcome) -> Finding {
    let Some(theirs) = outcome.date else {
        return Finding::amiss("nothing to compare with: Ideogram's answer has no date");
    };
    let (ahead, behind) = (now.since(theirs), theirs.since(now));
    let apart = ahead.max(behind);
    let seconds = apart.get() / 1000;
    let details = match ahead >= behind {
        true => format!("{seconds} s ahead of Ideogram's"),
        false => format!("{seconds} s behind Ideogram's"),
    };
    match apart <= CLOCK_TOLERANCE {
        true => Finding::well(details),
        false => Finding::amiss(details),
    }
}

/// Something written into a store, and what it gave back.
#[must_use]
pub fn read_back<T: PartialEq + ?Sized>(written: &T, read: Option<&T>) -> Finding {
    match read {
        Some(read) if read == written => Finding::well("written, read back, deleted"),
        Some(_) => Finding::amiss("what was read back is not what was written"),
        None => Finding::amiss("what was written was not there to be read back"),
    }
}

/// The ledger: its storage works, its books are right. That it is switched off is told, and is no
/// fault. Without `status` the settings are wrong, and it cannot say.
#[must_use]
pub fn ledger(storage: Finding, status: Option<&Status>) -> Finding {
    match status {
        _ if !storage.ok => storage,
        Some(status) if status.frozen.is_some() => {
            Finding::amiss("its books do not add up, so nothing is spent")
        }
        Some(status) if !status.enabled => {
            Finding::well(format!("{}; generation is switched off", storage.details))
        }
        _ => storage,
    }
}

/// Whether the cron strikes, by the last probe, if there are to be any.
#[must_use]
pub fn cron(now: UnixMillis, probes: bool, last_probe: Option<UnixMillis>) -> Finding {
    if !probes {
        return Finding::well("nobody can say: HEALTH_PROBE is off");
    }
    let Some(last) = last_probe else {
        return Finding::well("it has not struck yet; ask again in 5 minutes");
    };
    let ago = now.since(last);
    let details = format!("the last probe was {} s ago", ago.get() / 1000);
    match ago <= PROBE_PATIENCE {
        true => Finding::well(details),
        false => Finding::amiss(details),
    }
}

/// Which pages may call. Neither is wrong, but one may not be what was meant.
#[must_use]
pub fn origins(allowed: &AllowedOrigins) -> Finding {
    Finding::well(match allowed {
        AllowedOrigins::Any => "warning: * lets any page call, with a key or token".to_owned(),
        AllowedOrigins::Only(origins) if origins.is_empty() => {
            "no page may call; ALLOWED_ORIGINS names those that should".to_owned()
        }
        AllowedOrigins::Only(origins) => {
            let origins: Vec<_> = origins.iter().map(String::as_str).collect();
            origins.join(", ")
        }
    })
}

/// The content policy: none, or as it was read.
#[must_use]
pub fn policy(read: Option<Result<(), String>>) -> Finding {
    match read {
        None => Finding::well("there is none"),
        Some(Ok(())) => Finding::well("it can be read"),
        Some(Err(problem)) => Finding::amiss(problem),
    }
}

/// The model whose pictures cost least, of those with a price of their own that the endpoint for
/// pictures without a version takes.
#[must_use]
pub fn cheapest(table: &PriceTable) -> Model {
    let rate = |model| Rate {
        model,
        extra: Extra::None,
    };
    let models = Model::UNVERSIONED.iter().copied();
    let priced = models.filter_map(|model| Some((table.stated(rate(model))?, model)));
    let cheapest = priced.min_by_key(|(_, model)| table.of(rate(*model)));
    cheapest.map_or(Model::V2, |(_, model)| model)
}

#[cfg(test)]
#[path = "preflight_tests.rs"]
mod tests;
