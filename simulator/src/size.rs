//! Picture sizes: which may be asked for, and which an aspect ratio stands for.
//! Holds true: each ratio's size is one that Ideogram lists, near one megapixel.

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

    /// From `ASPECT_16_9` and the like. Ideogram's OpenAPI document names the eleven ratios
    /// but not their sizes; these are the nearest of its `Resolution` lists.
    pub(crate) fn from_aspect_ratio(name: &str) -> Option<Self> {
        let (width, height) = match name {
            "ASPECT_1_1" => return Some(Self::SQUARE),
            "ASPECT_10_16" => (800, 1280),
            "ASPECT_16_10" => (1280, 800),
            "ASPECT_9_16" => (736, 1312),
            "ASPECT_16_9" => (1312, 736),
            "ASPECT_3_2" => (1248, 832),
            "ASPECT_2_3" => (832, 1248),
            "ASPECT_4_3" => (1152, 864),
            "ASPECT_3_4" => (864, 1152),
            "ASPECT_1_3" => (512, 1536),
            "ASPECT_3_1" => (1536, 512),
            _ => return None,
        };
        Some(Self { width, height })
    }

    /// From `RESOLUTION_1024_1024` and the like, if it is one of the listed ones.
    pub(crate) fn from_resolution(name: &str) -> Option<Self> {
        RESOLUTIONS
            .into_iter()
            .find(|(width, height)| name == format!("RESOLUTION_{width}_{height}"))
            .map(|(width, height)| Self { width, height })
    }

    /// As answers write it: `1024x1024`.
    pub(crate) fn label(self) -> String {
        format!("{}x{}", self.width, self.height)
    }
}

/// Ideogram's OpenAPI document, `Resolution`.
const RESOLUTIONS: [(u32, u32); 78] = [
    (512, 1536),
    (576, 1408),
    (576, 1472),
    (576, 1536),
    (640, 1024),
    (640, 1344),
    (640, 1408),
    (640, 1472),
    (640, 1536),
    (704, 1152),
    (704, 1216),
    (704, 1280),
    (704, 1344),
    (704, 1408),
    (704, 1472),
    (720, 1280),
    (736, 1312),
    (768, 1024),
    (768, 1088),
    (768, 1152),
    (768, 1216),
    (768, 1232),
    (768, 1280),
    (768, 1344),
    (832, 960),
    (832, 1024),
    (832, 1088),
    (832, 1152),
    (832, 1216),
    (832, 1248),
    (864, 1152),
    (896, 960),
    (896, 1024),
    (896, 1088),
    (896, 1120),
    (896, 1152),
    (960, 832),
    (960, 896),
    (960, 1024),
    (960, 1088),
    (1024, 640),
    (1024, 768),
    (1024, 832),
    (1024, 896),
    (1024, 960),
    (1024, 1024),
    (1088, 768),
    (1088, 832),
    (1088, 896),
    (1088, 960),
    (1120, 896),
    (1152, 704),
    (1152, 768),
    (1152, 832),
    (1152, 864),
    (1152, 896),
    (1216, 704),
    (1216, 768),
    (1216, 832),
    (1232, 768),
    (1248, 832),
    (1280, 704),
    (1280, 720),
    (1280, 768),
    (1280, 800),
    (1312, 736),
    (1344, 640),
    (1344, 704),
    (1344, 768),
    (1408, 576),
    (1408, 640),
    (1408, 704),
    (1472, 576),
    (1472, 640),
    (1472, 704),
    (1536, 512),
    (1536, 576),
    (1536, 640),
];
