//! What is no policy, and how it is told.

use serde_json::json;

use super::super::{ContentPolicy, InvalidPolicy};

fn error(text: &str) -> String {
    text.parse::<ContentPolicy>().unwrap_err().to_string()
}

fn error_of_entry(list: &str, entry: &str) -> String {
    let good = if list == "terms" {
        "good"
    } else {
        "a good one"
    };
    let policy = json!({ "categories": { "weapons": { list: [good, entry] } } });
    error(&policy.to_string())
}

#[test]
fn what_is_not_json_is_named_by_its_position() {
    assert_eq!(
        error("{\"categories\":\n secret}"),
        "policy: must be JSON, and is not at line 2, column 2"
    );
    assert_eq!(
        error(""),
        "policy: must be JSON, and is not at line 1, column 0"
    );
    assert!(error(&"[".repeat(1000)).starts_with("policy: must be JSON"));
}

#[test]
fn the_wrong_kind_of_value_is_named_by_its_place() {
    for (value, place, complaint) in [
        (json!([]), "policy", "must be an object"),
        (json!({"categories": []}), "categories", "must be an object"),
        (
            json!({"categories": {"brand": 5}}),
            "categories.brand",
            "must be an object",
        ),
        (
            json!({"categories": {"brand": {"terms": "acme"}}}),
            "categories.brand.terms",
            "must be a list of texts",
        ),
        (
            json!({"categories": {"brand": {"terms": ["acme", 5]}}}),
            "categories.brand.terms[1]",
            "must be text of 1 to 200 visible characters",
        ),
        (
            json!({"categories": {"brand": {"message": null}}}),
            "categories.brand.message",
            "must be text of 1 to 300 visible characters",
        ),
    ] {
        let (place, complaint) = (place.to_owned(), complaint.to_owned());
        let refused = Err(InvalidPolicy { place, complaint });
        assert_eq!(
            value.to_string().parse::<ContentPolicy>().map(|_| ()),
            refused
        );
    }
}

#[test]
fn fields_that_are_not_known_or_given_twice_are_refused_without_their_names() {
    assert_eq!(
        error(r#"{"secret": {}}"#),
        "policy: takes no other field than categories"
    );
    assert_eq!(
        error(r#"{"categories": {"brand": {"secret": ["acme"]}}}"#),
        "categories.brand: takes no other fields than terms, phrases, patterns, message"
    );
    let twice = "has a field twice; field 2 was there before";
    for (text, place) in [
        (r#"{"categories": {}, "categories": {}}"#, "policy"),
        (r#"{"categories": {"a": {}, "a": {}}}"#, "categories"),
        (
            r#"{"categories": {"a": {"terms": [], "terms": []}}}"#,
            "categories.a",
        ),
    ] {
        assert_eq!(error(text), format!("{place}: {twice}"));
    }
}

#[test]
fn a_category_has_a_plain_name() {
    let complaint = "must be 1 to 40 of a to z, 0 to 9 and _, beginning with a letter";
    let too_long = "a".repeat(41);
    for name in [
        "",
        "Weapons",
        "hate speech",
        "1st",
        "_a",
        "wäffen",
        "a.b",
        &too_long,
    ] {
        let policy = json!({"categories": {name: {}}});
        let expected = format!("categories: the name of category 1 {complaint}");
        assert_eq!(error(&policy.to_string()), expected);
    }
    let longest = json!({"categories": {"a".repeat(40): {}, "hate_speech2": {}}});
    assert!(longest.to_string().parse::<ContentPolicy>().is_ok());
}

#[test]
fn an_entry_that_its_list_does_not_take_is_named_with_what_it_takes() {
    let one_word = "must be one word without blanks and signs; what has them belongs under phrases";
    let no_sign = "takes no @, $, ! and |; the letters they stand for find them too";
    let between = "takes * alone only between two words";
    let at_ends = "takes * at the beginning and the end of a word, not within";
    let short = "must have at least 2 letters beside a *";
    let visible = "must be text of 1 to 200 visible characters";
    for (list, entry, complaint) in [
        ("terms", "pipe bomb", one_word),
        ("terms", "a$$", one_word),
        ("terms", "x-ray", one_word),
        ("terms", "bomb*", one_word),
        ("terms", "\u{200B} ", visible),
        ("terms", "\u{301}", "must have a letter or a digit"),
        ("phrases", "pipe *", "takes no *; it belongs under patterns"),
        ("phrases", "kick a$$", no_sign),
        ("phrases", "- / -", "must have a letter or a digit"),
        ("patterns", "*", between),
        ("patterns", "* bomb", between),
        ("patterns", "bomb *", between),
        ("patterns", "a * * bomb", between),
        ("patterns", "b*mb", at_ends),
        ("patterns", "b**", at_ends),
        ("patterns", "**", "must have a letter or a digit"),
        ("patterns", "a b*", short),
        ("patterns", "how to?", "takes words, blanks and * only"),
        ("patterns", "pipe-bomb*", "takes words, blanks and * only"),
    ] {
        let place = format!("categories.weapons.{list}[1]");
        assert_eq!(
            error_of_entry(list, entry),
            format!("{place}: {complaint}"),
            "{entry}"
        );
    }
}

#[test]
fn a_policy_has_bounds() {
    let with = |entries: Vec<String>| json!({"categories": {"a": {"terms": entries}}}).to_string();
    let is_policy = |text: &str| text.parse::<ContentPolicy>().is_ok();
    assert!(is_policy(&with(vec!["ü".repeat(200)])));
    assert_eq!(
        error(&with(vec!["ü".repeat(201)])),
        "categories.a.terms[0]: must be text of 1 to 200 visible characters"
    );
    assert!(is_policy(&with(vec!["bomb".into(); 10_000])));
    assert_eq!(
        error(&with(vec!["bomb".into(); 10_001])),
        "categories.a.terms[10000]: is more than the 10000 entries of a policy"
    );
    let padded = |bytes: usize| "{}".to_owned() + &" ".repeat(bytes - 2);
    assert!(is_policy(&padded(256 * 1024)));
    assert_eq!(
        error(&padded(256 * 1024 + 1)),
        "policy: must have at most 262144 bytes"
    );
}
