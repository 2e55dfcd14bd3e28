//! A running simulator, as tests hold it.
//! Holds true: dropping it ends its server, its connections and its work.

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::bill::Bill;
use crate::calls::Call;
use crate::fault::Fault;
use crate::generations::{GenerationRecord, GenerationReport};
use crate::script::Times;
use crate::server::{router, serve};
use crate::settings::{CurrentSettings, Settings, SettingsChange};
use crate::state::State;
use crate::tasks::Tasks;
use crate::usage::ForeignUsage;

/// A running simulator.
pub struct Simulator {
    state: Arc<State>,
    connections: Arc<Tasks>,
}

impl Simulator {
    /// Starts one on 127.0.0.1 in the current Tokio runtime. Fails if the port is taken.
    pub async fn start(settings: Settings) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let state = Arc::new(State::new(base_url, settings));
        let connections = Arc::new(Tasks::new());
        let router = router(Arc::clone(&state));
        connections.spawn(serve(listener, router, Arc::clone(&connections)));
        Ok(Self { state, connections })
    }

    /// `http://127.0.0.1:PORT`, with no slash at the end.
    pub fn base_url(&self) -> String {
        self.state.base_url.clone()
    }

    /// The key that is accepted.
    pub fn api_key(&self) -> &str {
        &self.state.settings.api_key
    }

    /// What Ideogram would have charged so far, in micro-dollars.
    pub fn bill(&self) -> Bill {
        self.state.ledger.bill()
    }

    /// Every call received, oldest first, except fetches of images and keys, polls and control calls.
    pub fn calls(&self) -> Vec<Call> {
        self.state.records.calls()
    }

    /// Every generation of v2, in the order in which their work began: what became of it, when it
    /// ended, when that was first told, how often it was polled.
    pub fn generations(&self) -> Vec<GenerationRecord> {
        self.state.generations.records()
    }

    /// What `GET /control/generations` answers.
    pub fn generation_report(&self) -> GenerationReport {
        self.state.generation_report()
    }

    /// Polls in all, those that were turned down included.
    pub fn polls(&self) -> u64 {
        self.polls_by_id().values().sum()
    }

    /// Polls by the id that was asked for, known or not.
    pub fn polls_by_id(&self) -> BTreeMap<String, u64> {
        self.state.polls.by_id()
    }

    /// Most polls that ever came within 10 seconds.
    pub fn most_polls_in_10_s(&self) -> usize {
        self.state.polls.most_in_10_s()
    }

    /// How often the keys that webhooks are signed with were fetched.
    pub fn key_fetches(&self) -> u64 {
        self.state.keys.fetches()
    }

    /// Webhooks are signed with a new key from now on; the one before stays published.
    pub fn rotate_webhook_key(&self) {
        self.state.keys.rotate();
    }

    /// Publishes no key any more but the one that signs.
    pub fn withdraw_older_webhook_keys(&self) {
        self.state.keys.withdraw_older();
    }

    /// Adds to what `GET /v2/account/usage` tells something that is not on the bill.
    pub fn add_usage(&self, usage: ForeignUsage) {
        self.state.foreign_lines.add(usage);
    }

    /// Image fetches in all.
    pub fn image_fetches(&self) -> u64 {
        self.image_fetches_by_path().values().sum()
    }

    /// Image fetches by path, without the query.
    pub fn image_fetches_by_path(&self) -> BTreeMap<String, u64> {
        self.state.records.image_fetches_by_path()
    }

    /// When the last image was handed to its connection whole, in microseconds since the Unix
    /// epoch; for measuring what a caller adds to it.
    pub fn image_answered_at_us(&self) -> Option<u64> {
        self.state.records.image_answered_at_us()
    }

    /// Images in progress now.
    pub fn images_in_progress(&self) -> u32 {
        self.state.ledger.in_progress()
    }

    /// Most images that were ever in progress at once.
    pub fn peak_images_in_progress(&self) -> u32 {
        self.state.ledger.peak()
    }

    /// Lets a fault strike the next so many matching requests, after those scripted before.
    pub fn script(&self, fault: impl Into<Fault>, times: impl Into<Times>) {
        self.state.script.add(fault.into(), times.into());
    }

    /// Takes back every fault that has not struck yet.
    pub fn clear_faults(&self) {
        self.state.script.clear();
    }

    /// Makes every image address given out so far answer 404.
    pub fn forget_images(&self) {
        self.state.images.forget_all();
    }

    /// Changes what is named, from now on; tells what holds then.
    pub fn change_settings(&self, change: &SettingsChange) -> CurrentSettings {
        self.state.change_settings(change)
    }

    /// Changes the latency in milliseconds for work that starts from now on.
    pub fn set_latency_ms(&self, latency_ms: u64) {
        self.state.change_settings(&SettingsChange {
            latency_ms: Some(latency_ms),
            ..SettingsChange::default()
        });
    }

    /// Changes every price, for work that starts from now on, to so many percent of what Ideogram
    /// publishes; quotes say the same.
    pub fn set_price_percent(&self, price_percent: u64) {
        self.state.change_settings(&SettingsChange {
            price_percent: Some(price_percent),
            ..SettingsChange::default()
        });
    }

    /// Sets the balance in micro-dollars; `None` never runs out.
    pub fn set_credits_micro_dollars(&self, credits: Option<u64>) {
        self.state.ledger.set_credits(credits);
    }

    /// The balance left in micro-dollars; `None` never runs out.
    pub fn credits_micro_dollars(&self) -> Option<u64> {
        self.state.ledger.credits()
    }

    /// Back to how it was when started: bill, calls, faults, images, generations and settings, but
    /// for the keys of webhooks. Work in progress is dropped uncharged, and its connections are
    /// reset.
    pub async fn reset(&self) {
        self.state.reset().await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.connections.stop();
        self.state.work.stop();
    }
}
