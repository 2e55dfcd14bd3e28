//! Runs the simulation for many seeds, or one.
//!
//! `simulate [--seeds N] [--first S] [--seconds N]` runs N seeds from S on, or for so many seconds;
//! `simulate --seed S` runs one. Without a first seed they start at the time of the day, so that
//! every run looks elsewhere. Ends with 1 as soon as a promise is broken, 2 if it is not understood.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::simulation::{BrokenPromise, Fault, Report, simulate};

/// What to run.
struct Orders {
    first: u64,
    seeds: u64,
    time: Option<Duration>,
}

fn main() -> ExitCode {
    let Some(orders) = orders() else {
        eprintln!("simulate [--seeds N] [--first S] [--seconds N] | --seed S");
        return ExitCode::from(2);
    };
    let began = Instant::now();
    let (total, broken) = run(&orders, began);
    print_report(&total, began.elapsed());
    match broken {
        None => ExitCode::SUCCESS,
        Some(broken) => {
            println!("\n{broken}\n\nagain: simulate --seed {}", broken.seed);
            ExitCode::FAILURE
        }
    }
}

fn orders() -> Option<Orders> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let mut orders = Orders {
        first: u64::try_from(now.as_millis()).ok()?,
        seeds: 1000,
        time: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let number: u64 = words.next()?.parse().ok()?;
        match word.as_str() {
            "--seeds" => orders.seeds = number,
            "--first" => orders.first = number,
            "--seconds" => {
                orders.seeds = u64::MAX;
                orders.time = Some(Duration::from_secs(number));
            }
            "--seed" => {
                orders.first = number;
                orders.seeds = 1;
            }
            _ => return None,
        }
    }
    Some(orders)
}

fn run(orders: &Orders, began: Instant) -> (Report, Option<Box<BrokenPromise>>) {
    let mut total = Report::default();
    for number in 0..orders.seeds {
        if orders.time.is_some_and(|time| began.elapsed() >= time) {
            break;
        }
        match simulate(orders.first.wrapping_add(number)) {
            Ok(report) => total.add(&report),
            Err(broken) => return (total, Some(broken)),
        }
    }
    (total, None)
}

fn print_report(total: &Report, took: Duration) {
    let rate = u128::from(total.generations) * 1_000_000 / took.as_micros().max(1);
    println!(
        "{} generations in {:.1} s, {rate} a second ({} requests, {} calls to Ideogram, {} steps)",
        total.generations,
        took.as_secs_f64(),
        total.visits,
        total.calls,
        total.steps
    );
    println!(
        "billed {} dollars, of which {} for what Ideogram reported as failed",
        total.billed, total.billed_failures
    );
    println!(
        "of {} submissions, polled {} times, {} were billed and are lost with their answer, and nothing else is; of {} other calls {}",
        total.submissions,
        total.polls,
        total.lost_submissions,
        total.calls - total.submissions,
        total.lost_calls
    );
    for fault in Fault::ALL {
        let count = total.faults.get(fault).copied().unwrap_or(0);
        println!("{count:>10} × {}", fault.name());
    }
    let checks: u64 = total.checks.values().sum();
    println!("{checks} checks of promises:");
    for (promise, count) in &total.checks {
        println!("{count:>10} × {promise}");
    }
    println!("history {:016x}", total.history);
}
