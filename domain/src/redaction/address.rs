//! Street addresses in the forms of English: a house number, the street's name, the kind of street,
//! then unit, city, state and postcode if they follow. Prompts are full of numbers and streets that
//! are no address (`3 cats on a street`), so the name's words must look like a name, or the words
//! around must say that somebody lives there.

use super::Found;
use super::address_before::{house_start, start_before};
use super::address_city::city_end;
use super::address_name::{MOST_NAME_WORDS, after_name_word, name_from};
use super::address_post::post_at;
use super::address_tail::tail_at;
use super::kind::Kind;
use super::lexicon::{AT_HOME, DIRECTION, NOT_AFTER_STREET, OTHER_NUMBER};
use super::text::{NOTHING, Text, going_back};
use super::tokens::{Token, is_told_before};

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
            post_at(text, index)
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
        || text.is_glued_before(house_start(text, index))
        || ".:/-$€£".contains(before) && before != NOTHING && text.before(token.start - 1) != ' '
        || text.at(token.end) == '.'
    {
        return None;
    }
    let next = text.token(index + 1);
    if next.start > token.end {
        // `4 1/2`
        let is_half = next.is_number() && text.at(next.end) == '/';
        return Some(if is_half { index + 4 } else { index + 1 });
    }
    if "½¼¾⅓⅔".contains(text.at(next.start)) {
        return Some(index + 2);
    }
    let is_letter = next.is_word() && next.len() == 1 && text.lower(next.start) <= 'h';
    if is_letter {
        return Some(index + 2);
    }
    let last = text.token(index + 2);
    let is_range = "-/".contains(text.at(next.start)) && last.is_number() && last.len() <= 4;
    if text.at(next.start) == '-' && last.len() == 1 && is_capital(text, last) {
        return Some(index + 3);
    }
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

fn street_at(text: &Text, index: usize) -> Option<(usize, usize)> {
    let number = text.token(index);
    let first = after_house_number(text, index)?;
    let start = || start_before(text, index);
    if let Some(end) = numbered_road(text, index, first) {
        let tail = text
            .token_from(first, end)
            .and_then(|next| tail_at(text, next));
        return Some((start(), tail.map_or(end, |tail| tail.end)));
    }
    let Some(name) = name_from(text, first) else {
        return place_at(text, first).map(|end| (start(), end));
    };
    let kind = text.token(name.kind);
    let is_year = number.len() == 4
        && first == index + 1
        && is_year_like(text, number)
        && !(is_capital(text, kind) && text.is_one_of(kind, ABBREVIATIONS));
    let told = is_told_before(text, index, 3, AT_HOME);
    let end = after_street(text, name.kind);
    let tail = tail_at(text, end);
    let next = text.token(end);
    // `5 Star Drive-in`
    let is_scene = next.is_about(NOT_AFTER_STREET) && text.at(kind.end) == ' '
        || text.at(kind.end) == '-' && text.at(kind.end + 1).is_alphabetic();
    let is_name = if name.is_weak {
        let is_apart = name.is_possessive && !is_year && is_apart(text, index, next);
        name.is_capital && (told || tail.is_some() || is_apart)
    } else if name.is_capital {
        is_capital(text, kind) && (!is_year || told || tail.is_some())
            || !is_year && (told || tail.is_some() || is_left_alone(text, next))
    } else {
        tail.is_some()
            || is_plain_street(text, kind)
                && text.token(first).is_about(DIRECTION)
                && name.words == 2
                && number.len() >= 2
                && !is_year
            || is_plain_street(text, kind)
                && (name.words <= 2 && told
                    || name.words == 1
                        && !is_year
                        && is_common(text, first)
                        && is_left_alone(text, next))
    };
    // `2 Guns Court western`: what goes on is no address.
    let is_noun = next.is_word()
        && !told
        && tail.is_none()
        && number.len() <= LONGEST_COUNT
        && text.at(kind.end) == ' '
        && !is_participle(text, next)
        && !is_left_alone(text, next);
    let has_postcode = tail.is_some_and(|tail| tail.has_postcode) && name.is_capital;
    let is_doubtful = name.is_doubtful && !has_postcode;
    if is_doubtful
        || is_scene
        || is_noun
        || !is_name
        || text.is_glued(kind.end)
        || !has_postcode && is_film(text, index)
    {
        return None;
    }
    let city = || city_end(text, end, told).unwrap_or(text.token(end - 1).end);
    Some((start(), tail.map_or_else(city, |tail| tail.end)))
}

/// How many digits a number of things may have, where it could be a house's.
const LONGEST_COUNT: usize = 3;

/// Short forms that never stand after a year.
const ABBREVIATIONS: &str = "st rd ln ave blvd dr ct pkwy ter cir hwy trl cres sq";

/// Whether the address stands between marks, or at the ends of the text.
fn is_apart(text: &Text, index: usize, next: Token) -> bool {
    let before = text.token(going_back(index, 1));
    let is_free = |token: Token| !token.is_word() && !token.is_number();
    is_free(before) && is_free(next)
}

/// `County Road 19`, `State Route 7`, `1200 Highway 61 N`: where the number of the road ends.
fn numbered_road(text: &Text, index: usize, first: usize) -> Option<usize> {
    let is_owned = text.is_one_of(
        text.token(first),
        "county state us u.s rural forest ranch farm township old national interstate",
    );
    let road = first + usize::from(is_owned);
    let number = text.token(road + 1);
    let is_road = is_capital(text, text.token(road))
        && text.is_one_of(text.token(road), "road rd route rte highway hwy fm")
        && number.is_number()
        && number.len() <= 4;
    let is_house = is_owned || text.token(index).len() >= 3;
    let end = text.token(after_street(text, road + 1) - 1).end;
    (is_road && is_house && !text.is_glued(number.end) && !is_film(text, index)).then_some(end)
}

/// A name without a kind of street is one if city and postcode follow: `14 Rosemount, Cork T12 XY34`.
fn place_at(text: &Text, first: usize) -> Option<usize> {
    let mut next = first;
    while next <= first + MOST_NAME_WORDS && is_capital(text, text.token(next)) {
        next = after_name_word(text, next + 1);
    }
    let is_name = next > first && text.at(text.token(next).start) == ',';
    let city = text.token(next + 1);
    let has_city = is_capital(text, city) && city.len() > 3;
    let tail = tail_at(text, next).filter(|tail| is_name && has_city && tail.has_postcode)?;
    Some(tail.end)
}

pub(super) fn is_year_like(text: &Text, token: Token) -> bool {
    let digits = (token.start..token.end).filter_map(|sign| text.at(sign).to_digit(10));
    (1500..2100).contains(&digits.fold(0, |value, digit| value * 10 + digit))
}

/// A number right after a camera's or film's name is its own.
fn is_film(text: &Text, index: usize) -> bool {
    let before = text.token(going_back(index, 1));
    before.is_about(OTHER_NUMBER)
        || text.is_one_of(before, "portra ektar superia cinestill kodak fuji provia velvia ektachrome tri route version in circa year since around exit day week act vol level episode scene room area sector gate zone ring stage kart gta big top")
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

/// `printed`, `hanging`: what is said of a sign.
fn is_participle(text: &Text, word: Token) -> bool {
    let ends = |ending: &str| text.reads(going_back(word.end, ending.len()), ending);
    ends("ed") || ends("ing")
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
                "{8 Old Forge Lane, Galway H91 X2P4}",
                "{31 Anne Street, Dublin 2, D02 XY45}",
                "{19 King Edward Street, London EC1A 1HQ}",
                "a card from {640 Maple Hill Road, Ottawa, ON K1A 0B1}, teal",
                "{1720 Willow Ct} on a mat",
                "door, {27 Badger's Run}, snow",
                "{7 Cutlers Gate, Leeds LS1 4AP}",
                "{4821 County Road 12} on a mailbox",
                "{210 Highway 61 N, Duluth, MN 55804}",
                "{1184 W 7th Ave, Vancouver, BC V6H 1B4}",
                "{6½ Thimble Lane}, brass",
                "{12 1/2 Mill Lane}",
                "{90 Pitt Street, Level 3, Sydney NSW 2000}",
                "{N6W23001 Bluemound Road, Waukesha, WI 53188}",
                "{14 Rosemount, Cork T12 XY34}",
                "{1221 Avenue of the Americas, New York, NY 10020}",
                "{45 St. John's Road}",
                "{88 Queen's Terrace, 2nd Floor, Aberdeen AB10 1XL}",
                "{4521 elm street apt 3, springfield il 62701}",
                "{Unit 5, 12 Wharf Road, Auckland 1010}",
                "{Unit 7/210 Beach Road, Perth WA 6000}",
                "{3 Miller's Close}, brass",
                "a door mat, {No. 9 Lavender Walk}",
                "{12 MG Road, Bengaluru 560001}",
                "home of {Rose Cottage, 3 Mill Lane, Bibury GL7 5NW}",
                "{Flat 14B, Kestrel House, 90 Commercial Rd, London E1 1LP}",
                "{3rd Floor, 18 Eustace Street, Temple Bar, Dublin 2}, brass",
                "towel: {The Old Rectory, Church Lane, Lower Slaughter GL54 2HU}",
                "{302 - 1255 Bidwell St, Vancouver}",
                "{1910-B Telegraph Ave, Berkeley, CA 94704}",
                "{2100 Dr. Martin Luther King Jr. Blvd}",
                "{5521 s. kimbark ave} sunday",
                "{88 windsor drive, glasgow g41 2nb}",
                "home at {5 St. Brendan's Park, Tralee, Co. Kerry}",
                "{RR 2 Box 118, Millersburg, PA 17061}",
                "{Lot 12 Banksia Street, Broome WA 6725}",
                "{Main Street, Roundwood, Co. Wicklow A98 X7K2}",
                "{20455 FM 1431, Leander, TX 78641}",
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
            "2 old street signs",
            "3 Dragons at the Gate, oil",
            "a group of 5 Rolling Hills in fog, 4k",
            "1920 Park Avenue style",
            "Highway 61, Route 66 diners",
            "poster for 12 Monkeys, Boston 2024",
            "top 10 Paris, London and Rome views",
            "level 3 Boss Run, pixel art",
            "5 Stone Bridges, mist",
            "24 Hour Park, neon",
            "50 Shades of Green, forest",
            "a 4 Lane Highway at night",
            "7 Samurai, Kyoto, Japan 1954",
            "8 Mile Road, Detroit",
            "Ocean's 11 Las Vegas, NV 2001",
            "3 Golden Gate Bridge views, fog",
            "Chapter 3 Castle Gate, fantasy novel",
            "12 Days of Christmas, London, UK",
            "Apollo 11, July 20, 1969, NASA",
            "Grade 2 Listed Building, Bath, UK",
            "2 Broke Girls at the diner, NY 2011",
            "100 Acre Wood, watercolour",
            "12 Rolling Fields, Tuscany",
            "20 roof gardens, Singapore, 2050",
            "5 Star Drive-in theatre",
            "2 Guns Court western duel",
            "11 Madison Avenue ad men",
            "ring 3 Grand Parade, elephants",
        ]);
    }
}
