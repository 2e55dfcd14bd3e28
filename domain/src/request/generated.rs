//! Requests drawn at random for property tests. The rules are written out a second time, from
//! Ideogram's documents, so that a slip in the table shows.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{Endpoint, ImageCount, ImageRequest, Limits, Model, PiiPolicy, UpstreamBody};

pub(crate) const LIMITS: Limits = Limits {
    default_model: Model::V2,
    prompt_max_chars: 10_000,
    pii: PiiPolicy::Redact,
    max_images: ImageCount::MOST,
};

pub(crate) const MODELS: [&str; 8] = [
    "V_1",
    "V_1_TURBO",
    "V_2",
    "V_2_TURBO",
    "V_2A",
    "V_2A_TURBO",
    "V_3",
    "AUTO",
];
const NO_PALETTE_NOR_RESOLUTION: [&str; 4] = ["V_1", "V_1_TURBO", "V_2A", "V_2A_TURBO"];

/// The models that do not take a field.
pub(crate) fn models_without(field: &str) -> &'static [&'static str] {
    match field {
        "style_type" => &["V_1", "V_1_TURBO"],
        "negative_prompt" => &["V_2A", "V_2A_TURBO"],
        "color_palette" | "resolution" => &NO_PALETTE_NOR_RESOLUTION,
        _ => &[],
    }
}

/// What Ideogram is sent as JSON.
pub(crate) fn sent(request: &ImageRequest) -> Value {
    match request.upstream_body() {
        UpstreamBody::Json(body) => body,
        UpstreamBody::Form(parts) => panic!("a form: {parts:?}"),
    }
}

pub(crate) fn parse(fields: Value) -> Result<ImageRequest, super::InvalidRequest> {
    let body = json!({ "image_request": fields });
    ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS).map(|asked| asked.request)
}

/// The fields of a valid request: words for a prompt, any options that go together.
pub(crate) fn fields() -> impl Strategy<Value = Map<String, Value>> {
    let drawn = (
        "[a-z]{1,8}( [a-zé]{1,8}){0,4}",
        select(MODELS.to_vec()),
        vec(option::of(any::<prop::sample::Index>()), 9),
        palette(),
        0..2_147_483_648_u64,
        any::<bool>(),
    );
    drawn.prop_map(|(prompt, model, choices, palette, seed, by_resolution)| {
        let mut choices = choices.into_iter();
        let mut choose = |words: Vec<Value>| {
            let index = choices.next().flatten()?;
            Some(index.get(&words).clone())
        };
        let shape = if by_resolution {
            (
                "resolution",
                words(&["RESOLUTION_1024_1024", "RESOLUTION_640_1024"]),
            )
        } else {
            (
                "aspect_ratio",
                words(&["ASPECT_1_1", "ASPECT_16_9", "ASPECT_1_3"]),
            )
        };
        let options = [
            shape,
            ("magic_prompt_option", words(&["AUTO", "ON", "OFF"])),
            ("magic_prompt_version", words(&["V_0", "V_0_5", "V_0_8"])),
            ("style_type", words(&["AUTO", "RENDER_3D", "STYLIZED"])),
            (
                "negative_prompt",
                words(&["blur", "brush strokes, painting"]),
            ),
            ("num_images", (1..=8).map(Value::from).collect()),
            ("seed", vec![seed.into(), 0.into(), 2_147_483_647.into()]),
            ("color_palette", vec![palette]),
        ];
        let mut fields = Map::new();
        fields.insert("prompt".into(), prompt.into());
        fields.insert("model".into(), model.into());
        for (name, values) in options {
            if let Some(value) = choose(values)
                && !models_without(name).contains(&model)
            {
                fields.insert(name.into(), value);
            }
        }
        fields
    })
}

fn words(words: &[&str]) -> Vec<Value> {
    words.iter().copied().map(Value::from).collect()
}

fn palette() -> impl Strategy<Value = Value> {
    let preset = select(vec!["EMBER", "ULTRAMARINE"]).prop_map(|name| json!({ "name": name }));
    let member =
        ("#[0-9a-fA-F]{6}", option::of(5..=100_u32)).prop_map(|(colour, percent)| match percent {
            None => json!({ "color_hex": colour }),
            Some(100) => json!({ "color_hex": colour, "color_weight": 1 }),
            Some(percent) => {
                json!({ "color_hex": colour, "color_weight": f64::from(percent) / 100.0 })
            }
        });
    let members = vec(member, 1..=8).prop_map(|members| json!({ "members": members }));
    prop_oneof![preset, members]
}
