//! Whatever is asked for goes as it came, or to v2 in words that v2 knows.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use super::allowed::assert_allowed;
use super::facts::{self, V2};
use super::{Answered, PICTURE, Sent, as_it_came, ask};
use crate::request::{Endpoint, ImageRequest, Takes};
use crate::upstream::{Upstream, V2_PATHS};

const WEBHOOK: &str = "https://gateway.example/ideogram/webhook?generation=g1";
/// So many at each endpoint.
const REQUESTS: u32 = 800;

/// A request that the endpoint takes, with some of its fields.
fn any_request(endpoint: Endpoint, rng: &mut Rng) -> ImageRequest {
    for _ in 0..1000 {
        let fields = endpoint.fields().into_iter();
        let fields = fields.map(|field| (field.name, field.required, Some(field.takes)));
        let pictures = endpoint.pictures().iter();
        let pictures = pictures.map(|picture| (picture.name, picture.required, None));
        let mut all: Vec<_> = fields.chain(pictures).collect();
        rng.shuffle(&mut all);
        let (required, optional): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(_, required, _)| *required);
        // Few fields are seldom refused, many say more.
        let some = optional.into_iter().take(rng.usize(0..8));
        let given = required.into_iter().chain(some);
        let given = given.map(|(name, _, takes)| {
            let value = takes.map_or_else(|| PICTURE.into(), |takes| any_value(&takes, rng));
            (name.to_owned(), value)
        });
        let fields: Map<String, Value> = given.collect();
        if let Ok(request) = ask(endpoint.path(), &fields) {
            return request;
        }
    }
    panic!("no request is taken: {endpoint:?}")
}

fn any_value(takes: &Takes, rng: &mut Rng) -> Value {
    match takes {
        Takes::Prompt | Takes::Text => {
            let texts = ["a fox", "un café", "{\"a\": 1}", "[a]", "fox { in snow"];
            (*rng.choice(&texts).unwrap()).into()
        }
        Takes::Integer {
            lowest, highest, ..
        } => rng.u32(*lowest..=*highest).into(),
        Takes::Words(words) => (*rng.choice(words).unwrap()).into(),
        Takes::Palette { presets, .. } if rng.bool() => {
            json!({ "name": rng.choice(presets.iter()).unwrap() })
        }
        Takes::Palette { .. } => {
            json!({ "members": [{ "color_hex": "#a1B2c3", "color_weight": 0.25 }, { "color_hex": "#FFF" }] })
        }
        Takes::StyleCodes { .. } => json!(["0a1b2c3d", "FFFFFFFF"]),
        Takes::CustomModel { .. } => "model/mine/version/2".into(),
        Takes::JsonPrompt { .. } => json!({
            "high_level_description": "a fox",
            "compositional_deconstruction": { "background": "snow", "elements": [] },
        }),
        _ => rng.bool().into(),
    }
}

/// Where it went.
fn check(request: &ImageRequest, webhook: Option<&str>) -> String {
    let path = request.endpoint().path();
    let call = request.upstream_call(Upstream::V2, webhook);
    let legacy = request.upstream_call(Upstream::Legacy, webhook);
    if path.starts_with(V2_PATHS) {
        assert_eq!(call.path, path);
        assert_eq!(legacy, call, "there is no other way for v2's own words");
        return call.path;
    }
    assert_eq!(legacy, as_it_came(request));
    if call.path == path {
        assert_eq!(call, legacy);
        return call.path;
    }
    assert_allowed(&call);
    let sent = Sent::by(&call);
    let told = webhook.filter(|_| V2::at(&call.path).takes_webhook());
    let urls = sent.fields.get("webhook_url");
    assert_eq!(
        urls.and_then(|urls| urls[0].as_str()),
        told,
        "{}",
        call.path
    );
    assert_eq!(call.answered == Answered::Announced, told.is_some());
    assert_eq!(
        call.answered != Answered::OnTheCall,
        sent.has("async"),
        "{}",
        call.path
    );
    call.path
}

#[test]
fn any_request_goes_as_it_came_or_to_v2_in_words_that_it_knows() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for endpoint in Endpoint::all() {
        let mut rng = Rng::with_seed(7);
        for _ in 0..REQUESTS {
            let request = any_request(endpoint, &mut rng);
            let webhook = rng.bool().then_some(WEBHOOK);
            let path = check(&request, webhook);
            *seen.entry(path).or_default() += 1;
        }
    }
    for endpoint in facts::ALL {
        assert!(
            seen.contains_key(endpoint.path),
            "nothing went to {}",
            endpoint.path
        );
    }
    for path in [
        "/generate",
        "/v1/ideogram-v3/generate",
        "/v1/ideogram-v4/generate",
    ] {
        assert!(seen.contains_key(path), "nothing stayed at {path}");
    }
}
