//! What happens in the simulated world, and in which order: by time, and what falls together in the
//! order in which it was planned.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

use crate::generation::{Owed, Reply, StoreOutcome};
use crate::ids::LeaseId;
use crate::ledger::{Acquired, CallReport, LeaseTerms, RetryAnswer};
use crate::retry::CallOutcome;
use crate::time::UnixMillis;
use crate::upstream::UpstreamId;

/// Which Generation object, by its number.
pub(super) type Place = usize;
/// One request of one caller.
pub(super) type VisitId = usize;
/// One call to Ideogram.
pub(super) type CallId = usize;
/// One thing somebody waits for; what comes for another token comes too late.
pub(super) type Token = u64;

#[derive(Debug, Clone)]
pub(super) enum Event {
    /// The next caller comes.
    CallerComes,
    /// A caller that was refused asks once more.
    CallerAsks {
        client: usize,
        place: Place,
        tries: u32,
    },
    CallerLeaves(VisitId),
    /// A caller's wish to cancel reaches a Generation object.
    CancelArrives(Place),
    /// A Worker's request reaches a Generation object.
    RunArrives {
        place: Place,
        visit: VisitId,
    },
    /// A Generation object has kept a Worker waiting long enough.
    WaitEnds {
        place: Place,
        visit: VisitId,
    },
    /// What a Worker hears of its request.
    WorkerHears {
        visit: VisitId,
        heard: Heard,
    },
    /// The Worker waits no longer.
    WorkerGivesUp(VisitId),
    /// The driver of a Generation object goes on.
    Driver {
        place: Place,
        token: Token,
        told: Told,
    },
    /// A picture has been stored, or not.
    PictureTried {
        place: Place,
        token: Token,
        index: u32,
        outcome: StoreOutcome,
    },
    GenerationAlarm {
        place: Place,
        token: Token,
    },
    /// At least once is sometimes twice.
    GenerationAlarmAgain(Place),
    /// A command reaches the ledger; its answer goes back to `sender`, if anybody waits for it.
    LedgerHears {
        sender: Option<Sender>,
        command: LedgerCommand,
    },
    LedgerAlarm(Token),
    LedgerAlarmAgain,
    /// A call reaches Ideogram.
    CallArrives(CallId),
    /// A driver's question about a generation reaches Ideogram.
    PollArrives {
        place: Place,
        token: Token,
        poll: Poll,
    },
    /// A webhook reaches the gateway.
    WebhookArrives(CallId),
    /// Ideogram ends its work on a call.
    WorkEnds(CallId),
    /// Something larger goes wrong.
    FaultDue,
    PicturesUp,
    CacheUp,
    IdeogramCalms,
    /// The operator lets pictures be made, or does not.
    Switch(bool),
    ClocksRight,
    FaultsEnd,
}

impl Event {
    /// As a line of a trace: the bytes of an answer say little there.
    pub(super) fn line(&self) -> String {
        if let Self::Driver {
            place,
            told: Told::CallEnded(outcome) | Told::Polled(outcome) | Told::LinksRenewed(outcome),
            ..
        } = self
            && let CallOutcome::Answered { status, body, .. } = &**outcome
        {
            let body = String::from_utf8_lossy(body);
            return format!("object {place} is answered {status} by Ideogram: {body}");
        }
        format!("{self:?}")
    }
}

/// A question about a generation that Ideogram has named.
#[derive(Debug, Clone)]
pub(super) struct Poll {
    pub id: UpstreamId,
    /// Whether its pictures' links are what is asked for.
    pub for_links: bool,
}

impl Poll {
    pub(super) fn told(&self, outcome: CallOutcome) -> Told {
        let outcome = Rc::new(outcome);
        if self.for_links {
            Told::LinksRenewed(outcome)
        } else {
            Told::Polled(outcome)
        }
    }
}

/// What a Worker hears.
#[derive(Debug, Clone)]
pub(super) enum Heard {
    Reply(Rc<Reply>),
    Pending,
    /// The object was restarted or its storage failed.
    Broken,
}

/// What a driver has waited for.
#[derive(Debug, Clone)]
pub(super) enum Told {
    /// Nothing: it was asleep, or starts.
    GoOn,
    Acquired(Acquired),
    Settled,
    MayRetry(RetryAnswer),
    /// The ledger did not answer, or said that it failed.
    LedgerFailed,
    CallEnded(Rc<CallOutcome>),
    Polled(Rc<CallOutcome>),
    LinksRenewed(Rc<CallOutcome>),
    RoundEnded,
    Published,
}

/// The driver that waits for an answer of the ledger.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender {
    pub place: Place,
    pub token: Token,
}

#[derive(Debug, Clone)]
pub(super) enum LedgerCommand {
    Acquire(Rc<LeaseTerms>),
    Settle(Rc<Owed>),
    Retry(LeaseId, CallReport),
}

#[derive(Debug)]
struct Planned {
    at: UnixMillis,
    number: u64,
    event: Event,
}

impl PartialEq for Planned {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Eq for Planned {}

impl PartialOrd for Planned {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The heap gives the greatest first, and the earliest is to come first.
impl Ord for Planned {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

/// What will happen.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    planned: BinaryHeap<Planned>,
    next_number: u64,
}

impl Agenda {
    pub(super) fn plan(&mut self, at: UnixMillis, event: Event) {
        let number = self.next_number;
        self.next_number += 1;
        self.planned.push(Planned { at, number, event });
    }

    pub(super) fn next(&mut self) -> Option<(UnixMillis, Event)> {
        let planned = self.planned.pop()?;
        Some((planned.at, planned.event))
    }
}
