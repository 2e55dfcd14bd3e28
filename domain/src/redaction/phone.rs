//! Telephone numbers. International ones say so (`+` or `00`, ITU-T E.164: a country code and at
//! most 15 digits). National ones are known by the forms in which their countries write them; where
//! a form could be anything, and for bare digits, a word nearby must speak of telephones.

use super::digits::{Candidate, Opening};
use super::kind::Kind;
use super::lexicon::PHONE;
use super::phone_national::{is_counting, is_national};
use super::text::{Text, going_back};
use super::tokens::is_told_before;

pub(super) fn judge(candidate: &Candidate) -> Option<Kind> {
    let is_phone = (7..=15).contains(&candidate.digits.len())
        && candidate.is_closed()
        && !is_date(candidate)
        && (is_international(candidate)
            || is_national(candidate) && !candidate.is_another_number()
            || is_told(candidate))
        && !is_measure(candidate);
    is_phone.then_some(Kind::Phone)
}

/// Day, month and year in any order: a date, or the start of a range of them.
fn is_date(candidate: &Candidate) -> bool {
    candidate.opening == Opening::Nothing
        && (matches!(candidate.groups, [1 | 2, 1 | 2, 4, ..])
            && candidate.value_of(2) >= 1000
            && candidate.value_of(2) < 2200
            && candidate.value_of(0) <= 31
            && candidate.value_of(1) <= 31
            && candidate.groups.len() != 4
            || matches!(candidate.groups, [4, 1 | 2, 1 | 2, ..])
                && (1000..2200).contains(&candidate.value_of(0)))
}

/// Whether a unit follows: a range, not a number.
fn is_measure(candidate: &Candidate) -> bool {
    let unit = candidate.text.token(candidate.next_token);
    let units = "mhz ghz khz hz nm mm cm km px pixel pixels dpi kelvin rpm fps kg bc ad hpa";
    candidate.text.is_one_of(unit, units)
}

/// `+` or `00`, a country code and no more digits than the country has.
fn is_international(candidate: &Candidate) -> bool {
    let skipped = match candidate.opening {
        Opening::Plus => 0,
        _ if starts_with_exit_code(candidate) => 2,
        _ => return false,
    };
    if candidate.separators.contains(&'/') && !candidate.is_separated_by('/') && skipped > 0 {
        return false;
    }
    let length = candidate.digits.len() - skipped;
    let has_trunk_zero = candidate.groups.contains(&1) && candidate.separators.contains(&')');
    let longest = longest_number(
        candidate.value(skipped, skipped + 1),
        candidate.value(skipped, skipped + 2),
    );
    let is_north_american = candidate.digit(skipped) == 1;
    let has_area = candidate.digit(skipped + 1) >= 2 && matches!(length, 8 | 11);
    (8..=longest + usize::from(has_trunk_zero)).contains(&length)
        && (!is_north_american || has_area)
        && !is_one_group_of_zeros(candidate)
}

/// `00`, as most countries dial out.
fn starts_with_exit_code(candidate: &Candidate) -> bool {
    candidate.digits.starts_with(&[0, 0])
        && candidate.digits.len() >= 11
        && !candidate.follows_a_number()
}

fn is_one_group_of_zeros(candidate: &Candidate) -> bool {
    let zeros = candidate
        .digits
        .iter()
        .rev()
        .take_while(|&&digit| digit == 0);
    zeros.count() >= 6
}

/// The most digits of a number with its country code, by the code's first digit and first two
/// digits (ITU-T E.164 and the national plans); 0 where no code starts so.
fn longest_number(first: u64, first_two: u64) -> usize {
    match (first, first_two) {
        (0, _) => 0,
        (1 | 7, _) | (_, 27 | 31 | 33 | 34 | 36 | 40 | 41 | 48 | 61 | 56 | 93 | 94) => 11,
        (_, 45 | 47 | 65) => 10,
        (
            _,
            20 | 30 | 32 | 46 | 44 | 51 | 53 | 57 | 58 | 60 | 63 | 64 | 66 | 81 | 84 | 90..=92 | 95,
        ) => 12,
        (_, 52 | 54 | 55 | 86 | 39 | 43) => 13,
        (_, 49 | 62) => 14,
        (_, 98 | 82) => 12,
        (_, 28 | 83 | 89) => 0,
        _ => 13,
    }
}

/// `KL 5-0144`, `PEnnsylvania 6-5000`: the name of the exchange for its first two digits, as they were
/// written in North America until the sixties. Where the digits after it are, and where they end.
pub(super) fn with_exchange_name(text: &Text, index: usize) -> Option<(usize, usize)> {
    let [name, digit, dash, line] =
        [usize::MAX, 0, 1, 2].map(|step| text.token(index.wrapping_add(step)));
    let has_capitals = |sign: usize| text.at(sign).is_ascii_uppercase();
    let is_number = digit.len() == 1
        && text.at(dash.start) == '-'
        && dash.start == digit.end
        && line.start == dash.end
        && line.is_number()
        && line.len() == 4;
    let is_near = digit.start <= name.end + 1;
    (is_number
        && is_near
        && name.is_word()
        && name.len() >= 2
        && (name.start..name.start + 2).all(has_capitals)
        && !text.is_glued(line.end)
        && is_told_before(text, index, 6, PHONE))
    .then_some((name.start, line.end))
}

/// Any sensible form, where a word nearby speaks of telephones.
fn is_told(candidate: &Candidate) -> bool {
    let length = candidate.digits.len();
    let fewest_groups = candidate.groups.len() <= 6;
    (7..=13).contains(&length)
        && fewest_groups
        && has_told_form(candidate)
        && !is_one_group_of_zeros(candidate)
        && candidate.digits.iter().any(|&digit| digit > 1)
        && (candidate.is_about(PHONE) || is_texted(candidate))
}

/// `text me on`, `dial`: prompts speak of text and of watches far too often for the word alone.
fn is_texted(candidate: &Candidate) -> bool {
    let text = candidate.text;
    let last = text.token(going_back(candidate.first_token, 1));
    if text.is_one_of(last, "dial ring txt") {
        return true;
    }
    (2..=5).any(|back| {
        let [text_word, receiver] =
            [back, back - 1].map(|back| text.token(going_back(candidate.first_token, back)));
        text_word.is_word()
            && text.is_one_of(text_word, "text txt")
            && text.is_one_of(receiver, "me us him her")
    })
}

fn has_told_form(candidate: &Candidate) -> bool {
    match candidate.groups {
        [7..=13] => true,
        // Two years or two lengths in pixels.
        [4, 4] => !matches!(candidate.digit(0), 0..=2) && !candidate.separators.contains(&'.'),
        [_] => false,
        groups => {
            let is_short = |&length: &u8| length == 1;
            let separators = candidate.separators;
            !separators.contains(&'/')
                && groups.iter().skip(1).all(|length| !is_short(length))
                && groups.iter().any(|&length| length >= 2)
                && (!candidate.is_separated_by('.')
                    || groups.len() >= 3
                    || candidate.value(0, 3) == 555)
                && !is_counting(candidate)
        }
    }
}

/// Where the number ends with its extension, if one follows: `ext. 12`, `x12`.
pub(super) fn extension_end(candidate: &Candidate) -> usize {
    let text = candidate.text;
    let mut index = candidate.next_token;
    if text.at(text.token(index).start) == ',' {
        index += 1;
    }
    if !text.is_one_of(
        text.token(index),
        "ext x extension extn poste durchwahl dw int ramal #",
    ) {
        return candidate.end;
    }
    index += 1;
    if matches!(text.at(text.token(index).start), '.' | ':') {
        index += 1;
    }
    let number = text.token(index);
    if number.is_number() && number.len() <= 6 && !text.is_glued(number.end) {
        number.end
    } else {
        candidate.end
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn numbers_with_a_country_code_are_found() {
        assert_found(
            Kind::Phone,
            &[
                "{+1 (555) 123-4567}",
                "{+1-555-123-4567} ext is none",
                "{+44 7700 900123}",
                "{+44 (0)20 7946 0958}",
                "{+49 151 23456789}",
                "{+33 6 12 34 56 78}",
                "{+447700900123}",
                "{0044 7700 900123}",
                "{00491512345678}",
                "{+91 98765 43210}",
                "{+55 11 91234-5678}",
                "{+81-90-1234-5678}",
                "{+86 138 1234 5678} in 2024",
                "{＋１ ５５５ １２３ ４５６７}",
            ],
        );
    }

    #[test]
    fn numbers_in_the_forms_of_their_countries_are_found() {
        assert_found(
            Kind::Phone,
            &[
                "{(555) 123-4567}",
                "at {(555)123-4567}.",
                "{555-123-4567}",
                "{555.123.4567}",
                "{415 555 2671}",
                "{1-800-555-0199}",
                "{07700 900123}",
                "{020 7946 0958}",
                "{(020) 7946 0958}",
                "{06 12 34 56 78}",
                "{06.12.34.56.78}",
                "{0151 23456789}",
                "{030/1234567}",
                "{(11) 91234-5678}",
                "{090-1234-5678}",
                "{090ー1234ー5678}",
                "{0412 345 678}",
                "{138 1234 5678}",
                "{010-1234-5678}",
                "{8 (495) 123-45-67}",
                "{070-123 45 67}",
                "{612 34 56 78}",
                "{555-123-4567 ext. 12}",
                "{555-123-4567 x12}",
                "{555-0142} in neon",
                "tag: BISCUIT, {555 0148}",
                "{333 1234567}, guida",
                "5 years experience, {204-555-0138}",
                "order now {0113 496 0452}",
                "{416/555-0172}",
                "{089/48 29 13 0}",
                "{1300 555 019} and {0491 570 156}",
                "{0 (212) 482 91 37}",
                "{91 482 91 37} en un rótulo",
                "te koop {0612345678}",
                "coiffeur {0478482913}",
                "{0157 48 29 13 74}",
                "taverna {+30 210 123 4567}",
                "दुकान का बोर्ड, {९८७६५ ४३२१०}, लाल",
            ],
        );
    }

    #[test]
    fn numbers_next_to_an_e_mail_address_are_found() {
        for number in [
            "612 345 678",
            "601 234 567",
            "96 123 45 67",
            "98765 43210",
            "55 1234 5678",
        ] {
            let card = ["Ana Ruiz, potter, ", number, ", ana@ruiz.example, clay"].concat();
            let redacted = super::super::redact(&card).text;
            assert_eq!(redacted, "Ana Ruiz, potter, [phone], [email], clay");
        }
    }

    #[test]
    fn other_numbers_are_found_next_to_a_word_about_telephones() {
        assert_found(
            Kind::Phone,
            &[
                "call me at {5551234567}",
                "Tel.: {5551234}",
                "call {555-1234} now",
                "phone {98765 43210}",
                "mi móvil es {612 345 678}",
                "тел. {89161234567}",
                "电话{13812345678}",
                "電話番号は{0312345678}です",
                "Handy {015123456789}",
                "whatsapp {5511912345678}",
                "https://wa.me/{447700900123}",
                "tlf. {12 34 56 78}",
                "{98765 43210} is my phone number",
                "dial {5551234}",
                "Phone {KL 5-0144}.",
                "{555.0174} call now",
            ],
        );
    }

    #[test]
    fn other_numbers_are_no_telephone_numbers() {
        assert_clean(&[
            "1920-1945",
            "3840 × 2160, 1920x1080",
            "867-5309/Jenny",
            "01 02 03 04 05",
            "2024-05-17 10:30",
            "01.02.2024 10:30",
            "--seed 1234567890 --ar 16:9",
            "phone wallpaper 1080 1920",
            "a phone ad from 1999-2005",
            "a phone photo, seed 1234567890",
            "$1,299.99",
            "ISBN 978-3-16-148410-0",
            "Boeing 747-400",
            "call of duty, 555",
            "1/250s f/1.8 ISO 400",
            "+10 +15 -20",
            "a cell phone with 128 GB",
            "watch dial, tachymeter 400 200 120 80 60",
            "watch 6139-6002, black dial",
            "600 200 100 grid of dots",
            "333 555 777 lottery",
            "2048 4096 8192 powers",
            "mile marker 555, I-80",
            "score 555-420 on an arcade cabinet",
            "612 345 678 stars",
            "a font, 0123456789",
            "ISBN 0306406152",
            "cell tower, 700-2600 MHz",
            "order no 204-555-0138",
        ]);
    }
}
