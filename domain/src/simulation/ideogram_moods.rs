//! How Ideogram treats a call, and what it answers.

use std::fmt::Write;

use super::chance::Chance;
use super::events::CallId;
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};

/// How it is with Ideogram for a while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mood {
    #[default]
    Fine,
    Slow,
    Down,
    Flapping,
    RefusingRequests,
    RefusingTheKey,
    WithoutCredits,
    Limiting,
    BillingFailures,
    Hanging,
    LosingConnections,
    Mixed,
}

impl Mood {
    pub(super) const TROUBLE: [Self; 11] = [
        Self::Slow,
        Self::Down,
        Self::Flapping,
        Self::RefusingRequests,
        Self::RefusingTheKey,
        Self::WithoutCredits,
        Self::Limiting,
        Self::BillingFailures,
        Self::Hanging,
        Self::LosingConnections,
        Self::Mixed,
    ];

    pub(super) fn conduct(self, chance: &mut Chance) -> Conduct {
        use Conduct::{
            BillsFailure, CutsAnswer, Fails, FailsAtOnce, GatewayGivesUp, Hangs, LosesAfter,
            LosesBefore, NoCredits, Refuses, RefusesKey, TooMany, Works, WorksSlowly,
        };
        let choices: &[Conduct] = match self {
            Self::Fine => &[Works],
            Self::Slow => &[Works, WorksSlowly],
            Self::Down => &[FailsAtOnce, LosesBefore, FailsAtOnce],
            Self::Flapping => &[Works, Fails, FailsAtOnce],
            Self::RefusingRequests => &[Refuses],
            Self::RefusingTheKey => &[RefusesKey],
            Self::WithoutCredits => &[NoCredits],
            Self::Limiting => &[TooMany, Works],
            Self::BillingFailures => &[BillsFailure, Works],
            Self::Hanging => &[Hangs],
            Self::LosingConnections => &[LosesAfter, CutsAnswer, GatewayGivesUp, Works],
            Self::Mixed => return Conduct::any(chance),
        };
        chance.pick(choices, Works)
    }
}

/// What Ideogram does with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conduct {
    Works,
    WorksSlowly,
    /// Works, fails, and bills nothing.
    Fails,
    FailsAtOnce,
    /// Works, bills, and says that it failed.
    BillsFailure,
    /// Works, bills, and never answers.
    Hangs,
    /// The connection fails before the call is accepted.
    LosesBefore,
    /// The connection fails while it works.
    LosesAfter,
    /// A server before it gives up while it works.
    GatewayGivesUp,
    /// The answer breaks off in the middle.
    CutsAnswer,
    Refuses,
    RefusesKey,
    NoCredits,
    TooMany,
}

impl Conduct {
    const ALL: [Self; 14] = [
        Self::Works,
        Self::WorksSlowly,
        Self::Fails,
        Self::FailsAtOnce,
        Self::BillsFailure,
        Self::Hangs,
        Self::LosesBefore,
        Self::LosesAfter,
        Self::GatewayGivesUp,
        Self::CutsAnswer,
        Self::Refuses,
        Self::RefusesKey,
        Self::NoCredits,
        Self::TooMany,
    ];

    pub(super) fn any(chance: &mut Chance) -> Self {
        chance.pick(&Self::ALL, Self::Works)
    }

    pub(super) const fn is_accepted(self) -> bool {
        !matches!(
            self,
            Self::FailsAtOnce
                | Self::LosesBefore
                | Self::Refuses
                | Self::RefusesKey
                | Self::NoCredits
                | Self::TooMany
        )
    }

    /// The answer to a call that is not accepted.
    pub(super) fn at_once(self, chance: &mut Chance, now: UnixMillis) -> Option<CallOutcome> {
        let status = match self {
            Self::FailsAtOnce => chance.pick(&[500, 502, 503], 500),
            Self::Refuses => chance.pick(&[400, 403, 413, 422, 451], 400),
            Self::RefusesKey => 401,
            Self::NoCredits => 402,
            Self::TooMany => 429,
            Self::LosesBefore => return Some(CallOutcome::ConnectionLost),
            _ => return None,
        };
        let seconds = u64::from(chance.below(120));
        let date = std::time::UNIX_EPOCH + std::time::Duration::from_millis(now.get());
        let date = date + std::time::Duration::from_secs(seconds);
        let retry_after = match chance.below(3) {
            0 => Some(seconds.to_string()),
            1 => Some(httpdate::fmt_http_date(date)),
            _ => None,
        };
        Some(CallOutcome::Answered {
            status,
            retry_after,
            body: br#"{"error":"no picture"}"#.to_vec(),
        })
    }

    /// The shortest and the longest work on an accepted call.
    pub(super) const fn work(self) -> (Millis, Millis) {
        match self {
            Self::WorksSlowly | Self::Hangs | Self::LosesAfter | Self::GatewayGivesUp => {
                (Millis::from_seconds(20), Millis::from_seconds(400))
            }
            _ => (Millis::from_seconds(2), Millis::from_seconds(20)),
        }
    }

    /// The answer to a submission that was accepted, unless it is lost.
    pub(super) fn taken(self, chance: &mut Chance, call: CallId) -> Option<CallOutcome> {
        let mut body = format!(r#"{{"generation_id":"{}","seed":1}}"#, name_of(call)).into_bytes();
        match self {
            Self::Hangs | Self::LosesAfter | Self::GatewayGivesUp => None,
            Self::CutsAnswer if chance.one_in(2) => Some(CallOutcome::ConnectionLost),
            Self::CutsAnswer => {
                body.truncate(body.len() / 2);
                Some(answered(200, body))
            }
            _ => Some(answered(200, body)),
        }
    }

    /// What is heard of an accepted call while it is being worked on.
    pub(super) fn meanwhile(self, chance: &mut Chance) -> Option<CallOutcome> {
        match self {
            Self::LosesAfter => Some(CallOutcome::ConnectionLost),
            Self::GatewayGivesUp => Some(answered(
                chance.pick(&[504, 520, 522, 524], 504),
                b"<html>".to_vec(),
            )),
            _ => None,
        }
    }

    /// What is answered once the work is done.
    pub(super) fn at_the_end(
        self,
        chance: &mut Chance,
        call: CallId,
        made: u32,
        now: UnixMillis,
    ) -> Option<CallOutcome> {
        match self {
            Self::Works | Self::WorksSlowly => {
                Some(answered(200, answer(chance, call, made, now).into_bytes()))
            }
            Self::Fails | Self::BillsFailure => {
                Some(answered(chance.pick(&[500, 502, 503], 500), b"{}".to_vec()))
            }
            Self::CutsAnswer => {
                let mut body = answer(chance, call, made, now);
                body.truncate(body.len() / 2);
                let broken = [
                    answered(200, body.into_bytes()),
                    CallOutcome::ConnectionLost,
                ];
                let [cut, lost] = broken;
                Some(if chance.one_in(2) { cut } else { lost })
            }
            _ => None,
        }
    }
}

/// What Ideogram calls the generation of a call.
pub(super) fn name_of(call: CallId) -> String {
    format!("call-{call}")
}

pub(super) const fn answered(status: u16, body: Vec<u8>) -> CallOutcome {
    CallOutcome::Answered {
        status,
        retry_after: None,
        body,
    }
}

/// A result as Ideogram writes it: its fields. Some pictures are withheld, some links say how long they live.
pub(super) fn answer(chance: &mut Chance, call: CallId, made: u32, now: UnixMillis) -> String {
    let mut body = String::from(r#"{"created":"2026-11-21T09:30:00Z","data":["#);
    for index in 0..made {
        let comma = if index > 0 { "," } else { "" };
        let seed = chance.below(2_000_000_000);
        let safe = !chance.one_in(50);
        let expires = if chance.one_in(4) {
            let life = super::generation_promises::SOURCE_LIFE;
            format!("?exp={}", now.plus(life).get().div_ceil(1000))
        } else {
            String::new()
        };
        // Writing to a string cannot fail.
        let _written = write!(
            body,
            r#"{comma}{{"url":"https://ideogram.ai/{call}-{index}.png{expires}","seed":{seed},"resolution":"1024x1024","is_image_safe":{safe}}}"#
        );
    }
    body.push_str("]}");
    body
}
