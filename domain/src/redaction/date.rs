//! Dates with day, month and year in the forms of many languages, as a date of birth is written.

use super::lexicon::{DATE_JOINT, MONTH};
use super::text::Text;
use super::tokens::Token;

/// Who was born earlier is not alive, and a date in history is nobody's personal data.
const EARLIEST_YEAR: u32 = 1905;
const LATEST_YEAR: u32 = 2029;
/// Thailand's calendar is that many years ahead.
const BUDDHIST_ERA: u32 = 543;

/// The sign after the date that starts with this token, if one does.
pub(super) fn date_end(text: &Text, index: usize) -> Option<usize> {
    let token = text.token(index);
    if text.is_glued_before(token.start) {
        return None;
    }
    if token.is_word() {
        return month_first_end(text, index);
    }
    if !token.is_number() {
        return None;
    }
    numeric_end(text, index)
        .or_else(|| day_first_end(text, index))
        .or_else(|| year_first_end(text, index))
        .or_else(|| year_and_month_end(text, index))
        .or_else(|| compact_end(text, token))
}

fn value(text: &Text, token: Token) -> Option<u32> {
    if !token.is_number() || token.len() > 8 {
        return None;
    }
    let digits = (token.start..token.end).filter_map(|sign| text.at(sign).to_digit(10));
    Some(digits.fold(0, |value, digit| value * 10 + digit))
}

fn is_year(text: &Text, token: Token) -> bool {
    let value = value(text, token).unwrap_or(0);
    let is_living = |value| (EARLIEST_YEAR..=LATEST_YEAR).contains(&value);
    token.len() == 4 && (is_living(value) || is_living(value.wrapping_sub(BUDDHIST_ERA)))
}

fn is_day(text: &Text, token: Token) -> bool {
    token.len() <= 2 && value(text, token).is_some_and(|value| (1..=31).contains(&value))
}

/// `12/05/1990`, `12.5.90`, `1990-05-12`, blanks between allowed.
fn numeric_end(text: &Text, index: usize) -> Option<usize> {
    let [first, mark, second, other, third] = [0, 1, 2, 3, 4].map(|step| text.token(index + step));
    let sign = text.at(mark.start);
    let is_marked = "/.-".contains(sign) && text.at(other.start) == sign;
    let is_close = third.start.saturating_sub(first.end) <= 8;
    if !is_marked || !is_close || text.is_glued(third.end) || !is_day(text, second) {
        return None;
    }
    let is_short_year = third.len() == 2 && value(text, third).is_some();
    let is_day_first = is_day(text, first) && (is_year(text, third) || is_short_year);
    let is_month = |token| value(text, token).is_some_and(|value| value <= 12);
    let is_year_first = is_year(text, first) && is_day(text, third);
    let has_month = is_month(second) || is_day_first && is_month(first);
    ((is_day_first || is_year_first) && has_month).then_some(third.end)
}

/// `12 May 1990`, `12th of May, 1990`, `12. Mai 1990`, `12 de mayo de 1990`, `12-May-1990`.
fn day_first_end(text: &Text, index: usize) -> Option<usize> {
    if !is_day(text, text.token(index)) {
        return None;
    }
    let month = month_after(text, index + 1)?;
    year_after(text, month + 1)
}

/// `May 12, 1990`, `May 12th 1990`.
fn month_first_end(text: &Text, index: usize) -> Option<usize> {
    if !text.token(index).is_about(MONTH) {
        return None;
    }
    let dot = text.at(text.token(index + 1).start) == '.';
    let the = index + 1 + usize::from(dot);
    let day = the + usize::from(text.is_one_of(text.token(the), "the"));
    if !is_day(text, text.token(day)) {
        return None;
    }
    year_after(text, day + 1)
}

/// `1990年5月12日`, `1990년 5월 12일`.
fn year_first_end(text: &Text, index: usize) -> Option<usize> {
    let [year, year_mark, month, month_mark, day, day_mark] =
        [0, 1, 2, 3, 4, 5].map(|step| text.token(index + step));
    let is_date = is_year(text, year)
        && "年년".contains(text.at(year_mark.start))
        && is_day(text, month)
        && "月월".contains(text.at(month_mark.start))
        && is_day(text, day);
    let has_mark = "日일号".contains(text.at(day_mark.start));
    is_date.then_some(if has_mark {
        day_mark.start + 1
    } else {
        day.end
    })
}

/// `1990. május 12`
fn year_and_month_end(text: &Text, index: usize) -> Option<usize> {
    if !is_year(text, text.token(index)) {
        return None;
    }
    let month = month_after(text, index + 1)?;
    let day = text.token(month + 1);
    (is_day(text, day) && !text.is_glued(day.end)).then_some(day.end)
}

/// `19900512` or `12051990`.
fn compact_end(text: &Text, token: Token) -> Option<usize> {
    let whole = value(text, token).filter(|_| token.len() == 8)?;
    let is_date = |year: u32, one: u32, other: u32| {
        (EARLIEST_YEAR..=LATEST_YEAR).contains(&year)
            && (1..=31).contains(&one)
            && (1..=31).contains(&other)
            && one.min(other) <= 12
    };
    let is_either = is_date(whole / 10_000, whole / 100 % 100, whole % 100)
        || is_date(whole % 10_000, whole / 10_000 % 100, whole / 1_000_000);
    (is_either && !text.is_glued(token.end)).then_some(token.end)
}

/// How many tokens may stand between day, month and year: `th`, `of`, `.`, `,`, `-`.
const MOST_BETWEEN: usize = 3;

fn is_between(text: &Text, token: Token) -> bool {
    token.is_about(DATE_JOINT) || ".,-/°:'".contains(text.at(token.start))
}

fn month_after(text: &Text, index: usize) -> Option<usize> {
    let month = (index..=index + MOST_BETWEEN)
        .find(|&index| !is_between(text, text.token(index)))
        .filter(|&index| {
            let token = text.token(index);
            token.is_about(MONTH)
                || text.at(token.start).is_uppercase() && text.is_one_of(token, ROMAN)
        })?;
    Some(month)
}

/// Months as they are numbered in Poland, Hungary and elsewhere: `15 III 1992`, `16.IX.2019`.
const ROMAN: &str = "i ii iii iv v vi vii viii ix x xi xii";

fn year_after(text: &Text, index: usize) -> Option<usize> {
    let place =
        (index..=index + MOST_BETWEEN).find(|&index| !is_between(text, text.token(index)))?;
    let year = text.token(place);
    // `1990 r.`, `1990 г.`: the word for year belongs to it.
    let word = text.token(place + 1);
    let is_word = word.start <= year.end + 1 && text.is_one_of(word, "r г года року р");
    let end = if is_word { word.end } else { year.end };
    (is_year(text, year) && !text.is_glued(end)).then_some(if is_word && text.at(end) == '.' {
        end + 1
    } else {
        end
    })
}
