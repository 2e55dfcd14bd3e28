//! Picture sizes: which may be asked for, and which an aspect ratio stands for.
//! Holds true: each ratio's size is near one megapixel, and one that Ideogram lists if it lists
//! any.

use crate::resolutions::{LEGACY_ALONE, LEGACY_AND_V3, V3_ALONE, V4};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Size {
    pub(crate) const SQUARE: Self = Self {
        width: 1024,
        height: 1024,
    };

    /// What ideogram-4-5 makes unless it is told.
    pub(crate) const SQUARE_2K: Self = Self {
        width: 2048,
        height: 2048,
    };

    /// As answers write it: `1024x1024`.
    pub(crate) fn label(self) -> String {
        format!("{}x{}", self.width, self.height)
    }

    /// The size that is written so.
    pub(crate) fn from_label(label: &str) -> Option<Self> {
        let (width, height) = label.split_once('x')?;
        let size = Self {
            width: width.parse().ok()?,
            height: height.parse().ok()?,
        };
        (size.label() == label).then_some(size)
    }

    pub(crate) fn has_shape_of(self, other: Self) -> bool {
        u64::from(self.width) * u64::from(other.height)
            == u64::from(self.height) * u64::from(other.width)
    }

    pub(crate) fn times(self, factor: u32) -> Self {
        Self {
            width: self.width * factor,
            height: self.height * factor,
        }
    }

    /// How far another's proportions are from these, as a number that is 1 if they are the same.
    fn distortion(self, other: Self) -> f64 {
        let ratio = |size: Self| f64::from(size.width.max(1)) / f64::from(size.height.max(1));
        let quotient = ratio(self) / ratio(other);
        quotient.max(1.0 / quotient)
    }
}

/// The sizes of a generation of endpoints, and how it writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SizeList {
    /// `RESOLUTION_1024_1024`, `ASPECT_16_9`.
    Legacy,
    /// `1024x1024`, `16x9`.
    V3,
    /// `1024x1024`, `16x9`.
    V4,
}

impl SizeList {
    /// The size of this name, if it is one of the listed ones.
    pub(crate) fn resolution(self, name: &str) -> Option<Size> {
        self.sizes().find(|size| match self {
            Self::Legacy => name == format!("RESOLUTION_{}_{}", size.width, size.height),
            Self::V3 | Self::V4 => name == size.label(),
        })
    }

    /// Ideogram's OpenAPI document names the ratios but not their sizes; these are the nearest
    /// of its lists.
    pub(crate) fn aspect_ratio(self, name: &str) -> Option<Size> {
        let none: &[Ratio] = &[];
        let (alone, more, prefix, separator) = match self {
            Self::Legacy => (none, none, "ASPECT_", "_"),
            Self::V3 => (V3_RATIOS_ALONE, none, "", "x"),
            Self::V4 => (V3_RATIOS_ALONE, V4_RATIOS_ALONE, "", "x"),
        };
        let (wide, high) = name.strip_prefix(prefix)?.split_once(separator)?;
        let mut ratios = RATIOS.iter().chain(alone).chain(more);
        ratios
            .find(|ratio| ratio.wide == wide && ratio.high == high)
            .map(|ratio| ratio.size)
    }

    /// The listed size whose proportions are nearest to these; the same size, if it is listed.
    pub(crate) fn nearest(self, size: Size) -> Size {
        if self.sizes().any(|listed| listed == size) {
            return size;
        }
        self.sizes()
            .min_by(|one, other| size.distortion(*one).total_cmp(&size.distortion(*other)))
            .unwrap_or(Size::SQUARE)
    }

    fn sizes(self) -> impl Iterator<Item = Size> {
        let (list, alone) = match self {
            Self::Legacy => (LEGACY_AND_V3, LEGACY_ALONE),
            Self::V3 => (LEGACY_AND_V3, V3_ALONE),
            Self::V4 => (V4, &[] as &[(u32, u32)]),
        };
        let sizes = list.iter().chain(alone);
        sizes.map(|&(width, height)| Size { width, height })
    }
}

struct Ratio {
    wide: &'static str,
    high: &'static str,
    size: Size,
}

const fn ratio(wide: &'static str, high: &'static str, width: u32, height: u32) -> Ratio {
    let size = Size { width, height };
    Ratio { wide, high, size }
}

/// In both `AspectRatio` and `AspectRatioV3`.
const RATIOS: &[Ratio] = &[
    ratio("1", "1", 1024, 1024),
    ratio("10", "16", 800, 1280),
    ratio("16", "10", 1280, 800),
    ratio("9", "16", 736, 1312),
    ratio("16", "9", 1312, 736),
    ratio("3", "2", 1248, 832),
    ratio("2", "3", 832, 1248),
    ratio("4", "3", 1152, 864),
    ratio("3", "4", 864, 1152),
    ratio("1", "3", 512, 1536),
    ratio("3", "1", 1536, 512),
];

/// In v4's alone; of these no size is listed.
const V4_RATIOS_ALONE: &[Ratio] = &[ratio("1", "4", 512, 2048), ratio("4", "1", 2048, 512)];

/// In `AspectRatioV3`, and v4's.
const V3_RATIOS_ALONE: &[Ratio] = &[
    ratio("1", "2", 704, 1408),
    ratio("2", "1", 1408, 704),
    ratio("4", "5", 896, 1120),
    ratio("5", "4", 1120, 896),
];
