//! Ideogram's own account of what a day cost (`usage`), held against the ledger's: the proof that money is
//! counted rightly, by somebody else's hand.
//!
//! Holds true: what the ledger cannot know is not held against it. What is unconfirmed may have been billed
//! or not, and what was under way at midnight may be on either day's account. An account that the key may
//! not see is no difference, and neither is less than a cent.

mod usage;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use self::usage::{Usage, usage_path};
use crate::body_fields::BodyFields;
use crate::money::MicroDollars;
use crate::request::InvalidRequest;
use crate::time::{Day, UnixMillis};

/// Of a hundred dollars billed, so many may be amiss.
const TOLERATED_PERCENT: u64 = 1;
/// However much is billed, no more may be amiss.
const TOLERATED_MOST: MicroDollars = MicroDollars::new(1_000_000);
/// A cent. Less is nobody's concern.
const LEAST: MicroDollars = MicroDollars::new(10_000);
/// How many days reconciliations are kept: a year and some more.
const KEPT_DAYS: u64 = 400;

/// One day by both accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Which.
    pub day: Day,
    /// When they were compared.
    pub at: UnixMillis,
    /// Billed, by the ledger.
    pub billed: MicroDollars,
    /// Possibly billed, by the ledger.
    pub unconfirmed: MicroDollars,
    /// What was under way when the day began or ended.
    pub at_midnight: MicroDollars,
    /// What Ideogram says.
    pub usage: Usage,
}

/// What two accounts of a day come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The ledger explains what Ideogram charged.
    Agrees,
    /// Ideogram charged so much more than the ledger explains.
    TooMuch(MicroDollars),
    /// Ideogram charged so much less than the ledger is sure of.
    TooLittle(MicroDollars),
    /// Ideogram does not tell.
    NotAllowed,
}

impl Verdict {
    /// Its name in answers and in the log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::TooMuch(_) | Self::TooLittle(_) => "differs",
            Self::NotAllowed => "not_allowed",
        }
    }

    /// All names there are.
    pub const NAMES: [&'static str; 3] = ["agrees", "differs", "not_allowed"];
}

impl Reconciliation {
    /// The first day whose reconciliation is still kept.
    #[must_use]
    pub const fn first_day_kept(today: Day) -> Day {
        Day::new(today.get().saturating_sub(KEPT_DAYS))
    }

    /// Reads which day to reconcile: `{"day": "2026-11-21"}`.
    ///
    /// # Errors
    /// It is no day, or not over yet.
    pub fn day_asked(body: &Value, today: Day) -> Result<Day, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let takes = "takes a day that is over, such as 2026-11-21";
        let day = fields.required("day", takes, |value| {
            let day: Day = value.as_str()?.parse().ok()?;
            (day < today).then_some(day)
        })?;
        fields.no_others()?;
        Ok(day)
    }

    /// What it comes to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let Usage::Total(charged) = self.usage else {
            return Verdict::NotAllowed;
        };
        let least = self.billed.minus(self.at_midnight);
        let most = self.billed.plus(self.unconfirmed).plus(self.at_midnight);
        let matters = |amount: MicroDollars| amount >= LEAST && amount > self.tolerated();
        match (charged.minus(most), least.minus(charged)) {
            (more, _) if matters(more) => Verdict::TooMuch(more),
            (_, less) if matters(less) => Verdict::TooLittle(less),
            _ => Verdict::Agrees,
        }
    }

    fn tolerated(&self) -> MicroDollars {
        let part = self.billed.get().saturating_mul(TOLERATED_PERCENT) / 100;
        MicroDollars::new(part).min(TOLERATED_MOST)
    }

    /// The same in words.
    #[must_use]
    pub fn details(&self) -> String {
        let Usage::Total(charged) = self.usage else {
            return format!("Ideogram does not let this key see what {} cost", self.day);
        };
        let Self {
            day,
            billed,
            unconfirmed,
            ..
        } = self;
        let books = format!("${billed} billed and ${unconfirmed} unconfirmed");
        let comes_to = match self.verdict() {
            Verdict::Agrees | Verdict::NotAllowed => format!("which the ledger explains: {books}"),
            Verdict::TooMuch(more) => format!("${more} more than the ledger explains: {books}"),
            Verdict::TooLittle(less) => {
                format!("${less} less than the ledger is sure of: {books}")
            }
        };
        format!("Ideogram charged ${charged} for {day}, {comes_to}")
    }

    /// As the operator is shown it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let usage = match self.usage {
            Usage::Total(charged) => charged.to_dollars_json(),
            Usage::NotAllowed => Value::Null,
        };
        let verdict = self.verdict();
        let differs_by = match verdict {
            Verdict::TooMuch(by) | Verdict::TooLittle(by) => by,
            Verdict::Agrees | Verdict::NotAllowed => MicroDollars::ZERO,
        };
        json!({
            "day": self.day.to_string(),
            "at": self.at.to_rfc3339(),
            "verdict": verdict.name(),
            "usage_usd": usage,
            "billed_usd": self.billed.to_dollars_json(),
            "unconfirmed_usd": self.unconfirmed.to_dollars_json(),
            "at_midnight_usd": self.at_midnight.to_dollars_json(),
            "differs_by_usd": differs_by.to_dollars_json(),
            "details": self.details(),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: Day = Day::new(20_778);

    fn of(billed: u64, unconfirmed: u64, usage: u64) -> Reconciliation {
        Reconciliation {
            day: Day::new(20_777),
            at: UnixMillis::new(1_795_305_600_000),
            billed: MicroDollars::new(billed),
            unconfirmed: MicroDollars::new(unconfirmed),
            at_midnight: MicroDollars::ZERO,
            usage: Usage::Total(MicroDollars::new(usage)),
        }
    }

    fn too_much(by: u64) -> Verdict {
        Verdict::TooMuch(MicroDollars::new(by))
    }

    fn too_little(by: u64) -> Verdict {
        Verdict::TooLittle(MicroDollars::new(by))
    }

    #[test]
    fn what_is_billed_and_any_part_of_what_is_unconfirmed_agrees() {
        for usage in [480_000, 500_000, 560_000] {
            assert_eq!(of(480_000, 80_000, usage).verdict(), Verdict::Agrees);
        }
        assert_eq!(of(480_000, 80_000, 620_000).verdict(), too_much(60_000));
        assert_eq!(of(480_000, 80_000, 420_000).verdict(), too_little(60_000));
        assert_eq!(of(0, 0, 0).verdict(), Verdict::Agrees);
        assert_eq!(of(0, 0, 80_000).verdict(), too_much(80_000));
    }

    #[test]
    fn a_hundredth_is_tolerated_up_to_a_dollar_and_less_than_a_cent_always() {
        let ten = 10_000_000;
        assert_eq!(of(ten, 0, ten + 100_000).verdict(), Verdict::Agrees);
        assert_eq!(of(ten, 0, ten + 100_001).verdict(), too_much(100_001));
        assert_eq!(of(ten, 0, ten - 100_001).verdict(), too_little(100_001));
        let thousand = 1_000_000_000;
        let dollar = 1_000_000;
        assert_eq!(
            of(thousand, 0, thousand + dollar).verdict(),
            Verdict::Agrees
        );
        let more = of(thousand, 0, thousand + dollar + 1);
        assert_eq!(more.verdict(), too_much(dollar + 1));
        assert_eq!(of(80_000, 0, 89_999).verdict(), Verdict::Agrees);
        assert_eq!(of(80_000, 0, 90_000).verdict(), too_much(10_000));
        assert_eq!(of(10_000, 0, 0).verdict(), too_little(10_000));
        assert_eq!(of(9_999, 0, 0).verdict(), Verdict::Agrees);
    }

    #[test]
    fn what_was_under_way_at_midnight_may_be_on_either_account() {
        let on_neither = Reconciliation {
            at_midnight: MicroDollars::new(60_000),
            ..of(480_000, 0, 420_000)
        };
        let on_both = Reconciliation {
            usage: Usage::Total(MicroDollars::new(540_000)),
            ..on_neither
        };
        assert_eq!(on_neither.verdict(), Verdict::Agrees);
        assert_eq!(on_both.verdict(), Verdict::Agrees);
        let more = Reconciliation {
            usage: Usage::Total(MicroDollars::new(600_000)),
            ..on_neither
        };
        assert_eq!(more.verdict(), too_much(60_000));
    }

    #[test]
    fn it_says_what_differs_and_by_how_much() {
        let more = of(480_000, 80_000, 1_480_000);
        assert_eq!(
            more.details(),
            "Ideogram charged $1.48 for 2026-11-20, $0.92 more than the ledger explains: $0.48 billed and $0.08 unconfirmed"
        );
        let shown = more.to_json();
        assert_eq!(shown["verdict"], "differs");
        assert_eq!(shown["differs_by_usd"], 0.92);
        assert_eq!(shown["usage_usd"], 1.48);
        let less = of(480_000, 0, 80_000).details();
        assert!(less.contains("$0.4 less than"), "{less}");
        let agrees = of(480_000, 0, 480_000).to_json();
        assert_eq!(
            (&agrees["verdict"], &agrees["differs_by_usd"]),
            (&json!("agrees"), &json!(0.0))
        );
        let hidden = Reconciliation {
            usage: Usage::NotAllowed,
            ..of(480_000, 0, 0)
        };
        assert_eq!(hidden.verdict(), Verdict::NotAllowed);
        assert_eq!(hidden.to_json()["usage_usd"], Value::Null);
        for verdict in [hidden.verdict(), more.verdict(), of(0, 0, 0).verdict()] {
            assert!(Verdict::NAMES.contains(&verdict.name()));
        }
    }

    #[test]
    fn a_day_can_be_asked_for_once_it_is_over() {
        let asked = |day: Day| Reconciliation::day_asked(&json!({"day": day.to_string()}), TODAY);
        assert_eq!(asked(Day::new(20_777)), Ok(Day::new(20_777)));
        assert_eq!(asked(Day::new(0)), Ok(Day::new(0)));
        for day in [TODAY, Day::new(20_779)] {
            assert_eq!(asked(day).unwrap_err().field, "day", "{day}");
        }
        for body in [json!({}), json!({"day": 1}), json!({"day": "yesterday"})] {
            let refused = Reconciliation::day_asked(&body, TODAY).unwrap_err();
            assert_eq!(refused.field, "day", "{body}");
        }
        let other = json!({"day": "2026-11-20", "to": "2026-11-21"});
        let refused = Reconciliation::day_asked(&other, TODAY).unwrap_err();
        assert_eq!(refused.field, "to");
    }

    proptest! {
        #[test]
        fn what_differs_differs_by_what_it_says(
            billed in 0..3_000_000_000_u64,
            unconfirmed in 0..10_000_000_u64,
            usage in 0..3_000_000_000_u64,
        ) {
            let reconciliation = of(billed, unconfirmed, usage);
            match reconciliation.verdict() {
                Verdict::TooMuch(by) => {
                    prop_assert_eq!(usage, billed + unconfirmed + by.get());
                    prop_assert!(by >= LEAST && by > reconciliation.tolerated());
                }
                Verdict::TooLittle(by) => {
                    prop_assert_eq!(usage + by.get(), billed);
                    prop_assert!(by >= LEAST && by > reconciliation.tolerated());
                }
                Verdict::Agrees => {
                    let amiss = usage.saturating_sub(billed + unconfirmed).max(billed.saturating_sub(usage));
                    let little = amiss < LEAST.get() || amiss <= reconciliation.tolerated().get();
                    prop_assert!(little, "{}", amiss);
                }
                Verdict::NotAllowed => prop_assert!(false),
            }
            let json = serde_json::to_string(&reconciliation).unwrap();
            prop_assert_eq!(serde_json::from_str::<Reconciliation>(&json).unwrap(), reconciliation);
        }
    }
}
