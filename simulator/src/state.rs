//! Everything that the simulator's answers share.
//! Holds true: one state belongs to one running simulator; nothing is global.

use std::sync::{Arc, Mutex};

use crate::bill::Ledger;
use crate::calls::{CallReport, Records};
use crate::generations::{GenerationReport, Generations};
use crate::images::Images;
use crate::keys::Keys;
use crate::lock::lock;
use crate::poll::Polls;
use crate::script::Script;
use crate::settings::{CurrentSettings, Settings, SettingsChange};
use crate::tasks::Tasks;
use crate::usage::ForeignLines;

pub(crate) struct State {
    pub(crate) base_url: String,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) script: Script,
    pub(crate) records: Records,
    pub(crate) images: Images,
    pub(crate) generations: Generations,
    pub(crate) polls: Polls,
    pub(crate) keys: Keys,
    pub(crate) foreign_lines: ForeignLines,
    /// Generation work, which outlives the connections that asked for it.
    pub(crate) work: Tasks,
    /// As started with; what can change at run time starts from here.
    pub(crate) settings: Settings,
    current: Mutex<CurrentSettings>,
}

impl State {
    pub(crate) fn new(base_url: String, settings: Settings) -> Self {
        Self {
            base_url,
            ledger: Ledger::new(settings.credits_micro_dollars),
            script: Script::default(),
            records: Records::default(),
            images: Images::default(),
            generations: Generations::default(),
            polls: Polls::default(),
            keys: Keys::new(),
            foreign_lines: ForeignLines::default(),
            work: Tasks::new(),
            current: Mutex::new(CurrentSettings::of(&settings)),
            settings,
        }
    }

    /// What holds at the moment. The balance in it is the one in the beginning.
    pub(crate) fn current(&self) -> CurrentSettings {
        *lock(&self.current)
    }

    /// Milliseconds that the work on one request takes this time.
    pub(crate) fn work_ms(&self, is_fast: bool) -> u64 {
        let current = self.current();
        match (current.work_ms_from, current.work_ms_to) {
            (None, None) => latency_ms(&current, is_fast),
            (from, to) => {
                let from = from.unwrap_or(0);
                fastrand::u64(from..=to.unwrap_or(from).max(from))
            }
        }
    }

    /// A price of Ideogram's as it is at the moment.
    pub(crate) fn price(&self, published: u64) -> u64 {
        published * self.current().price_percent / 100
    }

    pub(crate) fn change_settings(&self, change: &SettingsChange) -> CurrentSettings {
        let mut current = lock(&self.current);
        current.change(change);
        if let Some(credits) = change.credits_micro_dollars {
            self.ledger.set_credits(credits);
        }
        CurrentSettings {
            credits_micro_dollars: self.ledger.credits(),
            ..*current
        }
    }

    pub(crate) fn generation_report(&self) -> GenerationReport {
        GenerationReport {
            generations: self.generations.records(),
            polls: self.polls.by_id(),
            most_polls_in_10_s: self.polls.most_in_10_s(),
            key_fetches: self.keys.fetches(),
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
        self.generations.forget_all();
        self.polls.forget_all();
        self.keys.forget_fetches();
        self.foreign_lines.forget_all();
        self.ledger.start_over(self.settings.credits_micro_dollars);
        *lock(&self.current) = CurrentSettings::of(&self.settings);
    }
}

fn latency_ms(current: &CurrentSettings, is_fast: bool) -> u64 {
    let latency_ms = current.latency_ms;
    let middle = if is_fast { latency_ms / 2 } else { latency_ms };
    let jitter = middle * current.jitter_percent.min(100) / 100;
    fastrand::u64(middle - jitter..=middle + jitter)
}
