//! Street addresses as they are written elsewhere: the kind of street is the end of its name
//! (`Hauptstraße 5`), or stands before it (`Calle Mayor 5`, `12 rue de la Paix`).

use super::Found;
use super::address::is_capital;
use super::address_city::city_end;
use super::address_tail::tail_at;
use super::kind::Kind;
use super::lexicon::{NOT_IN_BEFORE, STREET_BEFORE};
use super::text::{Text, going_back};

/// Ends of names of streets in German, Dutch and the languages of the north.
const ENDINGS: [&str; 11] = [
    "straße", "strasse", "str", "gasse", "allee", "platz", "weg", "straat", "laan", "gracht",
    "gatan",
];

/// Words in a name: `Avenida de los Reyes Católicos`.
const MOST_NAME_WORDS: usize = 6;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if token.start < done || !token.is_word() || text.is_glued_before(token.start) {
            continue;
        }
        let place = ending_street(text, index).or_else(|| street_before_name(text, index));
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

/// The sign after a house number at this token: up to four digits, no year, perhaps a letter or
/// the number of a flat.
fn house_end(text: &Text, index: usize) -> Option<usize> {
    let token = text.token(index);
    let is_number = token.is_number() && token.len() <= 4 && text.at(token.start) != '0';
    let next = text.token(index + 1);
    let is_letter = next.is_word() && next.len() == 1 && next.start == token.end;
    let flat = text.token(index + 2);
    let has_flat = text.at(token.end) == '/' && flat.is_number() && flat.len() <= 3;
    let end = if has_flat {
        flat.end
    } else if is_letter {
        next.end
    } else {
        token.end
    };
    let is_free = !text.is_glued(end) && !":%°".contains(text.at(end));
    (is_number && !is_year(text, index) && is_free).then_some(end)
}

/// After a comma a number is sooner a house's than a year.
fn is_year(text: &Text, index: usize) -> bool {
    let token = text.token(index);
    let digits = (token.start..token.end).filter_map(|sign| text.at(sign).to_digit(10));
    let value = digits.fold(0, |value, digit| value * 10 + digit);
    let is_after_comma = text.at(text.token(going_back(index, 1)).start) == ',';
    let earliest = if is_after_comma { 1900 } else { 1000 };
    token.len() == 4 && (earliest..2100).contains(&value)
}

/// `Hauptstraße 5`, `Lange Str. 12a`.
fn ending_street(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
    let ending = ENDINGS.into_iter().find(|ending| {
        let length = ending.chars().count();
        token.len() >= length && text.reads(token.end - length, ending)
    })?;
    // Roads of the country, which have numbers of their own.
    let is_road = ["bundes", "landes", "kreis", "staats"]
        .into_iter()
        .any(|road| text.reads(token.start, road));
    if is_road {
        return None;
    }
    let is_whole = token.len() == ending.chars().count();
    let is_dot = text.at(token.end) == '.';
    let end = house_end(text, index + 1 + usize::from(is_dot))?;
    let start = match text.before(token.start) {
        '-' => joined_start(text, token.start),
        _ if is_whole => text.token(going_back(index, 1)).start,
        _ => token.start,
    };
    if !text.at(start).is_uppercase() {
        return None;
    }
    Some((start, with_city(text, index, end)))
}

/// Where a name with hyphens starts: `Karl-Marx-Allee`.
fn joined_start(text: &Text, end: usize) -> usize {
    const LONGEST_NAME: usize = 40;
    let mut start = end;
    while end - start < LONGEST_NAME
        && start > 0
        && (text.before(start) == '-' || text.before(start).is_alphabetic())
    {
        start -= 1;
    }
    start
}

/// The street's kind, its name and its number, which may stand first.
fn street_before_name(text: &Text, index: usize) -> Option<(usize, usize)> {
    let token = text.token(index);
    // `place de la République`, but not in English.
    let is_square =
        text.is_one_of(token, "place") && text.is_one_of(text.token(index + 1), "de du des d");
    if !token.is_about(STREET_BEFORE) && !is_square {
        return None;
    }
    let (name_end, next) = name_after(text, index)?;
    if let Some(start) = house_before(text, index) {
        return Some((start, with_city(text, index, name_end)));
    }
    let number = number_after(text, next)?;
    let end = house_end(text, number)?;
    Some((token.start, with_city(text, index, end)))
}

/// The sign after the name and the token after it. A name has a capital.
fn name_after(text: &Text, index: usize) -> Option<(usize, usize)> {
    let dot = text.at(text.token(index + 1).start) == '.';
    let mut next = index + 1 + usize::from(dot);
    let mut end = None;
    for _ in 0..MOST_NAME_WORDS {
        let token = text.token(next);
        let is_small = text.is_one_of(
            token,
            "de la las los del du des di da do dos das d l le e della dei degli sur",
        );
        if !token.is_word()
            || !(is_small || is_capital(text, token))
            || token.is_about(NOT_IN_BEFORE) && !is_small
        {
            break;
        }
        if !is_small {
            end = Some((token.end, next + 1));
        }
        next += 1;
        while "'-".contains(text.at(text.token(next).start))
            && text.token(next).len() == 1
            && text.token(next).start == text.token(next - 1).end
        {
            next += 1;
        }
    }
    end
}

/// `12 rue …`, `12 bis, rue …`: where the number before the street starts.
fn house_before(text: &Text, index: usize) -> Option<usize> {
    // What is not French has its number after the name.
    let is_french = text.is_one_of(text.token(index), "rue avenue av boulevard bd bvd chemin allee allees impasse quai cours route faubourg place");
    let mut back = going_back(index, 1);
    if text.at(text.token(back).start) == ',' {
        back = going_back(back, 1);
    }
    if text.is_one_of(text.token(back), "bis ter quater") {
        back = going_back(back, 1);
    }
    let number = text.token(back);
    let is_near = number.end + 8 > text.token(index).start;
    let is_free = !text.is_glued_before(number.start) && text.before(number.start) != '.';
    (is_french && is_near && is_free && house_end(text, back).is_some()).then_some(number.start)
}

/// The token of the number after a name: after a blank, a comma, `nº`, `n.` or `д.`.
fn number_after(text: &Text, from: usize) -> Option<usize> {
    (from..from + 5)
        .find(|&index| !text.is_one_of(text.token(index), ", n nº no ° . num numero д дом nr #"))
        .filter(|&index| text.token(index).is_number())
}

/// Where the floor ends that follows a number, with the letter of the door: `, 3º B`.
fn floor_end(text: &Text, end: usize) -> Option<usize> {
    let floor = end + if text.at(end) == ',' { 2 } else { 1 };
    let mark = text.run_end(floor, 2, |c| c.is_ascii_digit());
    let is_floor = mark > floor && "º°ª".contains(text.at(mark)) && text.before(floor) == ' ';
    let door = mark + 2;
    let has_door =
        text.at(mark + 1) == ' ' && text.at(door).is_uppercase() && !text.is_glued(door + 1);
    is_floor.then_some(if has_door { door + 1 } else { mark + 1 })
}

/// An address has fewer tokens.
const MOST_TOKENS: usize = 24;

/// The sign after postcode and city, if they follow: `, 10115 Berlin`, `, 1234 AB Utrecht`.
fn with_city(text: &Text, index: usize, end: usize) -> usize {
    let end = floor_end(text, end).unwrap_or(end);
    let tail = text.token_from(index, end);
    let tail = tail.and_then(|next| tail_at(text, next));
    if let Some(tail) = tail.filter(|tail| tail.has_postcode) {
        return tail.end;
    }
    let code = end + if text.at(end) == ',' { 2 } else { 1 };
    let code_end = text.run_end(code, 6, |c| c.is_ascii_digit() || c == '-');
    // `111 23 Stockholm`
    let second = text.run_end(code_end + 1, 2, |c| c.is_ascii_digit());
    let is_split = code_end == code + 3 && text.at(code_end) == ' ' && second == code_end + 3;
    let code_end = if is_split { second } else { code_end };
    let is_code = matches!(code_end - code, 4..=6) && text.before(code) == ' ';
    if !is_code || text.is_glued(code_end) {
        let next = (index..index + MOST_TOKENS).find(|&next| text.token(next).start >= end);
        return next
            .and_then(|next| city_end(text, next, false))
            .unwrap_or(end);
    }
    let letters = text.run_end(code_end + 1, 3, |c| c.is_ascii_uppercase());
    let is_dutch = letters == code_end + 3 && text.at(letters) == ' ';
    let code_end = if is_dutch { letters } else { code_end };
    let city = text.run_end(code_end + 1, 30, |c| c.is_alphabetic() || c == '-');
    let is_city =
        text.at(code_end) == ' ' && text.at(code_end + 1).is_uppercase() && city > code_end + 2;
    if is_city { city } else { code_end }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn addresses_of_other_countries_are_found() {
        assert_found(
            Kind::StreetAddress,
            &[
                "wohnt in der {Hauptstraße 5, 10115 Berlin}",
                "{Lange Str. 12a}",
                "Adresse: {Karl-Marx-Allee 3}",
                "{Kerkstraat 12, 1234 AB Utrecht}",
                "{12 rue de la Paix, 75002 Paris}",
                "{12 bis, rue Victor Hugo}",
                "{1 rue du Port, Montreal, QC H2Y 1A1}",
                "{Calle Mayor 5, 28013 Madrid}",
                "{Via Roma 10, 00184 Roma}",
                "{Rua das Flores, 1508}, vista",
                "{ul. Długa 10/4, 00-590 Warszawa}",
                "{ул. Ленина, д. 5}",
                "{8 place de la République, 69002 Lyon}",
                "{Calle de Alcalá 42, 3º B, Madrid}",
                "{Storgatan 12, 111 23 Stockholm}",
            ],
        );
    }

    #[test]
    fn streets_without_a_number_stay() {
        assert_clean(&[
            "eine Straße 1920",
            "Via Appia at dawn",
            "Plaza Mayor 1900",
            "3 rue pavements",
            "die Hauptstraße im Regen",
            "Calle Mayor con 5 gatos",
            "a place 3 cats love",
        ]);
    }
}
