//! Draft, choose, finish: the final picture for a draft, from the draft's words, options and seed, on
//! a better model.
//! Holds true: a final is asked for only where the seed carries over, which is between the speeds of
//! one model. Ideogram promises nothing about one seed on two models, and a final that shows
//! something else than the draft is paid for in vain.

use serde_json::{Value, json};

use crate::answer::AnsweredImage;
use crate::body_fields::BodyFields;
use crate::generation::GenerationResult;
use crate::money::MicroDollars;
use crate::price::PriceTable;
use crate::request::{Asked, ImageRequest, InvalidRequest, Limits, Model};

/// The speeds of each model, from the roughest to the finest. Ideogram's newer endpoints take what
/// are models here as speeds of one (its OpenAPI document of 2026-10). Where `BALANCED` stands is not
/// documented, so it is neither draft nor final.
const FAMILIES: &[&[Model]] = &[
    &[Model::V1Turbo, Model::V1],
    &[Model::V2Turbo, Model::V2],
    &[Model::V2ATurbo, Model::V2A],
    &[
        Model::V3Flash,
        Model::V3Turbo,
        Model::V3Default,
        Model::V3Quality,
    ],
    &[Model::V4Turbo, Model::V4Default, Model::V4Quality],
];

/// The finest model that the seed of a draft on this one carries over to; none if it is no draft's.
#[must_use]
pub fn finest_for(draft: Model) -> Option<Model> {
    let mut families = FAMILIES.iter();
    let family = families.find(|family| family.contains(&draft))?;
    family.last().copied().filter(|finest| *finest != draft)
}

const IMAGE: &str = "image";
const MODEL: &str = "model";

/// Which picture of a draft is to be finished, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinalChoice {
    /// Its place among the draft's pictures, from 0.
    image: u32,
    /// On this model; the finest there is if none is named.
    model: Option<Model>,
}

/// A final picture to be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Final {
    /// The request for it.
    pub asked: Asked,
    /// What it saves.
    pub costs: FinalCosts,
}

/// What drafts and a final cost, next to the same work without drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinalCosts {
    /// What the drafts cost.
    pub drafts: MicroDollars,
    /// What the final costs, when it is made.
    pub finals: MicroDollars,
    /// What as many pictures as there were drafts would have cost on the final's model.
    pub full_quality: MicroDollars,
}

impl FinalCosts {
    /// As callers are told it, in dollars.
    #[must_use]
    pub fn to_json(self) -> Value {
        json!({
            "drafts_usd": self.drafts.to_dollars_json(),
            "final_usd": self.finals.to_dollars_json(),
            "full_quality_usd": self.full_quality.to_dollars_json(),
        })
    }
}

impl FinalChoice {
    /// Reads `{"image": 0, "model": "V_2"}`.
    ///
    /// # Errors
    /// It is something else.
    pub fn parse(body: &Value) -> Result<Self, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let place = "takes the place of a picture of the draft, from 0";
        let image = fields.required(IMAGE, place, |value| value.as_u64()?.try_into().ok())?;
        let name = "takes the name of a model, such as V_3_QUALITY";
        let model = fields.optional(MODEL, name, |value| value.as_str()?.parse().ok())?;
        fields.no_others()?;
        Ok(Self { image, model })
    }

    /// The final picture for a draft and what came of it.
    ///
    /// # Errors
    /// There is no such picture, or no better model that its seed carries over to.
    pub fn finalize(
        &self,
        draft: &ImageRequest,
        result: &GenerationResult,
        limits: &Limits,
        prices: &PriceTable,
    ) -> Result<Final, InvalidRequest> {
        let model = self.finer_than(draft.model())?;
        let drawn = self.drawn(result)?;
        if !draft.references().is_empty() {
            let kept = "was made from pictures, which are not kept; send them again with its seed";
            return Err(InvalidRequest::new(IMAGE, kept));
        }
        let seed = drawn.seed().ok_or_else(|| {
            InvalidRequest::new(
                IMAGE,
                "has no seed that Ideogram named, so it cannot be made again",
            )
        })?;
        let body = draft.redrawn(model, seed, drawn.prompt());
        let asked = ImageRequest::parse(draft.endpoint(), &body, limits)?;
        let price = prices.of(asked.request.rate());
        let costs = FinalCosts {
            drafts: result.cost,
            finals: price,
            full_quality: price.times(draft.units(result.answer.image_count())),
        };
        Ok(Final { asked, costs })
    }

    fn finer_than(&self, draft: Model) -> Result<Model, InvalidRequest> {
        let mut families = FAMILIES.iter();
        let family = families.find(|family| family.contains(&draft));
        let finer: Vec<_> = match family {
            Some(family) => {
                let later = family.iter().skip_while(|model| **model != draft).skip(1);
                later.copied().collect()
            }
            None => vec![],
        };
        let model = self.model.or(finer.last().copied());
        if let Some(model) = model.filter(|model| finer.contains(model)) {
            return Ok(model);
        }
        let names: Vec<_> = finer.into_iter().map(Model::name).collect();
        Err(InvalidRequest::new(
            MODEL,
            match names.as_slice() {
                [] => format!(
                    "cannot be any: the seed of a draft on {draft} carries over to no better model"
                ),
                names => format!(
                    "must be one of {}: the seed of a draft on {draft} carries over to no other",
                    names.join(", ")
                ),
            },
        ))
    }

    fn drawn<'result>(
        &self,
        result: &'result GenerationResult,
    ) -> Result<AnsweredImage<'result>, InvalidRequest> {
        let mut drawn = result.answer.items();
        let drawn = drawn.find(|drawn| drawn.index() == self.image);
        match drawn {
            Some(drawn) if drawn.url().is_some() => Ok(drawn),
            Some(_) => Err(InvalidRequest::new(
                IMAGE,
                "was withheld by Ideogram's safety check",
            )),
            None => {
                let last = result.answer.image_count().saturating_sub(1);
                let complaint = format_args!("must be the place of a picture, from 0 to {last}");
                Err(InvalidRequest::new(IMAGE, complaint))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use crate::ids::GenerationId;
    use crate::request::Endpoint;
    use crate::request::generated::{LIMITS, sent};
    use crate::time::UnixMillis;

    fn draft(path: &str, body: Value) -> ImageRequest {
        let endpoint = Endpoint::at(path).unwrap();
        ImageRequest::parse(endpoint, &body, &LIMITS)
            .unwrap()
            .request
    }

    fn made(images: Value) -> GenerationResult {
        let id = format!("{}-{}", "ab".repeat(32), "cd".repeat(8));
        GenerationResult {
            id: serde_json::from_value::<GenerationId>(json!(id)).unwrap(),
            answer: Answer::try_from(json!({ "data": images })).unwrap(),
            pictures: vec![],
            cost: MicroDollars::new(120_000),
            created_at: UnixMillis::default(),
        }
    }

    fn two() -> GenerationResult {
        made(json!([
            { "url": "https://x/0.png", "seed": 11, "prompt": "a red fox, oil on canvas" },
            { "url": "https://x/1.png", "seed": 12, "prompt": "a red fox, water colours" },
        ]))
    }

    fn finalize(
        choice: Value,
        draft: &ImageRequest,
        result: &GenerationResult,
    ) -> Result<Final, InvalidRequest> {
        let choice = FinalChoice::parse(&choice)?;
        choice.finalize(draft, result, &LIMITS, &PriceTable::standard())
    }

    #[test]
    fn a_final_is_the_chosen_drafts_words_options_and_seed_on_the_finest_model() {
        let body = json!({ "prompt": "a fox", "rendering_speed": "TURBO", "num_images": 2,
            "style_type": "REALISTIC", "resolution": "1280x704" });
        let draft = draft("/v1/ideogram-v3/generate", body);
        let made = finalize(json!({ "image": 1 }), &draft, &two()).unwrap();
        let expected = json!({ "prompt": "a red fox, water colours", "rendering_speed": "QUALITY",
            "num_images": 1, "seed": 12, "magic_prompt": "OFF", "style_type": "REALISTIC",
            "resolution": "1280x704" });
        assert_eq!(sent(&made.asked.request), expected);
    }

    #[test]
    fn the_costs_are_those_of_drafts_final_and_the_same_without_drafts() {
        let body = json!({ "image_request": { "prompt": "a fox", "model": "V_2_TURBO", "num_images": 2 } });
        let draft = draft("/generate", body);
        let made = finalize(json!({ "image": 0, "model": "V_2" }), &draft, &two()).unwrap();
        let FinalCosts {
            drafts,
            finals,
            full_quality,
        } = made.costs;
        let costs = [drafts, finals, full_quality].map(|cost| cost.to_string());
        assert_eq!(costs, ["0.12", "0.08", "0.16"]);
        let fields = &sent(&made.asked.request)["image_request"];
        assert_eq!(fields["magic_prompt_option"], "OFF");
        assert_eq!(fields["model"], "V_2");
    }

    #[test]
    fn a_model_that_the_seed_does_not_carry_over_to_is_refused_with_those_it_does() {
        let v3 = |speed| {
            draft(
                "/v1/ideogram-v3/generate",
                json!({ "prompt": "a fox", "rendering_speed": speed }),
            )
        };
        let message = |draft: &ImageRequest, model: &str| {
            finalize(json!({ "image": 0, "model": model }), draft, &two())
                .unwrap_err()
                .message
        };
        assert_eq!(
            message(&v3("TURBO"), "V_2"),
            "model must be one of V_3_DEFAULT, V_3_QUALITY: the seed of a draft on V_3_TURBO carries \
             over to no other"
        );
        assert!(message(&v3("TURBO"), "V_3_FLASH").contains("V_3_DEFAULT"));
        for best in [v3("QUALITY"), v3("BALANCED")] {
            assert!(message(&best, "V_4_QUALITY").contains("no better model"));
        }
        let auto = draft(
            "/generate",
            json!({ "image_request": { "prompt": "a fox", "model": "AUTO" } }),
        );
        assert!(finalize(json!({ "image": 0 }), &auto, &two()).is_err());
    }

    #[test]
    fn a_picture_that_is_not_there_or_cannot_be_made_again_is_refused() {
        let draft = draft(
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "a fox", "rendering_speed": "TURBO" }),
        );
        let result = made(json!([
            { "url": null, "seed": 1, "is_image_safe": false },
            { "url": "https://x/1.png" },
        ]));
        for (place, complaint) in [
            (0, "image was withheld by Ideogram's safety check"),
            (
                1,
                "image has no seed that Ideogram named, so it cannot be made again",
            ),
            (2, "image must be the place of a picture, from 0 to 1"),
        ] {
            let error = finalize(json!({ "image": place }), &draft, &result).unwrap_err();
            assert_eq!(error.message, complaint);
        }
        for choice in [
            json!({}),
            json!([]),
            json!({ "image": -1 }),
            json!({ "image": 0, "model": "X" }),
            json!({ "image": 0, "seed": 1 }),
        ] {
            assert!(FinalChoice::parse(&choice).is_err(), "{choice}");
        }
    }

    #[test]
    fn words_that_are_always_rewritten_stay_the_callers_own() {
        let draft = draft(
            "/v1/ideogram-v4/generate",
            json!({ "text_prompt": "a fox", "rendering_speed": "TURBO" }),
        );
        let made = finalize(json!({ "image": 0 }), &draft, &two()).unwrap();
        let expected = json!({ "text_prompt": "a fox", "rendering_speed": "QUALITY", "seed": 11 });
        assert_eq!(sent(&made.asked.request), expected);
    }
}
