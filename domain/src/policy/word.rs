//! A text as words, in every way it may be meant. Words are first taken as they stand. Then:
//!
//! - **Masked words.** Digits and the signs `@ $ ! |` are read as letters in a word that has a letter
//!   too and is no number with its unit (`35mm`); `1`, `!` and `|` are i or l. Plain numbers stay.
//! - **Foreign look-alikes** are read as Latin only where they can hardly be meant: in a word that
//!   mixes them with Latin letters, and in a word of nothing but look-alikes if the text has Latin
//!   letters and no foreign one that looks like none of them. Cyrillic and Greek sentences have such
//!   letters, so their words stay what they are, though one may happen to spell a Latin word.
//! - **Stretched words.** Where a letter stands three times in a row, doubled letters count as one.
//! - **Spelled words.** Three or more single letters with the same blanks or signs between them are
//!   read as one word, also without an English "a" or "I" before them.

use super::fold::{Form, look_alike, masked_letter};
use super::token::{Signs, Token, is_mask_sign, tokens};

const SHORTEST_SPELLED: usize = 3;
const STRETCHED: usize = 3;
const LONGEST_UNIT: usize = 2;

/// A word of a text in the forms in which it is looked for.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub forms: Vec<(Form, Vec<char>)>,
}

/// The words of a text, once for every way to read it.
pub(super) fn readings(text: &str) -> Vec<Vec<Word>> {
    let mut ways = vec![tokens(text, Signs::Separate)];
    if text.contains(is_mask_sign) {
        ways.push(tokens(text, Signs::Letters));
    }
    let spelled: Vec<Vec<Token>> = ways
        .iter()
        .flat_map(|tokens| [Article::Letter, Article::Word].map(|article| spelled(tokens, article)))
        .flatten()
        .collect();
    ways.extend(spelled);
    ways.iter().map(|tokens| words(tokens)).collect()
}

fn words(tokens: &[Token]) -> Vec<Word> {
    let letters: Vec<Letters> = tokens.iter().map(Letters::count).collect();
    let spaced = || letters.iter().filter(|letters| !letters.unspaced);
    let in_latin =
        spaced().any(|letters| letters.latin > 0) && spaced().all(|letters| letters.foreign == 0);
    tokens
        .iter()
        .zip(&letters)
        .map(|(token, letters)| word(token, letters.are_disguised(in_latin)))
        .collect()
}

fn word(token: &Token, is_disguised: bool) -> Word {
    let unmasked = is_disguised.then_some(Form::Unmasked);
    let mut forms = Vec::with_capacity(1);
    for form in [Some(Form::Plain), unmasked].into_iter().flatten() {
        let folded = form.of(&token.letters);
        let squeezed = is_stretched(&folded).then(|| form.squeezed());
        forms.push((form, folded));
        forms.extend(squeezed.map(|form| (form, form.of(&token.letters))));
    }
    Word { forms }
}

/// Whether a letter stands three times in a row.
fn is_stretched(folded: &[char]) -> bool {
    folded
        .chunk_by(|one, next| one == next)
        .any(|run| run.len() >= STRETCHED)
}

/// What a word is written with.
struct Letters {
    latin: usize,
    look_alike: usize,
    foreign: usize,
    masked: usize,
    is_number_with_unit: bool,
    unspaced: bool,
}

impl Letters {
    fn count(token: &Token) -> Self {
        let mut count = Self {
            latin: 0,
            look_alike: 0,
            foreign: 0,
            masked: 0,
            is_number_with_unit: is_number_with_unit(&token.letters),
            unspaced: token.unspaced,
        };
        if token.unspaced {
            return count;
        }
        for &letter in &token.letters {
            if letter.is_ascii_alphabetic() {
                count.latin += 1;
            } else if masked_letter(letter).is_some() {
                count.masked += 1;
            } else if look_alike(letter).is_some() {
                count.look_alike += 1;
            } else if letter.is_alphabetic() {
                count.foreign += 1;
            }
        }
        count
    }

    fn are_disguised(&self, in_latin: bool) -> bool {
        let has_letter = self.latin + self.look_alike + self.foreign > 0;
        let masked = self.masked > 0 && has_letter && !self.is_number_with_unit;
        let mixed = self.look_alike > 0 && self.latin > 0;
        let all_look_alike = self.look_alike > 0 && self.foreign == 0 && in_latin;
        masked || mixed || all_look_alike
    }
}

/// Digits and then one letter or two, but not more letters than digits: `35mm`, `80s`, `1080p`,
/// `4k`.
fn is_number_with_unit(letters: &[char]) -> bool {
    let digits = letters.iter().take_while(|letter| letter.is_ascii_digit());
    let digits = digits.count();
    let unit = letters.get(digits..).unwrap_or_default();
    unit.len() <= digits.min(LONGEST_UNIT) && unit.iter().all(|letter| letter.is_alphabetic())
}

/// What an English "a" or "I" is taken for where it comes right before spelled letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Article {
    Letter,
    Word,
}

/// The tokens with every spelled word as one, or `None` if none of them is spelled out.
fn spelled<'text>(tokens: &[Token<'text>], article: Article) -> Option<Vec<Token<'text>>> {
    let mut joined = Vec::with_capacity(tokens.len());
    let mut found = false;
    let mut rest = tokens;
    while let Some((first, after_first)) = rest.split_first() {
        let begins_none = article == Article::Word && is_article(first);
        let length = if begins_none { 1 } else { run_length(rest) };
        if length < SHORTEST_SPELLED {
            joined.push(first.clone());
            rest = after_first;
        } else {
            let (run, after_run) = rest.split_at(length);
            joined.push(join(first, run));
            found = true;
            rest = after_run;
        }
    }
    found.then_some(joined)
}

fn is_article(token: &Token) -> bool {
    matches!(token.letters.as_slice(), ['a' | 'A' | 'i' | 'I'])
}

/// How many single letters with the same between them the tokens begin with.
fn run_length(tokens: &[Token]) -> usize {
    let between = tokens.get(1).map(|second| second.before);
    let unspaced = tokens.first().map(|first| first.unspaced);
    let same = |(index, token): &(usize, &Token)| {
        token.letters.len() == 1
            && Some(token.unspaced) == unspaced
            && (*index == 0 || Some(token.before) == between)
    };
    tokens.iter().enumerate().take_while(same).count()
}

fn join<'text>(first: &Token<'text>, run: &[Token]) -> Token<'text> {
    Token {
        letters: run
            .iter()
            .flat_map(|token| token.letters.iter().copied())
            .collect(),
        ..first.clone()
    }
}
