//! Lets the clock strike for what the gateway does once in a while.
//! Holds true: what a cron is for has been done, and is in the log, when its method returns.

use serde_json::Value;

use super::{Gateway, eventually};

impl Gateway {
    /// Strikes for the pictures that nobody has deleted.
    pub async fn sweep(&self) {
        self.strike("17 * * * *", "sweep").await;
    }

    /// Strikes for a look at Ideogram; returns its line in the log.
    pub async fn probe(&self) -> Value {
        self.strike("*/5 * * * *", "probe").await
    }

    /// Strikes for a look at Ideogram's prices; returns its line in the log.
    pub async fn look_at_prices(&self) -> Value {
        self.strike("23 4 * * *", "prices").await
    }

    /// Strikes for a cron, and returns what it logs as `event`.
    pub async fn strike(&self, cron: &str, event: &str) -> Value {
        let before = self.told(event).len();
        let cron = cron.replace(' ', "+");
        let struck = self.get(&format!("/__scheduled?cron={cron}")).await;
        assert_eq!(struck.status, 200);
        eventually(&format!("{event} is in the log"), async || {
            let mut events = self.told(event);
            (events.len() > before).then(|| events.pop())?
        })
        .await
    }

    fn told(&self, event: &str) -> Vec<Value> {
        let mut lines = self.all_log_lines();
        lines.retain(|line| line["event"] == event);
        lines
    }
}
