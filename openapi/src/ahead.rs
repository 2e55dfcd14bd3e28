//! What the document says and the gateway does not do yet. What it has learnt leaves this list; the
//! tests notice what stays behind.

use domain::request::Endpoint;

const OPERATIONS: &[(&str, &str)] = &[
    ("GET", "/generations/{id}/events"),
    ("DELETE", "/generations/{id}"),
    ("POST", "/v1/images/generations"),
    ("GET", "/v1/models"),
];

/// Examples that are answered otherwise, though there is something at their path.
pub const EXAMPLES: &[&str] = &[
    "not_waiting",
    "v3_generate_form",
    "v3_generate_style_reference",
    "v3_generate_transparent_form",
    "v4_generate_form",
];

/// Operations that there are not: method and path.
#[must_use]
pub fn operations() -> Vec<(&'static str, &'static str)> {
    let with_pictures = Endpoint::all().filter(|endpoint| !endpoint.takes_json());
    let with_pictures = with_pictures.map(|endpoint| ("POST", endpoint.path()));
    OPERATIONS.iter().copied().chain(with_pictures).collect()
}
