//! The ledger under random commands: the promises hold after every step, whatever the order, the
//! repetitions and the clock; and the rules one by one.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::ids::{ClientId, LeaseId};
use crate::money::MicroDollars;
use crate::retry::Health;
use crate::time::{Day, Millis, UnixMillis};

const LIMITS: Limits = Limits {
    enabled: true,
    daily_budget: MicroDollars::new(2_000_000),
    max_in_flight: 8,
    queue_limit: 6,
    queue_timeout: Millis::from_seconds(30),
    lease_duration: Millis::from_seconds(120),
    unconfirmed_hold: Millis::from_seconds(205),
};
const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

/// Requests, pictures, micro-dollars billed and unconfirmed.
type TotalsRow = (i64, i64, i64, i64);

/// A ledger with its storage: writes are applied, totals are kept, a restart goes through storage.
struct Stand {
    ledger: Ledger,
    limits: Limits,
    leases: BTreeMap<LeaseId, Lease>,
    pruned: Vec<Lease>,
    totals: BTreeMap<(Day, ClientId, String), TotalsRow>,
    breaker: BreakerState,
    wakes: BTreeMap<LeaseId, Acquired>,
    now: UnixMillis,
}

impl Stand {
    fn new(limits: Limits) -> Self {
        Self {
            ledger: Ledger::restore(limits, Stored::default(), NOON),
            limits,
            leases: BTreeMap::new(),
            pruned: vec![],
            totals: BTreeMap::new(),
            breaker: BreakerState::default(),
            wakes: BTreeMap::new(),
            now: NOON,
        }
    }

    fn terms(lease: &str, images: u32) -> LeaseTerms {
        LeaseTerms {
            lease: LeaseId::new(lease.to_owned()),
            client: ClientId::new(lease.chars().next().unwrap_or('x').to_string()),
            model: "V_2".into(),
            images,
            cost: MicroDollars::new(80_000).times(images),
        }
    }

    fn apply(&mut self, effects: Effects) {
        for write in effects.writes {
            match write {
                Write::Lease(lease) => {
                    self.leases.insert(lease.terms.lease.clone(), lease);
                }
                Write::Totals(change) => {
                    let key = (change.day, change.client, change.model);
                    let row = self.totals.entry(key).or_default();
                    row.0 += change.requests;
                    row.1 += change.images;
                    row.2 += change.billed;
                    row.3 += change.unconfirmed;
                }
                Write::Breaker(state) => self.breaker = state,
                Write::LastCall(_) => {}
                Write::PruneLeases { before } => {
                    let stays =
                        |lease: &Lease| lease.day >= before || lease.next_change().is_some();
                    let leases = std::mem::take(&mut self.leases);
                    let (kept, pruned) = leases.into_iter().partition(|(_, lease)| stays(lease));
                    let pruned: BTreeMap<LeaseId, Lease> = pruned;
                    self.leases = kept;
                    self.pruned.extend(pruned.into_values());
                }
            }
        }
        for wake in effects.wakes {
            assert_eq!(
                self.wakes.insert(wake.lease, wake.answer),
                None,
                "woken twice"
            );
        }
    }

    fn acquire(&mut self, lease: &str, images: u32) -> Acquisition {
        let terms = Self::terms(lease, images);
        let known = self.leases.get(&terms.lease).cloned();
        self.wakes.remove(&terms.lease);
        let (acquisition, effects) = self.ledger.acquire(self.now, terms, known.as_ref());
        self.apply(effects);
        acquisition
    }

    fn settle(&mut self, lease: &str, images: u32, settlement: Settlement, health: Option<Health>) {
        let terms = Self::terms(lease, images);
        let known = self.leases.get(&terms.lease).cloned();
        let call = health.map(|health| self.call(health));
        let effects = self
            .ledger
            .settle(self.now, &terms, settlement, call, known);
        self.apply(effects);
    }

    fn call(&self, health: Health) -> CallReport {
        CallReport {
            health,
            latency: Millis::ZERO,
            ended_at: self.now,
        }
    }

    fn retry(&mut self, lease: &str, health: Health) -> RetryAnswer {
        let lease = LeaseId::new(lease.to_owned());
        let call = self.call(health);
        let (answer, effects) = self.ledger.retry(self.now, &lease, call);
        self.apply(effects);
        answer
    }

    fn pass(&mut self, seconds: u64) {
        self.now = self.now.plus(Millis::from_seconds(seconds));
        let effects = self.ledger.tick(self.now);
        self.apply(effects);
    }

    fn restart(&mut self) {
        let today = self.now.day();
        let mut totals: BTreeMap<Day, DayTotals> = BTreeMap::new();
        for ((day, _, _), row) in self.totals.iter().filter(|((day, _, _), _)| *day >= today) {
            let sum = totals.entry(*day).or_default();
            sum.billed = sum
                .billed
                .plus(MicroDollars::new(row.2.try_into().unwrap()));
            sum.unconfirmed = sum
                .unconfirmed
                .plus(MicroDollars::new(row.3.try_into().unwrap()));
        }
        let stored = Stored {
            leases: self
                .leases
                .values()
                .filter(|lease| lease.next_change().is_some())
                .cloned()
                .collect(),
            audit: self.audit(today),
            totals,
            breaker: self.breaker.clone(),
            last_call: None,
        };
        self.ledger = Ledger::restore(self.limits, stored, self.now);
    }

    fn audit(&self, today: Day) -> BTreeMap<Day, DayTotals> {
        let mut audit: BTreeMap<Day, DayTotals> = BTreeMap::new();
        for lease in self.leases.values().filter(|lease| lease.day >= today) {
            let day = audit.entry(lease.day).or_default();
            day.billed = day.billed.plus(lease.billed());
            day.unconfirmed = day.unconfirmed.plus(lease.unconfirmed());
        }
        audit
    }

    fn check(&self) {
        let status = self.ledger.status();
        assert_eq!(status.frozen, None, "frozen without reason");
        assert!(
            status.in_flight_images <= self.limits.max_in_flight,
            "too many in flight"
        );
        assert!(
            status.queued <= self.limits.queue_limit as usize,
            "queue too long"
        );
        let mut by_day: BTreeMap<Day, MicroDollars> = BTreeMap::new();
        let mut booked: BTreeMap<Day, (u64, u64)> = BTreeMap::new();
        for lease in self.leases.values().chain(&self.pruned) {
            let sum = by_day.entry(lease.day).or_default();
            *sum = sum
                .plus(lease.reserved())
                .plus(lease.billed())
                .plus(lease.unconfirmed());
            let day = booked.entry(lease.day).or_default();
            day.0 += lease.billed().get();
            day.1 += lease.unconfirmed().get();
        }
        for (day, sum) in &by_day {
            assert!(*sum <= self.limits.daily_budget, "{day} overspent");
        }
        let mut totals: BTreeMap<Day, (u64, u64)> = BTreeMap::new();
        for ((day, _, _), row) in &self.totals {
            let sum = totals.entry(*day).or_default();
            sum.0 += u64::try_from(row.2).expect("billed below zero");
            sum.1 += u64::try_from(row.3).expect("unconfirmed below zero");
        }
        booked.retain(|_, sums| *sums != (0, 0));
        totals.retain(|_, sums| *sums != (0, 0));
        assert_eq!(booked, totals, "totals drifted from leases");
    }
}

fn granted() -> Acquisition {
    Acquisition::Now(Acquired::Granted)
}

fn refused_as(acquisition: Acquisition) -> Option<RefusalReason> {
    match acquisition {
        Acquisition::Now(Acquired::Refused(refusal)) => Some(refusal.reason),
        _ => None,
    }
}

fn billed(images: u32) -> Settlement {
    Settlement::Billed {
        images,
        cost: MicroDollars::new(80_000).times(images),
    }
}

#[test]
fn a_burst_gets_no_more_than_the_budget_and_the_rest_is_told_when_midnight_is() {
    let budget = MicroDollars::new(5 * 80_000);
    let mut stand = Stand::new(Limits {
        daily_budget: budget,
        ..LIMITS
    });
    let answers: Vec<_> = (0..50)
        .map(|n| stand.acquire(&format!("a{n}"), 1))
        .collect();
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == granted())
            .count(),
        5
    );
    let refusal = Refusal {
        reason: RefusalReason::DailyBudget,
        retry_after: NOON.until_midnight(),
    };
    let refused = Acquisition::Now(Acquired::Refused(refusal));
    assert_eq!(
        answers.iter().filter(|answer| **answer == refused).count(),
        45
    );
    stand.check();
}

#[test]
fn money_that_was_not_billed_can_be_spent_again() {
    let mut stand = Stand::new(Limits {
        daily_budget: MicroDollars::new(80_000),
        ..LIMITS
    });
    assert_eq!(stand.acquire("a1", 1), granted());
    assert_eq!(
        refused_as(stand.acquire("a2", 1)),
        Some(RefusalReason::DailyBudget)
    );
    stand.settle("a1", 1, Settlement::Void, Some(Health::Working));
    assert_eq!(stand.acquire("a2", 1), granted());
    stand.settle("a2", 1, billed(1), Some(Health::Working));
    assert_eq!(
        refused_as(stand.acquire("a3", 1)),
        Some(RefusalReason::DailyBudget)
    );
    stand.pass(13 * 3600);
    assert_eq!(stand.acquire("a4", 1), granted());
}

#[test]
fn a_lost_lease_is_booked_as_unconfirmed_and_keeps_its_places_for_a_while() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("a1", 8), granted());
    stand.pass(120);
    let status = stand.ledger.status();
    assert_eq!(status.unconfirmed, MicroDollars::new(640_000));
    assert_eq!(status.reserved, MicroDollars::ZERO);
    assert_eq!(status.in_flight_images, 8);
    assert_eq!(stand.acquire("a1", 8), Acquisition::Now(Acquired::Closed));
    stand.pass(205);
    assert_eq!(stand.ledger.status().in_flight_images, 0);
    assert_eq!(
        stand.ledger.status().unconfirmed,
        MicroDollars::new(640_000)
    );
    assert_eq!(stand.ledger.next_deadline(), None);
}

#[test]
fn a_late_settlement_corrects_what_was_booked_when_the_lease_was_lost() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 2);
    stand.pass(1000);
    stand.settle("a1", 2, billed(1), Some(Health::Working));
    let status = stand.ledger.status();
    assert_eq!(status.billed, MicroDollars::new(80_000));
    assert_eq!(status.unconfirmed, MicroDollars::ZERO);
    stand.settle("a1", 2, Settlement::Void, Some(Health::Working));
    assert_eq!(stand.ledger.status().billed, MicroDollars::new(80_000));
    stand.check();
}

#[test]
fn a_large_request_is_not_overtaken_and_gets_its_turn() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("a1", 8), granted());
    assert_eq!(stand.acquire("a2", 8), Acquisition::Waiting);
    assert_eq!(stand.acquire("a3", 1), Acquisition::Waiting);
    stand.settle("a1", 8, Settlement::Void, None);
    let waiting =
        |stand: &Stand, lease: &str| stand.wakes.get(&LeaseId::new(lease.into())).copied();
    assert_eq!(waiting(&stand, "a2"), Some(Acquired::Granted));
    assert_eq!(waiting(&stand, "a3"), None);
    stand.settle("a2", 8, Settlement::Void, None);
    assert_eq!(waiting(&stand, "a3"), Some(Acquired::Granted));
}

#[test]
fn waiting_is_bounded_in_number_and_in_time() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a0", 8);
    for n in 1..=6 {
        let lease = format!("a{n}");
        assert_eq!(stand.acquire(&lease, 1), Acquisition::Waiting);
        assert_eq!(stand.ledger.ahead_of(&LeaseId::new(lease)), Some(n - 1));
    }
    assert_eq!(
        refused_as(stand.acquire("a7", 1)),
        Some(RefusalReason::QueueFull)
    );
    stand.pass(30);
    assert_eq!(stand.wakes.len(), 6);
    assert_eq!(stand.ledger.status().queued, 0);
    assert_eq!(stand.ledger.status().reserved, MicroDollars::new(640_000));
}

#[test]
fn switched_off_everything_is_refused() {
    let mut stand = Stand::new(Limits {
        enabled: false,
        ..LIMITS
    });
    assert_eq!(
        refused_as(stand.acquire("a1", 1)),
        Some(RefusalReason::Disabled)
    );
}

#[test]
fn an_open_breaker_refuses_also_those_who_wait_and_lets_one_probe_through() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 8);
    stand.acquire("a2", 1);
    stand.settle("a1", 8, Settlement::Void, Some(Health::KeyRefused));
    let woken = stand.wakes.get(&LeaseId::new("a2".into()));
    assert!(matches!(
        woken,
        Some(Acquired::Refused(Refusal {
            reason: RefusalReason::UpstreamAuth,
            ..
        }))
    ));
    assert_eq!(
        refused_as(stand.acquire("a3", 1)),
        Some(RefusalReason::UpstreamAuth)
    );
    stand.restart();
    assert_eq!(
        refused_as(stand.acquire("a3", 1)),
        Some(RefusalReason::UpstreamAuth)
    );
    stand.pass(30);
    assert_eq!(stand.acquire("a4", 1), granted());
    assert_eq!(
        refused_as(stand.acquire("a5", 1)),
        Some(RefusalReason::UpstreamAuth)
    );
    stand.settle("a4", 1, billed(1), Some(Health::Working));
    assert_eq!(stand.acquire("a6", 1), granted());
}

#[test]
fn a_lease_belongs_to_the_day_it_was_acquired() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.now = stand.now.plus(NOON.until_midnight());
    stand.settle("a1", 1, billed(1), Some(Health::Working));
    assert_eq!(stand.ledger.status().billed, MicroDollars::ZERO);
    let noon_row = stand
        .totals
        .iter()
        .find(|((day, _, _), _)| *day == NOON.day());
    assert_eq!(noon_row.map(|(_, row)| row.2), Some(80_000));
}

#[derive(Debug, Clone)]
enum Command {
    Acquire(u8, u32),
    Settle(u8, u8),
    Retry(u8, u8),
    Leave(u8),
    Pass(u64),
    ClockBack(u64),
    Restart,
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let command = prop_oneof![
        6 => (0_u8..30, 1_u32..=8).prop_map(|(lease, images)| Command::Acquire(lease, images)),
        6 => (0_u8..30, 0_u8..9).prop_map(|(lease, how)| Command::Settle(lease, how)),
        2 => (0_u8..30, 0_u8..3).prop_map(|(lease, how)| Command::Retry(lease, how)),
        1 => (0_u8..30).prop_map(Command::Leave),
        3 => (0_u64..90).prop_map(Command::Pass),
        1 => (0_u64..4000).prop_map(Command::ClockBack),
        1 => (40_000_u64..90_000).prop_map(Command::Pass),
        1 => Just(Command::Restart),
    ];
    proptest::collection::vec(command, 1..120)
}

/// A lease's pictures are the same in every command about it.
fn images_of(lease: u8, stand: &Stand, asked: u32) -> u32 {
    let id = LeaseId::new(name_of(lease));
    stand
        .leases
        .get(&id)
        .map_or(asked, |lease| lease.terms.images)
}

fn name_of(lease: u8) -> String {
    format!("{}{lease}", lease % 3)
}

fn run(stand: &mut Stand, command: Command) {
    match command {
        Command::Acquire(lease, images) => {
            let images = images_of(lease, stand, images);
            stand.acquire(&name_of(lease), images);
        }
        Command::Settle(lease, how) => {
            // Only a granted lease is ever settled.
            if !stand.leases.contains_key(&LeaseId::new(name_of(lease))) {
                return;
            }
            let images = images_of(lease, stand, 1);
            let (settlement, health) = match how {
                0 => (Settlement::Unconfirmed, Some(Health::Failing)),
                1 => (Settlement::Unconfirmed, None),
                2 => (Settlement::Void, Some(Health::Failing)),
                3 => (Settlement::Void, Some(Health::RateLimited)),
                4 => (Settlement::Void, None),
                5 => (Settlement::Void, Some(Health::NoCredits)),
                _ => (
                    billed(images.min(u32::from(how) - 5)),
                    Some(Health::Working),
                ),
            };
            stand.settle(&name_of(lease), images, settlement, health);
        }
        Command::Retry(lease, how) => {
            let health = match how {
                0 => Health::Failing,
                1 => Health::RateLimited,
                _ => Health::Working,
            };
            stand.retry(&name_of(lease), health);
        }
        Command::Leave(lease) => {
            let effects = stand.ledger.leave(stand.now, &LeaseId::new(name_of(lease)));
            stand.apply(effects);
        }
        Command::Pass(seconds) => stand.pass(seconds),
        Command::ClockBack(seconds) => {
            stand.now = UnixMillis::new(stand.now.get() - seconds * 1000);
        }
        Command::Restart => stand.restart(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_promises_hold_after_every_step(commands in commands()) {
        let mut stand = Stand::new(LIMITS);
        for command in commands {
            run(&mut stand, command);
            stand.check();
        }
    }

    #[test]
    fn once_all_leases_have_run_out_no_place_and_no_reservation_is_left(commands in commands()) {
        let mut stand = Stand::new(LIMITS);
        for command in commands {
            run(&mut stand, command);
        }
        for _ in 0..100 {
            if let Some(deadline) = stand.ledger.next_deadline() {
                stand.now = stand.now.max(deadline);
                stand.pass(0);
            }
        }
        let status = stand.ledger.status();
        prop_assert_eq!(status.in_flight_images, 0);
        prop_assert_eq!(status.reserved, MicroDollars::ZERO);
        prop_assert_eq!(status.queued, 0);
        prop_assert_eq!(stand.ledger.next_deadline(), None);
    }

    #[test]
    fn a_command_repeated_changes_nothing(commands in commands()) {
        let mut once = Stand::new(LIMITS);
        let mut twice = Stand::new(LIMITS);
        for command in commands {
            run(&mut once, command.clone());
            run(&mut twice, command.clone());
            // Time and settlements repeat freely; an acquisition repeats while it is open.
            if matches!(command, Command::Settle(..) | Command::Acquire(..)) {
                run(&mut twice, command);
            }
            prop_assert_eq!(&once.totals, &twice.totals);
            prop_assert_eq!(&once.leases, &twice.leases);
        }
    }
}

#[test]
fn a_settlement_without_a_call_says_nothing_about_ideogram() {
    let mut stand = Stand::new(LIMITS);
    for n in 0..20 {
        let lease = format!("a{n}");
        stand.acquire(&lease, 1);
        stand.settle(&lease, 1, Settlement::Void, None);
    }
    assert_eq!(stand.ledger.status().breaker, BreakerState::Closed);
}

#[test]
fn retries_are_allowed_while_the_lease_is_open_and_the_budget_of_retries_lasts() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.retry("a1", Health::RateLimited), RetryAnswer::Denied);
    stand.acquire("a1", 1);
    for _ in 0..3 {
        let answer = stand.retry("a1", Health::RateLimited);
        assert_eq!(answer, RetryAnswer::Allowed);
    }
    assert_eq!(stand.retry("a1", Health::RateLimited), RetryAnswer::Denied);
    stand.pass(61);
    assert_eq!(stand.retry("a1", Health::Failing), RetryAnswer::Allowed);
    stand.settle("a1", 1, Settlement::Void, None);
    assert_eq!(stand.retry("a1", Health::Failing), RetryAnswer::Denied);
}

#[test]
fn nothing_is_tried_again_once_the_breaker_is_open() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.retry("a1", Health::Failing);
    stand.retry("a1", Health::Failing);
    for n in 2..5 {
        let lease = format!("a{n}");
        stand.acquire(&lease, 1);
        stand.settle(&lease, 1, Settlement::Void, Some(Health::Failing));
    }
    assert_eq!(stand.retry("a1", Health::Failing), RetryAnswer::Denied);
}

#[test]
fn when_ideogram_has_too_much_in_progress_fewer_go_through_until_places_come_back() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 4);
    stand.retry("a1", Health::RateLimited);
    assert_eq!(stand.ledger.status().in_flight_limit, 4);
    stand.pass(1);
    assert_eq!(stand.acquire("a2", 1), Acquisition::Waiting);
    stand.pass(29);
    let woken = stand.wakes.get(&LeaseId::new("a2".into()));
    assert_eq!(
        woken,
        Some(&Acquired::Granted),
        "the place that came back is given away"
    );
}

#[test]
fn wrong_totals_freeze_spending_but_not_bookkeeping() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.acquire("a2", 1);
    stand.settle("a1", 1, billed(1), Some(Health::Working));
    for row in stand.totals.values_mut() {
        row.2 += 1;
    }
    stand.restart();
    let frozen = stand.ledger.status().frozen;
    assert_eq!(frozen, Some(Frozen::TotalsAreNotTheSumOfLeases));
    assert_eq!(
        refused_as(stand.acquire("a3", 1)),
        Some(RefusalReason::Frozen)
    );
    stand.settle("a2", 1, billed(1), Some(Health::Working));
    assert_eq!(stand.ledger.status().billed, MicroDollars::new(160_001));
    for row in stand.totals.values_mut() {
        row.2 -= 1;
    }
    stand.restart();
    assert_eq!(stand.acquire("a3", 1), granted(), "mended, it spends again");
}

#[test]
fn closed_leases_of_long_ago_are_forgotten_and_what_they_booked_is_not() {
    let mut stand = Stand::new(LIMITS);
    for day in 0..20 {
        let lease = format!("a{day}");
        stand.acquire(&lease, 1);
        stand.settle(&lease, 1, billed(1), Some(Health::Working));
        stand.pass(24 * 60 * 60);
    }
    assert!(stand.leases.len() < 10, "{}", stand.leases.len());
    assert_eq!(stand.totals.len(), 20);
}

#[test]
fn a_lease_given_back_while_it_waits_is_not_granted_any_more() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 8);
    stand.acquire("a2", 1);
    stand.settle("a2", 1, Settlement::Void, None);
    let woken = stand.wakes.get(&LeaseId::new("a2".into()));
    assert_eq!(woken, Some(&Acquired::Closed));
    stand.settle("a1", 8, Settlement::Void, None);
    assert_eq!(stand.ledger.status().in_flight_images, 0);
    stand.check();
}

#[test]
fn a_second_try_is_no_probe() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 1);
    stand.acquire("a2", 1);
    stand.settle("a2", 1, Settlement::Void, Some(Health::KeyRefused));
    stand.pass(30);
    assert_eq!(stand.retry("a1", Health::Failing), RetryAnswer::Denied);
    assert_eq!(stand.acquire("a3", 1), granted(), "the probe");
}

#[test]
fn those_who_wait_over_midnight_are_granted_only_what_the_new_day_can_pay() {
    let mut stand = Stand::new(LIMITS);
    let today = stand.now;
    stand.now = today.plus(Millis::from_seconds(24 * 60 * 60));
    for n in 0..24 {
        let lease = format!("b{n}");
        stand.acquire(&lease, 1);
        stand.settle(&lease, 1, billed(1), Some(Health::Working));
    }
    stand.now = today
        .plus(today.until_midnight())
        .minus(Millis::from_seconds(5));
    stand.restart();
    stand.acquire("a1", 8);
    stand.acquire("a2", 8);
    stand.pass(6);
    let woken = stand.wakes.get(&LeaseId::new("a2".into()));
    assert!(
        matches!(woken, Some(Acquired::Refused(refusal)) if refusal.reason == RefusalReason::DailyBudget),
        "{woken:?}"
    );
    stand.check();
}
