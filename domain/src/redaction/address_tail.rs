//! What follows a street in an address: the unit, the city, the state and the postcode.

use super::address::{is_capital, is_year_like};
use super::address_name::is_ordinal;
use super::lexicon::UNIT;
use super::text::{Text, going_back};
use super::tokens::Token;

/// How far a postcode may be from the street.
const TAIL_TOKENS: usize = 14;

/// Where an address ends that goes on after the street.
#[derive(Clone, Copy)]
pub(super) struct Tail {
    /// The sign after it.
    pub(super) end: usize,
    /// Whether there is a postcode in it, with letters or after a state: then it is an address, whatever the street is called.
    pub(super) has_postcode: bool,
}

/// The unit, the state with its postcode, or the British postcode, if one follows.
pub(super) fn tail_at(text: &Text, from: usize) -> Option<Tail> {
    let mut tail: Option<Tail> = None;
    let mut index = from;
    while index < from + TAIL_TOKENS {
        let token = text.token(index);
        let unit = unit_at(text, index);
        // `Singapore, 2050`
        let is_date = text.at(text.token(going_back(index, 1)).start) == ','
            && token.len() == 4
            && is_year_like(text, token);
        let postcode = || postcode_at(text, index).filter(|_| !is_date);
        if let Some((next, end)) = unit.or_else(postcode) {
            // A number alone could be a year.
            let is_postcode = unit.is_none()
                && if token.is_number() {
                    let state = text.token(going_back(index, 1));
                    is_state(text, state)
                        && (token.len() == 5 || text.is_one_of(state, FOUR_DIGITS))
                } else {
                    end - token.start >= 6
                };
            tail = Some(Tail {
                end,
                has_postcode: is_postcode || tail.is_some_and(|tail| tail.has_postcode),
            });
            index = next;
            continue;
        }
        let is_part = ",.#-'".contains(text.at(token.start)) && token.len() == 1
            || is_capital(text, token)
            || text.is_one_of(token, "of upon on s")
            || is_district(text, index)
            || is_small_city(text, index);
        if !is_part || text.at(token.start) == '.' && text.token(index - 1).len() > 3 {
            break;
        }
        index += 1;
    }
    tail
}

/// `Dublin 2`: a city and the number of a part of it.
fn is_district(text: &Text, index: usize) -> bool {
    let token = text.token(index);
    let city = text.token(going_back(index, 1));
    token.is_number() && token.len() <= 2 && city.len() > 3 && is_capital(text, city)
}

/// Lower case throughout: `springfield il 62704`, `glasgow g41 2nb`.
fn is_small_city(text: &Text, index: usize) -> bool {
    text.token(index).is_word()
        && (1..=4).any(|step| {
            let code = text.token(index + step);
            let is_zip = code.is_number() && code.len() == 5;
            is_zip && is_state_name(text, text.token(index + step - 1))
                || british_postcode_end(text, code).is_some()
        })
}

/// `Apt 4B`, `Suite 200`, `#12`, `2nd Floor`: the token after it, and where it ends.
fn unit_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
    if is_ordinal(text, index) && text.is_one_of(text.token(index + 2), "floor fl") {
        return Some((index + 3, text.token(index + 2).end));
    }
    let is_hash = text.at(token.start) == '#';
    if !token.is_about(UNIT) && !is_hash {
        return None;
    }
    let mut value = index + 1;
    while ".#".contains(text.at(text.token(value).start)) && text.token(value).len() == 1 {
        value += 1;
    }
    let number = text.token(value);
    let is_value = number.is_number() || number.is_word() && number.len() == 1;
    if !is_value || number.len() > 5 {
        return None;
    }
    let end = text.run_end(number.start, 6, |c| c.is_ascii_alphanumeric() || c == '-');
    let next = (value..=value + 6).find(|&next| text.token(next).start >= end)?;
    Some((next, end))
}

const STATES: &str = "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny \
    nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc pr on qc bc ab mb sk ns nb nl pe nsw vic qld tas act nt";

/// A ZIP code after a state or a city, or a British, Canadian or Australian postcode.
fn postcode_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
    let start = token.start;
    if text.is_glued_before(start) {
        return None;
    }
    let end = text.run_end(start, 5, |c| c.is_ascii_alphanumeric());
    let second_end = text.run_end(end + 1, 5, |c| c.is_ascii_alphanumeric());
    let is_digit = |sign: usize| text.at(sign).is_ascii_digit();
    let is_letter = |sign: usize| text.at(sign).is_ascii_alphabetic();
    let is_british = british_postcode_end(text, token).is_some();
    let is_canadian = token.is_word()
        && end == start + 3
        && is_digit(start + 1)
        && second_end == end + 4
        && is_digit(end + 1)
        && is_letter(end + 2)
        && is_digit(end + 3);
    let is_irish = irish_postcode_end(text, token).is_some();
    let is_alphanumeric = is_british || is_canadian || is_irish;
    let stop = if is_alphanumeric && !text.is_glued(second_end) {
        second_end
    } else if token.is_number() && (4..=6).contains(&token.len()) && !text.is_glued(token.end) {
        let end = token.end;
        let extended = text.run_end(end + 1, 4, |c| c.is_ascii_digit());
        if text.at(end) == '-' && extended == end + 5 {
            extended
        } else {
            end
        }
    } else if is_state(text, token) {
        token.end
    } else {
        return None;
    };
    let next = (index..=index + 8).find(|&next| text.token(next).start >= stop)?;
    Some((next, stop))
}

/// The sign after a British postcode: one or two letters and the district, a digit and two letters.
pub(super) fn british_postcode_end(text: &Text, token: Token) -> Option<usize> {
    let end = text.run_end(token.start, 5, |c| c.is_ascii_alphanumeric());
    let second_end = text.run_end(end + 1, 5, |c| c.is_ascii_alphanumeric());
    let is_letter = |sign: usize| text.at(sign).is_ascii_alphabetic();
    let is_postcode = token.is_word()
        && token.len() <= 2
        && text.at(token.end).is_ascii_digit()
        && second_end == end + 4
        && text.at(end + 1).is_ascii_digit()
        && is_letter(end + 2)
        && is_letter(end + 3);
    (is_postcode && !text.is_glued(second_end)).then_some(second_end)
}

/// The sign after an Irish postcode: a letter and two characters, then four, letters and digits mixed.
pub(super) fn irish_postcode_end(text: &Text, token: Token) -> Option<usize> {
    let end = text.run_end(token.start, 5, |c| c.is_ascii_alphanumeric());
    let second_end = text.run_end(end + 1, 5, |c| c.is_ascii_alphanumeric());
    let is_digit = |sign: usize| text.at(sign).is_ascii_digit();
    let is_postcode = token.is_word()
        && token.len() == 1
        && end == token.start + 3
        && second_end == end + 5
        && is_digit(token.start + 1)
        && text.at(end + 1).is_ascii_alphabetic()
        && (end + 1..second_end).any(is_digit)
        && (end + 1..second_end).all(|sign| !text.at(sign).is_lowercase());
    (is_postcode && !text.is_glued(second_end)).then_some(second_end)
}

/// The states of Australia, whose postcodes have four digits.
const FOUR_DIGITS: &str = "nsw vic qld sa wa tas act nt";

fn is_state(text: &Text, token: Token) -> bool {
    (token.start..token.end).all(|sign| text.at(sign).is_ascii_uppercase())
        && is_state_name(text, token)
}

fn is_state_name(text: &Text, token: Token) -> bool {
    token.is_word() && (2..=3).contains(&token.len()) && text.is_one_of(token, STATES)
}
