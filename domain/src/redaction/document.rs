//! Numbers of passports and driving licences. Every country has its own form and most have no check
//! digit, so the document's name must stand before the number: right before it or, where `no.` or the
//! like announces the number, some words before. A few licences have forms that nothing else has.

use super::Found;
use super::code::{Code, has_form};
use super::date::date_end;
use super::kind::Kind;
use super::lexicon::{
    BIRTH, CARD, DATE_WORD, DRIVING, DRIVING_LICENCE, LICENCE, NOT_DRIVING, NUMBER_WORD,
    OTHER_NUMBER, PASSPORT, PERMIT, PERSON, PHONE, VERB,
};
use super::text::{Text, going_back, is_unspaced};
use super::tokens::Token;

/// How many tokens may stand between the document's name and its number: `no.`, `:`, `is`.
const REACH: usize = 7;
/// The same where the number is announced.
const FARTHEST: usize = 20;
/// Florida's licence has five groups.
const MOST_GROUPS: usize = 6;

/// How far from a word for a licence a number in the form of one may be, in tokens.
const SAME_PICTURE: usize = 40;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    let mut licence = None;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if token.start < done || token.len() == 0 {
            continue;
        }
        if token.is_about(PERMIT | DRIVING_LICENCE) {
            licence = Some(index);
        }
        let is_near = licence.is_some_and(|licence| index - licence <= SAME_PICTURE);
        let place = match document_at(text, index) {
            Some(kind) => number_after(text, index, kind).map(|place| (kind, place)),
            None => licence_at(text, token, is_near)
                .map(|end| (Kind::DrivingLicence, (token.start, end))),
        };
        if let Some((kind, (start, end))) = place {
            found.push(Found { kind, start, end });
            done = end;
        }
    }
}

/// The document that is named with this word; a driving licence has two (`driver's license`), unless
/// its number is announced (`licence no.`).
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
    let next = |step: usize| text.token(index + step);
    let is_driving = (1..=3).any(|step| next(step).is_about(pair));
    let is_numbered = token.is_about(PERMIT)
        && (is_announcement(text, next(1)) || next(1).is_about(DRIVING_LICENCE))
        && !text.token(going_back(index, 1)).is_about(NOT_DRIVING);
    (is_driving || is_numbered).then_some(Kind::DrivingLicence)
}

/// The forms of Florida and Illinois, of Wisconsin, Michigan, Ontario and Quebec, where a licence is
/// spoken of.
const FORMS: [&str; 6] = [
    "A999-999-99-999-9",
    "A999-9999-9999-99",
    "A999-9999-9999",
    "A-999-999-999-999",
    "A9999-99999-99999",
    "A9999-999999-99",
];

/// The sign after a number that is a licence's by its form; Britain's (five letters, six digits of the
/// birth, initials and check characters) is like nothing else.
fn licence_at(text: &Text, token: Token, is_near: bool) -> Option<usize> {
    if !token.is_word() || token.len() > 5 || text.is_glued_before(token.start) {
        return None;
    }
    if token.len() > 1 {
        let code = Code::read(text, token.start, " ");
        let (characters, end) = code.first(text, 16)?;
        let month = code.number(6, 8) % 50;
        let is_british = has_form(characters, "AA***999999A**AA")
            && text.at(token.start).is_uppercase()
            && (1..=12).contains(&month)
            && (1..=31).contains(&code.number(8, 10));
        return is_british.then_some(end);
    }
    let has = |form: &&&str| {
        let mut signs = form.bytes().enumerate();
        signs.all(|(place, class)| {
            let sign = text.at(token.start + place);
            match class {
                b'A' => sign.is_ascii_uppercase(),
                b'9' => sign.is_ascii_digit(),
                _ => " -".contains(sign),
            }
        }) && !text.is_glued(token.start + form.len())
    };
    let form = FORMS.iter().find(has).filter(|_| is_near)?;
    Some(token.start + form.len())
}

fn number_after(text: &Text, document: usize, kind: Kind) -> Option<(usize, usize)> {
    let name = text.token(document);
    // `Passnummer`: the word says it itself.
    let mut is_announced = ["nummer", "number", "nr", "no"]
        .into_iter()
        .any(|ending| name.len() > ending.len() && text.reads(name.end - ending.len(), ending));
    let mut previous_end = 0;
    let mut said_at = document;
    for index in document + 1..=document + FARTHEST {
        let token = text.token(index);
        let is_start = (token.is_number() || token.is_word() && !is_unspaced(text.at(token.start)))
            && !text.is_glued_before(token.start);
        let is_far = index > document + REACH;
        if is_start && token.start >= previous_end && (!is_far || said_at + 4 > index) {
            let end = code_end(text, token, kind, is_announced)
                .filter(|_| date_end(text, index).is_none());
            if let Some(end) = end {
                return Some((token.start, end));
            }
            previous_end = token.end;
        }
        if is_announcement(text, token) {
            is_announced = true;
            said_at = index;
        }
        let is_other = index > document + 1
            && token.is_about(PHONE | CARD | BIRTH | DATE_WORD | OTHER_NUMBER | PERSON)
            && !is_announcement(text, token);
        let is_stop = token.len() == 0
            || is_other
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
    token.is_about(NUMBER_WORD | VERB) || "№#:=".contains(text.at(token.start))
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
        shape.groups += 1;
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
    groups: usize,
    has_size_mark: bool,
    has_lower: bool,
    /// Whether it starts like a year and something else.
    is_dated: bool,
}

impl Shape {
    fn add(&mut self, text: &Text, start: usize, end: usize) {
        if self.digits + self.letters == 0 {
            let year = (start..start + 4).filter_map(|sign| text.at(sign).to_digit(10));
            let value = year.fold(0, |value, digit| value * 10 + digit);
            let is_split = "-/".contains(text.at(start + 4)) && text.at(start + 4) != '\0';
            self.is_dated = (1800..2200).contains(&value) && is_split;
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
                // Germany's and the Netherlands' have letters anywhere.
                let is_mixed = self.groups == 1
                    && self.marks == 0
                    && (8..=9).contains(&length)
                    && self.digits >= 2
                    && self.letters >= 2
                    && is_announced;
                self.digits >= 5 && (6..=12).contains(&length) && is_long || is_mixed
            }
            _ => {
                let is_likely = self.letters > 0 || is_announced || self.digits >= 7;
                // Washington's has seven letters first.
                let is_mixed = (8..=12).contains(&length) && self.digits >= 3 && is_announced;
                (self.digits >= 4 && (6..=20).contains(&length) || is_mixed) && is_likely
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
                "Reisepass aus Teig, Nr. {C3JF5N8K2}",
                "paspoort, rood leer, paspoortnummer {SPX7K41R9}",
                "pasaporte de juguete, dibujado a mano, n.º {XDB208417}",
                "passport page of a fox with a monocle, number: {548210937}",
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
                "a DVLA card, {JONES710238HL9AB}",
                "Licence No: {41837265}, Queensland",
                "driver's license of a cat in a tie, number {D4471209}",
                "Michigan license, {B 123 456 789 012}",
                "my driving licence in bronze, {D123-4567-8901}",
                "permis de conduire en papier, n° {120433200187}",
                "permiso n.º {48210937-K}",
                "patente di pane, patente n. {U19H4827XK}",
                "운전면허 {11-04-482917-20}",
                "raven, LIC# {WDLABCD456DG}",
                "permit no. {T8204-51937-70415}",
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
            "license plate number ABC 1234",
            "software license no. 20481937",
            "a passport, a map, a date 12.05.2024",
            "a licence to dream, 35mm, f/1.8, 1920x1080",
            "model A123-4567-8901 amplifier",
            "license: CC BY 4.0, 2048 px",
            "fishing licence no. 4821937",
            "contractor license no. 482910 on a truck door",
            "boarding pass flight BA2490, seat 24A, gate 14",
            "passport stamps from 2019, 2020 and 2021, ink",
            "a drivers manual 1999 edition",
            "driver update 31.0.15, windows error",
            "licensed character, 12 poses, sheet",
            "passport cover design number 3, 4k, 8k",
        ]);
    }
}
