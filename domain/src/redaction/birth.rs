//! Dates of birth: a date with its year, next to a word about birth. A year alone is an age group's,
//! and a date before living memory is history's.

use super::Found;
use super::date::date_end;
use super::kind::Kind;
use super::lexicon::BIRTH;
use super::text::Text;
use super::tokens::{is_told_after, is_told_before};

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let start = text.token(index).start;
        if start < done {
            continue;
        }
        let Some(end) = date_end(text, index) else {
            continue;
        };
        if is_birth(text, index, end) {
            found.push(Found {
                kind: Kind::DateOfBirth,
                start,
                end,
            });
            done = end;
        }
    }
}

/// A date has a dozen tokens at most.
const MOST_TOKENS: usize = 12;

fn is_birth(text: &Text, index: usize, end: usize) -> bool {
    let after = (index..index + MOST_TOKENS)
        .find(|&next| text.token(next).start >= end)
        .unwrap_or(index + MOST_TOKENS);
    is_told_before(text, index, 6, BIRTH)
        || is_told_after(text, after, 3, BIRTH)
        || matches!(text.at(end), '생' | '生')
        || is_french(text, index)
        || is_marked(text, index)
        || is_abbreviated(text, index)
}

/// `né le`, `née en`: without its accent it would be the word for not.
fn is_french(text: &Text, index: usize) -> bool {
    (1..=4).any(|back| {
        let word = text.token(index.wrapping_sub(back));
        let is_accented = matches!(text.at(word.start + 1), 'é' | 'É');
        is_accented && text.is_one_of(word, "ne nee nes nees")
    })
}

/// The star that stands for birth: `*12.05.1990`.
fn is_marked(text: &Text, index: usize) -> bool {
    let mark = text.token(index.wrapping_sub(1));
    let is_pair = text.before(mark.start) == '*' || text.before(mark.start) == ')';
    text.at(mark.start) == '*' && !is_pair
}

/// `b.`, `D.O.B.` and `д.р.`, whose letters are words of their own.
fn is_abbreviated(text: &Text, index: usize) -> bool {
    let start = text.token(index).start;
    (1..=3).any(|back| {
        let from = |length: usize| start.wrapping_sub(length + back);
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
        ]);
    }
}
