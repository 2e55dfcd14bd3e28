//! Numbers of passports and driving licences. Every country has its own form and most have no check
//! digit, so the document's name must stand before the number.

use super::Found;
use super::kind::Kind;
use super::lexicon::{DRIVING, DRIVING_LICENCE, LICENCE, PASSPORT};
use super::text::{Text, is_unspaced};
use super::tokens::Token;

/// How many tokens may stand between the document's name and its number: `no.`, `:`, `is`.
const REACH: usize = 7;
/// Florida's licence has five groups.
const MOST_GROUPS: usize = 6;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if token.start < done {
            continue;
        }
        let Some(kind) = document_at(text, index) else {
            continue;
        };
        if let Some((start, end)) = number_after(text, index + 1, kind) {
            found.push(Found { kind, start, end });
            done = end;
        }
    }
}

/// The document that is named with this word; a driving licence has two (`driver's license`).
fn document_at(text: &Text, index: usize) -> Option<Kind> {
    let token = text.token(index);
    if token.is_about(PASSPORT) {
        return Some(Kind::Passport);
    }
    if token.is_about(DRIVING_LICENCE) {
        return Some(Kind::DrivingLicence);
    }
    let pair = if token.is_about(DRIVING) {
        LICENCE
    } else if token.is_about(LICENCE) {
        DRIVING
    } else {
        return None;
    };
    let other = (index + 1..=index + 3).find(|&next| text.token(next).is_about(pair));
    other.map(|_| Kind::DrivingLicence)
}

fn number_after(text: &Text, from: usize, kind: Kind) -> Option<(usize, usize)> {
    let mut is_announced = false;
    let mut previous_end = 0;
    for index in from..from + REACH {
        let token = text.token(index);
        let is_start = (token.is_number() || token.is_word() && !is_unspaced(text.at(token.start)))
            && !text.is_glued_before(token.start);
        if is_start && token.start >= previous_end {
            if let Some(end) = code_end(text, token, kind, is_announced) {
                return Some((token.start, end));
            }
            previous_end = token.end;
        }
        is_announced |= is_announcement(text, token);
        let is_stop = token.len() == 0
            || ";!?".contains(text.at(token.start))
            || token.is_number() && token.len() >= 4;
        if is_stop {
            return None;
        }
    }
    None
}

/// Whether a word or mark says that a number follows.
fn is_announcement(text: &Text, token: Token) -> bool {
    text.is_one_of(
        token,
        "no nr num number nummer numero numéro n nº № # : is ist es est = id номер серия numer 号 号码 番号 は 번호",
    )
}

/// Characters of one group: what is written without blanks.
fn group_end(text: &Text, start: usize) -> usize {
    let mut end = start;
    while end - start < 24 {
        let character = text.at(end);
        let is_joint = "-/".contains(character) && text.at(end + 1).is_ascii_alphanumeric();
        if !character.is_ascii_alphanumeric() && !is_joint {
            break;
        }
        end += 1;
    }
    end
}

fn code_end(text: &Text, token: Token, kind: Kind, is_announced: bool) -> Option<usize> {
    let mut shape = Shape::default();
    let mut end = token.start;
    let mut good = None;
    for group in 0..MOST_GROUPS {
        let start = if group == 0 { end } else { end + 1 };
        if group > 0 && text.at(end) != ' ' {
            break;
        }
        let next = group_end(text, start);
        let has_digit = (start..next).any(|sign| text.at(sign).is_ascii_digit());
        let is_upper = (start..next).all(|sign| text.at(sign).is_ascii_uppercase());
        // The first letters of a number may stand alone: `AB 1234567`, `MORGA 657054 SM9IJ`.
        let is_letters = is_upper && next - start <= 5;
        if next == start || !(has_digit || is_letters) || text.is_glued(next) {
            break;
        }
        shape.add(text, start, next);
        if has_digit && shape.is_number_of(kind, is_announced) {
            good = Some(next);
        }
        end = next;
    }
    good
}

/// What a code consists of.
#[derive(Default)]
struct Shape {
    letters: usize,
    digits: usize,
    marks: usize,
    has_size_mark: bool,
    has_lower: bool,
    /// Whether it starts like a year or a date.
    is_dated: bool,
}

impl Shape {
    fn add(&mut self, text: &Text, start: usize, end: usize) {
        if self.digits + self.letters == 0 {
            let year = (start..start + 4).filter_map(|sign| text.at(sign).to_digit(10));
            let value = year.fold(0, |value, digit| value * 10 + digit);
            let is_split = "-/".contains(text.at(start + 4)) && text.at(start + 4) != '\0';
            let is_day = "-/".contains(text.at(start + 2)) || "-/".contains(text.at(start + 1));
            self.is_dated = (1800..2200).contains(&value) && is_split
                || is_day && text.at(start).is_ascii_digit();
        }
        for sign in start..end {
            match text.at(sign) {
                '0'..='9' => self.digits += 1,
                '-' | '/' => self.marks += 1,
                letter => {
                    let is_between = text.before(sign).is_ascii_digit();
                    self.has_size_mark |= letter == 'x' && is_between;
                    self.has_lower |= letter.is_ascii_lowercase();
                    self.letters += 1;
                }
            }
        }
    }

    fn is_number_of(&self, kind: Kind, is_announced: bool) -> bool {
        let length = self.letters + self.digits;
        if self.has_size_mark || self.is_dated || self.has_lower && !is_announced {
            return false;
        }
        match kind {
            Kind::Passport => {
                let is_long = length >= 7 || is_announced;
                self.digits >= 5 && (6..=12).contains(&length) && is_long
            }
            _ => {
                let is_likely = self.letters > 0 || is_announced || self.digits >= 7;
                self.digits >= 4 && (6..=20).contains(&length) && is_likely
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn numbers_of_passports_are_found() {
        assert_found(
            Kind::Passport,
            &[
                "passport {AB1234567}",
                "Passport No. {123456789}, UK",
                "passport number is {C01X00T47}",
                "Reisepass Nr. {C01X00T47}",
                "passeport n° {12AB34567}",
                "pasaporte {AAB123456}",
                "паспорт {4510 123456}",
                "护照号码：{E12345678}",
                "パスポート番号は{TK1234567}です",
            ],
        );
    }

    #[test]
    fn numbers_of_driving_licences_are_found() {
        assert_found(
            Kind::DrivingLicence,
            &[
                "driving licence {MORGA657054SM9IJ}",
                "driving licence no: {MORGA 657054 SM9IJ}",
                "driver's license {D1234567}",
                "Driver’s License #{S123-456-78-901-0}",
                "DL number {D1234567}",
                "Führerschein {B072RRE2I55}",
                "permis de conduire n° {123456789012}",
                "patente di guida {U1X35T291K}",
                "rijbewijs {5123456789}",
            ],
        );
    }

    #[test]
    fn other_words_near_documents_stay() {
        assert_clean(&[
            "passport photo 600x600",
            "a passport photo, 35mm x 45mm, 300dpi",
            "passport from 1990-2000",
            "license plate ABC 1234",
            "a driving licence mockup, 4k",
            "driver license in hand, 85mm f/1.8, ISO 400",
            "a driver in car number 44, 1920x1080",
            "vintage passport stamp dated 12/05/1990",
        ]);
    }
}
