//! A delivery as it arrives: headers that say what it is about, and a signature over them and the
//! body. The body itself is never read; what it says, Ideogram is asked for.

use sha2::{Digest, Sha256};

use super::refused::DeliveryRefused;
use super::signature::Signature;
use crate::time::{Millis, UnixMillis};
use crate::upstream::UpstreamId;

/// A delivery that was signed longer ago, or is dated further ahead, is not taken: whoever has got hold
/// of one can send it again only for so long. Ideogram names no window; this is what its clients use.
const WINDOW: Millis = Millis::from_seconds(300);
/// The longest id of a user that is taken. Ideogram's are a few dozen characters.
const LONGEST_USER: usize = 256;

/// A header of a delivery.
struct Header {
    name: &'static str,
    takes: &'static str,
}

const GENERATION_ID: Header = Header {
    name: "x-ideogram-webhook-generation-id",
    takes: "takes Ideogram's id of a generation",
};
const USER_ID: Header = Header {
    name: "x-ideogram-webhook-user-id",
    takes: "takes 1 to 256 visible ASCII characters",
};
const TIMESTAMP: Header = Header {
    name: "x-ideogram-webhook-timestamp",
    takes: "takes whole seconds since 1970",
};
const SIGNATURE: Header = Header {
    name: "x-ideogram-webhook-signature",
    takes: "takes 128 hexadecimal digits in lower case",
};

impl Header {
    /// Its value, if it is there and fits.
    fn read<T>(
        &self,
        get: impl Fn(&str) -> Option<String>,
        parse: impl Fn(String) -> Option<T>,
    ) -> Result<T, DeliveryRefused> {
        let Self { name, takes } = *self;
        let value = get(name).and_then(parse);
        value.ok_or(DeliveryRefused::Malformed {
            header: name,
            takes,
        })
    }
}

/// The headers of a delivery that is recent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryHead {
    upstream_id: UpstreamId,
    /// The lines that are signed before the body's digest.
    signed: String,
    signature: Signature,
}

/// A delivery, its signature not yet verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub(super) upstream_id: UpstreamId,
    /// What is signed.
    pub(super) message: String,
    pub(super) signature: Signature,
}

impl DeliveryHead {
    /// Reads the headers; `get` has the value of a header by its name in lower case. The name of the
    /// key is not read: it is only a hint.
    ///
    /// # Errors
    /// A header is missing or does not fit, or the delivery is not recent.
    pub fn parse(
        get: impl Fn(&str) -> Option<String>,
        now: UnixMillis,
    ) -> Result<Self, DeliveryRefused> {
        let upstream_id = GENERATION_ID.read(&get, |text| UpstreamId::try_from(text).ok())?;
        let user = USER_ID.read(&get, |text| {
            let fits = (1..=LONGEST_USER).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic());
            fits.then_some(text)
        })?;
        let (timestamp, signed_at) = TIMESTAMP.read(&get, |text| {
            let seconds = whole_seconds(&text)?;
            Some((text, UnixMillis::default().plus(seconds)))
        })?;
        let signature = SIGNATURE.read(&get, |text| Signature::from_hex(&text))?;
        if now.since(signed_at) > WINDOW || signed_at.since(now) > WINDOW {
            return Err(DeliveryRefused::NotRecent);
        }
        Ok(Self {
            signed: format!("{upstream_id}\n{user}\n{timestamp}\n"),
            upstream_id,
            signature,
        })
    }

    /// With the body, byte for byte as it came.
    #[must_use]
    pub fn with_body(self, body: &[u8]) -> Delivery {
        Delivery {
            upstream_id: self.upstream_id,
            message: self.signed + &hex::encode(Sha256::digest(body)),
            signature: self.signature,
        }
    }
}

/// Digits only: `parse` alone would take a sign.
fn whole_seconds(text: &str) -> Option<Millis> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = text.parse().ok().filter(|_| is_digits)?;
    Some(Millis::from_seconds(seconds))
}
