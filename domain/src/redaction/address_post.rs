//! Addresses without the number of a house: boxes at a post office, and addresses of Britain and
//! Ireland with the name of the house, which are known by their postcode.

use super::address::is_capital;
use super::address_city::city_end;
use super::address_tail::{Tail, british_postcode_end, irish_postcode_end, tail_at};
use super::lexicon::{STREET, STREET_WEAK};
use super::text::{Text, going_back};

/// What starts at this word, or ends with the postcode that starts here.
pub(super) fn post_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    box_at(text, index)
        .or_else(|| rural_box_at(text, index))
        .or_else(|| named_house_before(text, index))
}

/// `P.O. Box 123`, `PO Box 123`.
fn box_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let start = text.token(index).start;
    let length = ["p.o. box ", "po box ", "p.o.box ", "p o box "]
        .into_iter()
        .find(|form| text.reads(start, form))?
        .len();
    let number = start + length + usize::from(text.at(start + length) == '#');
    let end = text.run_end(number, 8, |c| c.is_ascii_digit());
    let is_box = end > number && !text.is_glued(end) && !text.is_glued_before(start);
    let after = (index..index + 9).find(|&next| text.token(next).start >= end)?;
    let city = || city_end(text, after, false);
    let tail = tail_at(text, after).map(|Tail { end, .. }| end);
    is_box.then(|| (start, tail.or_else(city).unwrap_or(end)))
}

/// `RR 2 Box 118`: a box on a route of the post in the country.
fn rural_box_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let [route, number, word, box_number] = [0, 1, 2, 3].map(|step| text.token(index + step));
    let is_box = text.is_one_of(route, "rr hc")
        && is_capital(text, route)
        && number.is_number()
        && text.is_one_of(word, "box")
        && box_number.is_number()
        && !text.is_glued(box_number.end);
    let tail = || tail_at(text, index + 4).map(|Tail { end, .. }| end);
    is_box.then(|| (route.start, tail().unwrap_or(box_number.end)))
}

/// How far before the postcode such an address may start, in tokens.
const FARTHEST: usize = 14;

/// `The Old Rectory, Church Lane, Lower Slaughter GL54 2HU`: a street with capitals between commas,
/// then the town and the postcode.
fn named_house_before(text: &Text, index: usize) -> Option<(usize, usize)> {
    let postcode = text.token(index);
    if !text.at(postcode.start).is_uppercase() || text.is_glued_before(postcode.start) {
        return None;
    }
    let end =
        british_postcode_end(text, postcode).or_else(|| irish_postcode_end(text, postcode))?;
    let mut start = None;
    let mut has_street = false;
    for back in 1..=FARTHEST {
        let token = text.token(going_back(index, back));
        let is_mark = ",'".contains(text.at(token.start)) && token.len() == 1
            || text.is_one_of(token, ".")
                && text.is_one_of(text.token(going_back(index, back + 1)), "co st");
        let is_small = text.is_one_of(token, "of the on upon under in le s");
        if !(is_mark || is_small || is_capital(text, token)) {
            break;
        }
        let next = text.token(going_back(index, back - 1));
        has_street |= token.is_about(STREET | STREET_WEAK) && text.at(next.start) == ',';
        if is_capital(text, token) {
            start = Some(token.start);
        }
    }
    start.filter(|_| has_street).map(|start| (start, end))
}
