//! A sleep that can be ended early. Holds true: no ring is lost; one that comes while nobody sleeps
//! ends the next sleep before it begins.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;

use domain::time::Millis;
use futures_channel::oneshot::{self, Sender};
use futures_util::future::select;

use crate::deadline::sleep;

/// Wakes the one who sleeps by it.
#[derive(Default)]
pub struct Bell {
    has_rung: Cell<bool>,
    sleeper: RefCell<Option<Sender<()>>>,
}

impl Bell {
    /// Sleeps for so long, or until it rings.
    pub async fn sleep(&self, length: Millis) {
        self.sleep_until(sleep(length)).await;
    }

    async fn sleep_until(&self, end: impl Future<Output = ()>) {
        if self.has_rung.take() {
            return;
        }
        let (sender, rung) = oneshot::channel();
        self.sleeper.replace(Some(sender));
        select(pin!(end), rung).await;
        self.sleeper.take();
    }

    /// Rings.
    pub fn ring(&self) {
        let sleeper = self.sleeper.take();
        let woken = sleeper.is_some_and(|sleeper| sleeper.send(()).is_ok());
        self.has_rung.set(!woken);
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn whoever_sleeps_is_woken_once() {
        let bell = Bell::default();
        let mut asleep = pin!(bell.sleep_until(pending()));
        assert_eq!(asleep.as_mut().now_or_never(), None);
        bell.ring();
        assert_eq!(asleep.now_or_never(), Some(()));
        let again = bell.sleep_until(pending());
        assert_eq!(again.now_or_never(), None, "it has been heard");
    }

    #[test]
    fn a_ring_that_nobody_hears_ends_the_next_sleep_and_only_that() {
        let bell = Bell::default();
        assert_eq!(bell.sleep_until(ready(())).now_or_never(), Some(()));
        bell.ring();
        bell.ring();
        assert_eq!(bell.sleep_until(pending()).now_or_never(), Some(()));
        assert_eq!(bell.sleep_until(pending()).now_or_never(), None);
    }

    #[test]
    fn a_sleep_that_nobody_waits_for_any_more_hears_nothing() {
        let bell = Bell::default();
        assert_eq!(bell.sleep_until(pending()).now_or_never(), None);
        bell.ring();
        assert_eq!(bell.sleep_until(pending()).now_or_never(), Some(()));
    }
}
