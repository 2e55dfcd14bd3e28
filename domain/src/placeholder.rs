//! The picture that stands in for another while generation is off: of the size that was asked for, and
//! with fixed words that say why. Nothing of a caller's is in it.
//! Holds true: its name says all there is to it and has one spelling, so it can be cached for ever.

use std::fmt;
use std::ops::RangeInclusive;

use crate::failure::Failure;
use crate::fallback::FallbackReason;
use crate::request::{Endpoint, ImageRequest, Model, Product};
use crate::size::Size;

/// The sides it may have, in pixels. Ideogram's own are from 512 to 3328.
const SIDES: RangeInclusive<u64> = 256..=4096;
/// Its media type.
pub const CONTENT_TYPE: &str = "image/svg+xml";
/// What it may do where it is opened by itself: nothing but be drawn.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
const EXTENSION: &str = ".svg";

/// A placeholder. Written out it is its name, `1024x1024-no_credits.svg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placeholder {
    size: Size,
    reason: FallbackReason,
}

impl Placeholder {
    /// What stands in for each picture of a request that failed like this; none where the failure is
    /// the answer: it is another one, or no pictures were asked for.
    #[must_use]
    pub fn instead_of(request: &ImageRequest, failure: &Failure) -> Option<Self> {
        let makes_pictures = request.endpoint().product() == Product::Pictures;
        let reason = FallbackReason::of(failure).filter(|_| makes_pictures)?;
        let size = size_of(request);
        Some(Self { size, reason })
    }

    /// The placeholder of this name; none if there is none.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (size, reason) = name.strip_suffix(EXTENSION)?.split_once('-')?;
        let size: Size = size.parse().ok()?;
        let mut reasons = FallbackReason::ALL.into_iter();
        let reason = reasons.find(|known| known.code().as_str() == reason)?;
        let fits = SIDES.contains(&size.width()) && SIDES.contains(&size.height());
        let placeholder = Self { size, reason };
        (fits && placeholder.to_string() == name).then_some(placeholder)
    }

    /// Its size in pixels.
    #[must_use]
    pub const fn size(self) -> Size {
        self.size
    }

    /// Why there is one.
    #[must_use]
    pub const fn reason(self) -> FallbackReason {
        self.reason
    }

    /// The picture itself.
    #[must_use]
    pub fn svg(self) -> String {
        let (width, height) = (self.size.width(), self.size.height());
        let sentence = words(self.reason);
        // Letters are about half as wide as they are high, and the longest sentence has 38 of them.
        let letters = (width / 24).min(height / 8);
        let line = |y: u64, text: &str| format!(r#"<text x="50%" y="{y}">{text}</text>"#);
        let (first, second) = (height / 2 - letters, height / 2 + letters);
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" "#,
                r#"viewBox="0 0 {width} {height}" role="img" aria-label="{sentence}">"#,
                "<style>text{{font:{letters}px sans-serif;fill:#495057;text-anchor:middle}}</style>",
                r##"<rect width="100%" height="100%" fill="#e9ecef"/>"##,
                "{one}{other}</svg>\n",
            ),
            width = width,
            height = height,
            sentence = sentence,
            letters = letters,
            one = line(first, "No picture yet"),
            other = line(second, sentence),
        )
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = self.reason.code().as_str();
        write!(formatter, "{}-{reason}{EXTENSION}", self.size)
    }
}

const fn words(reason: FallbackReason) -> &'static str {
    match reason {
        FallbackReason::Disabled => "Making pictures is switched off",
        FallbackReason::NoCredits => "The account has no credit left",
        FallbackReason::BreakerOpen => "The picture service fails at the moment",
    }
}

/// The resolution that was asked for; for a shape the listed resolution that has it; a square where
/// the size would follow from a picture that was sent, or is Ideogram's to choose.
fn size_of(request: &ImageRequest) -> Size {
    let asked = |option| Size::in_word(request.option(option)?.as_str()?);
    asked("resolution")
        .or_else(|| asked("size"))
        .or_else(|| asked("aspect_ratio").and_then(nearest))
        .unwrap_or(Size::SQUARE)
}

/// The resolution of Ideogram 3.0 that is nearest to a shape.
fn nearest(shape: Size) -> Option<Size> {
    let words = Endpoint::V3_GENERATE.words("resolution", Model::V3Default);
    let sizes = words.iter().filter_map(|word| Size::in_word(word));
    sizes.min_by(|one, other| shape.shape_off(*one).compare(shape.shape_off(*other)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::FailureCode;
    use crate::request::generated::LIMITS;
    use serde_json::{Value, json};

    fn of(path: &str, body: Value) -> Option<String> {
        let endpoint = Endpoint::at(path).unwrap();
        let asked = ImageRequest::parse(endpoint, &body, &LIMITS).unwrap();
        let failure = Failure::new(FailureCode::GenerationDisabled, "");
        Placeholder::instead_of(&asked.request, &failure).map(|one| one.to_string())
    }

    fn names() -> impl Iterator<Item = String> {
        let all = Endpoint::all().flat_map(|endpoint| {
            let words = endpoint.words("resolution", Model::V2).iter();
            let shapes = endpoint.words("aspect_ratio", Model::V2).iter();
            let sizes = words.filter_map(|word| Size::in_word(word));
            sizes.chain(shapes.filter_map(|word| nearest(Size::in_word(word)?)))
        });
        all.flat_map(|size| {
            FallbackReason::ALL.map(|reason| Placeholder { size, reason }.to_string())
        })
    }

    #[test]
    fn it_has_the_size_that_was_asked_for_or_the_one_of_that_shape() {
        for (shape, size) in [
            ("1_1", "1024x1024"),
            ("10_16", "800x1280"),
            ("16_9", "1312x736"),
            ("3_2", "1248x832"),
            ("3_4", "864x1152"),
            ("3_1", "1536x512"),
        ] {
            let fields = json!({"prompt": "a fox", "aspect_ratio": format!("ASPECT_{shape}")});
            let name = of("/generate", json!({ "image_request": fields }));
            assert_eq!(name, Some(format!("{size}-generation_disabled.svg")));
        }
        for (path, body, size) in [
            (
                "/generate",
                json!({"image_request": {"prompt": "a fox", "resolution": "RESOLUTION_576_1408"}}),
                "576x1408",
            ),
            (
                "/v1/ideogram-v3/generate",
                json!({"prompt": "a fox", "aspect_ratio": "4x5"}),
                "896x1120",
            ),
            (
                "/v1/ideogram-v4/generate",
                json!({"text_prompt": "a fox", "resolution": "3328x1248"}),
                "3328x1248",
            ),
            (
                "/v1/ideogram-v4/generate",
                json!({"text_prompt": "a fox"}),
                "1024x1024",
            ),
        ] {
            let expected = format!("{size}-generation_disabled.svg");
            assert_eq!(of(path, body), Some(expected), "{path}");
        }
    }

    #[test]
    fn each_that_can_be_named_in_an_answer_can_be_looked_at_by_its_name() {
        for name in names() {
            let placeholder = Placeholder::parse(&name);
            let placeholder = placeholder.unwrap_or_else(|| panic!("{name}"));
            assert_eq!(placeholder.to_string(), name);
        }
    }

    #[test]
    fn there_is_none_of_another_name() {
        for name in [
            "",
            "1024x1024",
            "1024x1024.svg",
            "1024x1024-.svg",
            "1024x1024-no_credits",
            "1024x1024-no_credits.png",
            "1024x1024-busy.svg",
            "1024x1024-no_credits.svg/",
            "01024x1024-no_credits.svg",
            "+1024x1024-no_credits.svg",
            "1024x1024x1-no_credits.svg",
            "255x1024-no_credits.svg",
            "1024x4097-no_credits.svg",
            "99999999999999999999x1024-no_credits.svg",
            "1024x1024-No_credits.svg",
            "1024x1024-no_credits.svg.svg",
        ] {
            assert_eq!(Placeholder::parse(name), None, "{name}");
        }
    }

    #[test]
    fn it_says_why_in_words_that_fit() {
        for reason in FallbackReason::ALL {
            let name = format!("512x1536-{}.svg", reason.code().as_str());
            let svg = Placeholder::parse(&name).unwrap().svg();
            assert!(svg.starts_with(r#"<svg xmlns="http://www.w3.org/2000/svg" width="512""#));
            assert!(svg.contains(words(reason)));
            assert!(words(reason).chars().count() <= 40, "{reason:?}");
        }
    }
}
