//! The name of a street, from its house number to the word for the kind of street, in English.

use super::address::is_capital;
use super::lexicon::{DIRECTION, NOT_IN_STREET, STREET, STREET_WEAK};
use super::text::Text;

/// `Martin Luther King Jr.` is the longest name.
pub(super) const MOST_NAME_WORDS: usize = 5;

/// `5th`, `42nd`: a number and its ending, two tokens.
pub(super) fn is_ordinal(text: &Text, index: usize) -> bool {
    let number = text.token(index);
    let ending = text.token(index + 1);
    number.is_number() && ending.start == number.end && text.is_one_of(ending, "st nd rd th")
}

/// What the words between the house number and the kind of street are like.
#[derive(Clone, Copy)]
pub(super) struct Name {
    /// The token of the kind of street.
    pub(super) kind: usize,
    /// Whether the kind of street is a word for many other things, as in `Badger's Run`.
    pub(super) is_weak: bool,
    pub(super) words: usize,
    pub(super) is_possessive: bool,
    pub(super) is_capital: bool,
    /// Whether a word could hardly be in a name.
    pub(super) is_doubtful: bool,
}

/// The name that starts at a token. A kind of street that is also another thing counts where none
/// follows that is not: `Park Road`, `Mill Run`.
pub(super) fn name_from(text: &Text, first: usize) -> Option<Name> {
    let mut index = first;
    let mut weak = None;
    let mut name = Name {
        kind: 0,
        is_weak: false,
        words: 0,
        is_possessive: false,
        is_capital: true,
        is_doubtful: false,
    };
    while name.words <= MOST_NAME_WORDS {
        let token = text.token(index);
        let is_first = name.words == 0;
        let is_saint = is_first
            && (text.is_one_of(token, "st dr park the avenue court mill close green")
                || !token.is_about(NOT_IN_STREET)
                    && text.token(index + 1).is_about(STREET)
                    && is_capital(text, text.token(index + 1)));
        if !is_first && token.is_about(STREET) {
            // The last of several: `Park Avenue`, `Market Square Street`.
            let later = text.token(index + 1);
            let has_later = later.is_about(STREET)
                && later.start == token.end + 1
                && is_capital(text, later) == is_capital(text, token);
            name.kind = if has_later { index + 1 } else { index };
            return Some(name);
        }
        if token.is_about(STREET) && !is_saint {
            return weak;
        }
        if !is_first && token.is_about(STREET_WEAK) && is_capital(text, token) {
            weak = Some(Name {
                kind: index,
                is_weak: true,
                ..name
            });
        }
        if is_ordinal(text, index) {
            index += 2;
        } else if token.is_word() {
            // `Avenue of the Americas`
            let is_small = !is_first
                && text.is_one_of(token, "of the")
                && text.is_one_of(text.token(first), "avenue");
            let is_name = is_saint
                || is_small
                || is_first && token.is_about(DIRECTION)
                || is_capital(text, token) && text.is_one_of(token, ADJECTIVES);
            name.is_capital &= is_small || is_capital(text, token);
            name.is_doubtful |= token.is_about(NOT_IN_STREET) && !is_name;
            index = after_name_word(text, index + 1);
            name.is_possessive |= text.is_one_of(text.token(index - 1), "s '");
        } else {
            return weak;
        }
        name.words += 1;
    }
    weak
}

/// Words that are in names of streets, though they describe streets, too.
const ADJECTIVES: &str = "old great wide bath stone summer winter";

/// The token after a word's marks: a dot, a hyphen, `'s`.
pub(super) fn after_name_word(text: &Text, from: usize) -> usize {
    let mut index = from;
    while "'.-".contains(text.at(text.token(index).start))
        && text.token(index).start == text.token(index - 1).end
    {
        index += 1;
    }
    let is_possessive =
        text.before(text.token(index).start) == '\'' && text.is_one_of(text.token(index), "s");
    index + usize::from(is_possessive)
}
