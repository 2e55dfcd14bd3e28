//! What is asked for a price, how the answer is read, and what a look at all prices comes to.

use super::*;

const NOW: UnixMillis = UnixMillis::new(1_795_305_600_000);
const DAY: Millis = Millis::from_seconds(24 * 60 * 60);

const fn rate(model: Model, extra: Extra) -> Rate {
    Rate { model, extra }
}

const V2: Rate = rate(Model::V2, Extra::None);
const ENLARGED: Rate = rate(Model::V3Default, Extra::TransparentEnlarged);

const fn micro(amount: u64) -> MicroDollars {
    MicroDollars::new(amount)
}

fn answer(status: u16, body: &str) -> QuoteAnswer {
    let outcome = CallOutcome::Answered {
        status,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    };
    QuoteAnswer::of(outcome, NOW)
}

#[test]
fn a_rate_is_asked_for_at_its_counterpart_with_one_picture() {
    let quotes: Vec<_> = Quote::about(ENLARGED).collect();
    let asked: Vec<_> = quotes
        .iter()
        .map(|quote| (quote.path(), quote.body()))
        .collect();
    let path = "/v2/image/generate/ideogram-3-transparent?dry_run=true".to_owned();
    let body = |factor: &str| {
        json!({
            "prompt": PROMPT,
            "num_images": 1,
            "rendering_speed": "default",
            "upscale_factor": factor,
        })
    };
    assert_eq!(asked, [(path.clone(), body("x2")), (path, body("x4"))]);
    let [v2] = Quote::about(V2).collect::<Vec<_>>()[..] else {
        panic!("one question");
    };
    assert_eq!(v2.path(), "/v2/image/generate/ideogram-2?dry_run=true");
    assert_eq!(v2.body()["upscale_factor"], Value::Null);
}

#[test]
fn what_has_no_counterpart_is_not_asked_for() {
    for (model, extra) in [
        (Model::V1, Extra::None),
        (Model::V1Turbo, Extra::None),
        (Model::V3, Extra::None),
        (Model::Auto, Extra::None),
        (Model::V3Flash, Extra::None),
        (Model::V3Balanced, Extra::None),
        (Model::V3Default, Extra::Character),
        (Model::V3Balanced, Extra::Transparent),
        (Model::V4Balanced, Extra::None),
        (Model::Upscale, Extra::None),
        (Model::UpscaleX2, Extra::None),
        (Model::RemoveBackground, Extra::None),
        (Model::V45VeryLow, Extra::None),
        (Model::Describe, Extra::None),
    ] {
        assert_eq!(Quote::about(rate(model, extra)).count(), 0, "{model}");
    }
    let known = Quote::all().all(|quote| quote.rate().to_string().parse() == Ok(quote.rate()));
    assert!(known, "every row is about a rate of the table of prices");
}

#[test]
fn a_quote_is_exact_or_counts_with_its_upper_bound() {
    let exact = r#"{"object":"price_quote","billing_identifier":"x","quantity":1,
        "usd_micros":60000,"credit_millis":6000,"qualifier":"exact","new":[]}"#;
    assert_eq!(read_price(exact.as_bytes()), Ok(micro(60_000)));
    let estimate = exact.replace("exact", "estimate");
    assert!(read_price(estimate.as_bytes()).is_err(), "no bound");
    for (bound, price) in [(90_000, 90_000), (10_000, 60_000)] {
        let bounded = estimate.replace("[]", &format!("[],\"upper_bound_usd_micros\":{bound}"));
        assert_eq!(read_price(bounded.as_bytes()), Ok(micro(price)));
    }
}

#[test]
fn what_is_no_quote_of_one_picture_is_no_price() {
    let quote = r#"{"object":"price_quote","quantity":1,"usd_micros":60000,"qualifier":"exact"}"#;
    assert!(read_price(quote.as_bytes()).is_ok());
    for (right, wrong) in [
        ("price_quote", "quote"),
        ("\"quantity\":1", "\"quantity\":2"),
        ("\"quantity\":1,", ""),
        ("60000", "-1"),
        ("60000", "60000.5"),
        ("60000", "\"60000\""),
        ("60000", "null"),
        ("60000", "100000001"),
        ("exact", "about"),
        ("\"usd_micros\"", "\"usd_micros\":1,\"usd_micros\""),
        ("}", ""),
    ] {
        let quote = quote.replace(right, wrong);
        assert!(read_price(quote.as_bytes()).is_err(), "{quote}");
    }
    assert!(read_price(b"[]").is_err() && read_price(b"\xFF").is_err());
}

#[test]
fn every_answer_but_a_price_says_something_about_ideogram() {
    for (status, body, health) in [
        (200, "{}", Health::Working),
        (400, r#"{"error":"no"}"#, Health::Working),
        (401, "", Health::KeyRefused),
        (402, "", Health::NoCredits),
        (404, "", Health::Working),
        (429, "", Health::RateLimited),
        (500, "", Health::Failing),
        (503, "", Health::Failing),
        (524, "", Health::Failing),
    ] {
        let answer = answer(status, body);
        assert_eq!(answer.health(), health, "{status}");
        assert_eq!(answer.price(), None);
    }
    let said = "Ideogram refused to quote (status 400): no".to_owned();
    let expected = QuoteAnswer::Refused {
        health: Health::Working,
        why: said,
    };
    assert_eq!(answer(400, r#"{"error":"no"}"#), expected);
    for outcome in [CallOutcome::TimedOut, CallOutcome::ConnectionLost] {
        let answer = QuoteAnswer::of(outcome, NOW);
        assert!(matches!(answer, QuoteAnswer::Failed { .. }));
        assert_eq!(answer.health(), Health::Failing);
    }
}

#[test]
fn a_watch_keeps_the_dearest_answer_and_tells_what_is_not_what_the_table_has() {
    let answered = [
        (V2, Some(micro(80_000))),
        (ENLARGED, Some(micro(130_000))),
        (ENLARGED, Some(micro(160_000))),
        (rate(Model::V2A, Extra::None), Some(micro(39_999))),
    ];
    let watch = PriceWatch::new(NOW, &answered, None, &PriceTable::standard());
    let prices: Vec<_> = watch.quotes.iter().map(|quoted| quoted.price).collect();
    assert_eq!(prices, [micro(80_000), micro(160_000), micro(39_999)]);
    let cheaper = Drift {
        rate: rate(Model::V2A, Extra::None),
        table: micro(40_000),
        quoted: micro(39_999),
    };
    assert_eq!(
        watch.drifts,
        [cheaper],
        "what has no published price has drifted only if it is dearer than the dearest"
    );
    let own = PriceTable::with_overrides(r#"{"V_2": 0.1, "V_2A": 0.039999}"#).unwrap();
    let drifts = PriceWatch::new(NOW, &answered, None, &own).drifts;
    assert_eq!(drifts.len(), 1, "the operator's own price is the table's");
    assert_eq!((drifts[0].rate, drifts[0].table), (V2, micro(100_000)));
    let dear = [(ENLARGED, Some(micro(200_001)))];
    let drifts = PriceWatch::new(NOW, &dear, None, &PriceTable::standard()).drifts;
    assert_eq!(drifts.len(), 1);
}

#[test]
fn what_goes_unanswered_keeps_its_last_quote_for_a_week() {
    let table = PriceTable::standard();
    let first = PriceWatch::new(NOW, &[(V2, Some(micro(90_000)))], None, &table);
    let later = NOW.plus(DAY.times(6));
    let second = PriceWatch::new(
        later,
        &[(V2, None), (ENLARGED, Some(micro(1)))],
        Some(&first),
        &table,
    );
    assert_eq!(second.quotes.len(), 2);
    assert_eq!(second.drifts.len(), 1);
    let third = PriceWatch::new(NOW.plus(DAY.times(7)), &[], Some(&second), &table);
    assert_eq!(third.quotes.len(), 1);
    assert_eq!(third.drifts, []);
    let new = PriceWatch::new(later, &[(V2, Some(micro(80_000)))], Some(&first), &table);
    assert_eq!(new.drifts, [], "a new answer takes the old one's place");
}

#[test]
fn a_rate_counts_only_if_every_question_about_it_was_answered() {
    let table = PriceTable::standard();
    let both = [
        (ENLARGED, Some(micro(300_000))),
        (ENLARGED, Some(micro(400_000))),
    ];
    let first = PriceWatch::new(NOW, &both, None, &table);
    let one = [(ENLARGED, Some(micro(300_000))), (ENLARGED, None)];
    let second = PriceWatch::new(NOW.plus(DAY), &one, Some(&first), &table);
    assert_eq!(second.quotes, first.quotes);
    assert_eq!(PriceWatch::new(NOW, &one, None, &table).quotes, []);
}

#[test]
fn a_watch_is_stored_under_the_names_of_its_rates() {
    let answered = [(ENLARGED, Some(micro(200_001)))];
    let watch = PriceWatch::new(NOW, &answered, None, &PriceTable::standard());
    let stored = serde_json::to_value(&watch).unwrap();
    assert_eq!(
        stored["drifts"][0]["rate"],
        "V_3_DEFAULT_TRANSPARENT_ENLARGED"
    );
    assert_eq!(serde_json::from_value::<PriceWatch>(stored).unwrap(), watch);
}

#[test]
fn pictures_of_the_newer_models_are_quoted_by_what_makes_them_dearer() {
    let body = |model, extra| {
        let quotes: Vec<_> = Quote::about(rate(model, extra)).collect();
        let [quote] = quotes[..] else {
            panic!("{quotes:?}")
        };
        (quote.path(), quote.body())
    };
    let (path, low) = body(Model::V45Low, Extra::None);
    assert_eq!(path, "/v2/image/generate/ideogram-4-5?dry_run=true");
    assert_eq!(
        low,
        json!({"prompt": PROMPT, "num_images": 1, "quality": "low"})
    );
    let (path, large) = body(Model::V4Turbo, Extra::TransparentEnlarged);
    assert_eq!(
        path,
        "/v2/image/generate/ideogram-4-transparent?dry_run=true"
    );
    let expected = json!({"prompt": PROMPT, "num_images": 1, "rendering_speed": "turbo",
        "output_resolution": "8k"});
    assert_eq!(large, expected);
}
