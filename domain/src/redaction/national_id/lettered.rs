//! National numbers with letters in them.

use super::super::Found;
use super::super::code::{Code, has_form, number};
use super::super::kind::Kind;
use super::super::lexicon::{DNI, NINO};
use super::super::text::{Text, going_back};
use super::super::tokens::is_told_before;
use super::is_day_and_month;

pub(in super::super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        let is_start = token.is_word() || token.is_number();
        if !is_start || token.start < done {
            continue;
        }
        if let Some((kind, end)) = number_at(text, index, token.start) {
            found.push(Found {
                kind,
                start: token.start,
                end,
            });
            done = end;
        }
    }
}

fn number_at(text: &Text, index: usize, start: usize) -> Option<(Kind, usize)> {
    if text.before(start) == '-' && text.is_glued(going_back(start, 2)) {
        return None;
    }
    let code = Code::read(text, start, " -.");
    let is_upper = |end: usize| (start..end).all(|sign| !text.at(sign).is_lowercase());
    let told = |topics| is_told_before(text, index, 5, topics);
    let valid = |count: usize, is_valid: fn(&[u8]) -> bool| {
        let (characters, end) = code.first(text, count)?;
        is_valid(characters).then_some(end)
    };
    if let Some(end) = valid(15, is_corsican) {
        return Some((Kind::FrInsee, end));
    }
    if let Some(end) = valid(18, is_chinese) {
        return Some((Kind::CnResidentId, end));
    }
    if let Some(end) = valid(16, is_codice_fiscale) {
        return Some((Kind::ItCodiceFiscale, end));
    }
    if let Some(end) = valid(9, is_dni).filter(|&end| is_upper(end) || told(DNI)) {
        return Some((Kind::EsDni, end));
    }
    if let Some(end) = valid(9, is_nie).filter(|&end| is_upper(end) || told(DNI)) {
        return Some((Kind::EsNie, end));
    }
    if let Some(end) = valid(9, is_nino).filter(|&end| is_upper(end) || told(NINO)) {
        return Some((Kind::UkNino, end));
    }
    let told_nino = |characters: &[u8]| has_form(characters, "AA999999A");
    if let Some(end) = valid(9, told_nino).filter(|_| told(NINO)) {
        return Some((Kind::UkNino, end));
    }
    hetu_end(text, start).map(|end| (Kind::FiHetu, end))
}

/// A French number of somebody born in Corsica, whose department is 2A or 2B: for the key 19 and
/// 18 stand for them (INSEE).
fn is_corsican(characters: &[u8]) -> bool {
    let department = characters.get(5..7).unwrap_or_default();
    let stands_for = match department {
        b"2A" => 19,
        b"2B" => 18,
        _ => return false,
    };
    let part = |from, to| number(characters.get(from..to).unwrap_or_default());
    let whole = (part(0, 5) * 100 + stands_for) * 1_000_000 + part(7, 13);
    has_form(characters, "99999*A99999999") && part(13, 15) == 97 - whole % 97
}

/// GB 11643: region, date of birth, and a check character of ISO/IEC 7064 (MOD 11-2).
fn is_chinese(characters: &[u8]) -> bool {
    let Some((&check, first)) = characters.split_last() else {
        return false;
    };
    if !has_form(first, "99999999999999999") {
        return false;
    }
    let part = |from, to| number(characters.get(from..to).unwrap_or_default());
    let sum = first
        .iter()
        .fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let expected = (12 - sum) % 11;
    let found = match check {
        b'X' => 10,
        digit => u32::from(digit.wrapping_sub(b'0')),
    };
    found == expected
        && (11..=91).contains(&part(0, 2))
        && (1900..2100).contains(&part(6, 10))
        && is_day_and_month(part(12, 14), part(10, 12))
}

/// The values of characters at odd places (DM 23 dicembre 1976), 0 to 9 and A to Z.
const ODD: &[u8; 36] = b"BAFHJNPRTVBAFHJNPRTVCESULDGIMOQKWZYX";

/// Name, date and place, and a check letter. Digits may be the letters L to V instead, where two
/// people would have the same code.
fn is_codice_fiscale(characters: &[u8]) -> bool {
    let is_digit = |character: &u8| character.is_ascii_digit() || b"LMNPQRSTUV".contains(character);
    let has_place = |from: usize, to: usize| {
        let part = characters.get(from..to).unwrap_or_default();
        part.iter().all(is_digit)
    };
    let letter = |place: usize| characters.get(place).copied().unwrap_or(0);
    let is_form = has_form(characters, "AAAAAA**A**A***A")
        && has_place(6, 8)
        && has_place(9, 11)
        && has_place(12, 15)
        && b"ABCDEHLMPRST".contains(&letter(8));
    is_form && check_letter(characters) == letter(15)
}

fn check_letter(characters: &[u8]) -> u8 {
    let sum: usize = characters
        .iter()
        .take(15)
        .enumerate()
        .map(|(place, &character)| {
            let value = char::from(character).to_digit(36).unwrap_or(0) as usize;
            let even = if value > 9 { value - 10 } else { value };
            let odd = ODD
                .get(value)
                .map_or(0, |letter| usize::from(letter - b'A'));
            if place % 2 == 0 { odd } else { even }
        })
        .sum();
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        .get(sum % 26)
        .copied()
        .unwrap_or(0)
}

/// The letters for the remainder of 23 (Ministerio del Interior).
const DNI_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

fn has_dni_letter(number: u64, letter: Option<&u8>) -> bool {
    let place = usize::try_from(number % 23).unwrap_or(0);
    DNI_LETTERS.get(place) == letter
}

fn is_dni(characters: &[u8]) -> bool {
    has_form(characters, "99999999A") && has_dni_letter(number(characters), characters.last())
}

/// As the DNI, with X, Y or Z for 0, 1 or 2 in front.
fn is_nie(characters: &[u8]) -> bool {
    let Some(front) = characters.first().and_then(|first| first.checked_sub(b'X')) else {
        return false;
    };
    let whole = u64::from(front) * 10_000_000 + number(characters);
    front <= 2 && has_form(characters, "A9999999A") && has_dni_letter(whole, characters.last())
}

/// HMRC's manual NIM39110: letters that do not occur, prefixes not given out, suffix A to D.
fn is_nino(characters: &[u8]) -> bool {
    let prefix = characters.get(..2).unwrap_or_default();
    let letter = |place: usize| characters.get(place).copied().unwrap_or(0);
    has_form(characters, "AA999999A")
        && !b"DFIQUV".contains(&letter(0))
        && !b"DFIOQUV".contains(&letter(1))
        && ![b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ"]
            .iter()
            .any(|never| prefix == *never)
        && matches!(letter(8), b'A'..=b'D')
}

/// Digits for the remainder of 31 (Digital and Population Data Services Agency).
const HETU_CHECKS: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";

/// Finland: day, month, year, a sign for the century, three digits and a check character. The sign
/// may be `-` or `+`, so it is read by itself.
fn hetu_end(text: &Text, start: usize) -> Option<usize> {
    let century = text.at(start + 6);
    if !"-+ABCDEFUVWXY".contains(century) || text.is_glued_before(start) {
        return None;
    }
    let mut digits = [0; 9];
    let places = (start..start + 6).chain(start + 7..start + 10);
    for (digit, sign) in digits.iter_mut().zip(places) {
        *digit = u8::try_from(text.at(sign))
            .ok()
            .filter(u8::is_ascii_digit)?;
    }
    let part = |from, to| number(digits.get(from..to).unwrap_or_default());
    let check = HETU_CHECKS.get(usize::try_from(number(&digits) % 31).ok()?)?;
    let is_valid = is_day_and_month(part(0, 2), part(2, 4))
        && text.at(start + 10) == char::from(*check)
        && !text.is_glued(start + 11);
    is_valid.then_some(start + 11)
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn numbers_with_letters_are_found_in_every_form() {
        assert_found(
            Kind::UkNino,
            &[
                "{AB 12 34 56 C}",
                "{AB123456C}",
                "{AB-12-34-56-C}",
                "NI number {qq123456c}",
            ],
        );
        assert_found(
            Kind::EsDni,
            &[
                "{12345678Z}",
                "{12345678-Z}",
                "{12.345.678-Z}",
                "dni {12345678z}",
            ],
        );
        assert_found(
            Kind::EsNie,
            &["{X1234567L}", "{X-1234567-L}", "{Y1234567X}"],
        );
        assert_found(
            Kind::ItCodiceFiscale,
            &["{MRTMTT91D08F205J}", "{mrtmtt91d08f205j}"],
        );
        assert_found(Kind::FiHetu, &["{131052-308T}"]);
        assert_found(Kind::CnResidentId, &["{11010519491231002X}"]);
        assert_found(Kind::FrInsee, &["{1 85 05 2A 006 084 35}"]);
    }

    #[test]
    fn other_codes_are_not() {
        assert_clean(&[
            "12345678A",
            "X1234567M",
            "RSSMRA85M01H501A",
            "GB123456A",
            "AB123456E",
            "131052-308U",
            "110105194912310021",
            "the F18 and NCC1701D",
        ]);
    }
}
