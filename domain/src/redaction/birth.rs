//! Dates of birth: a date with its year, next to a word about birth. A year alone is an age group's,
//! and a date before living memory is history's. A word about birth has one date, the nearest; further
//! ones are of a christening or a death.

use super::Found;
use super::date::date_end;
use super::kind::Kind;
use super::lexicon::{BIRTH, EVENT};
use super::text::{Text, going_back};
use super::tokens::{Token, is_told_after, told_before};

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    if !(0..text.tokens()).any(|index| may_tell(text, text.token(index))) {
        return;
    }
    let mut done = 0;
    let mut previous = Previous::default();
    for index in 0..text.tokens() {
        let start = text.token(index).start;
        if start < done {
            continue;
        }
        let Some(end) = date_end(text, index) else {
            continue;
        };
        let is_birth = is_birth(text, index, end, previous);
        previous = Previous { index, end };
        if is_birth {
            found.push(Found {
                kind: Kind::DateOfBirth,
                start,
                end,
            });
            done = end;
        }
    }
}

/// Whether it could say of a date that it is of a birth; without such a word no date is looked for.
fn may_tell(text: &Text, token: Token) -> bool {
    token.is_about(BIRTH)
        || token.len() == 1 && "bд*生생".contains(text.lower(token.start))
        || matches!(text.at(token.start + 1), 'é' | 'É')
}

/// The date before: the token it starts with and the sign after it.
#[derive(Clone, Copy, Default)]
struct Previous {
    index: usize,
    end: usize,
}

fn is_birth(text: &Text, index: usize, end: usize, previous: Previous) -> bool {
    let word = told_before(text, index, 8, BIRTH);
    let is_told = word.is_some_and(|word| {
        word >= previous.index || is_listed(text, index, previous) && previous.end > 0
    });
    let after = text.token_from(index, end).unwrap_or(usize::MAX - 8);
    let event = (after..after + 4).map(|next| text.token(next));
    is_told
        || is_told_after(text, after, 3, BIRTH)
            && !event.into_iter().any(|next| next.is_about(EVENT))
        || is_born_after_comma(text, after)
        || matches!(text.at(end), '생' | '生')
        || is_french(text, index)
        || is_marked(text, index)
        || is_abbreviated(text, index)
}

/// `12 May 1990, born in York`, but not `Born to Run`.
fn is_born_after_comma(text: &Text, after: usize) -> bool {
    text.at(text.token(after).start) == ','
        && text.token(after + 1).is_about(BIRTH)
        && !text.is_one_of(text.token(after + 2), "to of")
}

/// Whether nothing but `,`, `and`, `his` or a name stands between two dates: twins have two births.
fn is_listed(text: &Text, index: usize, previous: Previous) -> bool {
    let mut between = (1..=4).map(|back| text.token(going_back(index, back)));
    between
        .find(|token| {
            let is_name = token.is_word() && text.at(token.start).is_uppercase();
            !is_name && !text.is_one_of(*token, ", : & and und et y e i his her my")
        })
        .is_none_or(|token| token.start < previous.end)
}

/// `né le`, `née en`: without its accent it would be the word for not.
fn is_french(text: &Text, index: usize) -> bool {
    (1..=4).any(|back| {
        let word = text.token(going_back(index, back));
        let is_accented = matches!(text.at(word.start + 1), 'é' | 'É');
        is_accented && text.is_one_of(word, "ne nee nes nees")
    })
}

/// The star that stands for birth: `*12.05.1990`.
fn is_marked(text: &Text, index: usize) -> bool {
    let mark = text.token(going_back(index, 1));
    let is_pair = text.before(mark.start) == '*' || text.before(mark.start) == ')';
    text.at(mark.start) == '*' && !is_pair
}

/// `b.`, `D.O.B.` and `д.р.`, whose letters are words of their own.
fn is_abbreviated(text: &Text, index: usize) -> bool {
    let start = text.token(index).start;
    (1..=3).any(|back| {
        let from = |length: usize| going_back(start, length + back);
        text.reads(from(5), "d.o.b")
            || text.reads(from(1), "b") && text.at(from(0)) == '.' && !text.is_glued_before(from(1))
            || text.reads(from(3), "д.р")
            || text.reads(from(4), "д. р")
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn dates_next_to_a_word_about_birth_are_found() {
        assert_found(
            Kind::DateOfBirth,
            &[
                "born {12/05/1990}",
                "Born on the {12th of May, 1990} in York",
                "DOB: {1990-05-12}",
                "D.O.B. {05/12/90}",
                "birthday {May 12, 1990}",
                "né le {12 mai 1990}",
                "født den {7. marts 2019}",
                "ur. {15 III 1992} w Krakowie",
                "b. {16.IX.2019}",
                "rođena {12. ožujka 1990}",
                "วันเกิด {12/05/2533}",
                "Oliver, {5.17.2022}, born at home",
                "née le {1er janvier 1985}",
                "geboren am {12. Mai 1990}",
                "geb. {12.05.1990}",
                "nacida el {12 de mayo de 1990}",
                "nascido em {12/05/1990}",
                "nata il {12 maggio 1990}",
                "生年月日：{1990年5月12日}",
                "{1990年5月12日}生まれ",
                "1990년생 아니고 {1990년 5월 12일} 출생",
                "род. {12.05.1990}",
                "дата рождения: {12 мая 1990}",
                "ur. {12.05.1990}",
                "Anna (*{12.05.1990})",
                "date of birth {12-May-1990}",
                "born {02/09/1938}, died 11/01/2025",
                "urodzona {7 maja 1939 r.}, dąb",
                "родился {3 мая 1951 года} в Перми",
                "született {1990. május 12}.",
                "narozen {3. dubna 1988}",
                "născut pe {3 aprilie 1988}",
                "births: Ana {1990-05-12}, Ben {1992-03-04}",
                "her birth date {1996.11.28}, his {1995.02.14}",
                "twins born {12 May 1990} and {13 May 1990}",
                "born {12 May 2024}, christened 3 June 2024",
                "{12 May 1990} is her birthday",
            ],
        );
    }

    #[test]
    fn other_dates_stay() {
        assert_clean(&[
            "born in 1984",
            "a birthday party on 12/05",
            "2024-05-17",
            "May 12, 1990 newspaper",
            "Einstein, born March 14, 1879",
            "31.12.2024 fireworks",
            "a birthday cake with 30 candles",
            "born to run tour 1975-08-25",
            "birthday dinner on 14 June 2025",
            "14 June 2025 birthday party at the lake",
            "Geburtstag Feier am 14.06.2025",
            "christening of our newborn 03/06/2024",
            "cena de cumpleaños 14/06/2025",
        ]);
    }
}
