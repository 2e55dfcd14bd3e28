//! What is watched for: the one table of rules, with how grave each is.

use serde::{Deserialize, Serialize};

/// How grave it is, as those who are on call count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Severity {
    /// No pictures are made: look at once.
    P1,
    /// It soon comes to that, or work is being lost: look today.
    P2,
    /// Worth knowing.
    P3,
}

impl Severity {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P1 => "P1",
            Self::P2 => "P2",
            Self::P3 => "P3",
        }
    }
}

/// Declares the rules once: each with its name and its severity.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident = $name:literal, $severity:ident;)+) => {
        /// Something that somebody should hear of.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Rule {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $rule,)+
        }

        impl Rule {
            /// All of them, the gravest first.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            /// Its name in JSON, in the log and in the runbook.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$rule => $name,)+ }
            }

            /// How grave it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity,)+ }
            }

            /// Where it is said what to do about it.
            #[must_use]
            pub const fn runbook(self) -> &'static str {
                match self { $(Self::$rule => concat!("RUNBOOK.md#", $name),)+ }
            }
        }
    };
}

rules! {
    /// The last probe says that Ideogram is down, not that it refuses something, and no call has worked
    /// since.
    UpstreamUnreachable = "upstream_unreachable", P1;
    /// Ideogram refuses the gateway's key.
    UpstreamAuth = "upstream_auth", P1;
    /// The ledger's books do not add up, so nothing is spent.
    LedgerFrozen = "ledger_frozen", P1;
    /// More than 5 calls in a row were answered 429.
    RateLimited = "rate_limited", P2;
    /// Of the calls of the last 15 minutes, the slowest twentieth took longer than they should.
    Slow = "slow", P2;
    /// The account at Ideogram has no credit, or soon will not have.
    CreditsLow = "credits_low", P2;
    /// The day's budget is spent, or has no room for what was asked.
    BudgetSpent = "budget_spent", P2;
    /// Pictures that were paid for could not be kept.
    StoringFailing = "storing_failing", P2;
    /// Ideogram's prices are not those of the table.
    PriceDrift = "price_drift", P2;
    /// Ideogram charged something else for the last day than the ledger explains.
    UsageDiffers = "usage_differs", P2;
    /// Most of the day's budget is spent.
    BudgetNearlySpent = "budget_nearly_spent", P3;
    /// Of the prompts of the last hour, more than a tenth were refused by Ideogram's safety check.
    SafetyRejections = "safety_rejections", P3;
    /// Of the day's money, more than a twentieth may or may not have been billed.
    UnconfirmedSpend = "unconfirmed_spend", P3;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_come_first_and_no_name_is_there_twice() {
        assert!(Rule::ALL.is_sorted_by_key(|rule| rule.severity()));
        let names = Rule::ALL.iter().map(|rule| rule.as_str());
        let names: std::collections::BTreeSet<_> = names.collect();
        assert_eq!(names.len(), Rule::ALL.len());
    }
}
