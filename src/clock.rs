//! The two things the rules may not reach for themselves: the time and randomness.

use std::cell::Cell;

use domain::failure::{Failure, FailureCode};
use domain::time::{Millis, UnixMillis};
use worker::Env;

use crate::config::Config;

thread_local! {
    static AHEAD: Cell<Millis> = const { Cell::new(Millis::ZERO) };
}

/// Sets the clock by the settings: on the developer's machine it may be ahead. Whatever the
/// platform starts comes here first, because any of them may be the first in its isolate.
pub fn set_by(env: &Env) {
    let ahead = Config::of(env).map_or(Millis::ZERO, |config| config.clock_ahead);
    AHEAD.set(ahead);
}

/// Now. In production the platform's clock moves on with I/O only, so within one stretch of
/// computing it stands still.
pub fn now() -> UnixMillis {
    UnixMillis::new(worker::Date::now().as_millis()).plus(AHEAD.get())
}

/// Bytes from the platform's random source.
///
/// # Errors
/// The source failed, which leaves nothing to do but to refuse the request.
pub fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], Failure> {
    let mut bytes = [0; LENGTH];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(_) => Err(Failure::new(
            FailureCode::InternalError,
            "the platform gave no random bytes; nothing was spent, try again",
        )),
    }
}
