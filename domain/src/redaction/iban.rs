//! Account numbers: the country's length (SWIFT's registry of ISO 13616) and the two check digits
//! of ISO/IEC 7064 (MOD 97-10), in one piece or in groups, upper or lower case.

use super::Found;
use super::code::Code;
use super::kind::Kind;
use super::text::Text;

/// Countries by the length of their numbers.
const LENGTHS: &[(usize, &str)] = &[
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH CR HR LI LV"),
    (22, "BG BH DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if !token.is_word() || token.start < done {
            continue;
        }
        if let Some(end) = iban_at(text, token.start) {
            found.push(Found {
                kind: Kind::Iban,
                start: token.start,
                end,
            });
            done = end;
        }
    }
}

fn iban_at(text: &Text, start: usize) -> Option<usize> {
    if !text.at(start + 1).is_ascii_alphabetic() {
        return None;
    }
    let code = Code::read(text, start, " -.");
    let has_check_digits = code.at(2).is_ascii_digit() && code.at(3).is_ascii_digit();
    if !has_check_digits {
        return None;
    }
    let (country, _) = LENGTHS.iter().find_map(|(length, countries)| {
        let is_one = |name: &str| name.bytes().eq([code.at(0), code.at(1)]);
        countries.split(' ').any(is_one).then_some((*length, ()))
    })?;
    let (characters, end) = code.first(text, country)?;
    (remainder(characters) == 1).then_some(end)
}

/// The remainder of 97, the first four characters moved to the end, letters as 10 to 35.
pub(super) fn remainder(characters: &[u8]) -> u32 {
    let (head, tail) = characters.split_at(characters.len().min(4));
    tail.iter().chain(head).fold(0, |remainder, &character| {
        let value = char::from(character).to_digit(36).unwrap_or(0);
        let shift = if value > 9 { 100 } else { 10 };
        (remainder * shift + value) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn account_numbers_are_found_in_every_form() {
        assert_found(
            Kind::Iban,
            &[
                "{DE89 3704 0044 0532 0130 00}",
                "to {DE89370400440532013000}.",
                "{GB29 NWBK 6016 1331 9268 19} please",
                "{gb29nwbk60161331926819}",
                "{FR14 2004 1010 0505 0001 3M02 606}",
                "{NO93 8601 1117 947}",
                "IBAN:{ＤＥ８９３７０４００４４０５３２０１３０００}",
                "{ES91-2100-0418-4502-0005-1332}",
            ],
        );
    }

    #[test]
    fn other_codes_are_no_account_numbers() {
        assert_clean(&[
            "DE88 3704 0044 0532 0130 00",
            "XX89 3704 0044 0532 0130 00",
            "DE89 models in a row, de luxe edition",
            "GB29 NWBK",
        ]);
    }
}
