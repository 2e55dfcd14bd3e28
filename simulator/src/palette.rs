//! Colour palettes.
//! Holds true: a palette is either a preset's name or one to eight members, never both
//! (Ideogram's OpenAPI document, `ColorPaletteWithPresetNameOrMembers`).

use serde_json::Value;

use crate::refusal::Refusal;
use crate::validate::{invalid, one_of};

pub(crate) fn check_palette(palette: &Value, names: &[&str]) -> Result<(), Refusal> {
    let wrong = || invalid("'color_palette' is neither a preset nor a list of members");
    let palette = palette.as_object().ok_or_else(wrong)?;
    match (palette.get("name"), palette.get("members")) {
        (Some(_), None) => one_of(palette, "name", names).map(drop),
        (None, Some(Value::Array(members)))
            if (1..=8).contains(&members.len()) && members.iter().all(is_palette_member) =>
        {
            Ok(())
        }
        _ => Err(wrong()),
    }
}

fn is_palette_member(member: &Value) -> bool {
    let hexadecimal = member["color_hex"]
        .as_str()
        .and_then(|hex| hex.strip_prefix('#'));
    let weight = &member["color_weight"];
    hexadecimal.is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    }) && (weight.is_null()
        || weight
            .as_f64()
            .is_some_and(|weight| (0.05..=1.0).contains(&weight)))
}
