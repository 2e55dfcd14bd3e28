//! The two things the rules may not reach for themselves: the time and randomness.

use domain::failure::{Failure, FailureCode};
use domain::time::UnixMillis;

/// Now. In production the platform's clock moves on with I/O only, so within one stretch of
/// computing it stands still.
pub fn now() -> UnixMillis {
    UnixMillis::new(worker::Date::now().as_millis())
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
