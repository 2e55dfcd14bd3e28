//! Whether the fields that a request gives are what its endpoint's row asks for.
//! Holds true: a request that passes can be run; nothing is judged twice.

use serde_json::Value;

use crate::endpoint::{Endpoint, Field, Kind, Rule};
use crate::given::Given;
use crate::json_prompt::check_json_prompt;
use crate::model::Model;
use crate::palette::check_palette;
use crate::refusal::Refusal;
use crate::speed::Speed;
use crate::upload::Upload;
use crate::v2_rules;
use crate::v2_values;
use crate::validate::{LARGEST_SEED, invalid, not_one_of, one_of, text, whole_number};

pub(crate) fn check(endpoint: &Endpoint, given: &Given) -> Result<(), Refusal> {
    for field in endpoint.all_fields() {
        if field.required && !given.has(field.name) {
            return Err(invalid(format!("'{}' is a required property", field.name)));
        }
        check_field(*field, given)?;
    }
    let mut rules = endpoint.rules.iter();
    rules.try_for_each(|rule| check_rule(*rule, given))
}

fn check_field(field: Field, given: &Given) -> Result<(), Refusal> {
    let Field { name, kind, .. } = field;
    let values = &given.values;
    match kind {
        Kind::Text => text(values, name).map(drop),
        Kind::Prompt => match text(values, name)? {
            Some(prompt) if prompt.trim().is_empty() => Err(invalid(format!("'{name}' is empty"))),
            _ => Ok(()),
        },
        Kind::TextOf { least, most } => match text(values, name)? {
            Some(text) if !(least..=most).contains(&text.chars().count()) => Err(invalid(format!(
                "'{name}' must have {least} to {most} characters"
            ))),
            _ => Ok(()),
        },
        Kind::WholeNumber { least, most } => whole_number(values, name, least, most).map(drop),
        Kind::SeedOrNull if values.get(name) == Some(&Value::Null) => Ok(()),
        Kind::SeedOrNull => whole_number(values, name, 0, LARGEST_SEED).map(drop),
        Kind::OneOf(allowed) => one_of(values, name, allowed).map(drop),
        Kind::LowerCaseOf(allowed) => match text(values, name)? {
            Some(value) if !is_lower_case_of(value, allowed) => Err(not_one_of(name, value)),
            _ => Ok(()),
        },
        Kind::Model => match text(values, name)? {
            Some(model) if Model::from_name(model).is_none() => Err(not_one_of(name, model)),
            _ => Ok(()),
        },
        Kind::Speed { flash } => match text(values, name)? {
            Some(speed) if !is_speed(speed, flash) => Err(not_one_of(name, speed)),
            _ => Ok(()),
        },
        Kind::AspectRatio(sizes) => match text(values, name)? {
            Some(ratio) if sizes.aspect_ratio(ratio).is_none() => Err(not_one_of(name, ratio)),
            _ => Ok(()),
        },
        Kind::AspectRatioOrAuto(sizes) => match text(values, name)? {
            Some(ratio) if ratio != "auto" && sizes.aspect_ratio(ratio).is_none() => {
                Err(not_one_of(name, ratio))
            }
            _ => Ok(()),
        },
        Kind::Resolution(sizes) => match text(values, name)? {
            Some(size) if sizes.resolution(size).is_none() => Err(not_one_of(name, size)),
            _ => Ok(()),
        },
        Kind::CustomModel { most } => match text(values, name)? {
            Some(uri) if uri.chars().count() > most || !is_custom_model(uri) => Err(invalid(
                format!("'{name}' is not model/<name>/version/<version>"),
            )),
            _ => Ok(()),
        },
        Kind::Pictures { most, most_bytes } => {
            check_pictures(name, given.files(name), most, most_bytes)
        }
        Kind::BooleanOrNull if values.get(name) == Some(&Value::Null) => Ok(()),
        Kind::PictureSize => match text(values, name)? {
            Some(size) => v2_rules::check_picture_size(size, given),
            None => Ok(()),
        },
        _ => {
            let mut value = values.get(name).into_iter();
            value.try_for_each(|value| check_value(name, kind, value))
        }
    }
}

fn check_value(name: &str, kind: Kind, value: &Value) -> Result<(), Refusal> {
    let fits = match kind {
        Kind::Palette(names) => return check_palette(value, names),
        Kind::JsonPrompt => return check_json_prompt(value),
        Kind::StyleCodes => value
            .as_array()
            .is_some_and(|codes| codes.iter().all(is_style_code)),
        Kind::Asset => v2_values::is_asset(value),
        Kind::Assets { most } => v2_values::are_assets(value, most),
        Kind::CollectionId => v2_values::is_collection_id(value),
        Kind::WebhookUrl => v2_values::is_webhook_url(value),
        Kind::ContextWindow => v2_values::is_context_window(value),
        _ => value.is_boolean(),
    };
    if fits {
        Ok(())
    } else {
        Err(invalid(format!("'{name}' is not of its type")))
    }
}

/// Ideogram's OpenAPI document, `StyleCode`.
fn is_style_code(code: &Value) -> bool {
    code.as_str()
        .is_some_and(|code| code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_lower_case_of(value: &str, allowed: &[&str]) -> bool {
    let mut allowed = allowed.iter();
    allowed.any(|name| name.to_ascii_lowercase() == value)
}

fn is_speed(name: &str, flash: bool) -> bool {
    Speed::from_name(name).is_some_and(|speed| flash || speed != Speed::Flash)
}

fn is_custom_model(uri: &str) -> bool {
    let mut pieces = uri.split('/');
    let mut next = || pieces.next().unwrap_or_default();
    let (model, name, version, number) = (next(), next(), next(), next());
    model == "model"
        && version == "version"
        && !name.is_empty()
        && !number.is_empty()
        && pieces.next().is_none()
}

fn check_pictures(
    name: &str,
    files: &[Upload],
    most: usize,
    most_bytes: u64,
) -> Result<(), Refusal> {
    if files.len() > most {
        return Err(invalid(format!("'{name}': {most} at most")));
    }
    if files.iter().any(|file| file.bytes > most_bytes) {
        return Err(Refusal::TooLarge);
    }
    if files.iter().any(|file| file.picture.is_none()) {
        return Err(invalid(format!("'{name}' is not a JPEG, PNG or WebP")));
    }
    Ok(())
}

fn check_rule(rule: Rule, given: &Given) -> Result<(), Refusal> {
    match rule {
        Rule::NotTogether(one, other) if given.has(one) && given.has(other) => Err(invalid(
            format!("'{one}' cannot be used in conjunction with '{other}'"),
        )),
        Rule::ExactlyOne(one, other) if given.has(one) == given.has(other) => Err(invalid(
            format!("Exactly one of '{one}' and '{other}' is required"),
        )),
        Rule::AtMostOne(names) if count(names, given) > 1 => Err(invalid(format!(
            "Only one of {} can be given",
            names.join(", ")
        ))),
        Rule::AtLeastOne(names) if count(names, given) == 0 => {
            Err(invalid(format!("One of {} is required", names.join(", "))))
        }
        Rule::ValueNeeds { name, value, needs }
            if given.text(name) == Some(value) && count(needs, given) == 0 =>
        {
            Err(invalid(format!(
                "'{name}': '{value}' needs one of {}",
                needs.join(", ")
            )))
        }
        Rule::MaskOfFirst {
            pictures,
            assets,
            mask,
            most_pictures,
        } if given.has(mask) && !given.has(assets) => {
            let pictures = given.files(pictures);
            if pictures.len() > most_pictures {
                return Err(invalid(format!(
                    "'{mask}': {most_pictures} pictures at most"
                )));
            }
            let first = pictures.get(..1).unwrap_or_default();
            check_masks(first, given.files(mask), mask)
        }
        Rule::Proportions { picture, most } => v2_rules::check_proportions(picture, most, given),
        Rule::EnlargedSide { picture, most } => v2_rules::check_enlarged(picture, most, given),
        Rule::WeightKeepsShape { picture, weight } if given.has(weight) => {
            v2_rules::check_shape(picture, weight, given)
        }
        Rule::Masks { pictures, masks } if given.has(masks) => {
            check_masks(given.files(pictures), given.files(masks), masks)
        }
        _ => Ok(()),
    }
}

fn count(names: &[&str], given: &Given) -> usize {
    names.iter().filter(|name| given.has(name)).count()
}

fn check_masks(pictures: &[Upload], masks: &[Upload], name: &str) -> Result<(), Refusal> {
    let sizes = |files: &[Upload]| files.iter().map(|file| file.picture).collect::<Vec<_>>();
    if sizes(pictures) == sizes(masks) {
        Ok(())
    } else {
        Err(invalid(format!(
            "'{name}': one mask for each picture, of its size"
        )))
    }
}
