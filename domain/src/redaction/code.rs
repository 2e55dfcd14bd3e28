//! Letters and digits read as one code, whatever single separators it was written with.

use super::text::Text;

/// The longest code is an IBAN of 34 characters.
const LONGEST: usize = 34;

/// Characters of a code in upper case and where each ends in the text.
pub(super) struct Code {
    characters: [u8; LONGEST],
    ends: [usize; LONGEST],
    length: usize,
}

impl Code {
    /// Reads ASCII letters and digits from a sign on; between two of them may be one of the
    /// separators. Nothing, if a word goes on from before.
    pub(super) fn read(text: &Text, start: usize, separators: &str) -> Self {
        let mut code = Self {
            characters: [0; LONGEST],
            ends: [0; LONGEST],
            length: 0,
        };
        if text.is_glued_before(start) {
            return code;
        }
        let mut sign = start;
        for (slot, end) in code.characters.iter_mut().zip(&mut code.ends) {
            if code.length > 0 && separators.contains(text.at(sign)) {
                sign += 1;
            }
            let character = text.at(sign);
            if !character.is_ascii_alphanumeric() {
                break;
            }
            sign += 1;
            *slot = u8::try_from(character.to_ascii_uppercase()).unwrap_or(0);
            *end = sign;
            code.length += 1;
        }
        code
    }

    /// The first characters, if there are so many and the word ends with them, and the sign after.
    pub(super) fn first(&self, text: &Text, count: usize) -> Option<(&[u8], usize)> {
        if count > self.length {
            return None;
        }
        let end = *self.ends.get(count.checked_sub(1)?)?;
        let characters = self.characters.get(..count)?;
        (!text.is_glued(end)).then_some((characters, end))
    }

    /// The number that the digits from one place to another make.
    pub(super) fn number(&self, from: usize, to: usize) -> u64 {
        number(self.characters.get(from..to).unwrap_or_default())
    }

    /// The character at a place; 0 where there is none.
    pub(super) fn at(&self, place: usize) -> u8 {
        self.characters.get(place).copied().unwrap_or(0)
    }
}

/// Whether characters have the form: `A` is a letter, `9` a digit, `*` either.
pub(super) fn has_form(characters: &[u8], form: &str) -> bool {
    characters.len() == form.len()
        && characters
            .iter()
            .zip(form.bytes())
            .all(|(character, class)| match class {
                b'A' => character.is_ascii_alphabetic(),
                b'9' => character.is_ascii_digit(),
                _ => true,
            })
}

/// The number that the digits among the characters make.
pub(super) fn number(characters: &[u8]) -> u64 {
    characters
        .iter()
        .filter(|character| character.is_ascii_digit())
        .fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
