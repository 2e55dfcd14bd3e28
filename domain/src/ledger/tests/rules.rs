//! The rules of the ledger, one by one.

use super::*;
use crate::ledger::{Frozen, Refusal};

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
fn every_wait_is_told_once_with_how_long_it_was_and_how_it_ended() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("a1", 8), granted());
    assert_eq!(stand.acquire("a1", 8), granted());
    for lease in ["a2", "a3", "a4"] {
        assert_eq!(stand.acquire(lease, 4), Acquisition::Waiting);
    }
    stand.pass(10);
    stand.settle("a4", 4, Settlement::Void, None);
    stand.settle("a1", 8, billed(8), Some(Health::Working));
    stand.acquire("a5", 8);
    stand.pass(30);
    let wait = |seconds, end| Wait {
        length: Millis::from_seconds(seconds),
        end,
    };
    let waits = [
        wait(0, WaitEnd::Granted),
        wait(10, WaitEnd::Left),
        wait(10, WaitEnd::Granted),
        wait(10, WaitEnd::Granted),
        wait(30, WaitEnd::Refused),
    ];
    assert_eq!(stand.waits, waits);
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

#[test]
fn a_refusal_is_counted_whether_at_once_or_after_a_wait_and_a_restart_takes_no_notice() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 8);
    stand.acquire("a2", 1);
    stand.acquire("b1", 100);
    stand.pass(60);
    let refused = |of: &str| {
        let of = (NOON.day(), ClientId::new(of.into()), "V_2".to_owned());
        stand.totals.get(&of).map_or(0, |row| row.4)
    };
    assert_eq!((refused("a"), refused("b")), (1, 1));
    stand.check();
    stand.restart();
    assert_eq!(stand.ledger.status().frozen, None);
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

#[test]
fn a_client_with_a_budget_of_its_own_cannot_spend_more_and_others_go_on() {
    let mut stand = Stand::new(LIMITS);
    let answers: Vec<_> = (0..20)
        .map(|n| stand.acquire(&format!("0{n}"), 1))
        .collect();
    let refused = |answer: &&Acquisition| refused_as(**answer) == Some(RefusalReason::ClientBudget);
    // Eight have places and two wait; the waiting count, too.
    assert_eq!(answers.iter().filter(refused).count(), 10);
    assert_eq!(stand.acquire("a1", 1), Acquisition::Waiting);
    stand.settle("00", 1, Settlement::Void, Some(Health::Working));
    assert_eq!(refused_as(stand.acquire("0x", 1)), None);
    stand.pass(13 * 3600);
    // Meanwhile the leases ran out; Ideogram may be at work under them still.
    stand.pass(300);
    assert_eq!(stand.acquire("0y", 1), granted());
    stand.check();
}

#[test]
fn a_client_at_the_end_of_its_budget_is_told_when_midnight_is() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("01", 8), granted());
    let refusal = Refusal {
        reason: RefusalReason::ClientBudget,
        retry_after: NOON.until_midnight(),
    };
    let refused = Acquisition::Now(Acquired::Refused(refusal));
    assert_eq!(stand.acquire("02", 3), refused);
}

#[test]
fn copies_of_a_token_share_its_pictures_also_after_a_restart() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("11", 4), granted());
    assert_eq!(stand.acquire("12", 4), granted());
    stand.settle("11", 4, billed(4), Some(Health::Working));
    stand.settle("12", 4, Settlement::Unconfirmed, None);
    assert_eq!(
        refused_as(stand.acquire("13", 2)),
        Some(RefusalReason::TokenSpent)
    );
    stand.restart();
    assert_eq!(
        refused_as(stand.acquire("13", 2)),
        Some(RefusalReason::TokenSpent)
    );
    assert_eq!(stand.acquire("14", 1), granted());
    assert_eq!(
        refused_as(stand.acquire("15", 1)),
        Some(RefusalReason::TokenSpent)
    );
    stand.check();
}

#[test]
fn a_tokens_pictures_that_were_not_billed_can_be_asked_for_again() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("11", 8), granted());
    assert_eq!(
        refused_as(stand.acquire("12", 2)),
        Some(RefusalReason::TokenSpent)
    );
    stand.settle("11", 8, Settlement::Void, Some(Health::Working));
    assert_eq!(stand.acquire("12", 8), granted());
    stand.check();
}

#[test]
fn nothing_is_granted_to_a_token_that_is_no_longer_counted() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.acquire("11", 1), granted());
    stand.pass(7200);
    assert_eq!(
        refused_as(stand.acquire("12", 1)),
        Some(RefusalReason::TokenSpent)
    );
}

#[test]
fn one_that_waits_is_not_granted_after_its_token_has_ended() {
    let mut stand = Stand::new(LIMITS);
    stand.pass(7190);
    assert_eq!(stand.acquire("a1", 8), granted());
    assert_eq!(stand.acquire("11", 1), Acquisition::Waiting);
    stand.pass(15);
    stand.settle("a1", 8, Settlement::Void, Some(Health::Working));
    let woken = stand.wakes.get(&LeaseId::new("11".to_owned()));
    let reason = woken.map(|answer| refused_as(Acquisition::Now(*answer)));
    assert_eq!(reason, Some(Some(RefusalReason::TokenSpent)));
}
