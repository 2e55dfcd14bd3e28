//! Words written so that a reader knows them and a list of words does not.

use super::{assert_passes, assert_rejects, list, terms};

#[test]
fn accents_count_on_neither_side() {
    let policy = terms(&["bomb", "héroïne", "naïf", "strasse", "łódź"]);
    assert_rejects(
        &policy,
        &[
            "b\u{F6}mb",
            "bo\u{308}\u{301}mb",
            "B\u{D6}MB",
            "h\u{E9}ro\u{EF}ne",
            "heroine",
        ],
    );
    assert_rejects(&policy, &["naif", "STRASSE", "Straße", "łódź", "ŁODŹ"]);
    assert_passes(&policy, &["b\u{F6}mber"]);
    assert_rejects(
        &terms(&["Straße", "mädchen"]),
        &["strasse", "MÄDCHEN", "madchen"],
    );
}

#[test]
fn compatibility_forms_are_the_letters_they_are_forms_of() {
    assert_rejects(
        &terms(&["bomb", "office"]),
        &[
            "ｂｏｍｂ",
            "𝐛𝐨𝐦𝐛",
            "𝓑𝓸𝓶𝓫",
            "𝕓𝕠𝕞𝕓",
            "ⓑⓞⓜⓑ",
            "ᵇᵒᵐᵇ",
            "o\u{FB03}ce",
            "b\u{20DD}omb",
        ],
    );
}

#[test]
fn letters_and_signs_written_for_letters_are_read_as_them() {
    let policy = terms(&["bomb", "grenade", "kill", "assassin", "tight"]);
    assert_rejects(
        &policy,
        &[
            "b0mb", "8omb", "gr3nade", "GR3N4D3S", "k1ll", "ki11", "k!ll", "k||l", "a$$assin",
        ],
    );
    assert_rejects(
        &policy,
        &[
            "gren@de",
            "gren@de!!",
            "(gren@de)",
            "@ssassin",
            "7igh7",
            "ti9ht",
        ],
    );
}

#[test]
fn a_sign_at_a_word_hides_it_not() {
    assert_rejects(
        &terms(&["acme"]),
        &["@acme", "$acme$", "acme!", "cat|acme|dog", "me@acme.com"],
    );
}

#[test]
fn foreign_look_alikes_among_latin_letters_are_read_as_latin() {
    assert_rejects(
        &terms(&["bomb", "acme", "pistol"]),
        &[
            "b\u{43E}mb",
            "В\u{41E}mb",
            "\u{430}cme",
            "\u{430}\u{441}me",
            "p\u{456}stol",
            "pist\u{3BF}l",
        ],
    );
    assert_rejects(&terms(&["bomb"]), &["нарисуй мне b\u{43E}mb сейчас"]);
    // And Latin ones among foreign letters as foreign.
    assert_rejects(&terms(&["бомба"]), &["бoмба", "бомбa", "б0мба"]);
}

#[test]
fn a_word_of_nothing_but_look_alikes_is_latin_in_a_latin_text() {
    let policy = terms(&["pace", "sex"]);
    assert_rejects(
        &policy,
        &["at a good расе", "a \u{455}\u{435}\u{445} scene"],
    );
    assert_passes(&policy, &["расе"]);
}

#[test]
fn stretched_words_are_found() {
    let policy = terms(&["grenade", "kill", "bomb"]);
    assert_rejects(
        &policy,
        &[
            "grenaaade",
            "ggggrenade",
            "grenadeees",
            "killll",
            "kiiill",
            "boooömb",
            "B0OOMB",
            "bommmb",
        ],
    );
    assert_passes(&policy, &["grenaade", "boomb", "kil"]);
}

#[test]
fn spelled_words_are_found() {
    let policy = terms(&["grenade", "arsenal", "bomb"]);
    assert_rejects(
        &policy,
        &[
            "g r e n a d e",
            "g.r.e.n.a.d.e",
            "g-r-e-n-a-d-e",
            "g_r_e_n_a_d_e",
            "G. R. E. N. A. D. E. S.",
            "draw g r 3 n @ d e here",
            "plan B: g r e n a d e",
            "two g-r-e-n-a-d-e-s",
        ],
    );
    assert_rejects(
        &policy,
        &["draw a g r e n a d e", "I b o m b", "an a r s e n a l"],
    );
    assert_rejects(
        &list("phrases", &["pipe bomb"]),
        &["a pipe b o m b", "p-i-p-e b-o-m-b"],
    );
    assert_passes(
        &policy,
        &["g r e n", "x g r e n a d e y", "gre nade", "b o"],
    );
}

#[test]
fn invisible_characters_hide_nothing() {
    assert_rejects(
        &terms(&["bomb"]),
        &[
            "bo\u{200B}mb",
            "b\u{AD}omb",
            "bo\u{FE0F}mb",
            "\u{2764}\u{FE0F}bomb",
            "bo\u{34F}mb",
        ],
    );
    assert_rejects(&terms(&["قنبلة"]), &["قُنْبُلَة", "قنبـــلة"]);
}

#[test]
fn disguises_add_up() {
    assert_rejects(
        &terms(&["grenade", "pistol"]),
        &[
            "GRRR\u{401}NAD3",
            "ｇr３nａ\u{301}de",
            "p.i.\u{455}.t.0.l",
            "p1\u{455}\u{455}\u{455}t0ls",
        ],
    );
    assert_rejects(
        &list("patterns", &["*bomb*"]),
        &["firebooo0mbed", "car-b0mbing"],
    );
}
