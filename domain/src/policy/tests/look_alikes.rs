//! What must pass, though it comes near.

use super::{assert_passes, terms};

#[test]
fn numbers_are_not_read_as_letters() {
    let policy = terms(&["ass", "lol", "boss", "sos", "bos", "tos", "tit", "iol"]);
    assert_passes(
        &policy,
        &[
            "455",
            "101",
            "8055",
            "the 50s",
            "the 1980s",
            "$455",
            "80s and 70s",
            "100l",
            "1 0 1",
            "$05",
        ],
    );
    assert_passes(&terms(&["ioeop", "esmm", "ak"]), &["1080p", "35mm", "4k"]);
}

#[test]
fn a_mask_makes_words_of_letters_and_never_takes_any_away() {
    let policy = terms(&["mp3", "ak47"]);
    assert!(super::rejects(&policy, "an MP3, an ak47"));
    assert_passes(&policy, &["mpe", "akat", "mp4"]);
}

#[test]
fn i_and_l_are_told_apart_in_words_that_are_not_disguised() {
    assert_passes(&terms(&["bill", "flle"]), &["biil", "file"]);
}

#[test]
fn a_sentence_in_another_script_is_not_read_as_latin() {
    // Each has a word all of whose letters look Latin: pace, cop, poca, hoc, bop; vovo, atoma.
    let policy = terms(&[
        "pace", "cop", "poca", "hoc", "bop", "vovo", "atomo", "atoma",
    ]);
    assert_passes(
        &policy,
        &[
            "О человеческой расе и её будущем",
            "утренняя роса на листьях",
            "вор украл нос",
            "сор в избе",
            "ένα άτομο στο δρόμο",
            "логотип Nike на расе",
        ],
    );
}

#[test]
fn doubled_letters_count_in_words_that_are_not_stretched() {
    assert_passes(
        &terms(&["bok", "hell", "as"]),
        &["book", "hel", "booking", "AAS"],
    );
}

#[test]
fn initials_and_lists_are_not_taken_for_more_than_they_spell() {
    let policy = terms(&["sex", "ass", "us"]);
    assert_passes(
        &policy,
        &[
            "E S S E X",
            "J. R. R. Tolkien",
            "A, S and S",
            "a b c",
            "U S",
        ],
    );
}

#[test]
fn a_number_is_found_as_it_is_written_and_no_other_way() {
    let policy = terms(&["1488", "10", "x10", "mp3"]);
    assert!(super::rejects(&policy, "1488 of them"));
    assert_passes(
        &policy,
        &[
            "14888", "1000", "ia88", "1488s", "io", "x100", "x1000", "mp333",
        ],
    );
}
