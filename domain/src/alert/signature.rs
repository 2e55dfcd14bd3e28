//! What a receiver knows the gateway by: HMAC-SHA256 (RFC 2104) over the moment and the body, in a
//! header `t=<Unix seconds>,v1=<hexadecimal digits>`. The receiver computes the same over `<t>.<body>`
//! with the secret they share, compares, and refuses what is older than it likes.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::time::UnixMillis;

/// A secret shorter than its digest would be the weakest part (RFC 2104, section 3).
const SHORTEST_SECRET: usize = 32;

/// What notices are signed with.
#[derive(Clone)]
pub struct SigningSecret(Hmac<Sha256>);

impl SigningSecret {
    /// The secret, if it is long enough: at least 32 characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let key = Hmac::new_from_slice(text.as_bytes()).ok()?;
        (text.len() >= SHORTEST_SECRET).then_some(Self(key))
    }

    /// The header's value for a body that is sent now.
    #[must_use]
    pub fn sign(&self, now: UnixMillis, body: &str) -> String {
        let seconds = now.get() / 1000;
        let mut hmac = self.0.clone();
        hmac.update(format!("{seconds}.").as_bytes());
        hmac.update(body.as_bytes());
        let digest = hex::encode(hmac.finalize().into_bytes());
        format!("t={seconds},v1={digest}")
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "a-secret-that-both-sides-know-000";

    #[test]
    fn it_is_the_hmac_of_the_seconds_a_dot_and_the_body() {
        // printf '1795262400.{}' | openssl dgst -sha256 -hmac SECRET
        let header = SigningSecret::new(SECRET).unwrap();
        let header = header.sign(UnixMillis::new(1_795_262_400_999), "{}");
        assert_eq!(
            header,
            "t=1795262400,v1=dd69aeeb28467a103e8d082919a20d5283dc8580c65ec5423c56085df9c84f28"
        );
    }

    #[test]
    fn a_short_secret_is_none_and_a_secret_is_never_shown() {
        assert!(SigningSecret::new("short").is_none());
        let secret = SigningSecret::new(SECRET).unwrap();
        assert!(!format!("{secret:?}").contains("both"));
    }
}
