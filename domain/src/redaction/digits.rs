//! Numbers as they are written: groups of digits with a separator between them. A candidate is
//! a number of whole groups; the rules look at its digits, its form and what stands around it.

use super::lexicon::{NUMBER_WORD, OTHER_NUMBER, Topics};
use super::text::{NOTHING, Text, going_back};
use super::tokens::{Token, is_told_after, is_told_before, told_before};

/// The longest number any rule takes is 19 digits long.
const MOST_DIGITS: usize = 20;
const MOST_GROUPS: usize = 8;
/// A telephone number within a town has seven.
const FEWEST_DIGITS: usize = 7;

/// What stands before the first digit as a part of the number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    Nothing,
    Bracket,
    Plus,
}

/// Groups of digits that follow each other, each but the first after a separator: a blank, `-`,
/// `.` or `/`, or `)` for any separator with a bracket in it.
pub(super) struct Run<'a> {
    text: &'a Text,
    digits: [u8; MOST_DIGITS],
    lengths: [u8; MOST_GROUPS],
    separators: [char; MOST_GROUPS],
    ends: [usize; MOST_GROUPS],
    groups: usize,
    first_token: usize,
    pub(super) opening: Opening,
    start: usize,
}

/// The first groups of a run.
pub(super) struct Candidate<'a> {
    pub(super) text: &'a Text,
    pub(super) digits: &'a [u8],
    /// How many digits each group has.
    pub(super) groups: &'a [u8],
    /// What stands between the groups; one fewer.
    pub(super) separators: &'a [char],
    pub(super) opening: Opening,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) first_token: usize,
    /// The token after the last of the candidate.
    pub(super) next_token: usize,
}

impl<'a> Run<'a> {
    /// The run that starts with the number at this token, unless the number goes on to the left.
    pub(super) fn at(text: &'a Text, first_token: usize) -> Option<Self> {
        let (opening, start) = opening(text, text.token(first_token).start);
        if is_continued_before(text, start) {
            return None;
        }
        let mut run = Self {
            text,
            digits: [0; MOST_DIGITS],
            lengths: [0; MOST_GROUPS],
            separators: [NOTHING; MOST_GROUPS],
            ends: [0; MOST_GROUPS],
            groups: 0,
            first_token,
            opening,
            start,
        };
        run.read();
        Some(run)
    }

    fn read(&mut self) {
        let mut index = self.first_token;
        let mut token = self.text.token(index);
        let mut separator = NOTHING;
        let mut count = 0;
        let mut groups = 0;
        let slots = self
            .lengths
            .iter_mut()
            .zip(&mut self.separators)
            .zip(&mut self.ends);
        for ((length, slot), end) in slots {
            let Some(digits) = self.digits.get_mut(count..count + token.len()) else {
                break;
            };
            for (offset, digit) in digits.iter_mut().enumerate() {
                let value = self.text.at(token.start + offset).to_digit(10);
                *digit = value
                    .and_then(|value| u8::try_from(value).ok())
                    .unwrap_or(0);
            }
            count += token.len();
            *length = u8::try_from(token.len()).unwrap_or(u8::MAX);
            *slot = separator;
            *end = token.end;
            groups += 1;
            let Some((next, read)) = next_group(self.text, index, token) else {
                break;
            };
            (index, separator) = (next, read);
            token = self.text.token(index);
        }
        self.groups = groups;
    }

    /// The run's first groups, all lengths, longest first.
    pub(super) fn candidates(&'a self) -> impl Iterator<Item = Candidate<'a>> {
        (1..=self.groups)
            .rev()
            .map_while(|groups| self.candidate(groups))
    }

    fn candidate(&'a self, count: usize) -> Option<Candidate<'a>> {
        let groups = self.lengths.get(..count)?;
        let digits: usize = groups.iter().map(|&length| usize::from(length)).sum();
        if digits < FEWEST_DIGITS {
            return None;
        }
        let end = *self.ends.get(count - 1)?;
        Some(Candidate {
            text: self.text,
            digits: self.digits.get(..digits)?,
            groups,
            separators: self.separators.get(1..count)?,
            opening: self.opening,
            start: self.start,
            end,
            first_token: self.first_token,
            next_token: token_after(self.text, self.first_token, end),
        })
    }
}

/// The token that starts at `end` or later; a run has few tokens.
fn token_after(text: &Text, first: usize, end: usize) -> usize {
    let mut index = first;
    while text.token(index).start < end {
        index += 1;
    }
    index
}

fn opening(text: &Text, start: usize) -> (Opening, usize) {
    let before = |back: usize| text.at(going_back(start, back));
    match (before(1), before(2)) {
        ('+', '(') => (Opening::Plus, start - 2),
        ('(', '+') => (Opening::Plus, start - 2),
        ('+', _) => (Opening::Plus, start - 1),
        ('(', _) => (Opening::Bracket, start - 1),
        (' ', '+') => (Opening::Plus, start - 2),
        _ => (Opening::Nothing, start),
    }
}

/// Whether what stands before makes the number a part of something longer, or an amount of money.
fn is_continued_before(text: &Text, start: usize) -> bool {
    let before = |back: usize| text.at(going_back(start, back));
    match before(1) {
        // A link to a telephone number.
        '/' if text.reads(going_back(start, 6), "wa.me/") => false,
        '.' | ',' | '-' | '/' => before(2).is_ascii_alphanumeric(),
        ':' => before(2).is_ascii_digit(),
        '$' | '€' | '£' | '¥' | '₹' | '%' | '~' => true,
        _ => text.is_glued_before(start),
    }
}

/// The number that follows a group, and the separator between them.
fn next_group(text: &Text, index: usize, token: Token) -> Option<(usize, char)> {
    let first = text.at(token.end);
    let second = text.at(token.end + 1);
    let third = text.at(token.end + 2);
    let (length, separator) = match (first, second, third) {
        (')', ' ' | '-' | '/', digit) if digit.is_ascii_digit() => (2, ')'),
        (' ' | '-', '(', digit) if digit.is_ascii_digit() => (2, ')'),
        (')', ' ', '(') => (3, ')'),
        ('(' | ')', digit, _) if digit.is_ascii_digit() => (1, ')'),
        (')', '(', _) => (2, ')'),
        (' ', '-' | '/' | '.', ' ') => (3, second),
        (' ' | '-' | '.' | '/', digit, _) if digit.is_ascii_digit() => (1, first),
        _ => return None,
    };
    // The separator's marks are tokens of their own; blanks are not.
    (index + 1..=index + 3)
        .find(|&next| text.token(next).start == token.end + length)
        .filter(|&next| text.token(next).is_number())
        .map(|next| (next, separator))
}

impl Candidate<'_> {
    /// Whether nothing goes on after the last digit: no letter, no decimals, no further group with
    /// a separator that is not a blank.
    pub(super) fn is_closed(&self) -> bool {
        let next = self.text.at(self.end + 1);
        match self.text.at(self.end) {
            '.' | ',' | '-' | '/' | ':' => !next.is_ascii_digit(),
            '%' | '°' | '€' | '$' => false,
            '(' => !next.is_ascii_digit(),
            _ => !self.text.is_glued(self.end),
        }
    }

    /// Whether another number follows or goes before with a blank between, as in a list.
    pub(super) fn is_in_a_list(&self) -> bool {
        let next = self.text.token(self.next_token);
        self.follows_a_number() || next.is_number() && next.start == self.end + 1
    }

    /// Whether a number goes before with a blank between.
    pub(super) fn follows_a_number(&self) -> bool {
        let before = self.text.token(going_back(self.first_token, 1));
        before.is_number() && before.end + 1 == self.start
    }

    /// Whether all separators are this one, and there is one.
    pub(super) fn is_separated_by(&self, separator: char) -> bool {
        !self.separators.is_empty() && self.separators.iter().all(|&each| each == separator)
    }

    /// Whether all separators are the same.
    pub(super) fn is_uniform(&self) -> bool {
        let first = self.separators.first();
        self.separators.iter().all(|each| Some(each) == first)
    }

    /// Whether a word right before or after says that it is about `topics`.
    pub(super) fn is_about(&self, topics: Topics) -> bool {
        is_told_before(self.text, self.first_token, 6, topics)
            || is_told_after(self.text, self.next_token, 4, topics)
    }

    /// Whether the word before rules out that this is anybody's number, with no comma between. Who is
    /// asked to `order` now is to call the number.
    pub(super) fn is_another_number(&self) -> bool {
        told_before(self.text, self.first_token, 2, OTHER_NUMBER).is_some_and(|word| {
            let mut between = (word + 1..self.first_token).map(|index| self.text.token(index));
            let is_invited = self.text.is_one_of(self.text.token(word), "order")
                && !between
                    .clone()
                    .any(|token| !token.is_word() || token.is_about(NUMBER_WORD));
            !is_invited && !between.any(|token| self.text.at(token.start) == ',')
        })
    }

    /// The number that a part of the digits makes.
    pub(super) fn value(&self, from: usize, to: usize) -> u64 {
        let digits = self.digits.get(from..to).unwrap_or_default();
        digits
            .iter()
            .fold(0, |value, &digit| value * 10 + u64::from(digit))
    }

    /// The number a group makes.
    pub(super) fn value_of(&self, group: usize) -> u64 {
        let before = self.groups.iter().take(group);
        let from: usize = before.map(|&length| usize::from(length)).sum();
        let length = self.groups.get(group).copied().unwrap_or(0);
        self.value(from, from + usize::from(length))
    }

    /// The digit at a place.
    pub(super) fn digit(&self, place: usize) -> u8 {
        self.digits.get(place).copied().unwrap_or(0)
    }

    /// Whether all digits are the same, as in examples and blank forms.
    pub(super) fn is_one_digit(&self) -> bool {
        self.digits.iter().all(|&digit| digit == self.digit(0))
    }
}
