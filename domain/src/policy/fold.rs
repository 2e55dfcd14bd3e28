//! Letters reduced to what counts when a word of the text and one of the policy are compared. Both
//! go through the same folds, so that whatever the policy is written with finds itself.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Letters outside ASCII and the small Latin letter each looks like, in order; `build.rs` makes it.
static LOOK_ALIKES: &[(char, char)] = include!(concat!(env!("OUT_DIR"), "/look_alikes.rs"));

/// How far a word is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Without case.
    Plain,
    /// Also with every digit, sign and foreign letter read as the Latin letter it may stand for.
    Unmasked,
    /// Plain, and with the same letters in a row as one.
    PlainSqueezed,
    /// Unmasked, and with the same letters in a row as one.
    UnmaskedSqueezed,
}

impl Form {
    pub(super) const ALL: [Form; 4] = [
        Form::Plain,
        Form::Unmasked,
        Form::PlainSqueezed,
        Form::UnmaskedSqueezed,
    ];

    /// The same form with the same letters in a row as one.
    pub(super) const fn squeezed(self) -> Self {
        match self {
            Form::Plain | Form::PlainSqueezed => Form::PlainSqueezed,
            Form::Unmasked | Form::UnmaskedSqueezed => Form::UnmaskedSqueezed,
        }
    }

    /// A word's letters in this form.
    pub(super) fn of(self, letters: &[char]) -> Vec<char> {
        let letters = letters.iter().copied();
        let mut folded: Vec<char> = match self {
            Form::Plain | Form::PlainSqueezed => letters.flat_map(char::to_lowercase).collect(),
            Form::Unmasked | Form::UnmaskedSqueezed => letters.map(unmasked).collect(),
        };
        if self == self.squeezed() {
            folded.dedup();
        }
        folded
    }
}

/// A word's letters with compatibility forms (full-width, mathematical, circled, ligatures) as the
/// letters they are forms of, and without accents and points. Case is kept: a capital may look like
/// another Latin letter than its small form.
pub(super) fn letters(word: &str) -> Vec<char> {
    if word.is_ascii() {
        return word.chars().collect();
    }
    let bare = word.nfkd().filter(|&character| !is_accent(character));
    let mut letters = Vec::with_capacity(word.len());
    for letter in bare.nfc() {
        // Unicode's compatibility forms leave out these, which readers take for the same.
        match letter {
            'ß' | 'ẞ' => letters.extend(['s', 's']),
            'æ' | 'Æ' => letters.extend(['a', 'e']),
            'œ' | 'Œ' => letters.extend(['o', 'e']),
            'ς' => letters.push('σ'),
            _ => letters.push(letter),
        }
    }
    letters
}

/// Whether a character is set on the letter before it and is no letter itself. (A few signs of Khmer
/// and Tibetan have neither the class nor a letter's nature; they cut a word, in the policy as in the
/// text.)
pub(super) fn is_mark(character: char) -> bool {
    canonical_combining_class(character) != 0 || is_unclassed_mark(character)
}

/// Whether a character is set above, below or across a letter: an accent, a Hebrew or Arabic point.
/// The vowel signs and tone marks of Indian scripts and Thai, and the Japanese voicing marks, make
/// other words; they have the combining classes left out here.
fn is_accent(character: char) -> bool {
    matches!(canonical_combining_class(character), 1 | 10..=36 | 200..)
        || is_unclassed_mark(character)
        // The line that stretches Arabic words.
        || character == '\u{640}'
}

/// The enclosing marks and the variation selectors.
fn is_unclassed_mark(character: char) -> bool {
    matches!(character, '\u{20DD}'..='\u{20E4}' | '\u{FE00}'..='\u{FE0F}')
}

/// The Latin letter that a digit or a sign is commonly written for.
pub(super) fn masked_letter(character: char) -> Option<char> {
    match character {
        '0' => Some('o'),
        // i and l are one letter in unmasked words, since 1 may be either.
        '1' | '!' | '|' => Some('i'),
        '3' => Some('e'),
        '4' | '@' => Some('a'),
        '5' | '$' => Some('s'),
        '7' => Some('t'),
        '8' => Some('b'),
        '9' => Some('g'),
        _ => None,
    }
}

/// The Latin letter that a letter outside ASCII looks like, by Unicode's table of confusables
/// (UTS 39): in its own case, or else in the other, since case does not count.
pub(super) fn look_alike(letter: char) -> Option<char> {
    if letter.is_ascii() || !letter.is_alphabetic() {
        return None;
    }
    let other_case = letter.to_lowercase().chain(letter.to_uppercase());
    let other_case = other_case.filter(|other| *other != letter);
    std::iter::once(letter)
        .chain(other_case)
        .find_map(|letter| {
            let place = LOOK_ALIKES.binary_search_by_key(&letter, |(foreign, _)| *foreign);
            LOOK_ALIKES.get(place.ok()?).map(|(_, latin)| *latin)
        })
}

fn unmasked(letter: char) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    let latin = masked_letter(letter).or_else(|| look_alike(letter));
    match latin.unwrap_or(small) {
        'l' => 'i',
        other => other,
    }
}
