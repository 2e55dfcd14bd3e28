//! The ledger under random commands: the promises hold after every step, whatever the order, the
//! repetitions and the clock.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Command {
    Acquire(u8, u32),
    Settle(u8, u8),
    Retry(u8, u8),
    Pass(u64),
    ClockBack(u64),
    Restart,
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let command = prop_oneof![
        6 => (0_u8..30, 1_u32..=8).prop_map(|(lease, images)| Command::Acquire(lease, images)),
        6 => (0_u8..30, 0_u8..9).prop_map(|(lease, how)| Command::Settle(lease, how)),
        2 => (0_u8..30, 0_u8..3).prop_map(|(lease, how)| Command::Retry(lease, how)),
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
            // Time and settlements repeat freely; an acquisition repeats while it is open, and one that
            // is refused again is counted again.
            if matches!(command, Command::Settle(..) | Command::Acquire(..)) {
                run(&mut twice, command);
            }
            prop_assert_eq!(once.booked(), twice.booked());
            prop_assert_eq!(&once.leases, &twice.leases);
        }
    }
}
