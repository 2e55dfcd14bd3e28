//! Those who ask for pictures during a storm, 32 at once: some stay until there is an answer and try
//! again a few times if it is a failure, some leave after a moment.
//! Holds true: whoever stays gets a result or a typed error; a connection is lost only when the
//! gateway is killed, and an answer is late only as far as the gateway's own deadline.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::RwLock;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::chance::Chance;
use crate::gateway::{Answer, Gateway};

const AT_ONCE: usize = 32;
/// How many prompts back a repeated one lies at most: near enough to find it on its way.
const REPEATED_WITHIN: u64 = 24;
/// The longest a caller waits before it tries again; the breaker asks for no more at first.
const MOST_PATIENT: u64 = 30;
/// What wrangler says when it starts workerd anew on its own account, because it believes that one
/// of the files it watches has changed: to callers one more kill.
const RESTARTED: &[u8] = b"Your worker restarted mid-request.";
/// The failures that a storm can lead to, with what callers do about them.
const WORTH_ANOTHER_TRY: [&str; 7] = [
    "upstream_error",
    "upstream_timeout",
    "interrupted",
    "busy",
    "no_credits",
    "breaker_open",
    "generation_pending",
];
const FINAL: [&str; 3] = [
    "invalid_request",
    "prompt_rejected",
    "daily_budget_exceeded",
];

/// Whether a storm can lead to this failure.
pub fn is_expected(code: &str) -> bool {
    WORTH_ANOTHER_TRY.contains(&code) || FINAL.contains(&code)
}

/// One request, and how the one who makes it behaves.
pub struct Ask {
    fields: Value,
    tries: u64,
    leaves_after: Option<Duration>,
}

/// Requests for so many different things, one in six of them twice.
pub fn draw_asks(chance: &mut Chance, generations: u64) -> Vec<Ask> {
    let mut asks = vec![];
    let counts: Vec<u64> = (0..generations)
        .map(|_| chance.pick(&[1, 1, 1, 1, 2, 2, 2, 4, 4, 8]))
        .collect();
    for number in 0..generations {
        asks.push(ask(chance, number, &counts));
        if chance.one_in(6) {
            let earlier = number - chance.below(REPEATED_WITHIN.min(number + 1));
            asks.push(ask(chance, earlier, &counts));
        }
    }
    asks
}

fn ask(chance: &mut Chance, number: u64, counts: &[u64]) -> Ask {
    let prompt = format!("storm {number}");
    let leaves = chance.one_in(8);
    let moment = Duration::from_millis(chance.between(1, 400));
    Ask {
        fields: json!({"prompt": prompt, "num_images": counts[number as usize]}),
        tries: chance.pick(&[1, 3, 5, 8]),
        leaves_after: leaves.then_some(moment),
    }
}

/// A gateway and how often it was killed so far.
pub struct Mortal {
    /// The gateway. It runs whenever it can be had.
    pub gateway: Gateway,
    kills: u64,
}

/// What callers ended with, counted: `done`, a code, or that they left.
pub type Outcomes = BTreeMap<String, usize>;

/// All who ask.
pub struct Callers {
    asks: Vec<Ask>,
    started: AtomicUsize,
    /// Written to while the gateway is being killed and started again.
    mortal: RwLock<Mortal>,
}

impl Callers {
    /// Nobody asks yet.
    pub fn new(asks: Vec<Ask>, gateway: Gateway) -> Arc<Self> {
        let mortal = RwLock::new(Mortal { gateway, kills: 0 });
        Arc::new(Self {
            asks,
            started: AtomicUsize::new(0),
            mortal,
        })
    }

    /// How many requests have been started.
    pub fn started(&self) -> usize {
        self.started.load(Ordering::Relaxed)
    }

    /// Kills the gateway and starts it again on the same storage.
    pub async fn kill(&self) {
        let mut mortal = self.mortal.write().await;
        mortal.kills += 1;
        mortal.gateway.restart(&[]).await;
    }

    /// Lets them all ask, so many at once, and waits for the last one.
    pub async fn run(self: Arc<Self>) -> Outcomes {
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            tasks.spawn(Arc::clone(&self).work());
        }
        let mut outcomes = Outcomes::new();
        for (outcome, count) in tasks.join_all().await.into_iter().flatten() {
            *outcomes.entry(outcome).or_default() += count;
        }
        outcomes
    }

    /// The gateway, once nobody asks any more.
    pub fn into_gateway(self: Arc<Self>) -> Gateway {
        let callers = Arc::into_inner(self).expect("nobody who asks any more");
        callers.mortal.into_inner().gateway
    }

    async fn work(self: Arc<Self>) -> Outcomes {
        let mut outcomes = Outcomes::new();
        while let Some(ask) = self.asks.get(self.started.fetch_add(1, Ordering::Relaxed)) {
            let outcome = match ask.leaves_after {
                None => self.stay(ask).await,
                Some(moment) => match timeout(moment, self.stay(ask)).await {
                    Ok(outcome) => outcome,
                    Err(_) => "left".into(),
                },
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
        outcomes
    }

    async fn stay(&self, ask: &Ask) -> String {
        let mut tries = 1;
        loop {
            let answer = self.answer(ask).await;
            if answer.status == 200 {
                // Says the same in header and body.
                answer.cache();
                return "done".into();
            }
            let (status, code) = answer.error();
            assert!(is_expected(&code), "{status}: {}", answer.json());
            if FINAL.contains(&code.as_str()) || tries == ask.tries {
                return code;
            }
            tries += 1;
            let seconds = answer.header("retry-after").unwrap_or("1");
            let seconds: u64 = seconds.parse().expect("whole seconds");
            sleep(Duration::from_secs(seconds.min(MOST_PATIENT))).await;
        }
    }

    /// Asks until there is an answer of the gateway's: again after each kill.
    async fn answer(&self, ask: &Ask) -> Answer {
        loop {
            let (request, kills) = {
                let mortal = self.mortal.read().await;
                (mortal.gateway.generation(&ask.fields), mortal.kills)
            };
            let answer = Answer::unless_lost(request).await;
            let is_whole = answer.as_ref().is_ok_and(Answer::is_json);
            let restarted = |answer: &Answer| answer.body.starts_with(RESTARTED);
            let was_restarted = answer.as_ref().is_ok_and(restarted);
            let was_killed = self.mortal.read().await.kills > kills;
            if is_whole || !(was_killed || was_restarted) {
                return answer.expect("an answer of a gateway that nobody killed");
            }
        }
    }
}
