//! What Ideogram answers, and what becomes of it: understood, shown to callers, stored in a job.

use domain::answer::{Answer, MOST_IMAGES, error_message};
use domain::failure::Failure;
use domain::request::Product;
use domain::retry::{CallOutcome, FailureCost, Verdict, judge};
use domain::time::UnixMillis;
use serde_json::Value;

use crate::invisible::is_invisible;
use crate::job;

pub(crate) const TOKENS: &[&str] = &[
    "\"created\":",
    "\"data\":[",
    "\"url\":",
    "\"https://ideogram.ai/a.png?exp=1795305599\"",
    "\"seed\":",
    "\"resolution\":",
    "\"1024x1024\"",
    "\"is_image_safe\":false",
    "\"style_type\":",
    "\"prompt\":",
    "\"error\":",
    "\"message\":",
    "\"detail\":",
    "\"title\":",
    "\"msg\":",
    "null",
    "0.1",
    "1e-7",
    "\\u202e",
    "\\n",
    "{},{},{},{},{},{},{},{},",
    "[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]",
];

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);
const LONGEST_SENTENCE: usize = 300;
/// Where another call is judged to be free or not, and where nothing is known of the status.
const STATUSES: [u16; 12] = [200, 204, 302, 400, 401, 402, 403, 408, 422, 429, 500, 524];

/// Any body, with any status: a 200 is an answer kept whole or possibly billed, everything else a
/// failure that can be shown and stored.
pub(crate) fn check(body: &[u8]) {
    let value = serde_json::from_slice::<Value>(body).ok();
    match Answer::parse(body, Product::Pictures) {
        Ok(answer) => is_kept_whole(&answer, value.as_ref()),
        Err(why) => assert!(!why.to_string().is_empty()),
    }
    if let Some(sentence) = error_message(body) {
        is_one_line(&sentence, LONGEST_SENTENCE);
    }
    for status in STATUSES {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: None,
            body: body.to_vec(),
        };
        is_understood(judge(outcome, Product::Pictures, NOW), status);
    }
}

fn is_kept_whole(answer: &Answer, value: Option<&Value>) {
    let back = Value::from(answer.clone());
    assert_eq!(Some(&back), value, "every field is kept");
    let count = answer.items().count();
    assert!(count <= MOST_IMAGES);
    assert_eq!(u32::try_from(count), Ok(answer.image_count()));
    assert!(
        (0..)
            .zip(answer.items())
            .all(|(index, item)| item.index() == index)
    );

    let mut without_links = back;
    if let Some(images) = without_links.get_mut("data").and_then(Value::as_array_mut) {
        for image in images.iter_mut().filter_map(Value::as_object_mut) {
            image.insert("url".to_owned(), Value::Null);
        }
    }
    assert_eq!(answer.render(&[]), without_links, "no link of Ideogram's");

    let stored = serde_json::to_string(answer).unwrap_or_default();
    let read: Option<Answer> = serde_json::from_str(&stored).ok();
    assert_eq!(read.as_ref(), Some(answer), "stored and read again");
}

fn is_understood(verdict: Verdict, status: u16) {
    match verdict {
        Verdict::Made(answer) => {
            assert_eq!(status, 200);
            job::holds(&answer);
        }
        Verdict::Accepted(id) => assert_eq!(id.as_str(), "", "was not submitted"),
        Verdict::Failed(call) => {
            let may_be_billed = matches!(status, 200..=399 | 408 | 524);
            let unconfirmed = call.cost == FailureCost::Unconfirmed;
            assert_eq!(unconfirmed, may_be_billed, "status {status}");
            is_one_line(&call.failure.message, LONGEST_SENTENCE + 100);
            let stored = serde_json::to_string(&call.failure).unwrap_or_default();
            let read: Option<Failure> = serde_json::from_str(&stored).ok();
            assert_eq!(read, Some(call.failure));
        }
        Verdict::NotSent(failure) => assert_eq!(status, 0, "an answer to nothing: {failure:?}"),
    }
}

/// Can stand in a log and in an error.
pub(crate) fn is_one_line(sentence: &str, most_characters: usize) {
    assert!(!sentence.is_empty());
    assert!(sentence.chars().count() <= most_characters, "{sentence:?}");
    assert!(!sentence.contains(is_invisible), "{sentence:?}");
}
