//! Examples of what is asked about a generation that there is, and about its pictures.

use serde_json::json;

use super::{asks, looks, made_by};
use crate::example::{Example, Given};

pub fn examples() -> Vec<Example> {
    let mut examples = looked_at();
    examples.extend(finalized());
    examples.extend(pictures());
    let erased = looks(
        "erase_generation",
        "erase_generation",
        "Its pictures with it",
    );
    examples.push(erased.at(made_by("generate_with_options")));
    examples
}

fn looked_at() -> Vec<Example> {
    vec![
        looks("generation", "generation", "One that is done").at(made_by("generate")),
        looks("generation", "no_generation", "One that there is not")
            .at([Given::Text("x")])
            .answered(404),
        looks("generation_events", "generation_events", "All of them").at(made_by("generate")),
        looks(
            "generation_events",
            "later_events",
            "Those after one that was seen",
        )
        .at(made_by("generate"))
        .with_header("Last-Event-ID", "2"),
        looks(
            "generation_events",
            "no_more_events",
            "None, after the last one",
        )
        .at(made_by("generate"))
        .with_header("Last-Event-ID", "4")
        .answered(204),
        looks(
            "cancel_generation",
            "cancel_generation",
            "One that is done already",
        )
        .at(made_by("generate")),
        looks(
            "cancel_generation",
            "cancel_no_generation",
            "One that there is not",
        )
        .at([Given::Text("x")])
        .answered(404),
    ]
}

fn finalized() -> Vec<Example> {
    let draft = || made_by("v3_generate_with_options");
    vec![
        asks(
            "finalize",
            "finalize",
            "The second of two drafts, on the finest model",
            json!({"image": 1}),
        )
        .at(draft()),
        asks(
            "finalize",
            "finalize_on_a_model",
            "On a certain model, following how it is made",
            json!({"image": 0, "model": "V_3_DEFAULT"}),
        )
        .at(draft())
        .with_header("Accept", "text/event-stream"),
        asks(
            "finalize",
            "finalize_refused",
            "With another seed than the draft's",
            json!({"image": 0, "seed": 7}),
        )
        .at(draft())
        .answered(400),
        asks(
            "finalize",
            "finalize_no_draft",
            "One that there is not",
            json!({"image": 0}),
        )
        .at([Given::Text("x")])
        .answered(404),
    ]
}

fn pictures() -> Vec<Example> {
    vec![
        looks("image", "image", "The whole picture").at(key_of("generate")),
        looks("image", "image_part", "Its first bytes")
            .at(key_of("generate"))
            .with_header("Range", "bytes=0-7")
            .answered(206),
        looks("image", "image_range", "Bytes that it has not got")
            .at(key_of("generate"))
            .with_header("Range", "bytes=99999999-")
            .answered(416),
        looks("image", "image_known", "Nothing, if it is known")
            .at(key_of("generate"))
            .with_header("If-None-Match", "*")
            .answered(304),
        looks("placeholder", "placeholder", "One of a wide picture")
            .at([Given::Text("1312x736-generation_disabled.svg")]),
        looks("placeholder", "no_placeholder", "One that there is not")
            .at([Given::Text("1x1-generation_disabled.svg")])
            .answered(404),
    ]
}

/// The parts of the key of the first picture of an example: year, month, day, folder and name.
fn key_of(example: &'static str) -> [Given; 5] {
    [1, 2, 3, 4, 5].map(|part| Given::From {
        example,
        pointer: "/gateway/images/0/key",
        part: Some(part),
    })
}
