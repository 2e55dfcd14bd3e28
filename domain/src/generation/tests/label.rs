//! Labels of pictures: they fit whatever was asked for, and a history can be read back from them.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::generation::label::{Label, Remembered};

/// What R2's stand-in on the developer's machine takes, as it counts.
const MOST_UNITS: usize = 2048;
/// What R2 takes, in bytes.
const MOST_BYTES: usize = 8192;

/// A job whose pictures are to be kept.
fn answered_job(fields: Value) -> Job {
    let limits = Limits {
        prompt_max_chars: 10_000,
        ..LIMITS
    };
    let body = json!({ "image_request": fields });
    let request = ImageRequest::parse(Endpoint::GENERATE, &body, &limits).unwrap();
    let mut job = job_for(request.request, CacheUse::Usual, vec![]);
    let count = job.request().images().get();
    job.acquired(START, &job.lease_id(), crate::ledger::Acquired::Granted);
    job.call_begins(START, Way::default());
    job.call_ended(START, pictures(count), 0, &POLICY);
    job
}

fn labels(job: &Job) -> Vec<(PictureKey, Label)> {
    let pictures = &job.result().unwrap().pictures;
    let kept = pictures.iter().filter(|picture| picture.is_pending());
    let labelled = kept.map(|picture| {
        let seed = picture.seed.unwrap();
        let key = PictureKey::new(
            START.day(),
            *job.secret(),
            picture.index,
            seed,
            PictureFormat::Png,
        );
        (key, job.label(picture, seed))
    });
    labelled.collect()
}

fn units(text: &str) -> usize {
    let units = text.encode_utf16().count();
    let is_wide = text.encode_utf16().any(|unit| unit >= 256);
    if is_wide { 2 * units } else { units }
}

fn assert_fits(label: &Label) {
    let sum = |size: fn(&str) -> usize| -> usize {
        label
            .iter()
            .map(|(name, value)| size(name) + size(value))
            .sum()
    };
    assert!(sum(units) <= MOST_UNITS, "{label:?}");
    assert!(sum(str::len) <= MOST_BYTES, "{label:?}");
}

#[test]
fn the_history_can_be_read_back_from_the_label_of_any_picture() {
    let job = answered_job(json!({
        "prompt": "a fox", "num_images": 3, "seed": 7, "negative_prompt": "no wolves", "style_type": "DESIGN",
    }));
    let labels = labels(&job);
    assert_eq!(labels.len(), 3);
    let told = job.owed().first().and_then(|owed| owed.record.clone());
    let told = told.unwrap();
    for (key, label) in labels {
        assert_fits(&label);
        assert!(!label.contains_key("cut"));
        let later = START.plus(Millis::from_seconds(9));
        let remembered = Remembered::read(&key.to_string(), &label, later).unwrap();
        assert_eq!(remembered.client, ClientId::new("client".into()));
        assert_eq!(
            (remembered.model.as_str(), remembered.endpoint.as_str()),
            ("V_2", "/generate")
        );
        assert_eq!((remembered.images, remembered.cost), (3, PRICE.times(3)));
        let record = remembered.record;
        assert_eq!(record.latency, Millis::from_seconds(9));
        assert_eq!(record.storing.as_ref().unwrap().keys, [key]);
        let as_told = super::super::Record {
            latency: told.latency,
            storing: None,
            ..record
        };
        assert_eq!(as_told, told);
    }
}

#[test]
fn the_pictures_of_one_generation_tell_of_it_together_in_any_order() {
    let job = answered_job(json!({"prompt": "a fox", "num_images": 3}));
    let seconds = Millis::from_seconds;
    let read = |index: usize| {
        let (key, label) = labels(&job).remove(index);
        let kept_at = START.plus(seconds(10 - index as u64));
        Remembered::read(&key.to_string(), &label, kept_at).unwrap()
    };
    let keys: Vec<_> = labels(&job).into_iter().map(|(key, _)| key).collect();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let told = crate::restoring::by_generation(order.map(read).to_vec());
        let [told] = &told[..] else {
            panic!("{told:?}");
        };
        assert_eq!(told.keys(), keys);
        assert_eq!(told.record.latency, seconds(10));
    }
    let mut twice = read(0);
    twice.take(read(0));
    assert_eq!(twice, read(0));
}

#[test]
fn what_does_not_fit_is_cut_and_the_label_says_so() {
    let job = answered_job(json!({
        "prompt": "fox ".repeat(2000), "negative_prompt": "wolf ".repeat(1000),
    }));
    let [(key, label)] = &labels(&job)[..] else {
        panic!("one picture");
    };
    assert_fits(label);
    assert_eq!(label["cut"], "options,prompt");
    assert!(label["prompt"].len() > 1000 && label["prompt"].starts_with("fox fox"));
    let read = Remembered::read(&key.to_string(), label, START).unwrap();
    assert_eq!(read.record.prompt, label["prompt"]);
    assert!(read.record.options.is_empty());
}

#[test]
fn a_label_that_says_too_little_or_lies_beside_something_else_is_not_read() {
    let job = answered_job(json!({"prompt": "a fox"}));
    let (key, label) = labels(&job).remove(0);
    let needed = [
        "prompt",
        "model",
        "generation",
        "created",
        "client",
        "endpoint",
        "images",
        "cost_micro_usd",
        "seeds",
    ];
    for name in needed {
        let mut less = label.clone();
        less.remove(name).unwrap();
        assert_eq!(
            Remembered::read(&key.to_string(), &less, START),
            None,
            "{name}"
        );
        if !["prompt", "model", "client", "endpoint"].contains(&name) {
            let other = [(name.to_owned(), "x".to_owned())];
            let other = label.clone().into_iter().chain(other).collect();
            assert_eq!(
                Remembered::read(&key.to_string(), &other, START),
                None,
                "{name}"
            );
        }
    }
    for key in ["", "images/x.png", "references/0123/0"] {
        assert_eq!(Remembered::read(key, &label, START), None, "{key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_label_fits_whatever_is_asked_for(prompt in "\\PC{1,3000}", negative in "\\PC{0,1000}", images in 1..=8_u32) {
        let fields = json!({"prompt": format!("a {prompt}"), "negative_prompt": negative, "num_images": images});
        let body = json!({ "image_request": fields.clone() });
        let limits = Limits { prompt_max_chars: 10_000, ..LIMITS };
        prop_assume!(ImageRequest::parse(Endpoint::GENERATE, &body, &limits).is_ok());
        let job = answered_job(fields);
        for (key, label) in labels(&job) {
            assert_fits(&label);
            prop_assert!(Remembered::read(&key.to_string(), &label, START).is_some());
        }
    }
}
