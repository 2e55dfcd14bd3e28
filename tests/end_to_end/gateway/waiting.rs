//! Waiting for something to become true.
//! Holds true: what is waited for decides, not the time that passed; the limit is only there so
//! that a broken gateway ends a test.

use std::time::{Duration, Instant};

use tokio::time::sleep;

/// Longer than anything here may take; alarms alone come after 20 s, and lost leases end after
/// more than a minute.
const LIMIT: Duration = Duration::from_secs(150);
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until there is an answer. `what` names what is waited for.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < LIMIT, "waited in vain: {what}");
        sleep(PAUSE).await;
    }
}
