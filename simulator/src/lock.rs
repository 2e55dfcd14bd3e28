//! Taking a lock without caring for poison.
//! Holds true: no lock is held while calling code that can panic half way through
//! a change, so what a poisoned lock guards is still whole.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
