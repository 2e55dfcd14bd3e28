//! Which characters show nothing: Unicode's `Default_Ignorable_Code_Point` (DerivedCoreProperties,
//! 16.0), written out a second time so that a slip in the gateway's own list shows, and control
//! characters. The variation selectors that make a sign an emoji are let be.

/// Whether a sanitised text must not hold it.
pub(crate) fn is_invisible(character: char) -> bool {
    let ignorable = matches!(u32::from(character),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0
        | 0xFFF0..=0xFFF8 | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF);
    ignorable || character.is_control()
}
