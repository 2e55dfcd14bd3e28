//! Terms, phrases, patterns and categories, plainly written.

use super::super::{ContentPolicy, Rejection};
use super::{assert_passes, assert_rejects, list, rejects, terms};

#[test]
fn an_empty_policy_rejects_nothing() {
    for text in [
        "{}",
        r#"{"categories": {}}"#,
        r#"{"categories": {"weapons": {"terms": []}}}"#,
    ] {
        let policy: ContentPolicy = text.parse().unwrap();
        assert!(!rejects(&policy, "a grenade"), "{text}");
    }
    assert!(!rejects(&ContentPolicy::default(), "a grenade"));
}

#[test]
fn the_category_is_the_first_in_the_policy_wherever_its_words_stand() {
    let policy: ContentPolicy = r#"{"categories": {
        "weapons": {"message": "No weapons, please.", "terms": ["grenade"]},
        "brand": {"terms": ["acme", "grenade"]},
        "art": {"phrases": ["acme poster"]}
    }}"#
    .parse()
    .unwrap();
    let weapons = Rejection {
        category: "weapons",
        message: Some("No weapons, please."),
    };
    let brand = Rejection {
        category: "brand",
        message: None,
    };
    assert_eq!(policy.check("an Acme grenade"), Some(weapons));
    assert_eq!(policy.check("@cme gr3nade"), Some(weapons));
    assert_eq!(policy.check("an acme poster"), Some(brand));
    assert_eq!(policy.check("a poster"), None);
}

#[test]
fn a_term_is_found_as_a_whole_word_in_any_case() {
    let policy = terms(&["rape", "Sex", "cunt", "cock"]);
    assert_rejects(&policy, &["rape", "RAPE!", "(sex)", "a cock,", "\"Cunt\""]);
    assert_passes(
        &policy,
        &[
            "grape",
            "grapes",
            "drapes",
            "Essex",
            "sextant",
            "Scunthorpe",
            "cockpit",
            "peacock",
        ],
    );
}

#[test]
fn the_plain_plural_and_the_possessive_of_a_term_are_found_and_no_other_ending() {
    let policy = terms(&["grenade", "fox", "as"]);
    assert_rejects(
        &policy,
        &[
            "grenades",
            "foxes",
            "the grenade's pin",
            "the fox\u{2019}s den",
            "the foxes' den",
        ],
    );
    assert_passes(&policy, &["grenadess", "grenadier", "foxy", "ass", "ases"]);
    assert_passes(&terms(&["grenades"]), &["grenade"]);
}

#[test]
fn an_apostrophe_ends_a_word() {
    assert_rejects(&terms(&["acme"]), &["l'acme", "l\u{2019}Acme", "'acme'"]);
    assert_rejects(
        &list("phrases", &["o'brien"]),
        &["O'Brien", "O\u{2019}Brien's"],
    );
}

#[test]
fn a_phrase_is_its_words_one_after_the_other_whatever_signs_are_between() {
    let policy = list("phrases", &["pipe bomb", "AK-47"]);
    assert_rejects(
        &policy,
        &[
            "a Pipe-Bomb",
            "pipe bombs",
            "pipes, bombs",
            "pipe_bomb",
            "an ak 47",
            "AK.47",
        ],
    );
    assert_passes(
        &policy,
        &[
            "pipe",
            "bomb",
            "bomb pipe",
            "pipe of a bomb",
            "pipebomb",
            "windpipe bomb",
            "pipe bomber",
        ],
    );
}

#[test]
fn a_star_at_a_word_is_any_letters_or_none() {
    let end = list("patterns", &["bomb*"]);
    assert_rejects(&end, &["bomb", "bombs", "a bomber", "bombastic"]);
    assert_passes(&end, &["firebomb", "bom"]);
    let start = list("patterns", &["*bomb"]);
    assert_rejects(&start, &["bomb", "firebomb", "firebombs"]);
    assert_passes(&start, &["bomber", "firebombed"]);
    let both = list("patterns", &["*bomb*"]);
    assert_rejects(&both, &["bomb", "firebombed", "f1reb0mbed"]);
    assert_passes(&both, &["tomb", "bo mb"]);
}

#[test]
fn a_star_alone_is_up_to_three_words_or_none() {
    let policy = list("patterns", &["build * bomb*"]);
    assert_rejects(
        &policy,
        &[
            "build bombs",
            "build a bomb",
            "build me a big bomb",
            "build, build a very big bomb",
        ],
    );
    assert_passes(
        &policy,
        &[
            "build me a very big bomb",
            "bomb a build",
            "rebuild a bomb",
            "build a tomb",
        ],
    );
    let twice = list("patterns", &["how * make * bomb"]);
    assert_rejects(
        &twice,
        &["how to make bomb", "how do I best make one of these bombs"],
    );
    assert_passes(&twice, &["how to bomb", "how do you do and make a bomb"]);
}

#[test]
fn patterns_that_begin_alike_are_told_apart() {
    let policy: ContentPolicy = r#"{"categories": {
        "first": {"patterns": ["make * cake"]},
        "second": {"patterns": ["make * bomb"], "phrases": ["make a wish"]},
        "third": {"terms": ["make"]}
    }}"#
    .parse()
    .unwrap();
    let category = |text| policy.check(text).unwrap().category;
    assert_eq!(category("make a big cake"), "first");
    assert_eq!(category("make a big bomb"), "second");
    assert_eq!(category("make a wish"), "second");
    assert_eq!(category("make a big wish"), "third");
}

#[test]
fn words_of_scripts_without_blanks_are_found_wherever_they_stand() {
    let policy = terms(&["手榴弾", "爆弾", "ระเบิด", "ガンダム", "acme"]);
    assert_rejects(
        &policy,
        &[
            "赤い手榴弾を持つ人",
            "爆弾",
            "รูประเบิดมือ",
            "ｶﾞﾝﾀﾞﾑの絵",
            "これはacmeです",
            "手-榴-弾",
        ],
    );
    assert_passes(&policy, &["手に弾", "爆発", "カンタム", "これはacmexです"]);
    let mixed = terms(&["ak銃"]);
    assert_rejects(&mixed, &["小さなak銃です"]);
    assert_passes(&mixed, &["銃ak", "ak と 弾"]);
}

#[test]
fn words_of_scripts_with_blanks_are_whole_words_in_any_script() {
    let policy = terms(&["бомба", "βόμβα", "폭탄", "बम"]);
    assert_rejects(
        &policy,
        &["красная Бомба", "μια ΒΟΜΒΑ", "빨간 폭탄", "एक बम"],
    );
    assert_passes(&policy, &["бомбардир", "폭탄을", "बमबारी", "बूम"]);
    assert_rejects(&list("patterns", &["폭탄*"]), &["폭탄을"]);
}
