//! What belongs to an address before its house number: a letter, the flat, the floor, the name of the
//! house.

use super::address::is_capital;
use super::address_name::is_ordinal;
use super::lexicon::UNIT;
use super::text::{Text, going_back};

/// Where the address starts that has its house number at this token.
pub(super) fn start_before(text: &Text, index: usize) -> usize {
    unit_before(text, index)
        .or_else(|| house_name_before(text, index))
        .unwrap_or_else(|| house_start(text, index))
}

/// Where the house number starts, with the letter of a block or of a grid before its digits: `B12`,
/// `N6W23001`.
pub(super) fn house_start(text: &Text, index: usize) -> usize {
    let mut start = text.token(index).start;
    for back in 1..=3 {
        let earlier = text.token(going_back(index, back));
        let is_letter = earlier.len() == 1 && is_capital(text, earlier);
        if earlier.end != start || !(is_letter || earlier.is_number() && back == 2) {
            break;
        }
        start = earlier.start;
    }
    start
}

/// `Flat 3, ` or `No. ` before the house number.
fn unit_before(text: &Text, index: usize) -> Option<usize> {
    let dot = text.at(text.token(going_back(index, 1)).start) == '.';
    let word = text.token(going_back(index, 1 + usize::from(dot)));
    if text.is_one_of(word, "no nr lot") {
        return Some(word.start);
    }
    let comma = text.at(text.token(going_back(index, 1)).start) == ',';
    let mut back = going_back(index, 1 + usize::from(comma));
    // `302 - 1255 Bidwell St`
    let [flat, dash] = [2, 1].map(|step| text.token(going_back(index, step)));
    let is_flat = flat.is_number() && flat.len() <= 4 && !text.is_glued_before(flat.start);
    if is_flat && text.at(dash.start) == '-' && flat.end + 1 == dash.start {
        return Some(flat.start);
    }
    // `3rd Floor, `
    let floor = going_back(back, 2);
    if text.is_one_of(text.token(back), "floor fl") && is_ordinal(text, floor) {
        return Some(text.token(floor).start);
    }
    let mut seen_number = false;
    for _ in 0..3 {
        let token = text.token(back);
        // `Unit 5/14`
        let has_slash = text.at(text.token(index).end) == '/';
        if token.is_about(UNIT) && (seen_number || has_slash) {
            return Some(token.start);
        }
        seen_number |= token.is_number() || token.len() == 1 && token.is_word();
        if !(token.is_number() || token.len() == 1 && token.is_word()) {
            return None;
        }
        back = going_back(back, 1);
    }
    None
}

/// Ends of names of houses.
const HOUSES: &str = "cottage house farm farmhouse lodge barn manor grange rectory vicarage villa \
    villas tower towers court mansions buildings";

/// `Rose Cottage, ` or `The Willows, ` before the house number, with the flat in it.
fn house_name_before(text: &Text, index: usize) -> Option<usize> {
    let comma = text.token(going_back(index, 1));
    let last = going_back(index, 2);
    if text.at(comma.start) != ',' {
        return None;
    }
    let is_house = text.is_one_of(text.token(last), HOUSES);
    let is_name = |back: &usize| is_capital(text, text.token(going_back(last, *back)));
    let back = (0..=3)
        .take_while(is_name)
        .last()
        .filter(|&back| back > 0)?;
    let first = last - back;
    if !is_house && !text.is_one_of(text.token(first), "the") {
        return None;
    }
    unit_before(text, first).or_else(|| Some(text.token(first).start))
}
