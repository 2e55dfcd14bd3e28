//! What Ideogram answers: with status 200 here, with an error in `error_body`. An answer is kept
//! whole, since Ideogram adds fields without notice and callers are promised all of them; only what
//! the gateway needs is checked.

mod error_body;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::request::Product;

pub use error_body::{error_message, failed_late};

/// The most pictures an answer may hold. No endpoint delivers more than eight; the rest is room.
pub const MOST_IMAGES: usize = 16;

/// How deep lists and objects in an answer may be nested. Ideogram's are 3 deep; an answer is stored
/// some levels further in, and what is 128 deep there can be written but not read again.
const DEEPEST: usize = 32;

/// The most bytes an answer may have when it is written again. It is stored in one row with the
/// links out of it, and a row holds 2 MB (Cloudflare's limits of Durable Objects, 2026).
const MOST_BYTES: usize = 900 * 1024;

/// An object whose `data` is a list of at most [`MOST_IMAGES`] objects, or that has `descriptions`
/// or a `json_prompt` in its place, and anything else besides, nested no deeper than 32 lists and objects.
/// In JSON it is what Ideogram sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Answer {
    /// None if it describes a picture.
    images: Option<Vec<Map<String, Value>>>,
    /// All fields but `data`.
    rest: Map<String, Value>,
}

/// Why something is no answer. The pictures may have been made and billed all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnAnswer {
    /// It is not JSON, or not an object.
    NotAnObject,
    /// It has no `data`, or one that is no list of objects.
    NoListOfImages,
    /// It has no `descriptions`, or an empty list of them, and no `json_prompt`.
    NoDescriptions,
    /// It has more than [`MOST_IMAGES`] pictures.
    TooManyImages,
    /// It is nested deeper than 32 lists and objects.
    NestedTooDeep,
    /// It is too large to be stored.
    TooLarge,
}

impl fmt::Display for NotAnAnswer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAnObject => "Ideogram's answer is not a JSON object",
            Self::NoListOfImages => "Ideogram's answer has no list of images in data",
            Self::NoDescriptions => "Ideogram's answer has no list of descriptions",
            Self::TooManyImages => "Ideogram's answer has more images than any request asks for",
            Self::NestedTooDeep => "Ideogram's answer is nested deeper than 32 lists and objects",
            Self::TooLarge => "Ideogram's answer is too large to be stored",
        })
    }
}

impl std::error::Error for NotAnAnswer {}

impl Answer {
    /// Reads an answer's body.
    ///
    /// # Errors
    /// When it does not have what was asked for.
    pub fn parse(body: &[u8], product: Product) -> Result<Self, NotAnAnswer> {
        let value = serde_json::from_slice(body).map_err(|_| NotAnAnswer::NotAnObject)?;
        Self::from_value(value, product)
    }

    /// Reads an answer that has been read as JSON.
    ///
    /// # Errors
    /// When it does not have what was asked for.
    pub fn from_value(value: Value, product: Product) -> Result<Self, NotAnAnswer> {
        // Numbers may be written longer than they came.
        if value.to_string().len() > MOST_BYTES {
            return Err(NotAnAnswer::TooLarge);
        }
        let answer = Self::try_from(value)?;
        match (product, &answer.images) {
            (Product::Pictures, None) => Err(NotAnAnswer::NoListOfImages),
            (Product::Descriptions, Some(_)) => Err(NotAnAnswer::NoDescriptions),
            _ => Ok(answer),
        }
    }

    /// How many pictures were made, which is how many are billed: those withheld by the safety
    /// check are. Describing a picture counts as one.
    #[must_use]
    pub fn image_count(&self) -> u32 {
        let images = self.images.as_ref();
        images.map_or(1, |images| u32::try_from(images.len()).unwrap_or(u32::MAX))
    }

    /// The pictures in order.
    pub fn items(&self) -> impl Iterator<Item = AnsweredImage<'_>> {
        let numbered = (0..).zip(self.images.iter().flatten());
        numbered.map(|(index, fields)| AnsweredImage { index, fields })
    }

    /// What callers are answered: each `data[].url` is the link given for that picture, or null
    /// for one without; all other fields are Ideogram's. No address of Ideogram's is left.
    #[must_use]
    pub fn render(&self, links: &[Option<String>]) -> Value {
        let mut links = links.iter().cloned();
        let mut rendered = self.clone();
        for image in rendered.images.iter_mut().flatten() {
            let link = links.next().flatten();
            image.insert(URL.to_owned(), link.into());
        }
        rendered.into()
    }
}

const DATA: &str = "data";
const URL: &str = "url";

impl TryFrom<Value> for Answer {
    type Error = NotAnAnswer;

    fn try_from(value: Value) -> Result<Self, NotAnAnswer> {
        if !fits(&value, DEEPEST) {
            return Err(NotAnAnswer::NestedTooDeep);
        }
        let Value::Object(mut rest) = value else {
            return Err(NotAnAnswer::NotAnObject);
        };
        let items = match rest.remove(DATA) {
            Some(Value::Array(items)) => items,
            None if describes(&rest) => return Ok(Self { images: None, rest }),
            _ => return Err(NotAnAnswer::NoListOfImages),
        };
        if items.len() > MOST_IMAGES {
            return Err(NotAnAnswer::TooManyImages);
        }
        let object = |item| match item {
            Value::Object(image) => Ok(image),
            _ => Err(NotAnAnswer::NoListOfImages),
        };
        let images = items.into_iter().map(object).collect::<Result<_, _>>()?;
        Ok(Self {
            images: Some(images),
            rest,
        })
    }
}

fn describes(fields: &Map<String, Value>) -> bool {
    let descriptions = fields.get("descriptions").and_then(Value::as_array);
    // A description for Ideogram 4.0 is one prompt, part by part.
    let in_parts = || fields.get("json_prompt").is_some_and(Value::is_object);
    descriptions.is_some_and(|list| !list.is_empty()) || in_parts()
}

/// Whether lists and objects are nested at most `levels` deep.
fn fits(value: &Value, levels: usize) -> bool {
    let inside = levels.checked_sub(1);
    let fits_inside = |value| inside.is_some_and(|levels| fits(value, levels));
    match value {
        Value::Array(items) => inside.is_some() && items.iter().all(fits_inside),
        Value::Object(fields) => inside.is_some() && fields.values().all(fits_inside),
        _ => true,
    }
}

impl From<Answer> for Value {
    fn from(answer: Answer) -> Self {
        let Answer { images, mut rest } = answer;
        if let Some(images) = images {
            rest.insert(DATA.to_owned(), images.into());
        }
        Self::Object(rest)
    }
}

/// One picture of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredImage<'answer> {
    index: u32,
    fields: &'answer Map<String, Value>,
}

impl<'answer> AnsweredImage<'answer> {
    /// Its place in `data`, from 0.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Where it can be fetched for a while; none if it was withheld.
    #[must_use]
    pub fn url(self) -> Option<&'answer str> {
        let url = self.text(URL).filter(|url| !url.is_empty());
        url.filter(|_| self.is_image_safe())
    }

    /// Whether it passed the safety check; one that was not checked did.
    #[must_use]
    pub fn is_image_safe(self) -> bool {
        self.fields.get("is_image_safe") != Some(&Value::Bool(false))
    }

    /// The seed it was made from.
    #[must_use]
    pub fn seed(self) -> Option<u64> {
        self.fields.get("seed").and_then(Value::as_u64)
    }

    /// What it was made from, where Ideogram named it: the prompt, or what Ideogram made of it.
    #[must_use]
    pub fn prompt(self) -> Option<&'answer str> {
        self.text("prompt")
    }

    /// Its size, `1024x1024`.
    #[must_use]
    pub fn resolution(self) -> Option<&'answer str> {
        self.text("resolution")
    }

    /// The style it was made in.
    #[must_use]
    pub fn style_type(self) -> Option<&'answer str> {
        self.text("style_type")
    }

    fn text(self, name: &str) -> Option<&'answer str> {
        self.fields.get(name).and_then(Value::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mixed() -> Value {
        json!({
            "created": "2026-11-21T09:30:00+00:00", "notice": "new", "request_id": null,
            "data": [
                { "url": "https://ideogram.ai/a.png", "prompt": "a fox", "seed": 7, "future": [1],
                  "resolution": "1024x1024", "is_image_safe": true, "style_type": "REALISTIC" },
                { "url": "https://ideogram.ai/b.png", "is_image_safe": false, "seed": 8 },
                { "url": "", "seed": 1.5 },
                { "url": null, "seed": -1 },
                {},
            ],
        })
    }

    #[test]
    fn an_answer_says_what_is_known_of_each_picture() {
        let answer = Answer::parse(mixed().to_string().as_bytes(), Product::Pictures).unwrap();
        assert_eq!(answer.image_count(), 5, "withheld pictures are billed");
        let images: Vec<_> = answer.items().collect();
        assert_eq!(images[0].url(), Some("https://ideogram.ai/a.png"));
        assert_eq!(images[0].seed(), Some(7));
        assert_eq!(images[0].resolution(), Some("1024x1024"));
        assert_eq!(images[0].style_type(), Some("REALISTIC"));
        assert_eq!((images[1].url(), images[1].seed()), (None, Some(8)));
        assert!(!images[1].is_image_safe());
        for image in &images[2..] {
            assert_eq!((image.url(), image.seed()), (None, None));
            assert!(image.is_image_safe());
        }
        assert!((0..5).eq(images.iter().map(|image| image.index())));
    }

    #[test]
    fn what_callers_are_answered_keeps_every_field_but_the_links() {
        let answer = Answer::try_from(mixed()).unwrap();
        let mut expected = mixed();
        for index in 0..5 {
            expected["data"][index]["url"] = Value::Null;
        }
        assert_eq!(answer.render(&[]), expected);
        expected["data"][2]["url"] = json!("https://gateway/2.png");
        let links = [None, None, Some("https://gateway/2.png".to_owned())];
        assert_eq!(answer.render(&links), expected);
    }

    #[test]
    fn an_answer_is_ideograms_own_json_when_stored() {
        let answer = Answer::try_from(mixed()).unwrap();
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), mixed());
        assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer);
    }

    #[test]
    fn a_number_in_an_answer_is_the_same_after_any_number_of_readings() {
        let body = r#"{"data":[],"new":0.169415187631024866111}"#;
        let answer = Answer::parse(body.as_bytes(), Product::Pictures).unwrap();
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<Answer>(&json).unwrap(), answer);
    }

    #[test]
    fn anything_without_a_list_of_pictures_is_no_answer() {
        for (body, why) in [
            ("", NotAnAnswer::NotAnObject),
            ("<html>", NotAnAnswer::NotAnObject),
            ("[]", NotAnAnswer::NotAnObject),
            ("{}", NotAnAnswer::NoListOfImages),
            (r#"{"data":null}"#, NotAnAnswer::NoListOfImages),
            (r#"{"data":{}}"#, NotAnAnswer::NoListOfImages),
            (r#"{"data":[null]}"#, NotAnAnswer::NoListOfImages),
        ] {
            assert_eq!(
                Answer::parse(body.as_bytes(), Product::Pictures),
                Err(why),
                "{body}"
            );
        }
        let images = |count| json!({ "data": vec![json!({}); count] });
        assert!(Answer::try_from(images(MOST_IMAGES)).is_ok());
        let too_many = Answer::try_from(images(MOST_IMAGES + 1));
        assert_eq!(too_many, Err(NotAnAnswer::TooManyImages));
    }

    #[test]
    fn a_picture_is_described_in_a_list_or_in_one_prompt() {
        let parse = |body: &str| Answer::parse(body.as_bytes(), Product::Descriptions);
        for body in [
            r#"{"descriptions":[{"text":"a fox"}]}"#,
            r#"{"description_id":"a","json_prompt":{"high_level_description":"a fox"}}"#,
        ] {
            assert_eq!(
                parse(body).map(|answer| answer.image_count()),
                Ok(1),
                "{body}"
            );
        }
        for body in [r#"{"descriptions":[]}"#, r#"{"json_prompt":"a fox"}"#] {
            assert_eq!(parse(body), Err(NotAnAnswer::NoListOfImages), "{body}");
        }
    }

    #[test]
    fn an_answer_is_as_large_as_it_is_when_written_again() {
        let parse = |data: String| {
            Answer::parse(
                format!(r#"{{"data":[{data}]}}"#).as_bytes(),
                Product::Pictures,
            )
        };
        let text = |bytes| parse(format!(r#"{{"url":"{}"}}"#, "a".repeat(bytes)));
        assert!(text(MOST_BYTES - 100).is_ok());
        assert_eq!(text(MOST_BYTES), Err(NotAnAnswer::TooLarge));
        let numbers = |count| {
            parse(format!(
                r#"{{"numbers":[{}]}}"#,
                vec!["1e15"; count].join(",")
            ))
        };
        assert!(numbers(40_000).is_ok());
        assert_eq!(numbers(60_000), Err(NotAnAnswer::TooLarge));
    }

    #[test]
    fn an_answer_is_nested_to_a_depth_of_32_and_no_further() {
        let nested = |depth: usize| {
            let (open, close) = ("[".repeat(depth), "]".repeat(depth));
            Answer::parse(
                format!(r#"{{"data":[{{"deep":{open}1{close}}}]}}"#).as_bytes(),
                Product::Pictures,
            )
        };
        assert!(nested(DEEPEST - 3).is_ok());
        assert_eq!(nested(DEEPEST - 2), Err(NotAnAnswer::NestedTooDeep));
        assert_eq!(nested(100_000), Err(NotAnAnswer::NotAnObject));
    }
}
