//! What fields of v2 have to do with the picture that is sent.
//! Holds true: a picture that is kept at Ideogram's has no size here, and breaks no rule.

use crate::given::Given;
use crate::refusal::Refusal;
use crate::size::{Size, SizeList};
use crate::validate::{invalid, not_one_of};

/// What an upscaler does if it is not told.
pub(crate) const USUAL_ENLARGEMENT: u32 = 2;
/// Sides of a picture made of others are multiples of it, in pixels.
const STEP: u32 = 32;
/// Least side of such a picture.
const LEAST_SIDE: u32 = 256;
/// Most pixels of such a picture.
const MOST_PIXELS: u32 = 2_048 * 2_048;
/// How many times longer than the other a side of it can be.
const MOST_RATIO: u32 = 6;

/// `size` of ideogram-4-5.
pub(crate) fn check_picture_size(size: &str, given: &Given) -> Result<(), Refusal> {
    let with_pictures = given.has("images") || given.has("image_asset_identifiers");
    let fits = match (size, with_pictures) {
        ("auto", _) => true,
        ("source", with_pictures) => with_pictures,
        (_, true) => Size::from_label(size).is_some_and(is_made_of_pictures),
        (_, false) => SizeList::V4.resolution(size).is_some(),
    };
    if fits {
        Ok(())
    } else {
        Err(not_one_of("size", size))
    }
}

fn is_made_of_pictures(size: Size) -> bool {
    let Size { width, height } = size;
    let sides = [width, height];
    sides
        .iter()
        .all(|side| *side >= LEAST_SIDE && side % STEP == 0)
        && width.saturating_mul(height) <= MOST_PIXELS
        && is_within(size, MOST_RATIO)
}

fn is_within(Size { width, height }: Size, ratio: u32) -> bool {
    width <= height.saturating_mul(ratio) && height <= width.saturating_mul(ratio)
}

pub(crate) fn check_proportions(name: &str, most: u32, given: &Given) -> Result<(), Refusal> {
    match given.picture(name) {
        Some(size) if !is_within(size, most) => Err(invalid(format!(
            "'{name}': one side is over {most} times the other"
        ))),
        _ => Ok(()),
    }
}

pub(crate) fn check_enlarged(name: &str, most: u32, given: &Given) -> Result<(), Refusal> {
    let factor = given.upscale_factor(USUAL_ENLARGEMENT);
    match given.picture(name) {
        Some(size) if size.width.max(size.height).saturating_mul(factor) > most => Err(invalid(
            format!("'{name}': enlarged, a side is over {most} pixels"),
        )),
        _ => Ok(()),
    }
}

pub(crate) fn check_shape(name: &str, weight: &str, given: &Given) -> Result<(), Refusal> {
    let asked = given.text("resolution").and_then(Size::from_label);
    match (given.picture(name), asked) {
        (Some(sent), Some(asked)) if !sent.has_shape_of(asked) => Err(invalid(format!(
            "'{weight}' is for a picture of the same shape"
        ))),
        _ => Ok(()),
    }
}
