//! What the operator's switch does to those who ask, wait and call.

use super::super::{ModeChange, Refusal};
use super::*;

fn change(enabled: bool) -> ModeChange {
    ModeChange {
        enabled,
        reason: Some("a drill".into()),
        by: "jo".into(),
    }
}

fn switch(stand: &mut Stand, enabled: bool) -> Mode {
    let (mode, effects) = stand.ledger.set_mode(stand.now, change(enabled));
    stand.apply(effects);
    mode
}

fn is_disabled(acquired: Acquired) -> bool {
    matches!(
        acquired,
        Acquired::Refused(Refusal {
            reason: RefusalReason::Disabled,
            ..
        })
    )
}

fn is_refused(acquisition: Acquisition) -> bool {
    matches!(acquisition, Acquisition::Now(acquired) if is_disabled(acquired))
}

#[test]
fn switched_off_everything_is_refused_until_it_is_switched_on_also_after_a_restart() {
    let mut stand = Stand::new(LIMITS);
    switch(&mut stand, false);
    for _ in 0..2 {
        assert!(is_refused(stand.acquire("a1", 1)));
        assert!(!stand.ledger.status().enabled);
        stand.restart();
    }
    switch(&mut stand, true);
    assert!(stand.ledger.status().enabled);
    assert_eq!(stand.acquire("a1", 1), Acquisition::Now(Acquired::Granted));
}

#[test]
fn whoever_waits_is_refused_at_once_and_whoever_calls_is_booked_as_ever_but_not_tried_again() {
    let mut stand = Stand::new(LIMITS);
    stand.acquire("a1", 4);
    stand.acquire("a2", 4);
    assert_eq!(stand.acquire("b3", 8), Acquisition::Waiting);
    assert_eq!(stand.acquire("c4", 8), Acquisition::Waiting);
    switch(&mut stand, false);
    for lease in ["b3", "c4"] {
        let woken = stand.wakes.remove(&LeaseId::new(lease.into()));
        assert!(woken.is_some_and(is_disabled), "{lease}");
    }
    assert_eq!(stand.ledger.status().queued, 0);
    let cost = MicroDollars::new(320_000);
    let billed = Settlement::Billed { images: 4, cost };
    stand.settle("a1", 4, billed, Some(Health::Working));
    assert_eq!(stand.ledger.status().billed, cost);
    assert_eq!(stand.retry("a2", Health::Failing), RetryAnswer::Denied);
    switch(&mut stand, true);
    assert_eq!(stand.retry("a2", Health::Failing), RetryAnswer::Allowed);
}

#[test]
fn setting_and_operator_both_have_to_let_pictures_be_made() {
    let mut stand = Stand::new(Limits {
        enabled: false,
        ..LIMITS
    });
    assert!(switch(&mut stand, true).enabled);
    assert!(is_refused(stand.acquire("a1", 1)));
    assert!(!stand.ledger.status().enabled);
}

#[test]
fn said_again_it_is_the_same_and_since_then_and_nothing_is_written() {
    let mut stand = Stand::new(LIMITS);
    assert_eq!(stand.ledger.mode(), &Mode::default());
    let off = switch(&mut stand, false);
    assert_eq!(off.since, Some(NOON));
    stand.pass(60);
    let (again, effects) = stand.ledger.set_mode(stand.now, change(false));
    assert_eq!((again, effects), (off.clone(), Effects::default()));
    let other = ModeChange {
        reason: Some("the drill goes on".into()),
        ..change(false)
    };
    let (other, effects) = stand.ledger.set_mode(stand.now, other);
    assert_eq!(
        (other.since, other.reason.as_deref()),
        (off.since, Some("the drill goes on"))
    );
    assert_eq!(effects.writes, [Write::Mode(other)]);
    assert_eq!(switch(&mut stand, true).since, Some(stand.now));
}
