//! How the simulator behaves while nothing is scripted.
//! Holds true: the defaults are Ideogram's documented limits, and no waiting.

use serde::{Deserialize, Deserializer, Serialize};

/// Settings a simulator starts with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// TCP port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The one key that is accepted in the `Api-Key` header.
    pub api_key: String,
    /// Milliseconds a request takes; turbo models and the speeds FLASH and TURBO take half.
    pub latency_ms: u64,
    /// How far latency strays, in percent to either side; 0 keeps it exact.
    pub jitter_percent: u64,
    /// Milliseconds a request takes are drawn from here on, whatever is asked for; with
    /// `work_ms_to` alone from 0. Without either, latency and jitter count.
    pub work_ms_from: Option<u64>,
    /// Milliseconds a request takes are drawn up to here; with `work_ms_from` alone it takes those.
    pub work_ms_to: Option<u64>,
    /// Balance in micro-dollars; `None` never runs out.
    pub credits_micro_dollars: Option<u64>,
    /// What everything costs, in percent of what Ideogram publishes; quotes say the same.
    pub price_percent: u64,
    /// Images, not requests, that may be in progress at once
    /// (Ideogram's rate limits page, 2026-11: 10).
    pub max_images_in_progress: u32,
    /// Milliseconds after which an unfinished request is answered 503 while its work goes on
    /// (Ideogram's production integration page, 2026-11: 265 s).
    pub answer_limit_ms: u64,
    /// Seconds an image address works
    /// (Ideogram's responses and metadata page, 2026-11: 24 hours).
    pub image_lifetime_seconds: u64,
    /// Seconds for which the end of a generation can be polled. How long that is at Ideogram is
    /// not documented; a day, like its links.
    pub completed_lifetime_seconds: u64,
    /// Whether polls of completed generations say what they cost
    /// (Ideogram's OpenAPI document, 2026-10: only where the price varies).
    pub usage_cost: bool,
    /// Whether every poll of a completed generation gives links of its own; at Ideogram it is not
    /// documented.
    pub fresh_links_on_poll: bool,
    /// Polls that are answered in 10 seconds (Ideogram's rate limits page, 2026-11: 1,000).
    pub max_polls_in_10_s: usize,
    /// Whether a webhook is sent of a generation that failed; at Ideogram it is not documented.
    pub webhooks_of_failures: bool,
    /// Milliseconds before a webhook that was not accepted is sent again.
    pub webhook_retry_ms: u64,
    /// Whether the key's owner may see what was used; else it is not found.
    pub usage_allowed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            api_key: "simulator-key".to_owned(),
            latency_ms: 0,
            jitter_percent: 0,
            work_ms_from: None,
            work_ms_to: None,
            credits_micro_dollars: None,
            price_percent: 100,
            max_images_in_progress: 10,
            answer_limit_ms: 265_000,
            image_lifetime_seconds: 86_400,
            completed_lifetime_seconds: 86_400,
            usage_cost: false,
            fresh_links_on_poll: true,
            max_polls_in_10_s: 1_000,
            webhooks_of_failures: false,
            webhook_retry_ms: 500,
            usage_allowed: true,
        }
    }
}

/// Body of `POST /control/settings`: what is left out stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsChange {
    /// New latency in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// New jitter in percent to either side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jitter_percent: Option<u64>,
    /// New least milliseconds a request takes; `null` in JSON, `Some(None)` here, for none.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub work_ms_from: Option<Option<u64>>,
    /// New most milliseconds a request takes; `null` in JSON, `Some(None)` here, for none.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub work_ms_to: Option<Option<u64>>,
    /// New balance in micro-dollars; `null` in JSON, `Some(None)` here, never runs out.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub credits_micro_dollars: Option<Option<u64>>,
    /// New prices for work that starts from now on, in percent of what Ideogram publishes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_percent: Option<u64>,
    /// New seconds for which the end of a generation can be polled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_lifetime_seconds: Option<u64>,
    /// Whether polls say what was paid from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_cost: Option<bool>,
    /// Whether polls give links of their own from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_links_on_poll: Option<bool>,
    /// Whether webhooks are sent of generations that fail from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks_of_failures: Option<bool>,
    /// Whether the key's owner may see what was used from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_allowed: Option<bool>,
}

/// Answer of `POST /control/settings`: what holds from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentSettings {
    /// Latency in milliseconds.
    pub latency_ms: u64,
    /// Jitter in percent to either side.
    pub jitter_percent: u64,
    /// Least milliseconds a request takes, if they are drawn.
    pub work_ms_from: Option<u64>,
    /// Most milliseconds a request takes, if they are drawn.
    pub work_ms_to: Option<u64>,
    /// Balance left in micro-dollars; `None` never runs out.
    pub credits_micro_dollars: Option<u64>,
    /// Prices in percent of what Ideogram publishes.
    pub price_percent: u64,
    /// Seconds for which the end of a generation can be polled.
    pub completed_lifetime_seconds: u64,
    /// Whether polls say what was paid.
    pub usage_cost: bool,
    /// Whether polls give links of their own.
    pub fresh_links_on_poll: bool,
    /// Whether webhooks are sent of generations that fail.
    pub webhooks_of_failures: bool,
    /// Whether the key's owner may see what was used.
    pub usage_allowed: bool,
}

impl CurrentSettings {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            latency_ms: settings.latency_ms,
            jitter_percent: settings.jitter_percent,
            work_ms_from: settings.work_ms_from,
            work_ms_to: settings.work_ms_to,
            credits_micro_dollars: settings.credits_micro_dollars,
            price_percent: settings.price_percent,
            completed_lifetime_seconds: settings.completed_lifetime_seconds,
            usage_cost: settings.usage_cost,
            fresh_links_on_poll: settings.fresh_links_on_poll,
            webhooks_of_failures: settings.webhooks_of_failures,
            usage_allowed: settings.usage_allowed,
        }
    }

    /// Everything but the balance, which is the ledger's.
    pub(crate) fn change(&mut self, change: &SettingsChange) {
        set(&mut self.latency_ms, change.latency_ms);
        set(&mut self.jitter_percent, change.jitter_percent);
        set(&mut self.work_ms_from, change.work_ms_from);
        set(&mut self.work_ms_to, change.work_ms_to);
        set(&mut self.price_percent, change.price_percent);
        set(
            &mut self.completed_lifetime_seconds,
            change.completed_lifetime_seconds,
        );
        set(&mut self.usage_cost, change.usage_cost);
        set(&mut self.fresh_links_on_poll, change.fresh_links_on_poll);
        set(&mut self.webhooks_of_failures, change.webhooks_of_failures);
        set(&mut self.usage_allowed, change.usage_allowed);
    }
}

fn set<T: Copy>(value: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *value = new;
    }
}

/// Tells a field that is `null` from one that is missing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
