//! The lists of values that fields choose from.
//! Holds true: every list is one of Ideogram's OpenAPI document, 2026-04 but for what is said to be
//! later, under the name it has
//! there.

/// `StyleType`.
pub(crate) const STYLE_TYPES: &[&str] = &[
    "AUTO",
    "GENERAL",
    "FICTION",
    "REALISTIC",
    "DESIGN",
    "RENDER_3D",
    "ANIME",
    "CUSTOM",
    "STYLIZED",
];

/// `StyleTypeV3`.
pub(crate) const STYLE_TYPES_V3: &[&str] = &[
    "AUTO",
    "GENERAL",
    "REALISTIC",
    "DESIGN",
    "CUSTOM",
    "FICTION",
    "STYLIZED",
];

/// `StylePresetV3`.
pub(crate) const STYLE_PRESETS_V3: &[&str] = &[
    "80S_ILLUSTRATION",
    "90S_NOSTALGIA",
    "ABSTRACT_ORGANIC",
    "ANALOG_NOSTALGIA",
    "ART_BRUT",
    "ART_DECO",
    "ART_POSTER",
    "AURA",
    "AVANT_GARDE",
    "BAUHAUS",
    "BLUEPRINT",
    "BLURRY_MOTION",
    "BRIGHT_ART",
    "C4D_CARTOON",
    "CHILDRENS_BOOK",
    "COLLAGE",
    "COLORING_BOOK_I",
    "COLORING_BOOK_II",
    "CUBISM",
    "DARK_AURA",
    "DOODLE",
    "DOUBLE_EXPOSURE",
    "DRAMATIC_CINEMA",
    "EDITORIAL",
    "EMOTIONAL_MINIMAL",
    "ETHEREAL_PARTY",
    "EXPIRED_FILM",
    "FLAT_ART",
    "FLAT_VECTOR",
    "FOREST_REVERIE",
    "GEO_MINIMALIST",
    "GLASS_PRISM",
    "GOLDEN_HOUR",
    "GRAFFITI_I",
    "GRAFFITI_II",
    "HALFTONE_PRINT",
    "HIGH_CONTRAST",
    "HIPPIE_ERA",
    "ICONIC",
    "JAPANDI_FUSION",
    "JAZZY",
    "LONG_EXPOSURE",
    "MAGAZINE_EDITORIAL",
    "MINIMAL_ILLUSTRATION",
    "MIXED_MEDIA",
    "MONOCHROME",
    "NIGHTLIFE",
    "OIL_PAINTING",
    "OLD_CARTOONS",
    "PAINT_GESTURE",
    "POP_ART",
    "RETRO_ETCHING",
    "RIVIERA_POP",
    "SPOTLIGHT_80S",
    "STYLIZED_RED",
    "SURREAL_COLLAGE",
    "TRAVEL_POSTER",
    "VINTAGE_GEO",
    "VINTAGE_POSTER",
    "WATERCOLOR",
    "WEIRD",
    "WOODBLOCK_PRINT",
];

/// `MagicPromptOption`.
pub(crate) const MAGIC_PROMPT_OPTIONS: &[&str] = &["AUTO", "ON", "OFF"];

/// `MagicPromptVersionEnum`.
pub(crate) const MAGIC_PROMPT_VERSIONS: &[&str] = &[
    "V_0", "V_0_1", "V_0_2", "V_0_3", "V_0_4", "V_0_5", "V_0_6", "V_0_7", "V_0_8",
];

/// `ColorPalettePresetName`.
pub(crate) const PALETTE_NAMES: &[&str] = &[
    "EMBER",
    "FRESH",
    "JUNGLE",
    "MAGIC",
    "MELON",
    "MOSAIC",
    "PASTEL",
    "ULTRAMARINE",
];

/// `DescribeModelVersion`.
pub(crate) const DESCRIBE_MODEL_VERSIONS: &[&str] = &["V_2", "V_3", "CUSTOM"];

/// `UpscaleFactor`.
pub(crate) const UPSCALE_FACTORS: &[&str] = &["X1", "X2", "X4"];

/// v2's rendering speeds. This and what follows: in the document since 2026-10, without names.
pub(crate) const SPEEDS_V2: &[&str] = &["turbo", "default", "quality"];

/// Of ideogram-2 and ideogram-2a.
pub(crate) const STYLE_TYPES_OF_V2: &[&str] = &[
    "auto",
    "general",
    "realistic",
    "design",
    "render_3d",
    "anime",
];

/// Of ideogram-3-character.
pub(crate) const STYLE_TYPES_OF_CHARACTERS: &[&str] = &["auto", "realistic", "fiction"];

/// `name` of v2's palettes.
pub(crate) const PALETTE_NAMES_V2: &[&str] = &[
    "ember",
    "fresh",
    "jungle",
    "magic",
    "melon",
    "mosaic",
    "pastel",
    "ultramarine",
];

/// Of ideogram-4-5.
pub(crate) const QUALITIES: &[&str] = &["very_low", "low", "medium", "high"];

/// Of ideogram-4-transparent.
pub(crate) const OUTPUT_RESOLUTIONS: &[&str] = &["1k", "2k", "4k", "8k"];

/// Of the upscalers.
pub(crate) const ENLARGING_FACTORS: &[&str] = &["x2", "x4", "x8"];
