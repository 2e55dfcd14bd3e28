//! What one simulated gateway is set to: the operator's settings, as `config` of the Worker
//! derives one from the other, and what its callers ask for.

use std::sync::OnceLock;

use serde_json::json;

use super::chance::Chance;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::generation::Policy;
use crate::ids::{ClientId, TokenId};
use crate::ledger::{Allowance, Limits, TokenAllowance};
use crate::money::MicroDollars;
use crate::price::PriceTable;
use crate::request::{self, Endpoint, ImageCount, ImageRequest, Model, PiiPolicy};
use crate::time::{Millis, UnixMillis};
use crate::upstream::Upstream;

/// No work at Ideogram takes longer, counted from the moment the call left: its own limit.
pub(super) const IDEOGRAM_LIMIT: Millis = Millis::from_seconds(265);
/// How many pictures Ideogram lets the account have in progress.
pub(super) const IDEOGRAM_IN_FLIGHT: u32 = 10;
/// How long a caller of an object waits longer than the object's own deadline.
pub(super) const MARGIN: Millis = Millis::from_seconds(5);
/// How long the ledger may take for a command that does not wait.
pub(super) const PROMPT: Millis = Millis::from_seconds(5);
/// How often the alarm of an object with work rings.
pub(super) const HEARTBEAT: Millis = Millis::from_seconds(20);
/// A shorter wait is waited out in memory.
pub(super) const SHORT_WAIT: Millis = Millis::from_seconds(10);

/// Something callers may ask for; each has a Generation object of its own.
#[derive(Debug)]
pub(super) struct Asked {
    pub request: ImageRequest,
    pub fingerprint: Fingerprint,
    /// The price of one picture.
    pub price: MicroDollars,
}

#[derive(Debug)]
pub(super) struct Settings {
    pub limits: Limits,
    pub policy: Policy,
    /// How Ideogram is asked.
    pub upstream: Upstream,
    pub request_timeout: Millis,
    pub answer_deadline: Millis,
    /// When the simulated time begins.
    pub begins: UnixMillis,
    /// How many requests callers make, retries not counted.
    pub requests: u32,
    /// Who they are, and what each may take at most.
    pub clients: Vec<(ClientId, Allowance)>,
    /// The mean time between two requests.
    pub pace: Millis,
    /// What callers ask for.
    pub wanted: Vec<&'static Asked>,
}

impl Settings {
    pub(super) fn draw(chance: &mut Chance) -> Self {
        let seconds = Millis::from_seconds;
        let request_timeout = chance.pick(&[seconds(60), seconds(60), seconds(20)], seconds(60));
        let queue_timeout = chance.pick(&[seconds(30), seconds(5)], seconds(30));
        let max_attempts = chance.pick(&[3, 3, 1, 5], 3);
        let max_in_flight = chance.pick(&[8, 8, 8, 4, 10], 8);
        let margin = seconds(30);
        let last_call = queue_timeout
            .plus(request_timeout.times(u64::from(max_attempts)))
            .plus(margin);
        let upstream = chance.pick(
            &[Upstream::V2, Upstream::V2, Upstream::Legacy],
            Upstream::V2,
        );
        let generation_deadline = chance.pick(&[seconds(600), seconds(60)], seconds(600));
        let polling = match upstream {
            Upstream::V2 => generation_deadline,
            Upstream::Legacy => Millis::ZERO,
        };
        let budgets = [
            2_000_000,
            10_000_000,
            50_000_000,
            1_000_000_000,
            1_000_000_000,
        ];
        let limits = Limits {
            enabled: true,
            daily_budget: MicroDollars::new(chance.pick(&budgets, 10_000_000)),
            max_in_flight,
            queue_limit: chance.pick(&[100, 100, 3, 0], 100),
            queue_timeout,
            lease_duration: last_call.plus(request_timeout).plus(polling).plus(margin),
            unconfirmed_hold: IDEOGRAM_LIMIT,
        };
        let lives = [seconds(60), seconds(60), seconds(600), seconds(604_800)];
        let policy = Policy {
            max_attempts,
            retry_unconfirmed: chance.one_in(3),
            deadline: last_call,
            result_life: chance.pick(&lives, seconds(60)),
            generation_deadline,
            poll_floor: Millis::new(500),
        };
        let requests = u32::try_from(chance.between(20, 400)).unwrap_or(20);
        let paces = [100, 2_000, 5_000, 15_000, 15_000, 120_000].map(Millis::new);
        let pace = chance.pick(&paces, seconds(2));
        let begins = begins(chance, pace.times(u64::from(requests)));
        Self {
            limits,
            policy,
            upstream,
            request_timeout,
            answer_deadline: queue_timeout.plus(request_timeout).plus(margin),
            begins,
            requests,
            clients: clients(chance, begins, last_call),
            pace,
            wanted: wanted(chance, max_in_flight),
        }
    }
}

/// Some have a budget of their own, some a token that is good for a few pictures and a quarter of an
/// hour.
fn clients(
    chance: &mut Chance,
    begins: UnixMillis,
    last_call: Millis,
) -> Vec<(ClientId, Allowance)> {
    let count = 1 + chance.below(5);
    let client = |number| {
        let daily_budget = chance.one_in(3).then(|| {
            let budgets = [0, 80_000, 500_000, 2_000_000];
            MicroDollars::new(chance.pick(&budgets, 500_000))
        });
        let token = chance.one_in(4).then(|| TokenAllowance {
            id: TokenId::new(format!("token-{number}")),
            images: chance.pick(&[1, 3, 8, 20], 3),
            counted_until: begins.plus(Millis::from_seconds(900)).plus(last_call),
        });
        let allowance = Allowance {
            daily_budget,
            token,
        };
        (ClientId::new(format!("client-{number}")), allowance)
    };
    (0..count).map(client).collect()
}

/// Some moment of a day; in half of the worlds so late that midnight comes while callers do, and
/// one day's budget gives way to the next.
fn begins(chance: &mut Chance, callers_come_for: Millis) -> UnixMillis {
    const MIDNIGHT: u64 = 1_795_305_600_000;
    const DAY: u64 = 86_400_000;
    let most = if chance.one_in(2) {
        callers_come_for.get().clamp(1, DAY)
    } else {
        DAY
    };
    UnixMillis::new(MIDNIGHT - chance.between(1, most))
}

fn wanted(chance: &mut Chance, max_in_flight: u32) -> Vec<&'static Asked> {
    let count = chance.pick(&[1, 4, 16, 32], 4);
    let all = catalogue();
    let fits = all
        .iter()
        .filter(|asked| asked.request.images().get() <= max_in_flight);
    let skipped = usize::try_from(chance.below(32)).unwrap_or(0);
    fits.cycle().skip(skipped).take(count).collect()
}

/// Everything that is ever asked for; worked out once, since fingerprints take time.
fn catalogue() -> &'static [Asked] {
    static CATALOGUE: OnceLock<Vec<Asked>> = OnceLock::new();
    CATALOGUE.get_or_init(|| (0..80).filter_map(asked).collect())
}

fn asked(number: usize) -> Option<Asked> {
    const MODELS: [Model; 4] = [Model::V2, Model::V2Turbo, Model::V1, Model::Auto];
    const IMAGES: [u32; 8] = [1, 1, 1, 2, 1, 4, 1, 8];
    let model = MODELS.get(number % MODELS.len())?;
    let images = IMAGES.get(number % IMAGES.len())?;
    let body = json!({ "image_request": {
        "prompt": format!("a fox, number {number}"), "model": model.name(), "num_images": images,
    } });
    let limits = request::Limits {
        default_model: Model::V2,
        prompt_max_chars: 10_000,
        pii: PiiPolicy::Redact,
        max_images: ImageCount::MOST,
    };
    let request = ImageRequest::parse(Endpoint::GENERATE, &body, &limits);
    let request = request.ok()?.request;
    Some(Asked {
        fingerprint: Fingerprint::of(&request, &CacheScope::Shared),
        price: PriceTable::standard().of(request.rate()),
        request,
    })
}
