//! What stands in for pictures while generation is off: an answer in Ideogram's shape, with a
//! placeholder for each picture that was asked for.
//! Holds true: it stands in only for failures that were free, so that nobody takes a placeholder for
//! what may have been paid for.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::failure::{Failure, FailureCode};
use crate::placeholder::Placeholder;
use crate::request::ImageRequest;
use crate::time::UnixMillis;

/// What requests for pictures are answered with while generation is off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fallback {
    /// Placeholders.
    #[default]
    Placeholder,
    /// The error.
    Error,
}

/// The text names none; says which there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFallback;

impl fmt::Display for UnknownFallback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("placeholder or error")
    }
}

impl FromStr for Fallback {
    type Err = UnknownFallback;

    fn from_str(text: &str) -> Result<Self, UnknownFallback> {
        match text {
            "placeholder" => Ok(Self::Placeholder),
            "error" => Ok(Self::Error),
            _ => Err(UnknownFallback),
        }
    }
}

/// Why there is a placeholder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FallbackReason {
    /// Generation is switched off.
    Disabled,
    /// The account at Ideogram is empty.
    NoCredits,
    /// Ideogram keeps failing.
    BreakerOpen,
}

impl FallbackReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Disabled, Self::NoCredits, Self::BreakerOpen];

    /// The code of the failure it stands in for, which is what callers are told.
    #[must_use]
    pub const fn code(self) -> FailureCode {
        match self {
            Self::Disabled => FailureCode::GenerationDisabled,
            Self::NoCredits => FailureCode::NoCredits,
            Self::BreakerOpen => FailureCode::BreakerOpen,
        }
    }

    /// What stands in for this failure; nothing for any other, or if it may have been billed.
    #[must_use]
    pub fn of(failure: &Failure) -> Option<Self> {
        let free = !failure.may_have_been_billed();
        let mut reasons = Self::ALL.into_iter();
        reasons.find(|reason| free && reason.code() == failure.code)
    }
}

/// The answer in Ideogram's shape: as many pictures as were asked for, each with this link. Ideogram
/// always names a seed; here it is the one that was asked for, or 0.
#[must_use]
pub fn answer(
    request: &ImageRequest,
    placeholder: Placeholder,
    link: &str,
    now: UnixMillis,
) -> Value {
    let mut image = json!({
        "url": link,
        "prompt": request.prompt(),
        "resolution": placeholder.size().to_string(),
        "is_image_safe": true,
        "seed": request.seed().unwrap_or(0),
    });
    if let (Some(style), Some(fields)) = (request.style(), image.as_object_mut()) {
        fields.insert("style_type".to_owned(), style.into());
    }
    let images = (0..request.images().get()).map(|_| image.clone());
    json!({"created": now.to_rfc3339(), "data": images.collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Endpoint;
    use crate::request::generated::LIMITS;
    use crate::retry::FailureCost;

    #[test]
    fn it_stands_in_for_what_is_off_and_for_nothing_else() {
        let reason = |code| FallbackReason::of(&Failure::new(code, ""));
        let stood_in_for = FailureCode::ALL
            .iter()
            .filter_map(|code| Some((*code, reason(*code)?.code())));
        let expected = [
            FailureCode::GenerationDisabled,
            FailureCode::NoCredits,
            FailureCode::BreakerOpen,
        ];
        assert!(stood_in_for.eq(expected.map(|code| (code, code))));
    }

    #[test]
    fn what_may_have_been_billed_is_told_as_it_is() {
        let mut failure = Failure::new(FailureCode::BreakerOpen, "");
        failure.cost = FailureCost::Unconfirmed;
        assert_eq!(FallbackReason::of(&failure), None);
    }

    #[test]
    fn there_is_a_placeholder_for_each_picture_with_what_was_asked_for() {
        let body = json!({"prompt": "a  fox", "num_images": 2, "seed": 7, "style_type": "DESIGN",
            "aspect_ratio": "16x9"});
        let asked = ImageRequest::parse(Endpoint::V3_GENERATE, &body, &LIMITS).unwrap();
        let failure = Failure::new(FailureCode::NoCredits, "");
        let placeholder = Placeholder::instead_of(&asked.request, &failure).unwrap();
        let answer = answer(&asked.request, placeholder, "x", UnixMillis::new(0));
        let image = json!({"url": "x", "prompt": "a fox", "resolution": "1312x736",
            "is_image_safe": true, "seed": 7, "style_type": "DESIGN"});
        let expected = json!({"created": "1970-01-01T00:00:00.000Z", "data": [image, image]});
        assert_eq!(answer, expected);
    }

    #[test]
    fn a_setting_is_one_of_two_words() {
        assert_eq!("placeholder".parse(), Ok(Fallback::default()));
        assert_eq!("error".parse(), Ok(Fallback::Error));
        assert_eq!("Error".parse::<Fallback>(), Err(UnknownFallback));
    }
}
