//! What holds for any text and any policy.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::ContentPolicy;
use super::{list, rejects, terms};

/// Text in which the characters that matter are not one in a million.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        select(
            " .-_'*@$!|013456789abcdelnosxBI"
                .chars()
                .collect::<Vec<_>>()
        ),
        select(
            "аеосрхіВНжñßœ\u{301}\u{FE0F}\u{20DD}𝐛ｂⓑ手弾ガﾞไทย폭ا"
                .chars()
                .collect::<Vec<_>>()
        ),
        any::<char>(),
    ];
    vec(character, 0..60).prop_map(|characters| characters.into_iter().collect())
}

fn policy_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    let name = || prop_oneof![select(vec!["terms", "phrases", "patterns", "message", "a"])];
    let lists = prop::collection::btree_map(
        name(),
        prop_oneof![4 => vec(text(), 0..4).prop_map(Value::from), 1 => leaf],
        0..4,
    );
    prop::collection::btree_map("[a-c_]{1,3}", lists, 0..3)
        .prop_map(|categories| json!({ "categories": categories }))
}

proptest! {
    #[test]
    fn no_json_and_no_text_breaks_it(policy in policy_json(), text in text()) {
        if let Ok(policy) = policy.to_string().parse::<ContentPolicy>() {
            let _ = policy.check(&text);
            let _ = rejects(&policy, &text);
        }
    }

    #[test]
    fn no_text_in_place_of_a_policy_breaks_it(text in r#"[\[\]{}",:a\\ *]{0,40}"#) {
        let _ = text.parse::<ContentPolicy>();
    }

    #[test]
    fn whatever_the_policy_takes_finds_itself(entry in text(), kind in select(vec!["terms", "phrases"])) {
        let policy = json!({ "categories": { "only": { kind: [entry] } } });
        if let Ok(policy) = policy.to_string().parse::<ContentPolicy>() {
            prop_assert!(rejects(&policy, &entry));
        }
    }

    #[test]
    fn a_term_planted_as_a_word_is_found(
        term in "[a-z]{3,12}",
        before in "([a-z]{1,9}[ ,.]{1,2}){0,20}",
        after in "([ ,.]{1,2}[a-z]{1,9}){0,20}",
        plural in select(vec!["", "s", "es"]),
    ) {
        let text = format!("{before}{term}{plural}{after}");
        prop_assert!(rejects(&terms(&[&term]), &text), "{}", text);
    }

    #[test]
    fn a_term_within_a_larger_word_is_not_found(
        term in "[a-i]{2,12}",
        (before, after) in prop_oneof![
            ("[j-z]{1,3}", "[j-rt-z]{0,3}"),
            ("", "[j-rt-z]{1,3}"),
        ],
    ) {
        let word = format!("{before}{term}{after}");
        prop_assert!(!rejects(&terms(&[&term]), &word));
        let text = format!("one {word}, two {word}.");
        prop_assert!(!rejects(&terms(&[&term]), &text));
    }

    #[test]
    fn a_pattern_is_found_with_up_to_three_words_in_its_gap_and_no_more(
        between in vec("[m-z]{2,6}", 0..6),
    ) {
        let policy = list("patterns", &["abc * def*"]);
        let text = format!("abc {} defghi", between.join(" "));
        prop_assert_eq!(rejects(&policy, &text), between.len() <= 3);
    }

    #[test]
    fn text_without_any_of_the_policys_letters_passes(text in "[k-z .,'-]{0,80}") {
        prop_assert!(!rejects(&terms(&["bad", "face", "cafe"]), &text));
    }
}
