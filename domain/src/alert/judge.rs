//! What the rules say of what is known: that something should be heard of, that it is over, or
//! nothing. A rule that cannot be judged says nothing, and leaves things as they are.

use super::rule::Rule;
use super::watch::{Reach, Watch, Word};
use crate::ledger::Status;
use crate::money::MicroDollars;
use crate::quote::Drift;
use crate::reconciliation::Verdict;
use crate::time::{Day, UnixMillis};

/// More answers 429 in a row than this are too many.
const RATE_LIMITED_MOST: u32 = 5;
/// With fewer prompts in the last hour nothing is said about how many are refused.
const PROMPTS_LEAST: u64 = 20;
/// Of a hundred prompts, more than this many refused are too many.
const REJECTED_PERCENT: u64 = 10;
/// Of a hundred dollars, more than this many unconfirmed are too many.
const UNCONFIRMED_PERCENT: u64 = 5;
/// More rates are not named one by one.
const DRIFTS_NAMED: usize = 3;

/// Where the operator draws the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// 95 % of calls should take no longer, in whole seconds.
    pub slow_seconds: u64,
    /// From this many per cent of the day's budget on, it is nearly spent.
    pub budget_percent: u64,
    /// The credit there was; none: not known.
    pub credits: Option<Credits>,
    /// With less credit left, there is little.
    pub credits_least: MicroDollars,
}

/// The credit that the account at Ideogram had when a day began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Credits {
    /// How much.
    pub amount: MicroDollars,
    /// When.
    pub on: Day,
}

/// Everything that is known.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'facts> {
    /// Now.
    pub now: UnixMillis,
    /// Where the ledger stands.
    pub status: &'facts Status,
    /// What it remembers.
    pub watch: &'facts Watch,
    /// What it has booked since `Thresholds::credits`.
    pub booked_since: MicroDollars,
    /// Where the lines are.
    pub thresholds: &'facts Thresholds,
}

/// What a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Somebody should hear of this.
    Firing(String),
    /// All is well.
    Well(&'static str),
    /// Cannot be judged.
    Unknown,
}

use Judgement::{Firing, Unknown, Well};

impl Facts<'_> {
    /// What a rule says of this.
    #[must_use]
    pub fn judge(&self, rule: Rule) -> Judgement {
        match rule {
            Rule::UpstreamUnreachable => self.upstream_unreachable(),
            Rule::UpstreamAuth => self.upstream_auth(),
            Rule::LedgerFrozen => self.ledger_frozen(),
            Rule::RateLimited => self.rate_limited(),
            Rule::Slow => self.slow(),
            Rule::CreditsLow => self.credits_low(),
            Rule::BudgetSpent => self.budget_spent(),
            Rule::StoringFailing => self.storing_failing(),
            Rule::PriceDrift => self.price_drift(),
            Rule::UsageDiffers => self.usage_differs(),
            Rule::BudgetNearlySpent => self.budget_nearly_spent(),
            Rule::SafetyRejections => self.safety_rejections(),
            Rule::UnconfirmedSpend => self.unconfirmed_spend(),
        }
    }

    fn upstream_unreachable(&self) -> Judgement {
        match self.watch.reach() {
            None => Unknown,
            Some(Reach::Reached) => Well("Ideogram answers again."),
            Some(Reach::Down { details, .. }) => Firing(format!(
                "Ideogram is down by the last probe ({details}); look at its status page and at /admin/probes."
            )),
        }
    }

    fn upstream_auth(&self) -> Judgement {
        match self.watch.key() {
            Word::Unheard => Unknown,
            Word::Accepted => Well("Ideogram accepts the gateway's key again."),
            Word::Refused { .. } => Firing(
                "Ideogram refuses the gateway's key (401), so no pictures are made; rotate the key IDEOGRAM_API_KEY."
                    .to_owned(),
            ),
        }
    }

    fn ledger_frozen(&self) -> Judgement {
        if self.status.frozen.is_none() {
            return Well("The ledger's books add up again.");
        }
        Firing(
            "The ledger's books do not add up, so nothing is spent and no pictures are made; mend them as the runbook says."
                .to_owned(),
        )
    }

    fn rate_limited(&self) -> Judgement {
        let calls = self.watch.rate_limited_in_a_row();
        if calls <= RATE_LIMITED_MOST {
            return Well("Ideogram takes calls again without a 429.");
        }
        Firing(format!(
            "Ideogram answered {calls} calls in a row with 429; lower MAX_IN_FLIGHT, or ask Ideogram for more."
        ))
    }

    fn slow(&self) -> Judgement {
        let most = self.thresholds.slow_seconds;
        let Some(slowest) = self.watch.slowest(self.now) else {
            return Unknown;
        };
        if slowest.seconds <= most {
            return Well("Ideogram is fast enough again.");
        }
        Firing(format!(
            "Ideogram is slow: of {} calls in the last 15 minutes, 95 % took up to {} s, more than {most} s (ALERT_SLOW_SECONDS); look at its status page.",
            slowest.calls, slowest.seconds,
        ))
    }

    fn credits_low(&self) -> Judgement {
        if let Word::Refused { .. } = self.watch.credit() {
            return Firing(
                "The account at Ideogram has no credit left (402), so no pictures are made; add credit, then set CREDITS_USD and CREDITS_ON anew."
                    .to_owned(),
            );
        }
        let well = Well("There is credit enough at Ideogram again.");
        let Some(Credits { amount, on }) = self.thresholds.credits else {
            return match self.watch.credit() {
                Word::Accepted => well,
                _ => Unknown,
            };
        };
        let (booked, least) = (self.booked_since, self.thresholds.credits_least);
        let left = amount.minus(booked);
        if left >= least {
            return well;
        }
        Firing(format!(
            "About ${left} of credit is left at Ideogram (${amount} on {on}, ${booked} booked since), less than ${least}; add credit, then set CREDITS_USD and CREDITS_ON anew."
        ))
    }

    fn budget_spent(&self) -> Judgement {
        let Status { day, budget, .. } = *self.status;
        let spent = self.spent();
        let had_no_room = self.watch.had_no_room(day, budget);
        if !had_no_room && !is_part(spent, budget, 100) {
            return Well("The day's budget has room again.");
        }
        Firing(format!(
            "The budget of {day} is spent: ${spent} of ${budget} is booked and there is no room for more; raise DAILY_BUDGET_USD, or wait for midnight UTC."
        ))
    }

    fn budget_nearly_spent(&self) -> Judgement {
        let Status { day, budget, .. } = *self.status;
        let (spent, percent) = (self.spent(), self.thresholds.budget_percent);
        if !is_part(spent, budget, percent) {
            return Well("The day's budget has more room again.");
        }
        Firing(format!(
            "More than {percent} % of the budget of {day} is spent: ${spent} of ${budget}; see /admin/costs for who spends it."
        ))
    }

    fn storing_failing(&self) -> Judgement {
        match self.watch.storing() {
            None => Unknown,
            Some(kept) if kept.all() => Well("Pictures are kept again."),
            Some(kept) => Firing(format!(
                "Pictures that were paid for could not be kept: {} to be tried again, {} lost; look at R2 and at the log for what failed.",
                kept.pending, kept.lost,
            )),
        }
    }

    fn price_drift(&self) -> Judgement {
        match self.watch.prices() {
            None => Unknown,
            Some([]) => Well("Ideogram's prices are those of the table again."),
            Some(drifts) => Firing(format!(
                "Ideogram asks other prices than the table has for {} ({}); set PRICES to what it asks.",
                plural(drifts.len(), "rate"),
                named(drifts),
            )),
        }
    }

    fn usage_differs(&self) -> Judgement {
        let Some(last) = self.watch.last_reconciled() else {
            return Unknown;
        };
        match last.verdict() {
            Verdict::NotAllowed => Unknown,
            Verdict::Agrees => Well("Ideogram's account of the day agrees with the ledger's."),
            Verdict::TooMuch(_) | Verdict::TooLittle(_) => Firing(format!(
                "{}; see /admin/reconciliations, and whether somebody else uses the account.",
                last.details(),
            )),
        }
    }

    fn safety_rejections(&self) -> Judgement {
        let prompts = self.watch.prompts(self.now);
        if prompts.all < PROMPTS_LEAST {
            return Unknown;
        }
        if prompts.rejected * 100 <= prompts.all * REJECTED_PERCENT {
            return Well("Few prompts are refused by Ideogram's safety check again.");
        }
        Firing(format!(
            "Ideogram's safety check refused {} of {} prompts in the last hour; look in the log whose they are, and at CONTENT_POLICY.",
            prompts.rejected, prompts.all,
        ))
    }

    fn unconfirmed_spend(&self) -> Judgement {
        let (unconfirmed, spent) = (self.status.unconfirmed, self.spent());
        let many =
            unconfirmed.get().saturating_mul(100) > spent.get().saturating_mul(UNCONFIRMED_PERCENT);
        if !many {
            return Well("Of the day's money little is unconfirmed again.");
        }
        Firing(format!(
            "Of ${spent} booked on {}, ${unconfirmed} may or may not have been billed; compare with Ideogram's bill, and look at what is lost on the way.",
            self.status.day,
        ))
    }

    /// What is booked today.
    const fn spent(&self) -> MicroDollars {
        self.status.billed.plus(self.status.unconfirmed)
    }
}

/// Whether so much is at least so many per cent of a budget, if there is one.
fn is_part(spent: MicroDollars, budget: MicroDollars, percent: u64) -> bool {
    let enough = budget.get().saturating_mul(percent);
    budget > MicroDollars::ZERO && spent.get().saturating_mul(100) >= enough
}

fn plural(count: usize, what: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {what}{ending}")
}

fn named(drifts: &[Drift]) -> String {
    let named = drifts.iter().take(DRIFTS_NAMED);
    let named = named.map(|drift| {
        let Drift {
            rate,
            table,
            quoted,
        } = drift;
        format!("{rate} ${quoted} instead of ${table}")
    });
    named.collect::<Vec<_>>().join(", ")
}
