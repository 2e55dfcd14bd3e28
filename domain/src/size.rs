//! Width and height of pictures, and how far shapes are apart. All in whole numbers, so that no
//! rounding decides.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// The longest side that is read. Twice it is more than any model makes.
pub(crate) const LONGEST_SIDE: u64 = 9_999;

/// Width and height in pixels; or a shape, where a model takes no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    width: u64,
    height: u64,
}

impl Size {
    /// The size that Ideogram makes where nothing else is asked for.
    pub(crate) const SQUARE: Self = Self {
        width: 1024,
        height: 1024,
    };

    pub(crate) const fn width(self) -> u64 {
        self.width
    }

    pub(crate) const fn height(self) -> u64 {
        self.height
    }

    pub(crate) const fn pixels(self) -> u64 {
        self.width * self.height
    }

    /// How far the shapes are apart: 1 if they are the same.
    pub(crate) fn shape_off(self, other: Self) -> Quotient {
        Quotient::of(self.width * other.height, other.width * self.height)
    }

    /// The size in one of Ideogram's words: `RESOLUTION_640_1024`, `ASPECT_16_9`, `640x1024`, `16x9`.
    pub(crate) fn in_word(word: &str) -> Option<Self> {
        let sides = word.trim_start_matches(|letter: char| !letter.is_ascii_digit());
        let (width, height) = sides.split_once(['_', 'x'])?;
        Self::of(width, height)
    }

    fn of(width: &str, height: &str) -> Option<Self> {
        let side = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let side = text.parse().ok().filter(|_| digits)?;
            (1..=LONGEST_SIDE).contains(&side).then_some(side)
        };
        Some(Self {
            width: side(width)?,
            height: side(height)?,
        })
    }
}

impl FromStr for Size {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (width, height) = text.split_once('x').ok_or(())?;
        Self::of(width, height).ok_or(())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}x{}", self.width, self.height)
    }
}

/// The larger of two numbers by the smaller, compared exactly. Both are at most areas, so no product
/// of two is too large.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quotient(u64, u64);

impl Quotient {
    pub(crate) const fn of(one: u64, other: u64) -> Self {
        if one < other {
            Self(other, one)
        } else {
            Self(one, other)
        }
    }

    pub(crate) fn compare(self, other: Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}
