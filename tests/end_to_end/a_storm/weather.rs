//! What goes wrong in a storm: one entry for each call to Ideogram and for each picture fetched, in
//! the order in which they come.
//! Holds true: nothing is billed that is reported as 500, 502 or 503, the one lie about money that
//! the gateway cannot see through; no work goes on at Ideogram for longer than the gateway keeps
//! its places.

use std::collections::BTreeMap;

use simulator::{Fault, GenerationFault, ImageFault, PollFault, Simulator};

use super::chance::Chance;

/// More than a storm can use up.
const CALLS: usize = 4_000;
const FETCHES: usize = 12_000;
/// The usual answer takes from this long to three times as long.
const LATENCY_MS: u64 = 20;
/// After the account has run empty, so many calls go well: the breaker's try would otherwise make
/// the storm longer by minutes.
const CALM: usize = 12;
const NO_CREDITS: &str = "402";
/// What happens to most calls and fetches.
const NOTHING: &str = "nothing";
/// Pictures that can never be kept.
const GONE: [&str; 2] = ["picture 404", "picture is HTML"];
const WITHHELD: &str = "withheld";

type Named<F> = (&'static str, F);

/// A storm's faults.
pub struct Weather {
    calls: Vec<Named<GenerationFault>>,
    fetches: Vec<Named<ImageFault>>,
    /// What happens to polls; none where it is nothing.
    polls: Vec<PollFault>,
}

impl Weather {
    /// With the account running empty at call number `empty_at`.
    pub fn draw(chance: &mut Chance, empty_at: usize) -> Self {
        let mut calls: Vec<_> = (0..CALLS).map(|_| call(chance)).collect();
        calls[empty_at] = (NO_CREDITS, GenerationFault::status(402));
        for after in &mut calls[empty_at + 1..=empty_at + CALM] {
            *after = usual(chance);
        }
        let fetches = (0..FETCHES).map(|_| fetch(chance)).collect();
        let polls = (0..CALLS).map(|_| poll(chance)).collect();
        Self {
            calls,
            fetches,
            polls,
        }
    }

    /// Gives all of it to the simulator.
    pub fn script(&self, simulator: &Simulator) {
        simulator.set_latency_ms(LATENCY_MS);
        for (_, fault) in &self.calls {
            simulator.script(fault.clone(), 1);
        }
        for (_, fault) in &self.fetches {
            simulator.script(fault.clone(), 1);
        }
        for fault in &self.polls {
            simulator.script(Fault::Poll(fault.clone()), 1);
        }
    }

    /// What has struck after so many calls and fetches, by name.
    pub fn struck(&self, calls: usize, fetches: usize) -> Struck {
        assert!(calls < CALLS && fetches < FETCHES, "the weather ran out");
        let calls = self.calls.iter().take(calls).map(|(name, _)| *name);
        let fetches = self.fetches.iter().take(fetches).map(|(name, _)| *name);
        let mut struck = BTreeMap::new();
        for name in calls.chain(fetches).filter(|name| *name != NOTHING) {
            *struck.entry(name).or_default() += 1;
        }
        Struck(struck)
    }
}

/// How often each fault has struck.
#[derive(Debug)]
pub struct Struck(BTreeMap<&'static str, usize>);

impl Struck {
    /// The most pictures that were paid for and cannot be kept.
    pub fn pictures_gone_or_withheld(&self) -> usize {
        let count = |name| self.0.get(name).copied().unwrap_or_default();
        count(WITHHELD) + GONE.into_iter().map(count).sum::<usize>()
    }
}

/// One call in eight fails in a way that counts against Ideogram's health: more would keep the
/// breaker open for most of the storm.
fn call(chance: &mut Chance) -> Named<GenerationFault> {
    let billed = chance.one_in(2);
    let delay = |before_work_ms, after_work_ms| GenerationFault::Delay {
        before_work_ms,
        after_work_ms,
    };
    match chance.below(1000) {
        0..10 => ("400", GenerationFault::status(400)),
        10..20 => ("422", GenerationFault::status(422)),
        20..22 => ("429", GenerationFault::status(429)),
        22..25 => ("429 with Retry-After", retry_after(429, "1")),
        25..42 => ("500", GenerationFault::status(500)),
        42..52 => ("502", GenerationFault::status(502)),
        52..57 => ("503", GenerationFault::status(503)),
        57..62 => ("503 with Retry-After", retry_after(503, "2")),
        62..72 => ("504", unconfirmed(504, billed)),
        72..82 => ("520", unconfirmed(520, billed)),
        82..92 => ("524", unconfirmed(524, billed)),
        92..102 => ("200 without JSON", no_json(billed)),
        102..112 => ("hang", GenerationFault::Hang { billed }),
        112..122 => ("half an answer", GenerationFault::HalfBody),
        122..137 => ("reset", GenerationFault::Reset { billed }),
        137..142 => ("too late", delay(chance.between(2_100, 2_600), 0)),
        142..152 => ("late", delay(chance.between(100, 1_000), 0)),
        152..162 => ("late after the work", delay(0, chance.between(100, 1_000))),
        162..187 => {
            let images = chance.below(4) as u32;
            ("fewer", GenerationFault::Fewer { images })
        }
        187..212 => {
            let indices = vec![chance.below(3) as u32];
            (WITHHELD, GenerationFault::Unsafe { indices })
        }
        _ => usual(chance),
    }
}

/// One poll in seven goes wrong.
fn poll(chance: &mut Chance) -> PollFault {
    match chance.below(100) {
        0..4 => PollFault::status(500),
        4..6 => PollFault::status(429),
        6..8 => PollFault::Reset,
        8..10 => PollFault::HalfBody,
        10..11 => PollFault::Hang,
        11..13 => PollFault::Pending,
        13..14 => PollFault::Unknown,
        _ => PollFault::Delay { millis: 0 },
    }
}

fn usual(chance: &mut Chance) -> Named<GenerationFault> {
    let before_work_ms = chance.below(2 * LATENCY_MS + 1);
    let usual = GenerationFault::Delay {
        before_work_ms,
        after_work_ms: 0,
    };
    (NOTHING, usual)
}

fn retry_after(status: u16, seconds: &str) -> GenerationFault {
    GenerationFault::Answer {
        status,
        headers: vec![("retry-after".into(), seconds.into())],
        body: String::new(),
        billed: false,
    }
}

fn unconfirmed(status: u16, billed: bool) -> GenerationFault {
    if billed {
        GenerationFault::billed_status(status)
    } else {
        GenerationFault::status(status)
    }
}

fn no_json(billed: bool) -> GenerationFault {
    GenerationFault::Answer {
        status: 200,
        headers: vec![],
        body: "<html>Just a moment</html>".into(),
        billed,
    }
}

fn fetch(chance: &mut Chance) -> Named<ImageFault> {
    match chance.below(1000) {
        0..25 => ("picture reset", ImageFault::Reset),
        25..50 => ("half a picture", ImageFault::HalfBody),
        50..70 => {
            let difference = chance.between(1, 5_000) as i64;
            let fault = ImageFault::WrongContentLength { difference };
            ("picture of a wrong length", fault)
        }
        70..95 => {
            let total_ms = chance.between(200, 1_000);
            ("slow picture", ImageFault::Slow { total_ms })
        }
        95..100 => ("too slow picture", ImageFault::Slow { total_ms: 6_000 }),
        100..120 => ("picture 500", ImageFault::status(500)),
        120..130 => ("picture 503", ImageFault::status(503)),
        130..170 => ("chunked picture", ImageFault::Chunked),
        170..174 => (GONE[0], ImageFault::status(404)),
        174..178 => {
            let html = "<html><body>Sign in</body></html>";
            (GONE[1], ImageFault::not_an_image("image/png", html))
        }
        // All of it at once, as without a fault.
        _ => (NOTHING, ImageFault::WrongContentLength { difference: 0 }),
    }
}
