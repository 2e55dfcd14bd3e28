//! Each rule by itself, and what is shown and stored of it.

use super::*;
use crate::ledger::Frozen;

#[test]
fn of_a_ledger_that_is_well_nothing_is_said() {
    let mut bench = Bench::new();
    bench.stays();
    bench.paid(DOLLAR).stays();
    bench.probe(Some(Health::Working));
    bench.alerting.watch.kept(Kept::default());
    bench.dearer(&[]);
    bench.stays();
    assert!(bench.alerting.alerts().is_empty());
}

#[test]
fn unreachable_is_what_the_last_probe_says_until_another_or_a_call_says_otherwise() {
    let mut bench = Bench::new();
    bench.probe(Some(Health::Failing));
    bench.fires(Rule::UpstreamUnreachable, &["no answer"]);
    bench.call(Health::Failing, seconds(1)).stays();
    for says_nothing_else in [Some(Health::Failing), None] {
        bench.probe(says_nothing_else);
        bench.stays();
    }
    bench.probe(Some(Health::RateLimited));
    bench.is_resolved(Rule::UpstreamUnreachable);
    bench.probe(Some(Health::Failing));
    bench.fires(Rule::UpstreamUnreachable, &[]);
    bench.call(Health::Working, seconds(1));
    bench.is_resolved(Rule::UpstreamUnreachable);
}

#[test]
fn a_refused_key_fires_by_call_or_probe_until_a_later_call_is_accepted() {
    let mut bench = Bench::new();
    bench.call(Health::KeyRefused, seconds(1));
    bench.fires(Rule::UpstreamAuth, &["IDEOGRAM_API_KEY"]);
    bench.call(Health::Failing, seconds(1)).stays();
    bench.call(Health::RateLimited, seconds(1)).stays();
    let began_before = CallReport {
        health: Health::Working,
        latency: seconds(60),
        ended_at: bench.now,
        polled: false,
        pending_for: Millis::ZERO,
    };
    bench.hear(vec![Write::LastCall(began_before)]);
    bench.stays();
    bench.call(Health::Working, seconds(1));
    bench.is_resolved(Rule::UpstreamAuth);
    bench.probe(Some(Health::KeyRefused));
    bench.fires(Rule::UpstreamAuth, &[]);
    bench.probe(Some(Health::Failing));
    bench.fires(Rule::UpstreamUnreachable, &[]);
    bench.probe(Some(Health::RateLimited));
    bench.is_resolved(Rule::UpstreamUnreachable);
    bench.probe(Some(Health::Working));
    bench.is_resolved(Rule::UpstreamAuth);
}

#[test]
fn a_frozen_ledger_fires_until_it_is_mended() {
    let mut bench = Bench::new();
    bench.status.frozen = Some(Frozen::TotalsBelowZero);
    bench.fires(Rule::LedgerFrozen, &["nothing is spent"]);
    bench.status.frozen = None;
    bench.is_resolved(Rule::LedgerFrozen);
}

#[test]
fn the_sixth_429_in_a_row_fires_and_five_do_not() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        bench.call(Health::RateLimited, seconds(1)).stays();
    }
    bench.call(Health::Working, seconds(1));
    for _ in 0..5 {
        bench.call(Health::RateLimited, seconds(1)).stays();
    }
    bench.call(Health::RateLimited, seconds(1));
    bench.fires(Rule::RateLimited, &["6 calls"]);
    bench.call(Health::Working, seconds(1));
    bench.is_resolved(Rule::RateLimited);
}

#[test]
fn slow_calls_fire_from_five_on_and_an_empty_window_changes_nothing() {
    let mut bench = Bench::new();
    for _ in 0..4 {
        bench.call(Health::Working, seconds(31)).stays();
    }
    bench.call(Health::Failing, seconds(60));
    bench.fires(Rule::Slow, &["5 calls", "60 s", "30 s"]);
    bench.wait(seconds(3600)).stays();
    for _ in 0..4 {
        bench.call(Health::Working, seconds(30)).stays();
    }
    bench.call(Health::Working, seconds(30));
    bench.is_resolved(Rule::Slow);
}

#[test]
fn what_is_refused_at_the_door_does_not_make_slow_work_look_fast() {
    let mut bench = Bench::new();
    for _ in 0..5 {
        for health in [Health::RateLimited, Health::NoCredits, Health::KeyRefused] {
            bench.call(health, Millis::new(5));
            bench.judge();
        }
        bench.call(Health::Working, seconds(31));
    }
    let changed = bench.judge();
    assert!(changed.iter().any(|alert| alert.rule == Rule::Slow));
}

#[test]
fn little_credit_fires_by_what_is_booked_since() {
    let mut bench = Bench::new();
    bench.paid(9 * DOLLAR).stays();
    bench.paid(DOLLAR).stays();
    bench.paid(1);
    bench.fires(Rule::CreditsLow, &["$9.999999", "$20", "2026-11-21"]);
    bench.wait(seconds(86_400)).stays();
    bench.alerting = Alerting::restore(
        Thresholds {
            credits: Some(Credits {
                amount: dollars(50),
                on: NOON.day(),
            }),
            ..thresholds()
        },
        true,
        StoredAlerts {
            watch: bench.alerting.watch.clone(),
            alerts: bench.alerting.alerts().into_iter().cloned().collect(),
            queued: vec![],
            booked_since: MicroDollars::new(10 * DOLLAR + 1),
        },
        bench.now,
    );
    bench.is_resolved(Rule::CreditsLow);
}

#[test]
fn money_that_turns_out_not_to_be_billed_is_credit_again() {
    let mut bench = Bench::new();
    bench.paid(6 * DOLLAR);
    bench.judge();
    bench.hear(vec![bench.total(0, 5 * DOLLAR)]);
    bench.fires(Rule::CreditsLow, &[]);
    let Write::Totals(mut corrected) = bench.total(0, 0) else {
        panic!("no total");
    };
    corrected.unconfirmed = -5_000_000;
    bench.hear(vec![Write::Totals(corrected)]);
    bench.is_resolved(Rule::CreditsLow);
}

#[test]
fn a_402_fires_until_a_call_is_paid_again_whatever_is_known_of_credit() {
    for credits in [None, thresholds().credits] {
        let mut bench = Bench::with(Thresholds {
            credits,
            ..thresholds()
        });
        bench.call(Health::NoCredits, seconds(1));
        bench.fires(Rule::CreditsLow, &["402"]);
        bench.call(Health::Working, seconds(1)).stays();
        bench.paid(DOLLAR);
        bench.is_resolved(Rule::CreditsLow);
    }
}

#[test]
fn a_budget_fires_as_it_is_nearly_spent_and_as_it_is_and_the_new_day_resolves_both() {
    let mut bench = Bench::with(Thresholds {
        credits: None,
        ..thresholds()
    });
    assert_eq!(bench.alerting.judge_at(bench.now), None);
    bench.paid(79 * DOLLAR).stays();
    bench.paid(DOLLAR);
    bench.fires(Rule::BudgetNearlySpent, &["80 %", "$80 of $100"]);
    bench.paid(20 * DOLLAR);
    bench.fires(Rule::BudgetSpent, &["$100 of $100"]);
    let midnight = bench.now.plus(bench.now.until_midnight());
    assert_eq!(bench.alerting.judge_at(bench.now), Some(midnight));
    bench.wait(midnight.since(bench.now));
    assert_eq!(bench.judge().len(), 2);
    assert_eq!(bench.alerting.judge_at(bench.now), None);
}

#[test]
fn a_budget_without_room_fires_until_the_new_day_or_a_larger_budget() {
    let mut bench = Bench::new();
    bench.refuse(RefusalReason::ClientBudget);
    bench.refuse(RefusalReason::QueueFull);
    bench.stays();
    bench.refuse(RefusalReason::DailyBudget);
    bench.fires(Rule::BudgetSpent, &["no room"]);
    bench.status.budget = dollars(200);
    bench.is_resolved(Rule::BudgetSpent);
    bench.refuse(RefusalReason::DailyBudget);
    bench.fires(Rule::BudgetSpent, &[]);
    bench.wait(seconds(86_400));
    bench.is_resolved(Rule::BudgetSpent);
}

#[test]
fn pictures_that_are_not_kept_fire_until_all_of_a_later_one_are() {
    let mut bench = Bench::new();
    let failed = |pending, lost| Kept { pending, lost };
    bench.alerting.watch.kept(failed(2, 0));
    bench.fires(Rule::StoringFailing, &["2 to be tried again"]);
    bench.alerting.watch.kept(failed(0, 1));
    bench.stays();
    bench.alerting.watch.kept(Kept::default());
    bench.is_resolved(Rule::StoringFailing);
    bench.alerting.watch.kept(failed(0, 3));
    bench.fires(Rule::StoringFailing, &["3 lost"]);
}

#[test]
fn other_prices_fire_with_the_rates_that_differ() {
    let mut bench = Bench::new();
    bench.dearer(&["V_2", "V_1", "V_1_TURBO", "V_2_TURBO"]);
    bench.fires(Rule::PriceDrift, &["4 rates", "V_2 $0.09 instead of $0.08"]);
    bench.dearer(&[]);
    bench.is_resolved(Rule::PriceDrift);
}

#[test]
fn another_account_of_the_last_day_fires_until_one_agrees_whatever_earlier_days_say() {
    let mut bench = Bench::new();
    let charged = |number| Usage::Total(dollars(number));
    bench.reconcile(1, Usage::NotAllowed);
    bench.stays();
    bench.reconcile(1, charged(1));
    bench.stays();
    bench.reconcile(1, charged(3));
    bench.fires(
        Rule::UsageDiffers,
        &[
            "charged $3 for 2026-11-20",
            "$2 more",
            "/admin/reconciliations",
        ],
    );
    bench.reconcile(2, charged(1));
    bench.reconcile(1, Usage::NotAllowed);
    bench.stays();
    bench.reconcile(0, charged(1));
    bench.is_resolved(Rule::UsageDiffers);
    bench.reconcile(1, charged(3));
    bench.stays();
}

#[test]
fn more_than_a_tenth_of_twenty_prompts_refused_fires() {
    let mut bench = Bench::new();
    bench.end("prompt_rejected", 19);
    bench.stays();
    bench.wait(seconds(3600));
    bench.end("prompt_rejected", 2);
    bench.end("done", 18);
    bench.stays();
    bench.end("prompt_rejected", 1);
    bench.fires(Rule::SafetyRejections, &["3 of 21"]);
    bench.wait(seconds(3600)).stays();
    bench.end("done", 20);
    bench.is_resolved(Rule::SafetyRejections);
}

#[test]
fn more_than_a_twentieth_unconfirmed_fires_until_little_is() {
    let mut bench = Bench::with(Thresholds {
        credits: None,
        ..thresholds()
    });
    bench.paid(19 * DOLLAR);
    bench.unconfirmed(DOLLAR);
    bench.stays();
    bench.unconfirmed(1);
    bench.fires(Rule::UnconfirmedSpend, &["$20.000001"]);
    bench.paid(DOLLAR);
    bench.is_resolved(Rule::UnconfirmedSpend);
}

#[test]
fn what_fires_is_shown_first_and_of_the_rest_what_changed_last() {
    let mut bench = Bench::new();
    for rule in [Health::KeyRefused, Health::Working, Health::KeyRefused] {
        bench.call(rule, seconds(1)).judge();
    }
    bench.status.frozen = Some(Frozen::TotalsBelowZero);
    bench.wait(seconds(1)).judge();
    bench.status.frozen = None;
    bench.wait(seconds(1)).judge();
    bench.alerting.watch.kept(Kept {
        pending: 0,
        lost: 1,
    });
    bench.wait(seconds(1)).judge();
    let shown = bench.alerting.alerts();
    let rules: Vec<_> = shown.iter().map(|alert| alert.rule).collect();
    let expected = [Rule::StoringFailing, Rule::UpstreamAuth, Rule::LedgerFrozen];
    assert_eq!(rules, expected);
    assert_eq!(shown[0].shown()["runbook"], "RUNBOOK.md#storing_failing");
}

#[test]
fn without_anybody_to_tell_alerts_are_kept_and_nothing_is_told() {
    let mut bench = Bench::new();
    bench.alerting = Alerting::restore(thresholds(), false, StoredAlerts::default(), bench.now);
    bench.call(Health::KeyRefused, seconds(1));
    bench.fires(Rule::UpstreamAuth, &[]);
    assert_eq!(bench.alerting.undelivered(), 0);
    assert_eq!(bench.alerting.tell_at(), None);
}

#[test]
fn a_watch_survives_being_stored() {
    let mut bench = Bench::new();
    bench.call(Health::KeyRefused, seconds(3));
    bench.end("done", 3);
    bench.refuse(RefusalReason::DailyBudget);
    let judged = bench.alerting.judge(bench.now, &bench.status);
    let Some(AlertWrite::Watch(watch)) = judged.writes.first() else {
        panic!("{judged:?}");
    };
    let json = serde_json::to_string(watch).unwrap();
    assert_eq!(serde_json::from_str::<Watch>(&json).unwrap(), *watch);
    assert_eq!(
        serde_json::from_str::<Watch>("{}").unwrap(),
        Watch::default()
    );
    let judged = bench.alerting.judge(bench.now, &bench.status);
    assert!(judged.writes.is_empty(), "{judged:?}");
}
