//! The gateway's clock, which may be ahead of this machine's.
//! Holds true: it never goes back; how long a start takes on a busy machine does not matter, because
//! what is left of the day is looked at once the gateway listens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Gateway;

const CLOCK_AHEAD: &str = "CLOCK_AHEAD_SECONDS";
const SECONDS_A_DAY: u64 = 86_400;
/// How long a start takes on a machine with nothing else to do, in seconds, and some more.
const A_START: u64 = 15;

impl Gateway {
    /// Starts one whose clock has at least so many seconds to go to midnight UTC, and not many more.
    pub async fn start_before_midnight(seconds: u64, vars: &[(&str, &str)]) -> Self {
        let ahead = ahead_before_midnight(0, seconds + A_START).to_string();
        let vars = [&[(CLOCK_AHEAD, ahead.as_str())], vars].concat();
        let mut gateway = Self::start(&vars).await;
        if gateway.seconds_to_midnight() < seconds {
            gateway.restart_before_midnight(seconds, &[]).await;
        }
        gateway
    }

    /// Kills it and starts it on the same storage, with at least so many seconds to go to midnight
    /// UTC, and not many more, and with these settings changed.
    pub async fn restart_before_midnight(&mut self, seconds: u64, vars: &[(&str, &str)]) {
        let mut start = A_START;
        loop {
            let ahead = ahead_before_midnight(self.ahead(), seconds + start).to_string();
            self.restart(&[&[(CLOCK_AHEAD, ahead.as_str())], vars].concat())
                .await;
            // Not so on a new day that has come meanwhile.
            if (seconds..=seconds + start).contains(&self.seconds_to_midnight()) {
                return;
            }
            start *= 2;
        }
    }

    /// Starts it on the same storage with a clock that is so much further ahead. Killed before, it
    /// has seen nothing of that time.
    pub async fn restart_later(&mut self, seconds: u64) {
        let ahead = (self.ahead() + seconds).to_string();
        self.restart(&[(CLOCK_AHEAD, &ahead)]).await;
    }

    /// The day that the gateway's clock shows, counted from 1970-01-01, UTC.
    pub fn day(&self) -> u64 {
        unix_seconds(self.ahead()) / SECONDS_A_DAY
    }

    /// Whole seconds until the gateway's clock strikes midnight UTC.
    pub fn seconds_to_midnight(&self) -> u64 {
        seconds_to_midnight(self.ahead())
    }

    fn ahead(&self) -> u64 {
        let ahead = self.vars.get(CLOCK_AHEAD);
        ahead.map_or(0, |ahead| ahead.parse().expect("whole seconds"))
    }
}

/// How far a clock that is so much ahead has to go further, for midnight to be so many seconds away.
fn ahead_before_midnight(ahead: u64, seconds: u64) -> u64 {
    let to_go = seconds_to_midnight(ahead) + SECONDS_A_DAY - seconds % SECONDS_A_DAY;
    ahead + to_go % SECONDS_A_DAY
}

fn seconds_to_midnight(ahead: u64) -> u64 {
    SECONDS_A_DAY - unix_seconds(ahead) % SECONDS_A_DAY
}

fn unix_seconds(ahead: u64) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    (now.expect("a clock after 1970") + Duration::from_secs(ahead)).as_secs()
}
