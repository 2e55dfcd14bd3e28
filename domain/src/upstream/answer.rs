//! The way back: what v2 says of a finished generation, in the shape of the endpoint that was asked.
//! What only v2 says goes; what neither is known to say stays, as callers are promised.

use serde_json::{Map, Value};

use super::table;
use super::way::Shape;
use crate::request::{ImageCount, ImageRequest};

/// What v2 says of a generation, and the older endpoints do not.
const OF_GENERATIONS: &[&str] = &[
    "generation_id",
    "status",
    "failure_reason",
    "usage_cost_usd_micros",
    "generation_kind",
    "seed",
    "width",
    "height",
    "description_id",
];
/// What v2 says of a picture, and the older endpoints do not.
const OF_PICTURES: &[&str] = &["object_type", "asset_id"];
/// What v2 says of an answer, and only one of the older endpoints does.
const RESPONSE_TYPE: &str = "response_type";

impl ImageRequest {
    /// What its caller is answered when v2 has `completed` it. What was asked for in v2's own words is
    /// answered in them.
    #[must_use]
    pub fn answer_from_v2(&self, completed: Value) -> Value {
        let way = table::from(self.endpoint().path()).next();
        match (way, completed) {
            (Some(way), Value::Object(completed)) => self.reshaped(way.shape, completed).into(),
            (_, as_it_came) => as_it_came,
        }
    }

    fn reshaped(&self, shape: Shape, mut answer: Map<String, Value>) -> Map<String, Value> {
        for name in OF_GENERATIONS {
            answer.remove(*name);
        }
        if shape == Shape::Styled {
            answer.remove(RESPONSE_TYPE);
        }
        let pictures = answer.get_mut("data").and_then(Value::as_array_mut);
        let pictures = pictures.into_iter().flatten();
        for picture in pictures.filter_map(Value::as_object_mut) {
            self.reshape_picture(shape, picture);
        }
        answer
    }

    /// The older endpoints name prompt and seed with every picture, v2 not with all.
    fn reshape_picture(&self, shape: Shape, picture: &mut Map<String, Value>) {
        for name in OF_PICTURES {
            picture.remove(*name);
        }
        let style = self.style().filter(|_| shape == Shape::Styled);
        let seed = self.seed().filter(|_| self.images() == ImageCount::ONE);
        let told = [
            ("prompt", Some(self.prompt().into())),
            ("seed", seed.map(Value::from)),
            ("style_type", style.map(Value::from)),
        ];
        for (name, value) in told {
            if let Some(value) = value {
                picture.entry(name).or_insert(value);
            }
        }
    }
}
