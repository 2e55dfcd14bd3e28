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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            api_key: "simulator-key".to_owned(),
            latency_ms: 0,
            jitter_percent: 0,
            credits_micro_dollars: None,
            price_percent: 100,
            max_images_in_progress: 10,
            answer_limit_ms: 265_000,
            image_lifetime_seconds: 86_400,
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
}

/// Answer of `POST /control/settings`: what holds from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentSettings {
    /// Latency in milliseconds.
    pub latency_ms: u64,
    /// Jitter in percent to either side.
    pub jitter_percent: u64,
    /// Balance left in micro-dollars; `None` never runs out.
    pub credits_micro_dollars: Option<u64>,
    /// Prices in percent of what Ideogram publishes.
    pub price_percent: u64,
}

/// Tells a field that is `null` from one that is missing.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
