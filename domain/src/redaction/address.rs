//! Street addresses in the forms of English: a house number, the street's name, the kind of street,
//! then unit, city, state and postcode if they follow. Prompts are full of numbers and streets that
//! are no address (`3 cats on a street`), so the name's words must look like a name, or the words
//! around must say that somebody lives there.

use super::Found;
use super::address_tail::tail_end;
use super::kind::Kind;
use super::lexicon::{
    AT_HOME, DIRECTION, NOT_AFTER_STREET, NOT_IN_STREET, OTHER_NUMBER, STREET, UNIT,
};
use super::text::{NOTHING, Text};
use super::tokens::{Token, is_told_before};

/// `Martin Luther King Jr.` is the longest name.
const MOST_NAME_WORDS: usize = 5;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if token.start < done {
            continue;
        }
        let place = if token.is_number() {
            street_at(text, index)
        } else {
            box_at(text, index)
        };
        if let Some((start, end)) = place {
            found.push(Found {
                kind: Kind::StreetAddress,
                start: start.max(done),
                end,
            });
            done = end;
        }
    }
}

/// A house number: up to five digits, with a letter or a range. The token after it.
fn after_house_number(text: &Text, index: usize) -> Option<usize> {
    let token = text.token(index);
    let before = text.before(token.start);
    if token.len() > 5
        || text.at(token.start) == '0'
        || text.is_glued_before(token.start)
        || ".:/-$€£".contains(before) && before != NOTHING && text.before(token.start - 1) != ' '
        || text.at(token.end) == '.'
    {
        return None;
    }
    let next = text.token(index + 1);
    if next.start > token.end {
        return Some(index + 1);
    }
    let is_letter = next.is_word() && next.len() == 1 && text.lower(next.start) <= 'h';
    if is_letter {
        return Some(index + 2);
    }
    let last = text.token(index + 2);
    let is_range = "-/".contains(text.at(next.start)) && last.is_number() && last.len() <= 4;
    let is_comma =
        text.at(next.start) == ',' && text.at(next.end) == ' ' && !is_year_like(text, token);
    if is_range {
        return Some(index + 3);
    }
    is_comma.then_some(index + 2)
}

/// Whether a word begins with a capital.
pub(super) fn is_capital(text: &Text, token: Token) -> bool {
    token.is_word() && text.at(token.start).is_uppercase()
}

/// `5th`, `42nd`: a number and its ending, two tokens.
fn is_ordinal(text: &Text, index: usize) -> bool {
    let number = text.token(index);
    let ending = text.token(index + 1);
    number.is_number() && ending.start == number.end && text.is_one_of(ending, "st nd rd th")
}

/// What the words between the house number and the kind of street are like.
struct Name {
    /// The token of the kind of street.
    kind: usize,
    words: usize,
    is_capital: bool,
    /// Whether a word could hardly be in a name.
    is_doubtful: bool,
}

fn name_from(text: &Text, first: usize) -> Option<Name> {
    let mut index = first;
    let mut name = Name {
        kind: 0,
        words: 0,
        is_capital: true,
        is_doubtful: false,
    };
    while name.words <= MOST_NAME_WORDS {
        let token = text.token(index);
        let is_saint = name.words == 0 && text.is_one_of(token, "st park the avenue");
        if name.words > 0 && token.is_about(STREET) {
            // The last of several: `Park Avenue`, `Market Square Street`.
            let later = text.token(index + 1);
            let has_later = later.is_about(STREET)
                && later.start == token.end + 1
                && is_capital(text, later) == is_capital(text, token);
            name.kind = if has_later { index + 1 } else { index };
            return Some(name);
        }
        if token.is_about(STREET) && !is_saint {
            return None;
        }
        if is_ordinal(text, index) {
            index += 2;
        } else if token.is_word() {
            let is_direction = token.is_about(DIRECTION) && name.words == 0;
            name.is_capital &= is_capital(text, token);
            name.is_doubtful |= token.is_about(NOT_IN_STREET) && !is_direction && !is_saint;
            index += 1;
            while "'.-".contains(text.at(text.token(index).start))
                && text.token(index).start == text.token(index - 1).end
            {
                index += 1;
            }
        } else {
            return None;
        }
        name.words += 1;
    }
    None
}

fn street_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let first = after_house_number(text, index)?;
    let name = name_from(text, first)?;
    let kind = text.token(name.kind);
    let is_year = text.token(index).len() == 4
        && matches!(text.at(text.token(index).start), '1' | '2')
        && first == index + 1
        && is_year_like(text, text.token(index));
    let told = is_told_before(text, index, 3, AT_HOME);
    let end = after_street(text, name.kind);
    let tail = tail_end(text, end);
    let next = text.token(end);
    let is_scene = next.is_about(NOT_AFTER_STREET) && text.at(kind.end) == ' ';
    let is_name = if name.is_capital {
        is_capital(text, kind) && (!is_year || told || tail.is_some())
            || !is_year && (told || tail.is_some() || is_left_alone(text, next))
    } else {
        tail.is_some()
            || is_plain_street(text, kind)
                && (name.words <= 2 && told
                    || name.words == 1
                        && !is_year
                        && is_common(text, first)
                        && is_left_alone(text, next))
    };
    if name.is_doubtful || is_scene || !is_name || text.is_glued(kind.end) || is_film(text, index) {
        return None;
    }
    let start = unit_before(text, index).unwrap_or(text.token(index).start);
    let end = tail.unwrap_or_else(|| city_end(text, end, told).unwrap_or(text.token(end - 1).end));
    Some((start, end))
}

fn is_year_like(text: &Text, token: Token) -> bool {
    let digits = (token.start..token.end).filter_map(|sign| text.at(sign).to_digit(10));
    (1500..2100).contains(&digits.fold(0, |value, digit| value * 10 + digit))
}

/// A number right after a camera's or film's name is its own.
fn is_film(text: &Text, index: usize) -> bool {
    let before = text.token(index.wrapping_sub(1));
    before.is_about(OTHER_NUMBER)
        || text.is_one_of(before, "portra ektar superia cinestill kodak fuji provia velvia ektachrome tri route version in circa year since around exit day week act vol level episode scene room area sector gate zone big top")
            && before.end + 1 == text.token(index).start
}

/// Kinds of street that are hardly anything else in lower case.
fn is_plain_street(text: &Text, kind: Token) -> bool {
    text.is_one_of(
        kind,
        "street st avenue ave road rd lane ln boulevard blvd drive dr way court ct terrace crescent",
    )
}

/// Names of streets that are common enough to be known in lower case.
fn is_common(text: &Text, index: usize) -> bool {
    text.is_one_of(
        text.token(index),
        "main oak elm maple cedar pine park church high king queen washington lincoln jefferson madison walnut \
         chestnut birch willow spruce sunset station mill victoria london baker wallaby privet lake hill spring",
    )
}

/// Whether nothing follows that the street could belong to.
fn is_left_alone(text: &Text, next: Token) -> bool {
    !next.is_word()
        || text.is_one_of(
            next,
            "in at on and near by for with is please to from or before after was apt unit",
        )
        || is_capital(text, next)
}

/// The token after the kind of street, its dot and a direction.
fn after_street(text: &Text, kind: usize) -> usize {
    let mut next = kind + 1;
    let is_dot =
        text.at(text.token(next).start) == '.' && text.token(next).start == text.token(kind).end;
    let later = text.token(next + 1);
    if is_dot
        && (later.is_word() || later.is_number() || ",#".contains(text.at(later.start)))
        && text.token(kind).len() <= 4
    {
        next += 1;
    }
    let direction = text.token(next);
    if direction.is_about(DIRECTION) && is_capital(text, direction) {
        next += 1;
    }
    next
}

/// `Flat 3, ` before the house number.
fn unit_before(text: &Text, index: usize) -> Option<usize> {
    let comma = text.at(text.token(index.wrapping_sub(1)).start) == ',';
    let mut back = index.wrapping_sub(1 + usize::from(comma));
    let mut seen_number = false;
    for _ in 0..3 {
        let token = text.token(back);
        if token.is_about(UNIT) && seen_number {
            return Some(token.start);
        }
        seen_number |= token.is_number() || token.len() == 1 && token.is_word();
        if !(token.is_number() || token.len() == 1 && token.is_word()) {
            return None;
        }
        back = back.wrapping_sub(1);
    }
    None
}

/// City, county and country.
const MOST_PLACES: usize = 3;

/// The sign after the places that follow, each alone between commas or at the end of the sentence;
/// where somebody lives, anything with a capital is taken for one.
pub(super) fn city_end(text: &Text, comma: usize, is_told: bool) -> Option<usize> {
    let mut comma = comma;
    let mut end = None;
    for _ in 0..MOST_PLACES {
        let Some(next) = after_place(text, comma, is_told) else {
            break;
        };
        end = Some(text.token(next - 1).end);
        comma = next;
    }
    end
}

/// The token after a comma and up to three words with capitals.
fn after_place(text: &Text, comma: usize, is_told: bool) -> Option<usize> {
    if text.at(text.token(comma).start) != ',' {
        return None;
    }
    let mut index = comma + 1;
    while index <= comma + 3 && is_capital(text, text.token(index)) {
        index += 1;
    }
    let is_last = !text.token(index).is_word() && !text.token(index).is_number();
    (index > comma + 1 && (is_last || is_told)).then_some(index)
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
    is_box.then(|| (start, tail_end(text, after).or_else(city).unwrap_or(end)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn addresses_are_found_with_what_follows() {
        assert_found(
            Kind::StreetAddress,
            &[
                "{42 Wallaby Way, Sydney}",
                "at {221B Baker Street}, in fog",
                "{10 Downing Street}",
                "{1600 Pennsylvania Avenue NW, Washington, DC 20500}",
                "{123 Main St, Apt 4B, Springfield, IL 62704}",
                "{350 5th Avenue, New York, NY 10118}",
                "{Flat 3, 12 Kings Road, London SW3 4RX}",
                "I live at {42 wallaby way}",
                "deliver to {4 Privet Drive, Little Whinging, Surrey}",
                "{742 EVERGREEN TERRACE}",
                "{12 St James Road}",
                "{P.O. Box 1234}",
                "ship to {77 Massachusetts Ave., Cambridge, MA 02139}",
                "{123 main street}",
            ],
        );
    }

    #[test]
    fn streets_and_numbers_that_are_no_address_stay() {
        assert_clean(&[
            "Route 66",
            "a 5 lane highway",
            "3 street lamps",
            "two lane road",
            "1 way street",
            "100 Years of Solitude",
            "12 drive-in cinemas",
            "4 people walking down the street",
            "2 cats on a street",
            "in 1985 Tokyo street at night",
            "10 Best Street Photos",
            "5th Avenue in spring",
            "42nd Street",
            "1950s American street",
            "4k street photography",
            "shot on Kodak Portra 400 Tokyo street",
            "3 Tokyo street scenes",
            "85mm f/1.8, rainy street",
        ]);
    }
}
