//! Sizes and parts of pictures in numbers, as Ideogram 4.5 takes them. Whether they go with the
//! pictures that they are for is Ideogram's to say: the gateway does not look into pictures.

use serde_json::Value;

use super::field::not_one_of;
use super::invalid::InvalidRequest;

/// Ideogram's API reference of `ideogram-4-5` (2026-10): each side a multiple of this,
const STEP: u64 = 32;
/// and at least this long, in pixels,
const SHORTEST_SIDE: u64 = 256;
/// with at most this many pixels in all,
const MOST_PIXELS: u64 = 2048 * 2048;
/// and one side at most so many times as long as the other.
const LONGEST_SHAPE: u64 = 6;

/// One of the words, or a size.
pub(super) fn size(value: &Value, path: &str, words: &[&str]) -> Result<Value, InvalidRequest> {
    let is_size = |text: &str| matches!(numbers(text, 'x').as_deref(), Some([width, height]) if is_made(*width, *height));
    one_of(value, words, is_size).ok_or_else(|| {
        InvalidRequest::new(
            path,
            "must be auto, source, or width and height such as 1024x1024, each a multiple of 32 from 256 \
             on, at most 2048x2048 pixels in all and 6 to 1",
        )
    })
}

/// One of the words, or left edge, top edge, width and height.
pub(super) fn region(value: &Value, path: &str, words: &[&str]) -> Result<Value, InvalidRequest> {
    let is_region = |text: &str| {
        let edges = numbers(text, ',');
        matches!(edges.as_deref(), Some([_, _, width, height]) if is_seen(*width, *height))
    };
    one_of(value, words, is_region)
        .ok_or_else(|| not_one_of(value, path, &[words, REGION].concat()))
}

const REGION: &[&str] = &["left,top,width,height in pixels"];

fn one_of(value: &Value, words: &[&str], takes: impl Fn(&str) -> bool) -> Option<Value> {
    let text = value.as_str()?;
    (words.contains(&text) || takes(text)).then(|| text.into())
}

/// Whole numbers in the one way to write them, with `between` between them.
fn numbers(text: &str, between: char) -> Option<Vec<u64>> {
    let number = |digits: &str| {
        let number = digits.parse::<u32>().ok()?;
        (number.to_string() == digits).then(|| u64::from(number))
    };
    text.split(between).map(number).collect()
}

const fn is_made(width: u64, height: u64) -> bool {
    width.is_multiple_of(STEP) && height.is_multiple_of(STEP) && is_seen(width, height)
}

/// Whether the model works on something of this size.
const fn is_seen(width: u64, height: u64) -> bool {
    let sides_fit = width >= SHORTEST_SIDE && height >= SHORTEST_SIDE;
    let shape_fits = width <= LONGEST_SHAPE * height && height <= LONGEST_SHAPE * width;
    sides_fit && shape_fits && width * height <= MOST_PIXELS
}
