//! The bodies of requests. Those of Ideogram's paths come from the table of endpoints; those of keys
//! and tokens are written here, with the limits of `domain::access`.

use domain::access::{NewClient, NewToken};
use domain::ledger::ModeChange;
use domain::request::{
    Endpoint, FieldDescription, ImageCount, MOST_FORM_BYTES, Model, PictureField, Rule, Takes,
};
use serde_json::{Map, Value, json};

use crate::operation::object;

/// A text's length counts when invisible characters and doubled spaces are gone, which no schema says.
const LENGTH: &str = "At most as many characters as PROMPT_MAX_CHARS says, 10,000 if nothing else.";

/// All of them.
pub fn schemas() -> Map<String, Value> {
    let mut schemas = Map::new();
    for endpoint in Endpoint::all() {
        if endpoint.takes_json() {
            schemas.insert(json_name(endpoint), body(endpoint, &[]));
        }
        if endpoint.takes_forms() {
            let megabytes = MOST_FORM_BYTES / 1_000_000;
            let mut form = body(endpoint, endpoint.pictures());
            form["description"] = format!("At most {megabytes} MB in all.").into();
            schemas.insert(form_name(endpoint), form);
        }
    }
    schemas.insert("NewKey".to_owned(), new_key());
    schemas.insert("NewToken".to_owned(), new_token());
    schemas.insert("NewMode".to_owned(), new_mode());
    schemas
}

/// What the schema of an endpoint's JSON is called.
pub fn json_name(endpoint: Endpoint) -> String {
    format!("{}_request", endpoint.name())
}

/// What the schema of an endpoint's form is called.
pub fn form_name(endpoint: Endpoint) -> String {
    format!("{}_form", endpoint.name())
}

fn body(endpoint: Endpoint, pictures: &[PictureField]) -> Value {
    let fields = endpoint.fields();
    let required = fields.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| field.name).collect();
    let properties = fields.iter().map(|field| (field.name, describe(field)));
    let properties: Vec<_> = properties.collect();
    let of_pictures = pictures.iter().map(|field| (field.name, picture(field)));
    let needed = pictures.iter().filter(|field| field.required);
    let needed = needed.map(|field| field.name);
    let Some(wrapper) = endpoint.wrapper() else {
        let properties = properties.into_iter().chain(of_pictures);
        let required = required.into_iter().chain(needed).collect();
        return closed(properties, required, conditions(endpoint, pictures));
    };
    let wrapped = closed(properties, required, conditions(endpoint, &[]));
    let properties = std::iter::once((wrapper, wrapped)).chain(of_pictures);
    let required = std::iter::once(wrapper).chain(needed).collect();
    closed(properties, required, vec![])
}

/// An object of these fields and no others.
pub fn closed<'name>(
    properties: impl IntoIterator<Item = (&'name str, Value)>,
    required: Vec<&str>,
    conditions: Vec<Value>,
) -> Value {
    let mut schema = json!({
        "type": "object",
        "properties": object(properties),
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    if !conditions.is_empty() {
        schema["allOf"] = conditions.into();
    }
    schema
}

/// What the fields have to do with each other, and with the model.
fn conditions(endpoint: Endpoint, pictures: &[PictureField]) -> Vec<Value> {
    let fields = endpoint.fields();
    let knows = |name: &str| {
        let mut names = pictures.iter().map(|field| field.name);
        names.any(|known| known == name) || fields.iter().any(|field| field.name == name)
    };
    let of_rules = endpoint.rules().iter().filter_map(|rule| match *rule {
        Rule::NotTogether(one, other) if knows(one) && knows(other) => {
            Some(json!({"not": {"required": [one, other]}}))
        }
        Rule::ExactlyOne(one, other) => {
            Some(json!({"oneOf": [{"required": [one]}, {"required": [other]}]}))
        }
        Rule::OneEach {
            masks,
            pictures: of,
        } if knows(masks) => Some(json!({"dependentRequired": {masks: [of]}})),
        Rule::Needs(one, other) if knows(one) => Some(json!({"dependentRequired": {one: [other]}})),
        Rule::NotTogether(..) | Rule::Needs(..) | Rule::OneEach { .. } => None,
    });
    let of_models = fields.iter().filter_map(|field| {
        let model = endpoint.model_field()?;
        let words = &field.not_with;
        let refused =
            json!({"required": [field.name, model], "properties": {model: {"enum": words}}});
        (!words.is_empty()).then(|| json!({ "not": refused }))
    });
    of_rules.chain(of_models).collect()
}

fn describe(field: &FieldDescription) -> Value {
    let mut schema = takes(&field.takes);
    if let Some(default) = &field.default {
        schema["default"] = default.clone();
    }
    if !field.not_with.is_empty() {
        let words = field.not_with.join(", ");
        schema["description"] = format!("Not with {words}.").into();
    }
    schema
}

pub fn takes(takes: &Takes) -> Value {
    match takes {
        Takes::Prompt => json!({
            "type": "string", "minLength": 1,
            "description": format!("Text with a visible character. {LENGTH}"),
        }),
        Takes::Text => json!({"type": "string", "description": LENGTH}),
        Takes::Integer {
            lowest,
            highest,
            or_null,
        } => json!({
            "type": if *or_null { json!(["integer", "null"]) } else { json!("integer") },
            "minimum": lowest, "maximum": highest,
        }),
        Takes::Boolean { or_null } => json!({
            "type": if *or_null { json!(["boolean", "null"]) } else { json!("boolean") },
        }),
        Takes::Words(words) => json!({"type": "string", "enum": words}),
        Takes::Size { words } => numbers_or(words, SIZE, "^[1-9][0-9]*x[1-9][0-9]*$"),
        Takes::Region { words } => {
            numbers_or(words, REGION, "^(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)){3}$")
        }
        Takes::Palette {
            presets,
            most_members,
            lightest,
            heaviest,
        } => palette(presets, *most_members, (*lightest, *heaviest)),
        Takes::StyleCodes { digits } => style_codes(*digits),
        Takes::CustomModel { longest } => json!({
            "type": "string", "maxLength": longest,
            "pattern": "^model/[!-.0-~]+/version/[!-.0-~]+$",
        }),
        Takes::JsonPrompt { largest_coordinate } => json_prompt(*largest_coordinate),
    }
}

/// What numbers may be in a size and in a part of a picture; no schema says it.
const SIZE: &str = "Or width and height, each a multiple of 32 and at least 256, at most 2048x2048 pixels \
    in all and 6 to 1.";
const REGION: &str = "Or left edge, top edge, width and height in pixels, of a part whose sides are at \
    least 256, with at most 2048x2048 pixels in all and 6 to 1.";

fn numbers_or(words: &[&str], says: &str, pattern: &str) -> Value {
    json!({
        "type": "string", "description": says,
        "anyOf": [{"enum": words}, {"pattern": pattern}],
    })
}

fn palette(presets: &[&str], most_members: usize, (lightest, heaviest): (f64, f64)) -> Value {
    let member = json!({
        "type": "object", "additionalProperties": false, "required": ["color_hex"],
        "properties": {
            "color_hex": {"type": "string", "pattern": "^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"},
            "color_weight": {"type": "number", "minimum": lightest, "maximum": heaviest},
        },
    });
    json!({"oneOf": [
        {
            "type": "object", "additionalProperties": false, "required": ["name"],
            "properties": {"name": {"type": "string", "enum": presets}},
        },
        {
            "type": "object", "additionalProperties": false, "required": ["members"],
            "properties": {"members": {
                "type": "array", "minItems": 1, "maxItems": most_members, "items": member,
            }},
        },
    ]})
}

fn style_codes(digits: usize) -> Value {
    let code = format!("[0-9A-Fa-f]{{{digits}}}");
    json!({"oneOf": [
        {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": format!("^{code}$")}},
        {"type": "string", "pattern": format!("^{code}(, ?{code})*$")},
    ]})
}

/// Further fields are passed on.
fn json_prompt(largest_coordinate: u64) -> Value {
    let text = json!({"type": "string"});
    let element = |kind: &str, required: &[&str]| {
        json!({
            "type": "object", "required": required,
            "properties": {
                "type": {"const": kind}, "desc": text, "text": text,
                "bbox": {
                    "type": "array", "minItems": 4, "maxItems": 4,
                    "items": {"type": "integer", "minimum": 0, "maximum": largest_coordinate},
                },
            },
        })
    };
    json!({
        "type": "object", "required": ["high_level_description", "compositional_deconstruction"],
        "properties": {
            "high_level_description": {"type": "string", "minLength": 1},
            "compositional_deconstruction": {
                "type": "object", "required": ["background", "elements"],
                "properties": {
                    "background": text,
                    "elements": {"type": "array", "items": {"oneOf": [
                        element("obj", &["type", "desc"]),
                        element("text", &["type", "desc", "text"]),
                    ]}},
                },
            },
        },
    })
}

fn picture(field: &PictureField) -> Value {
    let megabytes = field.most_bytes / 1_000_000;
    let file = json!({
        "type": "string", "format": "binary", "contentMediaType": "application/octet-stream",
        "description": format!("PNG, JPEG or WebP of at most {megabytes} MB."),
    });
    if field.most == 1 {
        return file;
    }
    json!({"type": "array", "minItems": 1, "maxItems": field.most, "items": file})
}

fn new_key() -> Value {
    let most = NewClient::LONGEST_NAME;
    let called = format!("What the operator calls the client, in 1 to {most} visible characters.");
    let models: Vec<_> = Model::ALL.iter().map(|model| model.name()).collect();
    let fields = [
        (
            "name",
            json!({"type": "string", "minLength": 1, "description": called}),
        ),
        (
            "daily_budget_usd",
            json!({"type": ["number", "string", "null"], "minimum": 0, "pattern": r"^\d+(\.\d{1,6})?$",
            "description": "The most it may spend on one UTC day, with at most six decimals; as much as the gateway if left out."}),
        ),
        (
            "models",
            json!({"type": ["array", "null"], "minItems": 1, "items": {"type": "string", "enum": models},
            "description": "The models it may ask for; all if left out."}),
        ),
        (
            "max_images",
            json!({"type": ["integer", "null"], "minimum": ImageCount::ONE.get(), "maximum": ImageCount::MOST.get(),
            "description": "The most pictures of one request."}),
        ),
        (
            "rate",
            json!({"enum": ["low", "standard", "high", null], "default": "standard",
            "description": "How often it may call."}),
        ),
        (
            "cache",
            json!({"enum": ["shared", "own", null], "default": "shared",
            "description": "Whether it is given what was made for others."}),
        ),
    ];
    closed(fields, vec!["name"], vec![])
}

fn new_mode() -> Value {
    let text = |most: usize, says: &str| {
        let says = format!("{says} 1 to {most} visible characters.");
        json!({"type": ["string", "null"], "minLength": 1, "description": says})
    };
    let fields = [
        ("enabled", json!({"type": "boolean"})),
        (
            "reason",
            text(
                ModeChange::LONGEST_REASON,
                "Why; switching off needs a reason.",
            ),
        ),
        (
            "by",
            text(
                ModeChange::LONGEST_NAME,
                "Who says so; operator if left out.",
            ),
        ),
    ];
    let off = json!({"properties": {"enabled": {"const": false}}});
    let says_why = json!({"required": ["reason"], "properties": {"reason": {"type": "string"}}});
    closed(
        fields,
        vec!["enabled"],
        vec![json!({"if": off, "then": says_why})],
    )
}

fn new_token() -> Value {
    let fields = [
        (
            "origin",
            json!({"type": ["string", "null"],
            "description": "The only origin it may be used from, one of ALLOWED_ORIGINS."}),
        ),
        (
            "expires_in",
            json!({"type": ["integer", "null"], "minimum": 1, "maximum": NewToken::LONGEST_LIFE_SECONDS,
            "default": NewToken::USUAL_LIFE_SECONDS, "description": "In seconds."}),
        ),
        (
            "max_images",
            json!({"type": ["integer", "null"], "minimum": 1, "maximum": NewToken::MOST_IMAGES,
            "default": NewToken::USUAL_IMAGES, "description": "How many pictures it is good for."}),
        ),
    ];
    closed(fields, vec![], vec![])
}
