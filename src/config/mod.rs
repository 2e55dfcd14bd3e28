//! Every setting: its name, its default, what it takes. Read and checked here and nowhere else;
//! all that is wrong is named at once, and while anything is wrong nothing is generated.

mod alerts;
mod reader;
#[cfg(test)]
mod tests;

use std::cell::OnceCell;

use domain::access::{AllowedOrigins, TokenSecret};
use domain::fallback::Fallback;
use domain::generation::Policy;
use domain::ledger::Limits;
use domain::money::MicroDollars;
use domain::pace;
use domain::policy::ContentPolicy;
use domain::price::PriceTable;
use domain::request::{Model, PiiPolicy};
use domain::sampling::SamplePercent;
use domain::source::SourceHosts;
use domain::time::Millis;
use domain::upstream::Upstream;
use serde::Serialize;
use worker::Env;
use worker::wasm_bindgen::JsValue;

pub use self::alerts::{Alerts, Receiver};
use reader::{
    Reader, admin_key, base_url, content_policy, header_value, is_loopback, parsed, public_url,
    token_secret,
};

/// One setting, as README's table lists it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name, in wrangler.toml or as a secret.
    pub name: &'static str,
    /// Its value if it is not set; none if it has to be.
    pub default: Option<&'static str>,
    /// What it takes.
    pub takes: &'static str,
}

/// Declares the settings once; each becomes a constant to read it by and a row of `ALL`.
macro_rules! settings {
    ($($constant:ident $default:expr, $takes:literal;)+) => {
        $(const $constant: Setting = Setting {
            name: stringify!($constant),
            default: $default,
            takes: $takes,
        };)+

        /// All settings, as the README has to list them.
        #[cfg(test)]
        const ALL: &[Setting] = &[$($constant,)+];
    };
}

settings! {
    IDEOGRAM_ENABLED Some("true"), "true or false";
    IDEOGRAM_BASE_URL Some("https://api.ideogram.ai"), "an https address without query, or an http one on this machine";
    IDEOGRAM_API_KEY None, "Ideogram's API key, as a secret";
    DAILY_BUDGET_USD Some("10"), "an amount in dollars with at most six decimals";
    MAX_IN_FLIGHT Some("8"), "a whole number from 1 to 1000";
    UPSTREAM Some("v2"), "v2, or legacy: everything goes to the endpoint of Ideogram's that it came to";
    GENERATION_DEADLINE_SECONDS Some("600"), "whole seconds from 1 to 3600: after so long the cost of what Ideogram is at work on counts as unconfirmed";
    QUEUE_LIMIT Some("100"), "a whole number from 0 to 10000";
    QUEUE_TIMEOUT_SECONDS Some("30"), "whole seconds from 1 to 600";
    REQUEST_TIMEOUT_SECONDS Some("60"), "whole seconds from 1 to 300";
    MAX_ATTEMPTS Some("3"), "a whole number from 1 to 10";
    RETRY_UNCONFIRMED Some("false"), "true or false";
    UNCONFIRMED_HOLD_SECONDS Some("265"), "whole seconds from 0 to 3600";
    CACHE_TTL_SECONDS Some("604800"), "whole seconds from 60 to 31536000";
    DEFAULT_MODEL Some("V_2"), "V_1, V_1_TURBO, V_2, V_2_TURBO, V_2A, V_2A_TURBO, V_3 or AUTO";
    PROMPT_MAX_CHARS Some("10000"), "a whole number from 1 to 10000";
    PII_POLICY Some("redact"), "redact, reject or allow: what becomes of personal data in prompts";
    PRICES Some("{}"), "a JSON object of models and dollars a picture, such as {\"V_2\": 0.08}";
    REQUIRE_AUTH Some("true"), "true, or false where IDEOGRAM_BASE_URL is on this machine";
    ADMIN_KEY Some(""), "the operator's key, at least 16 characters, as a secret; empty: no operator";
    TOKEN_SECRET Some(""), "what browser tokens are signed with, at least 32 characters, as a secret; empty: no tokens";
    ALLOWED_ORIGINS Some(""), "the origins of pages that may call, such as https://shop.example, with commas between them; or *";
    CONTENT_POLICY Some(""), "the content policy as JSON; empty: the one in KV under content-policy, if there is one";
    MODERATION_URL Some(""), "an https address that answers as OpenAI's moderations do, or an http one on this machine; empty: none is asked";
    MODERATION_KEY Some(""), "the moderation endpoint's key, as a secret";
    MODERATION_TIMEOUT_SECONDS Some("5"), "whole seconds from 1 to 30";
    MODERATION_FAIL Some("closed"), "closed, or open: prompts pass while the moderation endpoint gives no verdict";
    HEALTH_PROBE Some("quote"), "quote, generate or off: how Ideogram's health is looked at every 5 minutes";
    HEALTH_BUDGET_USD Some("0.25"), "an amount in dollars with at most six decimals: what generate may spend a day";
    IMAGES_EMBEDDABLE Some("true"), "true, or false: only pages of ALLOWED_ORIGINS may show the pictures";
    LOG_SAMPLE_PERCENT Some("100"), "a whole number from 0 to 100: so many of a hundred lines of requests without an error are logged";
    CLOCK_AHEAD_SECONDS Some("0"), "0, or where IDEOGRAM_BASE_URL is on this machine whole seconds to 315360000 by which the gateway's clock is ahead";
    ALERT_WEBHOOK_URL Some(""), "an https address that is told of alerts, or an http one on this machine, as a secret; empty: nobody is told";
    ALERT_WEBHOOK_SHAPE Some("json"), "json, slack or pagerduty: in whose words";
    ALERT_WEBHOOK_SECRET Some(""), "what alerts are signed with, at least 32 characters, as a secret; empty: they are not signed";
    ALERT_ROUTING_KEY Some(""), "PagerDuty's routing key, as a secret; ALERT_WEBHOOK_SHAPE = pagerduty needs one";
    ALERT_SLOW_SECONDS Some("30"), "whole seconds from 1 to 300";
    BUDGET_ALERT_PERCENT Some("80"), "a whole number from 1 to 100";
    CREDITS_USD Some(""), "the credit at Ideogram when CREDITS_ON began, an amount in dollars; empty: not known";
    CREDITS_ON Some(""), "the day of CREDITS_USD as YYYY-MM-DD, UTC; CREDITS_USD needs one";
    CREDITS_ALERT_USD Some("10"), "an amount in dollars with at most six decimals";
    FALLBACK Some("placeholder"), "placeholder or error: what requests for pictures are answered with while generation is off";
    PUBLIC_URL Some(""), "an https address without query where Ideogram reaches this gateway, or one on this machine where IDEOGRAM_BASE_URL is there too; empty: Ideogram is polled only";
}

/// Seconds: as far as a clock may be ahead.
const TEN_YEARS: u64 = 10 * 365 * 24 * 60 * 60;

/// The settings, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Ideogram's address, without a trailing slash.
    pub base_url: String,
    /// Ideogram's key.
    pub api_key: String,
    /// Which of Ideogram's APIs is asked, where there is a choice.
    pub upstream: Upstream,
    /// Where pictures may be fetched from.
    pub source_hosts: SourceHosts,
    /// What the ledger enforces.
    pub limits: Limits,
    /// What a generation may do.
    pub policy: Policy,
    /// The longest one call to Ideogram may take, its body included.
    pub request_timeout: Millis,
    /// How long a caller is kept waiting before it is told where to look later.
    pub answer_deadline: Millis,
    /// How long results are served from the cache.
    pub cache_life: Millis,
    /// The model of requests that name none.
    pub default_model: Model,
    /// The longest prompt, in characters after sanitising.
    pub prompt_max_chars: usize,
    /// What becomes of personal data in prompts.
    pub pii: PiiPolicy,
    /// What pictures cost by the table; what was quoted may be more.
    pub prices: PriceTable,
    /// How Ideogram's health is looked at.
    pub health_probe: HealthProbe,
    /// Whether callers need a key.
    pub require_auth: bool,
    /// The operator's key; none: there is no operator.
    pub admin_key: Option<String>,
    /// What browser tokens are signed with; none: there are none.
    pub token_secret: Option<TokenSecret>,
    /// The pages that may call.
    pub allowed_origins: AllowedOrigins,
    /// Whether any page may show the pictures.
    pub images_embeddable: bool,
    /// What requests for pictures are answered with while generation is off.
    pub fallback: Fallback,
    /// The content policy; none: the one in KV.
    pub content_policy: Option<ContentPolicy>,
    /// The moderation endpoint; none: none is asked.
    pub moderation: Option<Moderation>,
    /// Where Ideogram reaches this gateway, without a trailing slash; none: it is not asked to tell.
    pub public_url: Option<String>,
    /// What somebody should hear of, and who.
    pub alerts: Alerts,
    /// The longest time from a request to the last moment it may ask the ledger.
    pub latest_acquire: Millis,
    /// How many of a hundred lines of ordinary requests are logged.
    pub log_sample: SamplePercent,
    /// By how much the gateway's clock is ahead; nothing but on the developer's machine.
    pub clock_ahead: Millis,
}

/// How Ideogram's health is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthProbe {
    /// By a price quote, which is free.
    Quote,
    /// By a real picture.
    Generate {
        /// The most that may be spent on it on one UTC day; then it is a quote.
        daily_budget: MicroDollars,
    },
    /// Not at all.
    Off,
}

/// A moderation endpoint.
#[derive(Debug, Clone)]
pub struct Moderation {
    /// Its address.
    pub url: String,
    /// Its key, if it takes one.
    pub key: Option<String>,
    /// How long it may take.
    pub time_out: Millis,
    /// What becomes of a prompt it says nothing about.
    pub without_verdict: WithoutVerdict,
}

/// What becomes of a prompt that moderation says nothing about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutVerdict {
    /// It passes.
    Open,
    /// It does not.
    Closed,
}

/// A setting that does not take its value. The value is not shown: it may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongSetting {
    /// Which.
    pub setting: &'static str,
    /// What it takes.
    pub takes: String,
}

impl WrongSetting {
    /// The content policy in KV, which is no setting but as wrong as one.
    pub const fn content_policy(problem: String) -> Self {
        Self {
            setting: "content-policy in KV",
            takes: problem,
        }
    }
}

impl Config {
    /// The Worker's own settings. They are read once: they cannot change while an isolate lives.
    ///
    /// # Errors
    /// All settings that are wrong, at once.
    pub fn of(env: &Env) -> Result<&'static Self, &'static [WrongSetting]> {
        thread_local! {
            static READ: OnceCell<&'static Result<Config, Vec<WrongSetting>>> =
                const { OnceCell::new() };
        }
        let read = READ.with(|read| *read.get_or_init(|| Box::leak(Box::new(Self::from_env(env)))));
        read.as_ref().map_err(Vec::as_slice)
    }

    fn from_env(env: &Env) -> Result<Self, Vec<WrongSetting>> {
        Self::read(|name| value_of(env, name))
    }

    /// What is set under this name, right or wrong; none if it is nothing.
    pub fn raw(env: &Env, name: &str) -> Option<String> {
        let value = value_of(env, name)?.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    /// The operator's key, whatever is wrong with other settings.
    pub fn operator_key(env: &Env) -> Option<String> {
        let get = |name: &str| value_of(env, name);
        let mut reader = Reader { get, wrong: vec![] };
        reader.take_or(ADMIN_KEY, None, admin_key)
    }

    /// Reads the settings from wherever `get` finds them.
    ///
    /// # Errors
    /// All settings that are wrong, at once.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<WrongSetting>> {
        let mut reader = Reader { get, wrong: vec![] };
        let base_url = reader.take(IDEOGRAM_BASE_URL, base_url);
        let local = base_url.as_ref().is_some_and(is_loopback);
        let request_timeout = reader.seconds(REQUEST_TIMEOUT_SECONDS, 1, 300);
        let queue_timeout = reader.seconds(QUEUE_TIMEOUT_SECONDS, 1, 600);
        let max_attempts = reader.number(MAX_ATTEMPTS, 1, 10);
        let cache_life = reader.seconds(CACHE_TTL_SECONDS, 60, 31_536_000);
        let upstream = reader.take_or(UPSTREAM, Upstream::V2, parsed);
        let generation_deadline = reader.seconds(GENERATION_DEADLINE_SECONDS, 1, 3600);
        let polling = match upstream {
            Upstream::V2 => generation_deadline,
            Upstream::Legacy => Millis::ZERO,
        };
        let max_in_flight = reader.number(MAX_IN_FLIGHT, 1, 1000);
        let times = Times::of(queue_timeout, request_timeout, polling, max_attempts);
        let limits = Limits {
            enabled: reader.flag(IDEOGRAM_ENABLED),
            daily_budget: reader.take_or(DAILY_BUDGET_USD, MicroDollars::ZERO, parsed),
            max_in_flight,
            queue_limit: reader.number(QUEUE_LIMIT, 0, 10_000),
            queue_timeout,
            lease_duration: times.lease,
            unconfirmed_hold: reader.seconds(UNCONFIRMED_HOLD_SECONDS, 0, 3600),
        };
        let policy = Policy {
            max_attempts,
            retry_unconfirmed: reader.flag(RETRY_UNCONFIRMED),
            deadline: times.last_call,
            result_life: cache_life,
            generation_deadline,
            poll_floor: pace::floor(max_in_flight),
        };
        let api_key = reader.take(IDEOGRAM_API_KEY, header_value);
        let default_model = reader.take_or(DEFAULT_MODEL, Model::V2, |name| {
            Model::among(Model::UNVERSIONED, name).map_err(|known| known.to_string())
        });
        let prompt_max_chars = reader.number::<usize>(PROMPT_MAX_CHARS, 1, 10_000);
        let pii = reader.take_or(PII_POLICY, PiiPolicy::Redact, parsed);
        let prices = reader.take(PRICES, |text| {
            PriceTable::with_overrides(text).map_err(|error| error.to_string())
        });
        let require_auth = reader.take_or(REQUIRE_AUTH, true, |text| match text {
            "false" if local => Ok(false),
            _ => text
                .parse::<bool>()
                .ok()
                .filter(|on| *on)
                .ok_or_else(String::new),
        });
        let admin_key = reader.take_or(ADMIN_KEY, None, admin_key);
        let token_secret = reader.take_or(TOKEN_SECRET, None, token_secret);
        let allowed_origins = reader.take(ALLOWED_ORIGINS, parsed);
        let images_embeddable = reader.flag(IMAGES_EMBEDDABLE);
        let fallback = reader.take_or(FALLBACK, Fallback::default(), parsed);
        let content_policy = reader.take_or(CONTENT_POLICY, None, content_policy);
        let moderation = reader.moderation();
        let log_sample = SamplePercent::new(reader.number(LOG_SAMPLE_PERCENT, 0, 100));
        let clock_ahead = reader.seconds(CLOCK_AHEAD_SECONDS, 0, if local { TEN_YEARS } else { 0 });
        let health_probe = reader.health_probe();
        let alerts = reader.alerts();
        let public_url = reader.take_or(PUBLIC_URL, None, |text| public_url(text, local));
        let (Some(base_url), Some(api_key), Some(prices), Some(allowed_origins), true) = (
            base_url,
            api_key,
            prices,
            allowed_origins,
            reader.wrong.is_empty(),
        ) else {
            return Err(reader.wrong);
        };
        Ok(Self {
            source_hosts: SourceHosts::new(&base_url),
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            api_key,
            upstream,
            limits,
            policy,
            request_timeout,
            answer_deadline: times.answer,
            cache_life,
            default_model,
            prompt_max_chars,
            pii,
            prices,
            health_probe,
            require_auth,
            admin_key,
            token_secret,
            allowed_origins,
            images_embeddable,
            fallback,
            content_policy,
            moderation,
            public_url,
            alerts,
            latest_acquire: times.lease,
            log_sample,
            clock_ahead,
        })
    }
}

/// What is set under a name, as text.
fn value_of(env: &Env, name: &str) -> Option<String> {
    let value = js_sys::Reflect::get(env, &JsValue::from(name)).ok()?;
    // A var written in wrangler.toml without quotes comes as a number or a boolean.
    value
        .as_string()
        .or_else(|| value.as_f64().map(|number| number.to_string()))
        .or_else(|| value.as_bool().map(|flag| flag.to_string()))
}

/// The lengths of time that follow from the settings.
struct Times {
    /// From the request to the start of its last call.
    last_call: Millis,
    /// From a grant to the moment its lease counts as lost: longer than a job can hold on to it.
    lease: Millis,
    /// How long a caller waits.
    answer: Millis,
}

impl Times {
    /// Room for storing pictures, and for the waits between tries.
    const MARGIN: Millis = Millis::from_seconds(30);

    fn of(
        queue_timeout: Millis,
        request_timeout: Millis,
        polling: Millis,
        max_attempts: u32,
    ) -> Self {
        let calls = request_timeout.times(u64::from(max_attempts));
        let last_call = queue_timeout.plus(calls).plus(Self::MARGIN);
        Self {
            last_call,
            lease: last_call
                .plus(request_timeout)
                .plus(polling)
                .plus(Self::MARGIN),
            answer: queue_timeout.plus(request_timeout).plus(Self::MARGIN),
        }
    }
}
