//! What holds for all kinds together, and how the rules' own tests say what is found.

use proptest::prelude::*;

use super::*;

/// In each text the part in braces, and nothing else, is found to be of the kind.
pub(super) fn assert_found(kind: Kind, texts: &[&str]) {
    for marked in texts {
        let text = marked.replace(['{', '}'], "");
        let found: String = {
            let mut shown = text.clone();
            for span in find(&text).iter().rev() {
                assert_eq!(
                    span.kind,
                    kind,
                    "{marked}: {:?}",
                    text.get(span.start..span.end)
                );
                shown.insert(span.end, '}');
                shown.insert(span.start, '{');
            }
            shown
        };
        assert_eq!(found, **marked);
    }
}

/// Nothing is found in any of the texts.
pub(super) fn assert_clean(texts: &[&str]) {
    for text in texts {
        let redacted = redact(text);
        assert_eq!(redacted.text, **text);
        assert!(redacted.found.is_empty());
    }
}

#[test]
fn a_find_is_replaced_and_counted_and_the_rest_stays_as_it_was() {
    let redacted = redact("Café ☕ for a@b.example, +44 7700 900123 or c@d.example — ok");
    assert_eq!(
        redacted.text,
        "Café ☕ for [email], [phone] or [email] — ok"
    );
    let found: Vec<_> = redacted.found.iter().collect();
    assert_eq!(found, [(Kind::Email, 2), (Kind::Phone, 1)]);
}

#[test]
fn a_placeholder_is_never_taken_for_anything() {
    for kind in Kind::ALL {
        let placeholder = kind.placeholder();
        assert_clean(&[
            placeholder,
            &format!("password: {placeholder}, born {placeholder}, call {placeholder}"),
            &format!("12 {placeholder} street, {placeholder}@{placeholder}.com"),
        ]);
    }
}

#[test]
fn a_placeholder_parts_what_stands_around_it() {
    for kind in Kind::ALL {
        let placeholder = kind.placeholder();
        assert_clean(&[
            &["born ", placeholder, " 12/05/1990"].concat(),
            &["passport ", placeholder, " AB1234567"].concat(),
            &["password: ", placeholder, "hunter2"].concat(),
        ]);
        let text = ["a@b.example", placeholder, "+44 7700 900123"].concat();
        let redacted = ["[email]", placeholder, "[phone]"].concat();
        assert_eq!(redact(&text).text, redacted);
    }
}

#[test]
fn a_stretch_that_is_searched_no_more_goes_as_a_whole() {
    let text = "x a@b.example y";
    let mut spans = Vec::new();
    search(text, 2..text.len(), 0, &mut spans);
    let whole = Span {
        kind: Kind::Email,
        start: 2,
        end: text.len(),
    };
    assert_eq!(spans, [whole]);
}

/// Pieces of text that rules look at, and glue.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "a@b.example",
        "+44 7700 900123",
        "4111 1111 1111 1111",
        "born",
        "12/05/1990",
        "call",
        "5551234567",
        "passport",
        "AB1234567",
        "42",
        "Wallaby",
        "Way",
        "street",
        "10.0.0.138",
        "password",
        ":",
        "=",
        "hunter2",
        "-",
        ".",
        "@",
        "(",
        ")",
        "/",
        "at",
        "dot",
        "com",
        "[email]",
        "[phone]",
        "[",
        "]",
        "40.7128",
        ",",
        "-74.0060",
        "DE89370400440532013000",
        "https://",
        "token=abcd",
        "::",
        "fe80",
        "電話",
        "生",
        "年",
        "é",
        "\u{1F98A}",
        "１２３",
    ]);
    let any = proptest::char::any().prop_map(String::from);
    let digits = "[0-9]{1,9}";
    let glue = prop::sample::select(vec!["", " ", " ", "-"]);
    let piece = prop_oneof![4 => known.prop_map(String::from), 1 => any, 1 => digits];
    proptest::collection::vec((piece, glue), 0..30).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(piece, glue)| [piece, glue.to_owned()])
            .collect()
    })
}

proptest! {
    #[test]
    fn spans_are_disjoint_sorted_and_on_characters(text in pieces()) {
        let mut done = 0;
        let placeholders: Vec<_> = ["[email]", "[phone]"]
            .into_iter()
            .flat_map(|placeholder| text.match_indices(placeholder))
            .collect();
        for span in find(&text) {
            for (start, placeholder) in &placeholders {
                prop_assert!(span.end <= *start || span.start >= start + placeholder.len());
            }
            prop_assert!(span.start >= done && span.start < span.end);
            prop_assert!(text.get(span.start..span.end).is_some());
            done = span.end;
        }
    }

    #[test]
    fn a_redacted_text_stays_as_it_is(text in pieces()) {
        let once = redact(&text);
        let twice = redact(&once.text);
        prop_assert_eq!(&once.text, &twice.text);
        prop_assert!(twice.found.is_empty());
    }

    #[test]
    fn any_text_is_searched_without_a_panic(text in any::<String>()) {
        let _ = find(&text);
    }
}

#[test]
fn a_random_text_is_found_to_its_end_however_long() {
    let long = "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy".repeat(300);
    assert_eq!(redact(&long).text, "[secret]");
    let text = ["password: ", &long].concat();
    assert_eq!(redact(&text).text, "password: [secret]");
}

/// Of the texts with each of the endings, those in which something is found to be of the kind.
fn endings_found(kind: Kind, before: &str, endings: impl Iterator<Item = String>) -> usize {
    let is_found = |ending: &String| {
        let spans = find(&[before, ending, " on a poster"].concat());
        spans.iter().any(|span| span.kind == kind)
    };
    endings.filter(is_found).count()
}

fn digits(length: usize) -> impl Iterator<Item = String> {
    let count = 10_usize.pow(u32::try_from(length).unwrap());
    (0..count).map(move |number| format!("{number:0length$}"))
}

fn letters() -> impl Iterator<Item = String> {
    ('A'..='Z').map(String::from)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_all_last_digits_one_makes_a_number(
        card in "4[0-9]{3} [0-9]{4} [0-9]{4} [0-9]{3}",
        aadhaar in "[2-9][0-8][0-9]{2} [0-9]{4} [0-9]{3}",
        pesel in "[0-9]{2}0[1-9]1[0-9][0-9]{4}",
        sin in "[1-7][0-8][0-9]{6}",
    ) {
        prop_assert_eq!(endings_found(Kind::PaymentCard, &card, digits(1)), 1);
        prop_assert_eq!(endings_found(Kind::InAadhaar, &aadhaar, digits(1)), 1);
        let pesel = format!("PESEL {pesel}");
        prop_assert_eq!(endings_found(Kind::PlPesel, &pesel, digits(1)), 1);
        let sin = format!("SIN {sin}");
        prop_assert_eq!(endings_found(Kind::CaSin, &sin, digits(1)), 1);
    }

    #[test]
    fn of_all_last_digits_at_most_one_makes_a_number_where_ten_is_left_out(
        nhs in "[4-7][0-8][0-9]{7}",
        bsn in "[1-9][0-8][0-9]{6}",
    ) {
        let (nhs, bsn) = (format!("NHS {nhs}"), format!("BSN {bsn}"));
        prop_assert!(endings_found(Kind::UkNhs, &nhs, digits(1)) <= 1);
        prop_assert!(endings_found(Kind::NlBsn, &bsn, digits(1)) <= 1);
    }

    #[test]
    fn of_all_pairs_of_check_digits_one_makes_a_number(
        cpf in "[1-9][0-8][0-9]\\.[0-9]{3}\\.[0-9]{3}-",
        insee in "[12][0-9]{2}0[1-9][0-9]{8}",
        iban in "[0-9]{18}",
    ) {
        prop_assert_eq!(endings_found(Kind::BrCpf, &cpf, digits(2)), 1);
        prop_assert_eq!(endings_found(Kind::FrInsee, &insee, digits(2)), 1);
        // 01 and 98 leave the same remainder of 97, so some numbers have two.
        let found = digits(2).map(|check| ["DE", &check, &iban].concat());
        prop_assert!((1..=2).contains(&endings_found(Kind::Iban, "", found)));
    }

    #[test]
    fn of_all_last_letters_one_makes_a_number(
        dni in "[0-9]{8}",
        nie in "[XYZ][0-9]{7}",
        codice in "[B-D]{6}[0-9]{2}[ABCDEHLMPRST][0-9]{2}[A-M][0-9]{3}",
    ) {
        prop_assert_eq!(endings_found(Kind::EsDni, &dni, letters()), 1);
        prop_assert_eq!(endings_found(Kind::EsNie, &nie, letters()), 1);
        prop_assert_eq!(endings_found(Kind::ItCodiceFiscale, &codice, letters()), 1);
    }

    #[test]
    fn a_german_tax_id_has_one_last_digit_and_one_digit_that_is_repeated(
        order in Just((1..=9_u8).collect::<Vec<_>>()).prop_shuffle(),
        repeated in 0..8_usize,
    ) {
        let id = |last: u8| {
            let digits = order.iter().chain([&last]);
            let digits: String = digits.map(|digit| char::from(b'0' + digit)).collect();
            format!("Steuer-ID {digits}")
        };
        let found = |last| endings_found(Kind::DeTaxId, &id(last), digits(1));
        prop_assert_eq!(found(order[repeated]), 1);
        prop_assert_eq!(found(0), 0);
    }
}
