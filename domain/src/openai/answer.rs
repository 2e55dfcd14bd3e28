//! A result in OpenAI's shape: `{"created", "data": [{"url" or "b64_json", "revised_prompt"?}],
//! "gateway"}`. Pictures that Ideogram withheld have no place in `data`, where each has a link or its
//! bytes; `gateway` says how many there are.

use serde_json::{Map, Value, json};

use super::request::OpenAiRequest;
use crate::failure::{Failure, FailureCode};
use crate::generation::{GenerationResult, Picture, PictureState};
use crate::picture_key::PictureKey;
use crate::request::ImageRequest;
use crate::time::UnixMillis;

const MILLIS_PER_SECOND: u64 = 1000;

/// A picture that callers get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown<'result> {
    /// The picture.
    pub picture: &'result Picture,
    /// What Ideogram made of the prompt, if it made something else of it.
    pub revised_prompt: Option<&'result str>,
}

/// The pictures that callers get.
///
/// # Errors
/// Ideogram withheld all of them.
pub fn shown<'result>(
    result: &'result GenerationResult,
    asked: &ImageRequest,
) -> Result<Vec<Shown<'result>>, Failure> {
    let pictures = result.pictures.iter();
    let shown = pictures.filter(|picture| !picture.is_withheld());
    let shown: Vec<_> = shown
        .map(|picture| Shown {
            picture,
            revised_prompt: revised_prompt(result, picture, asked),
        })
        .collect();
    if shown.is_empty() && !result.pictures.is_empty() {
        let sentence =
            "Ideogram made the pictures, found them unsafe and withheld them; they were paid for";
        return Err(Failure::new(FailureCode::PromptRejected, sentence));
    }
    Ok(shown)
}

fn revised_prompt<'result>(
    result: &'result GenerationResult,
    picture: &Picture,
    asked: &ImageRequest,
) -> Option<&'result str> {
    let mut items = result.answer.items();
    let item = items.find(|item| item.index() == picture.index)?;
    item.prompt().filter(|prompt| *prompt != asked.prompt())
}

/// Adds to `gateway`, as it is on Ideogram's paths, what only requests in OpenAI's words have: the
/// model, the size asked for and the one used, each picture's size, and how many were withheld.
pub fn add_to_gateway(gateway: &mut Value, request: &OpenAiRequest, result: &GenerationResult) {
    let Some(fields) = gateway.as_object_mut() else {
        return;
    };
    let images = fields.get_mut("images").and_then(Value::as_array_mut);
    for (image, item) in images.into_iter().flatten().zip(result.answer.items()) {
        if let (Some(image), Some(size)) = (image.as_object_mut(), item.resolution()) {
            image.insert("size".to_owned(), size.into());
        }
    }
    let withheld = result
        .pictures
        .iter()
        .filter(|picture| picture.is_withheld());
    fields.insert("withheld".to_owned(), withheld.count().into());
    fields.insert("model".to_owned(), request.model.id.into());
    if let Some(size) = &request.size {
        let size = json!({"asked": size.asked, "used": size.used});
        fields.insert("size".to_owned(), size);
    }
}

const fn seconds(moment: UnixMillis) -> u64 {
    moment.get() / MILLIS_PER_SECOND
}

/// The answer with a link for each picture.
#[must_use]
pub fn with_links(
    created: UnixMillis,
    pictures: Vec<(Shown<'_>, String)>,
    gateway: Value,
) -> Value {
    let item = |(shown, link): (Shown<'_>, String)| {
        let mut item = Map::from_iter([("url".to_owned(), link.into())]);
        let revised = shown.revised_prompt;
        item.extend(revised.map(|prompt| ("revised_prompt".to_owned(), prompt.into())));
        Value::Object(item)
    };
    let data: Vec<_> = pictures.into_iter().map(item).collect();
    json!({"created": seconds(created), "data": data, "gateway": gateway})
}

/// A piece of an answer that is never whole in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// JSON, as it is.
    Text(String),
    /// The bytes of this picture in base64.
    Picture(PictureKey),
}

/// The answer with the bytes of each picture, in pieces.
///
/// # Errors
/// A picture is not kept, so there are no bytes of it.
pub fn with_pictures(
    created: UnixMillis,
    pictures: &[Shown<'_>],
    gateway: &Value,
) -> Result<Vec<Piece>, Failure> {
    let mut pieces = vec![];
    let mut text = format!(r#"{{"created":{},"data":["#, seconds(created));
    for (place, shown) in pictures.iter().enumerate() {
        let PictureState::Stored { key } = &shown.picture.state else {
            return Err(not_kept());
        };
        let comma = if place == 0 { "" } else { "," };
        text.push_str(comma);
        text.push_str(r#"{"b64_json":""#);
        pieces.push(Piece::Text(text));
        pieces.push(Piece::Picture(key.clone()));
        text = match shown.revised_prompt {
            Some(prompt) => format!(r#"","revised_prompt":{}}}"#, Value::from(prompt)),
            None => r#""}"#.to_owned(),
        };
    }
    text.push_str(&format!(r#"],"gateway":{gateway}}}"#));
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

/// What a caller is told who wants the bytes of a picture that is not in R2.
#[must_use]
pub fn not_kept() -> Failure {
    let sentence = "a picture of this result is not kept, so its bytes cannot be answered; \
        response_format url answers with the links there are";
    Failure::new(FailureCode::UpstreamError, sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::MicroDollars;
    use crate::request::generated::LIMITS;

    const KEY: &str = "images/2026/11/22/9ddf1b0cdd15df1464d9879f583183e1/0-seed-7.png";

    fn request() -> OpenAiRequest {
        let body = json!({"prompt": "a fox", "model": "ideogram-v3-turbo", "size": "1792x1024"});
        OpenAiRequest::parse(&body, &LIMITS).unwrap()
    }

    fn picture(index: u32, state: PictureState) -> Picture {
        Picture {
            index,
            seed: Some(7),
            state,
        }
    }

    fn stored() -> PictureState {
        let key = PictureKey::parse(KEY).unwrap();
        PictureState::Stored { key }
    }

    fn result(pictures: Vec<Picture>) -> GenerationResult {
        let prompts = ["a fox", "a \"red\" fox"].into_iter().cycle();
        let data: Vec<_> = prompts
            .take(pictures.len())
            .map(|prompt| json!({"prompt": prompt, "resolution": "1344x768"}))
            .collect();
        let id = format!("{}-{}", "0".repeat(64), "0".repeat(16));
        GenerationResult {
            id: id.parse().unwrap(),
            answer: json!({ "data": data }).try_into().unwrap(),
            pictures,
            cost: MicroDollars::new(60_000),
            created_at: UnixMillis::new(1_795_305_600_999),
        }
    }

    #[test]
    fn the_prompt_is_shown_where_ideogram_made_another_of_it() {
        let result = result(vec![picture(0, stored()), picture(1, stored())]);
        let request = request().asked.request;
        let shown = shown(&result, &request).unwrap();
        let links = ["one".to_owned(), "two".to_owned()];
        let answer = with_links(
            result.created_at,
            shown.into_iter().zip(links).collect(),
            json!({"id": 1}),
        );
        let expected = json!({
            "created": 1_795_305_600,
            "data": [{"url": "one"}, {"url": "two", "revised_prompt": "a \"red\" fox"}],
            "gateway": {"id": 1},
        });
        assert_eq!(answer, expected);
    }

    #[test]
    fn the_pieces_with_the_bytes_between_them_are_the_answer() {
        let result = result(vec![picture(0, stored()), picture(1, stored())]);
        let request = request().asked.request;
        let shown = shown(&result, &request).unwrap();
        let pieces = with_pictures(result.created_at, &shown, &json!({"id": 1})).unwrap();
        let text: String = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Picture(key) => {
                    assert_eq!(key.to_string(), KEY);
                    "Zm9v".to_owned()
                }
            })
            .collect();
        let expected = json!({
            "created": 1_795_305_600,
            "data": [
                {"b64_json": "Zm9v"},
                {"b64_json": "Zm9v", "revised_prompt": "a \"red\" fox"},
            ],
            "gateway": {"id": 1},
        });
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }

    #[test]
    fn withheld_pictures_are_left_out_and_counted() {
        let result = result(vec![
            picture(0, PictureState::Withheld),
            picture(1, stored()),
        ]);
        let request = request();
        let shown = shown(&result, &request.asked.request).unwrap();
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].picture.index, 1);
        assert_eq!(shown[0].revised_prompt, Some("a \"red\" fox"));
        let mut gateway = json!({"images": [{"index": 0}, {"index": 1}]});
        add_to_gateway(&mut gateway, &request, &result);
        let expected = json!({
            "images": [{"index": 0, "size": "1344x768"}, {"index": 1, "size": "1344x768"}],
            "withheld": 1,
            "model": "ideogram-v3-turbo",
            "size": {"asked": "1792x1024", "used": "1344x768"},
        });
        assert_eq!(gateway, expected);
    }

    #[test]
    fn with_all_pictures_withheld_there_is_an_error() {
        let result = result(vec![picture(0, PictureState::Withheld)]);
        let failure = shown(&result, &request().asked.request).unwrap_err();
        assert_eq!(failure.code, FailureCode::PromptRejected);
    }

    #[test]
    fn without_the_bytes_of_every_picture_there_are_none() {
        let source = "https://ideogram.ai/a.png".to_owned();
        let lost = PictureState::Lost {
            source,
            reason: "gone".into(),
        };
        let result = result(vec![picture(0, stored()), picture(1, lost)]);
        let request = request().asked.request;
        let shown = shown(&result, &request).unwrap();
        let failure = with_pictures(result.created_at, &shown, &json!({})).unwrap_err();
        assert_eq!(failure.code, FailureCode::UpstreamError);
    }
}
