//! What is in a policy's lists: a term, a phrase or a pattern, read into the steps by which it is
//! found in a text.

use super::token::{Signs, Token, is_mask_sign, is_word_character, tokens};

const SHORTEST_OPEN: usize = 2;

/// The list that an entry is in, which decides what it may be written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Term,
    Phrase,
    Pattern,
}

/// What a text has next, for an entry to be found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Word(Piece),
    /// Up to three words, or none.
    Gap,
}

/// A word of the policy, or a piece of a word. Its letters are folded as far as `fold::letters`
/// does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Piece {
    pub letters: Vec<char>,
    /// Whether more letters may stand before it.
    pub open_start: bool,
    /// Whether more letters may stand after it.
    pub open_end: bool,
    /// Whether its script has no blanks between words.
    pub unspaced: bool,
}

/// The steps of an entry, never none; a gap is neither first nor last. The error is a complaint
/// about it.
pub(super) fn read(text: &str, kind: Kind) -> Result<Vec<Step>, &'static str> {
    match kind {
        Kind::Term if !text.chars().all(is_word_character) => {
            Err("must be one word without blanks and signs; what has them belongs under phrases")
        }
        Kind::Phrase if text.contains('*') => Err("takes no *; it belongs under patterns"),
        Kind::Phrase if text.contains(is_mask_sign) => {
            Err("takes no @, $, ! and |; the letters they stand for find them too")
        }
        Kind::Term | Kind::Phrase => words(text),
        Kind::Pattern => pattern(text),
    }
}

fn pattern(text: &str) -> Result<Vec<Step>, &'static str> {
    let mut steps = Vec::new();
    for part in text.split(' ') {
        if part == "*" {
            if !matches!(steps.last(), Some(Step::Word(_))) {
                return Err("takes * alone only between two words");
            }
            steps.push(Step::Gap);
        } else {
            steps.extend(pattern_word(part)?);
        }
    }
    if steps.last() == Some(&Step::Gap) {
        return Err("takes * alone only between two words");
    }
    Ok(steps)
}

fn pattern_word(part: &str) -> Result<Vec<Step>, &'static str> {
    let (start, after_start) = match part.strip_prefix('*') {
        Some(rest) => (true, rest),
        None => (false, part),
    };
    let (end, middle) = match after_start.strip_suffix('*') {
        Some(rest) => (true, rest),
        None => (false, after_start),
    };
    if middle.contains('*') {
        return Err("takes * at the beginning and the end of a word, not within");
    }
    if !middle.chars().all(is_word_character) {
        return Err("takes words, blanks and * only");
    }
    let mut steps = words(middle)?;
    if let Some(Step::Word(first)) = steps.first_mut() {
        first.open_start |= start;
    }
    if let Some(Step::Word(last)) = steps.last_mut() {
        last.open_end |= end;
    }
    let too_short = |step: &Step| match step {
        Step::Word(piece) => {
            !piece.unspaced
                && (piece.open_start || piece.open_end)
                && piece.letters.len() < SHORTEST_OPEN
        }
        Step::Gap => false,
    };
    if steps.iter().any(too_short) {
        return Err("must have at least 2 letters beside a *");
    }
    Ok(steps)
}

fn words(text: &str) -> Result<Vec<Step>, &'static str> {
    let found = tokens(text, Signs::Separate);
    if found.is_empty() {
        return Err("must have a letter or a digit");
    }
    let step = |token: Token| {
        Step::Word(Piece {
            open_start: token.unspaced,
            open_end: token.unspaced,
            unspaced: token.unspaced,
            letters: token.letters,
        })
    };
    Ok(found.into_iter().map(step).collect())
}
