//! Everything that the simulator's answers share.
//! Holds true: one state belongs to one running simulator; nothing is global.

use std::sync::{Arc, Mutex};

use crate::bill::Ledger;
use crate::calls::{CallReport, Records};
use crate::images::Images;
use crate::lock::lock;
use crate::script::Script;
use crate::settings::{CurrentSettings, Settings, SettingsChange};
use crate::tasks::Tasks;

pub(crate) struct State {
    pub(crate) base_url: String,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) script: Script,
    pub(crate) records: Records,
    pub(crate) images: Images,
    /// Generation work, which outlives the connections that asked for it.
    pub(crate) work: Tasks,
    /// As started with; what can change at run time starts from here.
    pub(crate) settings: Settings,
    pace: Mutex<Pace>,
}

/// What can be changed at run time.
#[derive(Clone, Copy)]
struct Pace {
    latency_ms: u64,
    jitter_percent: u64,
    price_percent: u64,
}

impl Pace {
    fn of(settings: &Settings) -> Self {
        Self {
            latency_ms: settings.latency_ms,
            jitter_percent: settings.jitter_percent,
            price_percent: settings.price_percent,
        }
    }
}

impl State {
    pub(crate) fn new(base_url: String, settings: Settings) -> Self {
        Self {
            base_url,
            ledger: Ledger::new(settings.credits_micro_dollars),
            script: Script::default(),
            records: Records::default(),
            images: Images::default(),
            work: Tasks::new(),
            pace: Mutex::new(Pace::of(&settings)),
            settings,
        }
    }

    /// Milliseconds that the work on one request takes this time.
    pub(crate) fn work_ms(&self, is_fast: bool) -> u64 {
        let Pace {
            latency_ms,
            jitter_percent,
            ..
        } = *lock(&self.pace);
        let middle = if is_fast { latency_ms / 2 } else { latency_ms };
        let jitter = middle * jitter_percent.min(100) / 100;
        fastrand::u64(middle - jitter..=middle + jitter)
    }

    /// A price of Ideogram's as it is at the moment.
    pub(crate) fn price(&self, published: u64) -> u64 {
        published * lock(&self.pace).price_percent / 100
    }

    pub(crate) fn change_settings(&self, change: &SettingsChange) -> CurrentSettings {
        let mut pace = lock(&self.pace);
        pace.latency_ms = change.latency_ms.unwrap_or(pace.latency_ms);
        pace.jitter_percent = change.jitter_percent.unwrap_or(pace.jitter_percent);
        pace.price_percent = change.price_percent.unwrap_or(pace.price_percent);
        if let Some(credits) = change.credits_micro_dollars {
            self.ledger.set_credits(credits);
        }
        CurrentSettings {
            latency_ms: pace.latency_ms,
            jitter_percent: pace.jitter_percent,
            credits_micro_dollars: self.ledger.credits(),
            price_percent: pace.price_percent,
        }
    }

    pub(crate) fn call_report(&self) -> CallReport {
        let image_fetches_by_path = self.records.image_fetches_by_path();
        CallReport {
            calls: self.records.calls(),
            image_fetches: image_fetches_by_path.values().sum(),
            image_fetches_by_path,
            images_in_progress: self.ledger.in_progress(),
            peak_images_in_progress: self.ledger.peak(),
        }
    }

    /// Back to how it was when started. Work in progress is dropped, uncharged, and the
    /// connections that wait for it are reset.
    pub(crate) async fn reset(&self) {
        self.work.abort_all().await;
        self.script.clear();
        self.records.clear();
        self.images.forget_all();
        self.ledger.start_over(self.settings.credits_micro_dollars);
        *lock(&self.pace) = Pace::of(&self.settings);
    }
}
