//! The images that were made, each as the few facts from which it can be drawn.
//! Holds true: no picture is kept; an address works until it expires or is forgotten.

use std::collections::HashMap;
use std::sync::Mutex;

use serde::Deserialize;

use crate::clock::unix_seconds;
use crate::lock::lock;
use crate::picture::picture;
use crate::size::Size;

#[derive(Default)]
pub(crate) struct Images {
    remembered: Mutex<HashMap<String, Image>>,
}

#[derive(Clone)]
pub(crate) struct Image {
    pub(crate) prompt: String,
    pub(crate) seed: u32,
    pub(crate) size: Size,
}

impl Image {
    pub(crate) fn draw(&self) -> Vec<u8> {
        picture(&self.prompt, self.seed, self.size.width, self.size.height)
    }
}

/// The query of an image address: expiry in Unix seconds, and 64 hexadecimal digits.
#[derive(Deserialize)]
pub(crate) struct Signature {
    #[serde(default)]
    exp: String,
    #[serde(default)]
    sig: String,
}

impl Images {
    /// Returns path and query in the form of Ideogram's OpenAPI document's examples:
    /// `…/images/ephemeral/<id>.png?exp=…&sig=…`.
    pub(crate) fn remember(&self, image: Image, lifetime_seconds: u64) -> String {
        let id: String = std::iter::repeat_with(fastrand::alphanumeric)
            .take(22)
            .collect();
        let exp = unix_seconds() + lifetime_seconds;
        let sig: String = (0..64).map(|_| fastrand::digit(16)).collect();
        let address = format!("/images/ephemeral/{id}.png?exp={exp}&sig={sig}");
        lock(&self.remembered).insert(address.clone(), image);
        address
    }

    /// The image at a path, if the signature is the one given out and has not expired.
    pub(crate) fn find(&self, path: &str, signature: &Signature) -> Option<Image> {
        let Signature { exp, sig } = signature;
        let expires: u64 = exp.parse().ok()?;
        if unix_seconds() >= expires {
            return None;
        }
        let address = format!("{path}?exp={exp}&sig={sig}");
        lock(&self.remembered).get(&address).cloned()
    }

    pub(crate) fn forget_all(&self) {
        lock(&self.remembered).clear();
    }
}
