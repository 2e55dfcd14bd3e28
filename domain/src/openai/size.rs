//! The size of a picture as OpenAI's API has it, `1024x1024`, and what a model makes of it: the same
//! if it has it, else its nearest, which the answer names, or nothing if none of its sizes has nearly
//! that shape. All in whole numbers, so that no rounding decides.

use std::cmp::Ordering;

use serde_json::Value;

use super::models::NamedModel;
use crate::request::InvalidRequest;
use crate::size::{Quotient, Size};

const FIELD: &str = "size";
/// The most that a shape may be off, width to height: ten of a hundred.
const MOST_OFF: Quotient = Quotient::of(110, 100);
const SIZES_SHOWN: usize = 5;

/// The size a request asks for and the one it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenSize {
    /// As the caller has it.
    pub asked: String,
    /// In pixels as well, or the shape, `16:9`, where the model takes no more.
    pub used: String,
    /// Ideogram's option and its word for it.
    pub(super) option: (&'static str, &'static str),
}

impl ChosenSize {
    /// Whether it is another than the one asked for.
    #[must_use]
    pub fn is_another(&self) -> bool {
        self.asked != self.used
    }

    /// What comes of the field `size`; nothing if it leaves the size to the model.
    ///
    /// # Errors
    /// It is no size, or none that the model has nearly the shape of.
    pub(super) fn of(value: &Value, named: NamedModel) -> Result<Option<Self>, InvalidRequest> {
        if value == "auto" {
            return Ok(None);
        }
        let size: Option<Size> = value.as_str().and_then(|text| text.parse().ok());
        let asked = size.ok_or_else(|| {
            InvalidRequest::new(FIELD, "must be auto, or width and height such as 1024x1024")
        })?;
        let NamedModel {
            endpoint, model, ..
        } = named;
        let by_pixels = endpoint.takes("resolution", model);
        let option = if by_pixels {
            "resolution"
        } else {
            "aspect_ratio"
        };
        let words = endpoint.words(option, model);
        let sizes: Vec<_> = words
            .iter()
            .filter_map(|word| Some((Size::in_word(word)?, *word)))
            .collect();
        let Some((used, word)) = nearest(asked, &sizes, by_pixels) else {
            return Err(not_near(named, &sizes, asked));
        };
        let used = if by_pixels {
            used.to_string()
        } else {
            format!("{}:{}", used.width(), used.height())
        };
        Ok(Some(Self {
            asked: asked.to_string(),
            used,
            option: (option, word),
        }))
    }
}

/// Of the sizes whose shape is off by at most a tenth the one with the nearest shape; of several with
/// that shape the one with the nearest number of pixels.
fn nearest(
    asked: Size,
    sizes: &[(Size, &'static str)],
    by_pixels: bool,
) -> Option<(Size, &'static str)> {
    let near = sizes.iter().copied().filter(|(size, _)| {
        let off = asked.shape_off(*size);
        off.compare(MOST_OFF) != Ordering::Greater
    });
    near.min_by(|(one, _), (other, _)| {
        let by_shape = asked.shape_off(*one).compare(asked.shape_off(*other));
        let off = |size: &Size| Quotient::of(asked.pixels(), size.pixels());
        let by_size = || match by_pixels {
            true => off(one).compare(off(other)),
            false => Ordering::Equal,
        };
        by_shape.then_with(by_size)
    })
}

/// Says which sizes there are: those whose shape is nearest.
fn not_near(named: NamedModel, sizes: &[(Size, &'static str)], asked: Size) -> InvalidRequest {
    let mut sizes: Vec<_> = sizes.iter().map(|(size, _)| *size).collect();
    sizes.sort_by(|one, other| asked.shape_off(*one).compare(asked.shape_off(*other)));
    let shown: Vec<_> = sizes
        .iter()
        .take(SIZES_SHOWN)
        .map(Size::to_string)
        .collect();
    let (shown, id) = (shown.join(", "), named.id);
    let complaint = format_args!(
        "is of a shape that {id} does not make; of what it makes these are nearest: {shown}"
    );
    InvalidRequest::new(FIELD, complaint)
}

#[cfg(test)]
mod tests;
