//! A text cut into the letters that stand together. Blanks and signs cut, apostrophes too ("l'acme"
//! has the word acme); so does the border between a script without blanks and any other.

use super::fold::{self, is_mark};

/// What a sign that is commonly written for a letter is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    Separate,
    Letters,
}

/// Letters that stand together, folded as far as [`fold::letters`] does; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'text> {
    pub letters: Vec<char>,
    /// Whether its script has no blanks between words.
    pub unspaced: bool,
    /// What stands between the token before and this one.
    pub before: &'text str,
}

/// Whether a character is a sign that is commonly written for a letter.
pub(super) fn is_mask_sign(character: char) -> bool {
    matches!(character, '@' | '$' | '!' | '|')
}

/// Whether a character is part of a word: a letter, a digit or a mark on one.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || is_mark(character)
}

/// The scripts that have no blanks between words, by Unicode's blocks: Thai, Lao, Burmese, Khmer,
/// Japanese, Chinese. Korean has blanks.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{E00}'..='\u{EFF}'
        | '\u{1000}'..='\u{109F}'
        | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        // Half-width katakana.
        | '\u{FF66}'..='\u{FF9F}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The tokens of a text, in its order.
pub(super) fn tokens(text: &str, signs: Signs) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some((before, unspaced, from_start)) = next_start(rest, signs) {
        let goes_on = |character: char| {
            is_mark(character)
                || (is_letter(character, signs) && is_unspaced(character) == unspaced)
        };
        let end = from_start.find(|character| !goes_on(character));
        let (word, after) = from_start.split_at(end.unwrap_or(from_start.len()));
        rest = after;
        // At the end of a word "!" is what it is everywhere.
        let letters = fold::letters(word.trim_end_matches('!'));
        if letters.iter().any(|letter| is_letter(*letter, signs)) {
            tokens.push(Token {
                letters,
                unspaced,
                before,
            });
        }
    }
    tokens
}

/// What stands before the first letter of a text, that letter's kind, and the text from it on.
fn next_start(text: &str, signs: Signs) -> Option<(&str, bool, &str)> {
    let (at, first) = text
        .char_indices()
        .find(|(_, character)| is_letter(*character, signs))?;
    let (before, from_start) = text.split_at(at);
    Some((before, is_unspaced(first), from_start))
}

/// A mark alone begins no word.
fn is_letter(character: char, signs: Signs) -> bool {
    character.is_alphanumeric() || (signs == Signs::Letters && is_mask_sign(character))
}
