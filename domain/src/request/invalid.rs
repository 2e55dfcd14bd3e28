//! The one error of a request that cannot be taken. It names the field and says what the field
//! takes; what the caller wrote is left out unless it can only be a name, since a prompt that
//! slipped into the wrong place may hold anything about anyone.

use std::fmt;

const LONGEST_ECHO: usize = 40;

/// A request that is not taken, and why. Nothing was asked of Ideogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRequest {
    /// The dotted path of the field, `image_request.color_palette.members[0].color_hex`; `body`
    /// when it is the request as a whole.
    pub field: String,
    /// One sentence that names the field and says what it takes.
    pub message: String,
}

impl InvalidRequest {
    /// An error at `field`; the sentence is the field's name and `complaint`.
    pub(crate) fn new(field: &str, complaint: impl fmt::Display) -> Self {
        Self {
            field: field.to_owned(),
            message: format!("{field} {complaint}"),
        }
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for InvalidRequest {}

/// The caller's text if it is short and can only be a name.
pub(crate) fn name_to_echo(text: &str) -> Option<&str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let is_name = !text.is_empty() && text.len() <= LONGEST_ECHO && text.bytes().all(allowed);
    is_name.then_some(text)
}

/// The path of the member `name` of `parent`, or `parent` itself if the name must not be repeated.
pub(crate) fn path_to(parent: Option<&str>, name: &str) -> String {
    match (parent, name_to_echo(name)) {
        (Some(parent), Some(name)) => format!("{parent}.{name}"),
        (None, Some(name)) => name.to_owned(),
        (Some(parent), None) => parent.to_owned(),
        (None, None) => super::BODY.to_owned(),
    }
}
