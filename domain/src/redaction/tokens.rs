//! Words, numbers and marks of a text, and the question every weak rule asks: is there a word
//! nearby that says what this number is?

use super::lexicon::{self, Topics};
use super::text::{NOTHING, Text, going_back, is_unspaced};

/// What a token is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters; in scripts without blanks a known word or a single letter.
    Word,
    /// Digits.
    Number,
    /// Any other sign but a blank; blanks are no tokens.
    Mark,
    /// Outside the text.
    End,
}

/// A piece of the text, in signs: `start` is the first, `end` the one after the last.
#[derive(Clone, Copy)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: usize,
    pub(super) end: usize,
    /// What the word is about.
    pub(super) topics: Topics,
}

impl Token {
    pub(super) const END: Self = Self {
        kind: TokenKind::End,
        start: 0,
        end: 0,
        topics: 0,
    };

    /// Its length in signs.
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }

    pub(super) fn is_word(self) -> bool {
        self.kind == TokenKind::Word
    }

    pub(super) fn is_number(self) -> bool {
        self.kind == TokenKind::Number
    }

    /// Whether the word is about any of these.
    pub(super) fn is_about(self, topics: Topics) -> bool {
        self.topics & topics != 0
    }
}

/// Longer words are in no lexicon.
const LONGEST_WORD: usize = 32;

fn is_letter(character: char) -> bool {
    // The marks that join letters within words of Indian scripts are not letters to Unicode.
    character.is_alphabetic() || matches!(character, '\u{93C}' | '\u{94D}' | '\u{9CD}')
}

fn is_spaced_letter(character: char) -> bool {
    !is_unspaced(character) && is_letter(character)
}

pub(super) fn tokenise(text: &Text) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut start = 0;
    let mut word = String::new();
    while start < text.len() {
        let character = text.at(start);
        if character == ' ' {
            start += 1;
            continue;
        }
        let token = token_at(text, start, character, &mut word);
        start = token.end;
        tokens.push(token);
    }
    tokens
}

fn token_at(text: &Text, start: usize, character: char, word: &mut String) -> Token {
    let run = |belongs: fn(char) -> bool| text.run_end(start, text.len() - start, belongs);
    let (kind, end, topics) = if character.is_ascii_digit() {
        (TokenKind::Number, run(|c| c.is_ascii_digit()), 0)
    } else if is_unspaced(character) {
        let (length, topics) = lexicon::unspaced(text, start);
        (TokenKind::Word, start + length, topics)
    } else if is_letter(character) {
        let end = run(is_spaced_letter);
        word.clear();
        if end - start <= LONGEST_WORD {
            word.extend((start..end).map(|sign| text.lower(sign)));
        }
        (TokenKind::Word, end, lexicon::topics(word))
    } else {
        (TokenKind::Mark, start + 1, 0)
    };
    Token {
        kind,
        start,
        end,
        topics,
    }
}

/// A number this long has words of its own; what stands before it is not about the next one.
const LONG_NUMBER: usize = 5;

/// Whether one of the `reach` tokens before this one is a word about `wanted`, and none in between
/// is about something that rules it out, nor ends a sentence.
pub(super) fn is_told_before(text: &Text, token: usize, reach: usize, wanted: Topics) -> bool {
    told_before(text, token, reach, wanted).is_some()
}

/// The token that [`is_told_before`] finds.
pub(super) fn told_before(
    text: &Text,
    token: usize,
    reach: usize,
    wanted: Topics,
) -> Option<usize> {
    let mut left = reach;
    let mut index = token;
    // Marks cost less than words, but they cost: the way back is bounded.
    for _ in 0..3 * reach {
        index = index.checked_sub(1)?;
        let earlier = text.token(index);
        if earlier.is_about(wanted) {
            return Some(index);
        }
        match earlier.kind {
            TokenKind::Word if earlier.is_about(lexicon::OTHER_NUMBER) => return None,
            // `birthday dinner on …`: the date is the dinner's.
            TokenKind::Word if wanted == lexicon::BIRTH && earlier.is_about(lexicon::EVENT) => {
                return None;
            }
            TokenKind::Word => left = left.checked_sub(1)?,
            TokenKind::Number if earlier.len() >= LONG_NUMBER => return None,
            TokenKind::Number => left = left.checked_sub(1)?,
            TokenKind::Mark => {
                if ends_sentence(text, index, wanted) {
                    return None;
                }
            }
            TokenKind::End => return None,
        }
    }
    None
}

/// Whether a mark ends a sentence: a dot after a short word is an abbreviation's (`no.`, `D.O.B.`).
fn ends_sentence(text: &Text, mark: usize, wanted: Topics) -> bool {
    let token = text.token(mark);
    match text.at(token.start) {
        '!' | '?' | '|' => true,
        '.' => {
            let word = text.token(going_back(mark, 1));
            let is_spaced = matches!(text.at(token.end), ' ' | NOTHING);
            is_spaced && !(word.is_word() && word.len() <= 4) && !word.is_about(wanted)
        }
        _ => false,
    }
}

/// Whether one of the `reach` tokens from this one on is a word about `wanted`, with nothing but
/// words and brackets before it.
pub(super) fn is_told_after(text: &Text, token: usize, reach: usize, wanted: Topics) -> bool {
    (token..token + reach)
        .map(|index| text.token(index))
        .take_while(|later| later.is_word() || "(-:\"".contains(text.at(later.start)))
        .any(|later| later.is_about(wanted))
}
