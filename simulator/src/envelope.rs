//! What v2 says of a request besides the picture: its name, and how its answer goes back.
//! Holds true: every request that is accepted has a name of its own, and its seed is known before
//! its work begins.

use crate::clock::rfc3339_us;
use crate::endpoint::V2;
use crate::given::Given;
use crate::validate::LARGEST_SEED;

/// Length of a generation's id in characters, as in Ideogram's OpenAPI document's examples.
const ID_LENGTH: usize = 22;

pub(crate) struct Envelope {
    pub(crate) row: &'static V2,
    pub(crate) generation_id: String,
    /// When it was accepted.
    pub(crate) created: String,
    /// The first image's; those of the others count up from it.
    pub(crate) seed: u32,
    /// Whether it is answered before its work is done.
    pub(crate) later: bool,
    pub(crate) webhook_url: Option<String>,
    pub(crate) private: Option<bool>,
}

impl Envelope {
    pub(crate) fn new(row: &'static V2, given: &Given) -> Self {
        let webhook_url = given.text("webhook_url").map(str::to_owned);
        let seed = given.number("seed");
        Self {
            row,
            generation_id: url_safe(ID_LENGTH),
            created: rfc3339_us(),
            seed: seed.unwrap_or_else(|| fastrand::u32(0..=LARGEST_SEED)),
            later: row.always_later
                || webhook_url.is_some()
                || given.truth("async").unwrap_or_default(),
            webhook_url,
            private: given.truth("private"),
        }
    }
}

/// So many characters of URL-safe base64.
pub(crate) fn url_safe(length: usize) -> String {
    let digit = || match fastrand::u8(0..64) {
        0 => '-',
        1 => '_',
        _ => fastrand::alphanumeric(),
    };
    std::iter::repeat_with(digit).take(length).collect()
}
