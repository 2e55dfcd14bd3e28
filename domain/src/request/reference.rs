//! Pictures that go with a request: what is to be remixed, edited, reframed, described, or what a
//! style or a character is taken from. The bytes are in R2 before anything is asked of Ideogram; here
//! they are known by their hash, which is what makes two requests the same.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::picture::PictureFormat;

/// The most bytes of a whole request with pictures (Ideogram's OpenAPI document, 2026-10: less than
/// 50 MB), its texts and the borders between its parts included.
pub const MOST_FORM_BYTES: u64 = 50_000_000;

/// Where a request's pictures begin in R2, so that they can be found when they are left behind.
pub const REFERENCES_PREFIX: &str = "references/";

/// A picture that came with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The field it was given for.
    pub field: String,
    /// Where it is.
    pub key: ReferenceKey,
    /// The SHA-256 of its bytes.
    pub sha256: PictureHash,
    /// Its length.
    pub bytes: u64,
    /// What it is, by its first bytes.
    pub format: PictureFormat,
}

/// Draws the bytes of a request's own folder in R2. Two requests never share one: each can delete
/// what it brought without asking who else needs it.
pub const FOLDER_BYTES: usize = 16;

/// A reference picture's name in R2: `references/{32 random hex digits}/{index}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReferenceKey(String);

impl ReferenceKey {
    /// The name of a request's picture number `index`.
    #[must_use]
    pub fn new(folder: [u8; FOLDER_BYTES], index: usize) -> Self {
        Self(format!(
            "{REFERENCES_PREFIX}{}/{index}",
            hex::encode(folder)
        ))
    }

    /// As R2 has it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The SHA-256 of a picture. As text and in JSON it is 64 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureHash([u8; 32]);

impl PictureHash {
    /// The hash with these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for PictureHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl From<PictureHash> for String {
    fn from(hash: PictureHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for PictureHash {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}
