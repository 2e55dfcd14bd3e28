//! The lists of words of Ideogram's v2 API, after its OpenAPI document of 2026-10. Where it has the
//! words of the older endpoints they are in `lists`.

#[rustfmt::skip]
pub(super) const ASPECT_RATIOS: &[&str] = &[
    "auto", "1x3", "3x1", "1x2", "2x1", "9x16", "16x9", "10x16", "16x10", "2x3", "3x2", "3x4",
    "4x3", "4x5", "5x4", "1x1",
];

/// Those of Ideogram 4.0.
#[rustfmt::skip]
pub(super) const ASPECT_RATIOS_V4: &[&str] = &[
    "auto", "1x4", "4x1", "1x3", "3x1", "1x2", "2x1", "9x16", "16x9", "10x16", "16x10", "2x3",
    "3x2", "3x4", "4x3", "4x5", "5x4", "1x1",
];

pub(super) const MAGIC_PROMPTS: &[&str] = &["auto", "on", "off"];

/// Those of Ideogram 2.0 and 2a.
#[rustfmt::skip]
pub(super) const STYLE_TYPES_V2: &[&str] = &[
    "auto", "general", "realistic", "design", "render_3d", "anime",
];

/// Those of Ideogram 3.0.
#[rustfmt::skip]
pub(super) const STYLE_TYPES_V3: &[&str] = &[
    "auto", "general", "realistic", "design", "custom", "fiction", "stylized",
];

/// Those that go with a reference to a character.
pub(super) const STYLE_TYPES_OF_CHARACTERS: &[&str] = &["auto", "realistic", "fiction"];

/// `IdeogramV3StylePreset`.
#[rustfmt::skip]
pub(super) const STYLE_PRESETS: &[&str] = &[
    "80s_illustration", "90s_nostalgia", "abstract_organic", "analog_nostalgia", "art_brut",
    "art_deco", "art_poster", "aura", "avant_garde", "bauhaus", "blueprint", "blurry_motion",
    "bright_art", "c4d_cartoon", "childrens_book", "collage", "coloring_book_i", "coloring_book_ii",
    "cubism", "dark_aura", "doodle", "double_exposure", "dramatic_cinema", "editorial",
    "emotional_minimal", "ethereal_party", "expired_film", "flat_art", "flat_vector",
    "forest_reverie", "geo_minimalist", "glass_prism", "golden_hour", "graffiti_i", "graffiti_ii",
    "halftone_print", "high_contrast", "hippie_era", "iconic", "japandi_fusion", "jazzy",
    "long_exposure", "magazine_editorial", "minimal_illustration", "mixed_media", "monochrome",
    "nightlife", "oil_painting", "old_cartoons", "paint_gesture", "pop_art", "retro_etching",
    "riviera_pop", "spotlight_80s", "stylized_red", "surreal_collage", "travel_poster",
    "vintage_geo", "vintage_poster", "watercolor", "weird", "woodblock_print",
];

/// How many times as wide and high a transparent picture is made.
pub(super) const UPSCALE_FACTORS: &[&str] = &["x1", "x2", "x4"];

/// How large a transparent picture of Ideogram 4.0 is made.
pub(super) const OUTPUT_RESOLUTIONS: &[&str] = &["1k", "2k", "4k", "8k"];

/// What Ideogram 4.5 takes for a size besides numbers, and the sizes among those of Ideogram 4.0, some
/// of which are none of its own.
#[rustfmt::skip]
pub(super) const SIZES: &[&str] = &[
    "auto", "source", "512x1536", "720x1280", "720x1440", "800x1280", "832x1248", "864x1152",
    "896x1120", "1024x1024", "1024x3072", "1120x896", "1152x864", "1152x2944", "1248x832",
    "1248x3328", "1280x720", "1280x800", "1280x3072", "1296x3168", "1440x720", "1440x2560",
    "1440x2880", "1536x512", "1600x2560", "1664x2496", "1728x2304", "1792x2240", "2048x2048",
    "2240x1792", "2304x1728", "2496x1664", "2560x1440", "2560x1600", "2880x1440", "2944x1152",
    "3072x1024", "3072x1280", "3168x1296", "3328x1248",
];

/// What Ideogram 4.5 takes for the part of a picture that it sees, besides numbers.
pub(super) const CONTEXT_WINDOWS: &[&str] = &["none", "auto"];
