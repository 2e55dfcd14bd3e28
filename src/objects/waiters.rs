//! Requests that an object holds open until there is something to tell them. Memory only: whoever
//! still waits when the object dies asks again.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot::{self, Receiver, Sender};

/// How many may wait for one thing at once; each holds a request open.
const MOST_WAITING: usize = 1000;

/// Those who wait to be told a `T`.
pub struct Waiters<T>(Rc<RefCell<Vec<Sender<T>>>>);

impl<T> Default for Waiters<T> {
    fn default() -> Self {
        Self(Rc::default())
    }
}

impl<T> Clone for Waiters<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Clone> Waiters<T> {
    /// Joins those who wait, unless there are too many. Those who left make room.
    pub fn join(&self) -> Option<Receiver<T>> {
        let mut waiting = self.0.borrow_mut();
        waiting.retain(|sender| !sender.is_canceled());
        if waiting.len() >= MOST_WAITING {
            return None;
        }
        let (sender, receiver) = oneshot::channel();
        waiting.push(sender);
        Some(receiver)
    }

    /// Tells all of them.
    pub fn tell(&self, what: &T) {
        for sender in self.0.borrow_mut().drain(..) {
            // Whoever left does not hear it.
            drop(sender.send(what.clone()));
        }
    }
}
