//! What may go wrong, how often in this run, and how often it did.

use std::collections::BTreeMap;

use super::chance::Chance;

/// Declares the faults once: variant and the name it is reported by.
macro_rules! faults {
    ($($variant:ident $name:literal;)+) => {
        /// One kind of fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $(#[doc = $name] $variant,)+
        }

        impl Fault {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// What it is called in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

faults! {
    RequestLost "request lost between objects";
    ReplyLost "reply lost after commit";
    MessageTwice "message delivered twice, the second one late";
    MessageLate "message delivered minutes late";
    OtherVersion "message or stored state of another version";
    ConnectionSeen "lost connection noticed at once";
    AlarmLate "alarm late";
    AlarmTwice "alarm rung twice";
    AlarmLong "alarm late by up to an hour";
    WriteRefused "storage refused a write";
    CrashBeforeWrite "restart before a write";
    CrashAfterWrite "restart after a write, before any answer";
    Restart "object restarted";
    Deploy "deploy: all objects restarted";
    ClockForward "clock jumped forward";
    ClockBack "clock jumped back";
    PicturesDown "R2 down for an hour";
    PicturesLongDown "R2 down for more than a day";
    PutFailed "one put into R2 failed";
    SourceGone "Ideogram lost a picture it had made";
    CacheDown "KV failed";
    CacheStale "KV answered from the past";
    CallerLeft "caller left early";
    CallerCancels "caller cancelled";
    SwitchedOff "switched off by the operator, and on again";
    IdeogramMood "Ideogram slow, down, flapping, refusing or worse";
    IdeogramStray "Ideogram failed a single call";
    BilledFailure "Ideogram billed what it reported as failed";
    WebhookLost "webhook lost";
    WorkOutlivesCall "Ideogram went on working after the call had ended";
}

/// How often each kind strikes, in 10,000 times that it could.
#[derive(Debug)]
pub(super) struct Faults {
    often: BTreeMap<Fault, u32>,
    /// False once the world is left to come to rest.
    pub going_on: bool,
    pub struck: BTreeMap<Fault, u64>,
}

impl Faults {
    /// Some runs are calm, in some everything fails, in most a few things do.
    pub(super) fn draw(chance: &mut Chance) -> Self {
        let likelihood = chance.pick(&[0, 2, 2, 4, 10], 2);
        let rates = [10, 50, 200, 1_000];
        let rate = |_| {
            let rate = chance.pick(&rates, 50);
            if chance.below(10) < likelihood {
                rate
            } else {
                0
            }
        };
        let rates: Vec<u32> = Fault::ALL.iter().map(rate).collect();
        Self {
            often: Fault::ALL.iter().copied().zip(rates).collect(),
            going_on: true,
            struck: BTreeMap::new(),
        }
    }

    pub(super) fn strikes(&mut self, fault: Fault, chance: &mut Chance) -> bool {
        let often = self.often.get(&fault).copied().unwrap_or(0);
        let strikes = self.going_on && often > 0 && chance.in_ten_thousand(often);
        if strikes {
            self.count(fault);
        }
        strikes
    }

    /// Whether this kind happens in this run at all.
    pub(super) fn happens(&self, fault: Fault) -> bool {
        self.going_on && self.often.get(&fault).is_some_and(|often| *often > 0)
    }

    pub(super) fn count(&mut self, fault: Fault) {
        *self.struck.entry(fault).or_default() += 1;
    }
}

/// What becomes of a write to an object's storage, and of the object with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WriteFate {
    Kept,
    /// The storage says no; memory is not to be believed any more.
    Refused,
    /// The object is gone before it has written.
    CrashBefore,
    /// The object is gone once it has written, before it has told anybody.
    CrashAfter,
}

impl Faults {
    pub(super) fn write(&mut self, chance: &mut Chance) -> WriteFate {
        if self.strikes(Fault::WriteRefused, chance) {
            WriteFate::Refused
        } else if self.strikes(Fault::CrashBeforeWrite, chance) {
            WriteFate::CrashBefore
        } else if self.strikes(Fault::CrashAfterWrite, chance) {
            WriteFate::CrashAfter
        } else {
            WriteFate::Kept
        }
    }
}
