//! What follows a street in an address: the unit, the city, the state and the postcode.

use super::address::is_capital;
use super::lexicon::UNIT;
use super::text::Text;
use super::tokens::Token;

/// How far a postcode may be from the street.
const TAIL_TOKENS: usize = 14;

/// The sign after the unit, the state with its postcode, or the British postcode, if one follows.
pub(super) fn tail_end(text: &Text, from: usize) -> Option<usize> {
    let mut end = None;
    let mut index = from;
    while index < from + TAIL_TOKENS {
        let token = text.token(index);
        if let Some((next, stop)) = unit_at(text, index).or_else(|| postcode_at(text, index)) {
            end = Some(stop);
            index = next;
            continue;
        }
        let is_part = ",.#-".contains(text.at(token.start)) && token.len() == 1
            || is_capital(text, token)
            || text.is_one_of(token, "of upon on");
        if !is_part || text.at(token.start) == '.' && text.token(index - 1).len() > 3 {
            break;
        }
        index += 1;
    }
    end
}

/// `Apt 4B`, `Suite 200`, `#12`: the token after it, and where it ends.
fn unit_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
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
    let next = (value..value + 4).find(|&next| text.token(next).start >= end)?;
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
    let second_end = text.run_end(end + 1, 4, |c| c.is_ascii_alphanumeric());
    let is_digit = |sign: usize| text.at(sign).is_ascii_digit();
    let is_letter = |sign: usize| text.at(sign).is_ascii_alphabetic();
    let is_british = token.is_word()
        && token.len() <= 2
        && is_digit(token.end)
        && second_end == end + 4
        && is_digit(end + 1)
        && is_letter(end + 2)
        && is_letter(end + 3);
    let is_canadian = token.is_word()
        && end == start + 3
        && is_digit(start + 1)
        && second_end == end + 4
        && is_digit(end + 1)
        && is_letter(end + 2)
        && is_digit(end + 3);
    let stop = if (is_british || is_canadian) && !text.is_glued(second_end) {
        second_end
    } else if token.is_number() && (token.len() == 5 || token.len() == 4) && !text.is_glued(end) {
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
    let next = (index..index + 5).find(|&next| text.token(next).start >= stop)?;
    Some((next, stop))
}

fn is_state(text: &Text, token: Token) -> bool {
    let is_upper = (token.start..token.end).all(|sign| text.at(sign).is_ascii_uppercase());
    token.is_word()
        && is_upper
        && (2..=3).contains(&token.len())
        && STATES
            .split_whitespace()
            .any(|state| text.is_one_of(token, state))
}
