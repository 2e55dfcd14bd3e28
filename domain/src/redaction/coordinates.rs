//! Places on earth: latitude and longitude as decimal numbers or as degrees, minutes and seconds.
//! Two numbers are a place if they are within range and exact to some ten metres (four decimals),
//! or if both have a direction, or if a word nearby speaks of coordinates.

use super::Found;
use super::kind::Kind;
use super::lexicon::GEO;
use super::text::{Text, going_back, is_unspaced};
use super::tokens::is_told_before;

/// One angle as it is written.
struct Angle {
    start: usize,
    end: usize,
    /// Whole degrees.
    degrees: u32,
    decimals: usize,
    has_degree_sign: bool,
    direction: Option<Axis>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axis {
    NorthSouth,
    EastWest,
}

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        if !token.is_number() || token.start < done {
            continue;
        }
        let Some((start, end)) = place_at(text, index, done) else {
            continue;
        };
        found.push(Found {
            kind: Kind::Coordinates,
            start: start.max(done),
            end,
        });
        done = end;
    }
}

fn place_at(text: &Text, index: usize, done: usize) -> Option<(usize, usize)> {
    // The second and third numbers of a vector.
    let [dot, decimals, comma] = [3, 2, 1].map(|back| text.token(going_back(index, back)));
    let is_second = text.at(comma.start) == ','
        && decimals.is_number()
        && text.at(dot.start) == '.'
        && decimals.start >= done;
    let latitude = angle_at(text, text.token(index).start, done)?;
    if latitude.decimals < 2 && !latitude.has_degree_sign {
        return None;
    }
    let second = second_start(text, latitude.end)?;
    let longitude = angle_at(text, second, latitude.end)?;
    let is_third = text.at(longitude.end) == ','
        && angle_at(
            text,
            longitude.end + 1 + usize::from(text.at(longitude.end + 1) == ' '),
            longitude.end,
        )
        .is_some_and(|third| third.decimals > 0);
    let is_in_range = latitude.degrees <= 90 && longitude.degrees <= 180
        || latitude.degrees <= 180 && longitude.degrees <= 90;
    let both = |is: fn(&Angle) -> bool| is(&latitude) && is(&longitude);
    let is_directed = matches!(
        (latitude.direction, longitude.direction),
        (Some(one), Some(other)) if one != other
    ) && both(|angle| angle.has_degree_sign || angle.decimals >= 2);
    let is_exact = both(|angle| angle.decimals >= 4)
        && !is_third
        && !(latitude.degrees == 0 && longitude.degrees == 0);
    let is_told = both(|angle| angle.decimals >= 2) && is_told_before(text, index, 5, GEO);
    // `lat=40.7`: the name is a part of the link.
    let name = text.token(going_back(index, 2));
    let is_named = text.before(latitude.start) == '=' && name.is_about(GEO) && name.start >= done;
    let start = if is_named { name.start } else { latitude.start };
    (is_in_range && !is_second && (is_directed || is_exact || is_told))
        .then_some((start, longitude.end))
}

/// Where the second angle's number starts: after a comma, a blank, or its own name.
fn second_start(text: &Text, end: usize) -> Option<usize> {
    /// `, longitude: -`
    const FARTHEST: usize = 24;
    let start = (end..end + FARTHEST).find(|&sign| text.at(sign).is_ascii_digit())?;
    let between: String = (end..start).map(|sign| text.lower(sign)).collect();
    let is_joint = between.split(|c: char| !c.is_alphanumeric()).all(|word| {
        matches!(
            word,
            "" | "n"
                | "s"
                | "e"
                | "w"
                | "o"
                | "and"
                | "und"
                | "et"
                | "y"
                | "и"
                | "с"
                | "ш"
                | "в"
                | "д"
                | "nord"
                | "norte"
                | "north"
                | "sud"
                | "sur"
                | "south"
        ) || word.chars().all(is_unspaced)
            || super::lexicon::topics(word) & GEO != 0
    });
    // After a sign comes the value of something: it must be a coordinate.
    let is_value = between.chars().any(|c| c == '=' || c == ':');
    let is_named = between
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| super::lexicon::topics(word) & GEO != 0);
    let is_joint = is_joint && (is_named || !is_value);
    let is_separated = between.chars().any(|c| ",; /&=|".contains(c));
    let is_mark = between
        .chars()
        .all(|c| c.is_alphanumeric() || ",; /&=|:-+().°".contains(c));
    (is_joint && is_separated && is_mark).then_some(start)
}

/// The angle whose degrees start here, with its sign and direction, which may stand before it but
/// not before `from`, or after it.
fn angle_at(text: &Text, start: usize, from: usize) -> Option<Angle> {
    if text.is_glued_before(start) && !is_direction_before(text, start) || text.before(start) == '.'
    {
        return None;
    }
    let degrees_end = text.run_end(start, 4, |c| c.is_ascii_digit());
    if !(1..=3).contains(&(degrees_end - start)) {
        return None;
    }
    let degrees = (start..degrees_end).fold(0, |value, sign| {
        value * 10 + text.at(sign).to_digit(10).unwrap_or(0)
    });
    let mut end = degrees_end;
    let mut decimals = 0;
    if text.at(end) == '.' && text.at(end + 1).is_ascii_digit() {
        end = text.run_end(end + 1, 20, |c| c.is_ascii_digit());
        decimals = end - degrees_end - 1;
    }
    // A decimal comma needs the degree sign: else it is between two numbers.
    let comma_end = text.run_end(end + 1, 8, |c| c.is_ascii_digit());
    let is_comma = text.at(end) == ',' && comma_end > end + 2 && decimals == 0;
    if is_comma && text.at(comma_end + usize::from(text.at(comma_end) == ' ')) == '°' {
        decimals = comma_end - end - 1;
        end = comma_end;
    }
    let degree_sign = end + usize::from(text.at(end) == ' ');
    let has_degree_sign = text.at(degree_sign) == '°';
    if has_degree_sign {
        end = minutes_end(text, degree_sign + 1);
    }
    let after = end + usize::from(text.at(end) == ' ');
    let (start, direction_before) = before_angle(text, start, from);
    let direction_after =
        axis(text.at(after)).filter(|_| !text.is_glued(after + 1) && direction_before.is_none());
    if direction_after.is_some() {
        end = after + 1;
    } else if text.is_glued(end) {
        return None;
    }
    Some(Angle {
        start,
        end,
        degrees,
        decimals,
        has_degree_sign,
        direction: direction_after.or(direction_before),
    })
}

fn axis(letter: char) -> Option<Axis> {
    match letter {
        'N' | 'S' => Some(Axis::NorthSouth),
        'E' | 'W' | 'O' => Some(Axis::EastWest),
        _ => None,
    }
}

fn is_direction_before(text: &Text, start: usize) -> bool {
    axis(text.before(start)).is_some() && !text.is_glued_before(start - 1)
}

/// The sign and the direction that stand before the degrees.
fn before_angle(text: &Text, start: usize, from: usize) -> (usize, Option<Axis>) {
    let is_signed = matches!(text.before(start), '-' | '+');
    let start = start - usize::from(is_signed);
    let letter = start - usize::from(text.before(start) == ' ');
    if letter > from && is_direction_before(text, letter) {
        return (letter - 1, axis(text.before(letter)));
    }
    (start, None)
}

/// The end of minutes and seconds, if they follow the degree sign.
fn minutes_end(text: &Text, start: usize) -> usize {
    let mut end = start;
    for marks in ["'´`", "\"'´`"] {
        let number = end + usize::from(text.at(end) == ' ');
        let number_end = text.run_end(number, 12, |c| c.is_ascii_digit() || ".,".contains(c));
        if number_end == number || !marks.contains(text.at(number_end)) {
            return end;
        }
        end = number_end + 1;
    }
    end + usize::from("'\"".contains(text.at(end)))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn places_are_found_in_every_form() {
        assert_found(
            Kind::Coordinates,
            &[
                "at {40.7128, -74.0060}.",
                "{40.7128,-74.0060}",
                "{40.7128° N, 74.0060° W}",
                "{48.8584N 2.2945E}",
                "lat {40.71, long -74.01}",
                "{40°26'46\"N 79°58'56\"W}",
                "{51°30′26″N, 0°7′39″W}",
                "{N 40° 26.767' W 079° 58.933'}",
                "latitude {40.7128 and longitude -74.0060}",
                "GPS: {52.52, 13.40}",
                "{48,8584° N, 2,2945° E}",
                "北纬{39.9042° 东经116.4074°}",
                "{50° 3,7' N, 19° 56,2' E}",
                "{55.7558° с.ш., 37.6173°} в.д.",
                "座標 {35.6586, 139.7454}",
                "https://maps.example/@{48.8584,2.2945},15z",
            ],
        );
    }

    #[test]
    fn other_pairs_are_no_places() {
        assert_clean(&[
            "0.5, 0.75",
            "16:9, 4:3",
            "(0.1234, 0.5678)",
            "45° angle, 90° turn",
            "1.25, 3.75",
            "0.7071, 1.2345, 2.3456",
            "3.1415 rad",
            "300.1234, 400.5678",
        ]);
    }
}
