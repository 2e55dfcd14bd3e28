//! A gateway to test: simulator, storage and `wrangler dev` in one.
//! Holds true: dropping it ends its processes and removes its files, also when a test panics; only
//! so many run at once; a restart keeps storage and simulator.

mod answer;
mod clock;
mod connection;
mod crons;
pub mod events;
pub mod form;
mod log;
mod process;
pub mod receiver;
pub mod relay;
mod storage;
mod waiting;

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, redirect};
use serde_json::{Value, json};
use simulator::{Settings, Simulator};
use tempfile::TempDir;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use self::answer::Answer;
use self::process::{Process, Ran};
pub use self::storage::{Booked, StoredLease, StoredPicture, StoredRecord};
pub use self::waiting::eventually;

/// The price of one picture of V_2, the default model, in micro-dollars.
pub const PRICE: u64 = 80_000;
/// A key for the operator, where one is needed.
pub const OPERATOR_KEY: &str = "an-operators-key-0123456789";
/// Gateways that run at once: each takes a processor for some seconds to start.
const GATEWAYS_AT_ONCE: usize = 3;
/// Where pictures that came with requests begin in R2.
const REFERENCES: &str = "references/";
/// The longest a caller waits here; longer than the gateway lets any of them wait.
const PATIENCE: Duration = Duration::from_secs(180);

static PLACES: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(GATEWAYS_AT_ONCE)));

/// Settings of the gateway, by name.
type Vars = BTreeMap<String, String>;

/// A running gateway and the Ideogram it calls.
pub struct Gateway {
    /// None between a kill and the start after it.
    process: Option<Process>,
    /// The Ideogram it calls.
    pub simulator: Simulator,
    client: Client,
    vars: Vars,
    dir: TempDir,
    _place: OwnedSemaphorePermit,
}

impl Gateway {
    /// Starts one with these settings besides those of wrangler.toml.
    pub async fn start(vars: &[(&str, &str)]) -> Self {
        let place = Arc::clone(&PLACES).acquire_owned().await.unwrap();
        let simulator = Simulator::start(Settings::default()).await;
        let simulator = simulator.expect("a free port");
        let client = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .no_proxy();
        let mut gateway = Self {
            process: None,
            client: client.build().unwrap(),
            vars: BTreeMap::from([
                ("IDEOGRAM_BASE_URL".to_owned(), simulator.base_url()),
                // Tests of Ideogram's v2 say so.
                ("UPSTREAM".to_owned(), "legacy".to_owned()),
            ]),
            dir: TempDir::with_prefix("ideogram-gateway-").unwrap(),
            simulator,
            _place: place,
        };
        gateway.start_with(vars).await;
        gateway
    }

    async fn start_with(&mut self, vars: &[(&str, &str)]) {
        let vars = vars.iter().copied();
        self.vars
            .extend(vars.map(|(name, value)| (name.to_owned(), value.to_owned())));
        self.process = Some(Process::start(self.dir.path(), &self.vars).await);
    }

    /// Ends all its processes at once, as a failing machine would.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Kills it and starts it on the same storage, with these settings changed.
    pub async fn restart(&mut self, vars: &[(&str, &str)]) {
        self.kill();
        self.start_with(vars).await;
    }

    fn process(&self) -> &Process {
        self.process.as_ref().expect("a gateway that runs")
    }

    /// `http://127.0.0.1:PORT`, with no slash at the end.
    pub fn url(&self) -> &str {
        &self.process().url
    }

    /// A request to a path of the gateway's.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url()))
    }

    /// Asks for a picture with these fields in `image_request`.
    pub fn generation(&self, fields: &Value) -> RequestBuilder {
        let body = json!({ "image_request": fields });
        self.request(Method::POST, "/generate").json(&body)
    }

    /// Asks for a picture with these fields in `image_request`, and waits for the answer.
    pub async fn generate(&self, fields: Value) -> Answer {
        Answer::to(self.generation(&fields)).await
    }

    /// Asks for all of these at the same moment, and waits for all answers, in their order.
    pub async fn generate_at_once(&self, requests: impl IntoIterator<Item = Value>) -> Vec<Answer> {
        let requests = requests.into_iter().map(|fields| self.generation(&fields));
        let sent: Vec<_> = requests
            .map(|request| tokio::spawn(Answer::to(request)))
            .collect();
        let mut answers = vec![];
        for answer in sent {
            answers.push(answer.await.unwrap());
        }
        answers
    }

    /// Gets a path, or an address of the gateway's.
    pub async fn get(&self, path: &str) -> Answer {
        let path = path.strip_prefix(self.url()).unwrap_or(path);
        Answer::to(self.request(Method::GET, path)).await
    }

    /// A request with the operator's key.
    pub async fn operator(&self, method: Method, path: &str) -> Answer {
        Answer::to(self.request(method, path).bearer_auth(OPERATOR_KEY)).await
    }

    /// Makes a client's key; returns the answer, which holds it.
    pub async fn make_key(&self, client: Value) -> Value {
        let ask = self.request(Method::POST, "/admin/keys").json(&client);
        let made = Answer::to(ask.bearer_auth(OPERATOR_KEY)).await;
        assert_eq!(made.status, 201, "{client}");
        made.json()
    }

    /// How many calls the simulator has received.
    pub fn calls(&self) -> usize {
        self.simulator.calls().len()
    }

    /// How many of them asked for pictures.
    pub fn generation_calls(&self) -> usize {
        let calls = self.simulator.calls();
        calls.iter().filter(|call| call.method == "POST").count()
    }

    /// What the simulator would charge so far, in micro-dollars.
    pub fn billed(&self) -> u64 {
        self.simulator.bill().micro_dollars
    }

    /// What the ledger has booked.
    pub fn booked(&self) -> Booked {
        storage::booked(self.dir.path())
    }

    /// What the ledger has booked on a day, counted from 1970-01-01, UTC.
    pub fn booked_on(&self, day: u64) -> Booked {
        storage::booked_on(self.dir.path(), day)
    }

    /// The ledger's counters: name and labels, with the value.
    pub fn counters(&self) -> BTreeMap<(String, String), u64> {
        storage::counters(self.dir.path())
    }

    /// How many pictures hold a place in flight by the ledger's rows.
    pub fn places_held(&self) -> u64 {
        storage::places_held(self.dir.path())
    }

    /// Makes the ledger's totals wrong, or right again, by so many micro-dollars, while the gateway
    /// does not run.
    pub fn change_totals(&self, by: i64) {
        storage::change_totals(self.dir.path(), by);
    }

    /// The ledger's leases, by name.
    pub fn leases(&self) -> Vec<StoredLease> {
        storage::leases(self.dir.path())
    }

    /// The ledger's history of generations, by name.
    pub fn history(&self) -> Vec<StoredRecord> {
        storage::history(self.dir.path())
    }

    /// The pictures in R2, by name.
    pub fn pictures(&self) -> Vec<StoredPicture> {
        storage::pictures(self.dir.path())
    }

    /// The pictures in R2 that came with requests.
    pub fn references(&self) -> Vec<StoredPicture> {
        let mut pictures = self.pictures();
        pictures.retain(|picture| picture.key.starts_with(REFERENCES));
        pictures
    }

    /// Waits until no picture that came with a request is in R2 any more.
    pub async fn no_references_left(&self) {
        eventually("no reference is left", async || {
            self.references().is_empty().then_some(())
        })
        .await;
    }

    /// Loses all that the ledger has stored, while the gateway does not run.
    pub fn lose_ledger(&self) {
        storage::lose_ledger(self.dir.path());
    }

    /// The columns of the ledger's history, by name, for each generation, by its id.
    pub fn history_rows(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        storage::history_rows(self.dir.path())
    }

    /// Loses the pictures that came with requests, while the gateway does not run.
    pub fn lose_references(&self) {
        storage::lose_pictures(self.dir.path(), REFERENCES);
    }

    /// Makes the pictures that came with requests older, while the gateway does not run.
    pub fn age_references(&self, millis: i64) {
        storage::age_pictures(self.dir.path(), REFERENCES, millis);
    }

    /// What preflights have left in KV, R2 and the ledger's facts, by name.
    pub fn left_by_preflights(&self) -> Vec<String> {
        storage::left_by_preflights(self.dir.path())
    }

    /// The names of the results in KV.
    pub fn cached(&self) -> Vec<String> {
        storage::cached(self.dir.path())
    }

    /// The generations as their objects have stored them, whole.
    pub fn jobs(&self) -> Vec<Value> {
        storage::jobs(self.dir.path())
    }

    /// The generations as their objects have stored them: for each prompt its id and its phase.
    pub fn generations(&self) -> BTreeMap<String, (String, String)> {
        storage::generations(self.dir.path())
    }

    /// Waits until the generation of `prompt` is stored in `phase`; returns its id.
    pub async fn generation_in(&self, phase: &str, prompt: &str) -> String {
        eventually(&format!("{prompt} is {phase}"), async || {
            let (id, found) = self.generations().remove(prompt)?;
            (found == phase).then_some(id)
        })
        .await
    }

    /// Puts a content policy into KV, as an operator does, while the gateway does not run.
    pub fn put_policy(&self, policy: &str) {
        process::put_policy(self.dir.path(), policy);
    }

    /// Runs a program that calls the gateway to its end.
    pub async fn run_beside(&self, mut command: Command) -> Ran {
        command
            .env("GATEWAY_URL", self.url())
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost");
        process::run_to_end(command).await
    }

    /// Holds that nothing was asked of Ideogram, booked or kept.
    pub fn assert_untouched(&self) {
        assert_eq!(self.calls(), 0);
        assert_eq!(self.booked(), Booked::default());
        assert!(self.generations().is_empty());
        assert!(self.cached().is_empty());
        assert!(self.pictures().is_empty());
    }

    /// Every file of the gateway's storage, as bytes.
    pub fn stored_bytes(&self) -> Vec<u8> {
        storage::bytes(self.dir.path())
    }
}
