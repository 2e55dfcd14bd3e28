//! The names things go by. A generation's id carries the name of the object it lives in, so an id
//! alone finds its object; a lease's id carries its generation's, so money can be traced to it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// How many random bytes tell two generations of one fingerprint apart.
pub const NONCE_BYTES: usize = 8;

/// One generation: `{fingerprint, 64 hex digits}-{nonce, 16 hex digits}`. The fingerprint names
/// the Generation object, the nonce the run in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct GenerationId {
    fingerprint: Fingerprint,
    nonce: [u8; NONCE_BYTES],
}

impl GenerationId {
    /// A new id for a generation of `fingerprint`; `nonce` is drawn at random by the caller.
    #[must_use]
    pub const fn new(fingerprint: Fingerprint, nonce: [u8; NONCE_BYTES]) -> Self {
        Self { fingerprint, nonce }
    }

    /// What was asked for, and so which object the generation lives in.
    #[must_use]
    pub const fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// The id of this generation's lease number `ordinal`.
    #[must_use]
    pub fn lease(&self, ordinal: u32) -> LeaseId {
        LeaseId(format!("{self}.{ordinal}").into())
    }
}

impl fmt::Display for GenerationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}-{}",
            self.fingerprint,
            hex::encode(self.nonce)
        )
    }
}

impl From<GenerationId> for String {
    fn from(id: GenerationId) -> Self {
        id.to_string()
    }
}

/// The text is no generation id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAGenerationId;

impl fmt::Display for NotAGenerationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a generation id")
    }
}

impl FromStr for GenerationId {
    type Err = NotAGenerationId;

    fn from_str(text: &str) -> Result<Self, NotAGenerationId> {
        let (fingerprint, nonce_text) = text.split_once('-').ok_or(NotAGenerationId)?;
        let mut nonce = [0; NONCE_BYTES];
        hex::decode_to_slice(nonce_text, &mut nonce).map_err(|_| NotAGenerationId)?;
        let fingerprint = fingerprint.parse().map_err(|_| NotAGenerationId)?;
        let id = Self { fingerprint, nonce };
        // One generation has one spelling: upper-case digits are another text.
        if id.to_string() == text {
            Ok(id)
        } else {
            Err(NotAGenerationId)
        }
    }
}

impl TryFrom<String> for GenerationId {
    type Error = NotAGenerationId;

    fn try_from(text: String) -> Result<Self, NotAGenerationId> {
        text.parse()
    }
}

/// Declares ids that are a text of this gateway's own. Copies share the text: the ledger keeps many.
macro_rules! text_ids {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// From the text of an id that this gateway drew, stored or sent.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(text.into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

text_ids! {
    /// One lease of the ledger: `{generation id}.{ordinal}`. A generation takes a new one for each
    /// try that may have to be paid by itself.
    LeaseId;
    /// One browser token.
    TokenId;
    /// Whom a request belongs to: budgets, fairness and reports go by it.
    ClientId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_id_survives_its_text_and_other_texts_are_refused() {
        let fingerprint: Fingerprint = "ab".repeat(32).parse().unwrap();
        let id = GenerationId::new(fingerprint, [1, 2, 3, 4, 5, 6, 7, 0xff]);
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for other in [
            text.to_uppercase(),
            text.replace('-', ""),
            format!("{text}0"),
            format!("../{text}"),
            String::new(),
        ] {
            assert_eq!(other.parse::<GenerationId>(), Err(NotAGenerationId));
        }
    }
}
