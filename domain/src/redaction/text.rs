//! A text as the rules read it: one sign for each character, folded so that a digit is a digit and
//! a dash a dash in whatever script or width it was written. Offsets lead back to the original.

use unicode_normalization::char::decompose_canonical;

use super::tokens::{Token, tokenise};

/// One character of the text.
#[derive(Clone, Copy)]
struct Sign {
    /// Folded in script and width, upper or lower case as it was written.
    folded: char,
    /// The same in lower case and without accents, to compare words.
    lower: char,
    /// The byte at which it starts in the original.
    offset: usize,
}

/// A text, folded and cut into tokens.
pub(super) struct Text {
    signs: Vec<Sign>,
    tokens: Vec<Token>,
    bytes: usize,
}

/// A place before the text. It stays outside it, however few steps are gone from there.
const NOWHERE: usize = usize::MAX / 2;

/// The place so many steps before this one, of signs or of tokens.
pub(super) const fn going_back(place: usize, steps: usize) -> usize {
    match place.checked_sub(steps) {
        Some(earlier) => earlier,
        None => NOWHERE,
    }
}

/// What is read outside the text; nothing matches it.
pub(super) const NOTHING: char = '\0';

/// The zeros of the decimal digits of other scripts (Unicode general category Nd).
const ZEROS: &str = "٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐０";

impl Text {
    pub(super) fn new(original: &str) -> Self {
        let mut signs: Vec<Sign> = Vec::with_capacity(original.len());
        let mut previous = NOTHING;
        for (offset, character) in original.char_indices() {
            let folded = fold(character, previous);
            let lower = lower(folded);
            signs.push(Sign {
                folded,
                lower,
                offset,
            });
            previous = folded;
        }
        let mut text = Self {
            signs,
            tokens: Vec::new(),
            bytes: original.len(),
        };
        text.tokens = tokenise(&text);
        text
    }

    /// How many signs there are.
    pub(super) fn len(&self) -> usize {
        self.signs.len()
    }

    /// The folded sign.
    pub(super) fn at(&self, sign: usize) -> char {
        self.signs.get(sign).map_or(NOTHING, |sign| sign.folded)
    }

    /// The folded sign before this one.
    pub(super) fn before(&self, sign: usize) -> char {
        self.at(going_back(sign, 1))
    }

    /// The sign in lower case and without accents.
    pub(super) fn lower(&self, sign: usize) -> char {
        self.signs.get(sign).map_or(NOTHING, |sign| sign.lower)
    }

    /// The byte of the original at which a sign starts; its length for the one after the last.
    pub(super) fn offset(&self, sign: usize) -> usize {
        self.signs.get(sign).map_or(self.bytes, |sign| sign.offset)
    }

    /// The token, or one of kind `End` outside the text.
    pub(super) fn token(&self, token: usize) -> Token {
        self.tokens.get(token).copied().unwrap_or(Token {
            start: self.len(),
            end: self.len(),
            ..Token::END
        })
    }

    /// The first token from this one on that starts at the sign or later; a find has few tokens.
    pub(super) fn token_from(&self, token: usize, sign: usize) -> Option<usize> {
        const MOST_TOKENS: usize = 24;
        (token..token + MOST_TOKENS).find(|&next| self.token(next).start >= sign)
    }

    /// How many tokens there are.
    pub(super) fn tokens(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the signs from `start` on read so, in lower case and without accents.
    pub(super) fn reads(&self, start: usize, expected: &str) -> bool {
        expected
            .chars()
            .enumerate()
            .all(|(index, character)| self.lower(start + index) == character)
    }

    /// Whether the signs from `start` on are exactly these, upper and lower case told apart.
    pub(super) fn is_exactly(&self, start: usize, expected: &str) -> bool {
        expected
            .chars()
            .enumerate()
            .all(|(index, character)| self.at(start + index) == character)
    }

    /// Whether the token is one of these words or marks, which are separated by blanks; no number is.
    pub(super) fn is_one_of(&self, token: Token, words: &str) -> bool {
        let is_word =
            |word: &str| self.reads(token.start, word) && word.chars().count() == token.len();
        !token.is_number() && words.split(' ').any(is_word)
    }

    /// The sign after the run of signs that `belongs` takes, at most `most` of them.
    pub(super) fn run_end(&self, start: usize, most: usize, belongs: fn(char) -> bool) -> usize {
        (start..start + most)
            .find(|&sign| !belongs(self.at(sign)))
            .unwrap_or(start + most)
    }

    /// The sign after the rest of a run, however long: what is found is found to its end.
    pub(super) fn whole_end(&self, end: usize, belongs: fn(char) -> bool) -> usize {
        self.run_end(end, self.len() - end.min(self.len()), belongs)
    }

    /// Whether a word or number could go on with the sign: what touches it is no boundary.
    pub(super) fn is_glued(&self, sign: usize) -> bool {
        let character = self.at(sign);
        character == '_' || !is_unspaced(character) && character.is_alphanumeric()
    }

    /// [`Self::is_glued`] of the sign before.
    pub(super) fn is_glued_before(&self, sign: usize) -> bool {
        sign > 0 && self.is_glued(sign - 1)
    }
}

/// Letters of the scripts that are written without blanks, or with endings glued to words.
pub(super) fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{0E00}'..='\u{0E7F}' | '\u{1100}'..='\u{11FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{3130}'..='\u{318F}' | '\u{3400}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The sign for a character. `previous` is the sign before: the long-vowel mark of Japanese is
/// a dash after a digit.
fn fold(character: char, previous: char) -> char {
    if character.is_ascii() {
        return character;
    }
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character)
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{30FC}' if previous.is_ascii_digit() => '-',
        '\u{3002}' | '\u{2024}' | '\u{FF61}' => '.',
        '\u{3001}' => ',',
        '\u{2018}' | '\u{2019}' | '\u{2032}' => '\'',
        '\u{201C}'..='\u{201F}' | '\u{2033}' | '\u{300C}'..='\u{300F}' => '"',
        '\u{FE6B}' => '@',
        '\u{BA}' => '°',
        _ if character.is_whitespace() => ' ',
        '\u{1D7CE}'..='\u{1D7FF}' => digit((u32::from(character) - 0x1D7CE) % 10),
        _ => other_digit(character).unwrap_or(character),
    }
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or(NOTHING)
}

fn other_digit(character: char) -> Option<char> {
    let code = u32::from(character);
    if !(0x660..0x1820).contains(&code) {
        return None;
    }
    let value = |zero| code.checked_sub(u32::from(zero)).filter(|&v| v < 10);
    ZEROS.chars().find_map(value).map(digit)
}

fn lower(folded: char) -> char {
    let lower = folded.to_lowercase().next().unwrap_or(folded);
    // Letters with a stroke or without their dot, which Unicode does not take apart.
    let lower = match lower {
        'ł' => 'l',
        'ø' => 'o',
        'đ' => 'd',
        'ı' => 'i',
        other => other,
    };
    // Accents are dropped in the Latin blocks only: in other scripts they make another letter.
    if !matches!(lower, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}') {
        return lower;
    }
    let mut base = NOTHING;
    decompose_canonical(lower, |part| {
        if base == NOTHING {
            base = part;
        }
    });
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_dashes_and_dots_of_any_script_and_width_are_folded() {
        let text = Text::new("４٢۴४๔𝟜ー‐–−．。＠Ａ");
        let folded: String = (0..text.len()).map(|sign| text.at(sign)).collect();
        assert_eq!(folded, "424444----..@A");
    }

    #[test]
    fn what_lies_before_the_text_stays_outside_it_whatever_is_added() {
        let text = Text::new("rue 5");
        for steps in 1..30 {
            let place = going_back(0, steps);
            assert!((0..60).all(|more| text.at(place + more) == NOTHING));
            assert!((0..60).all(|more| text.token(going_back(place, more) + 9).len() == 0));
        }
        assert_eq!(going_back(3, 3), 0);
    }

    #[test]
    fn offsets_lead_back_to_the_bytes_of_the_original() {
        let text = Text::new("é４a");
        let offsets: Vec<_> = (0..5).map(|sign| text.offset(sign)).collect();
        assert_eq!(offsets, [0, 2, 5, 6, 6]);
    }

    #[test]
    fn words_are_compared_without_case_and_accents() {
        let text = Text::new("TÉLÉPHONE Straße ЙОД");
        assert!(text.reads(0, "telephone straße йод"));
    }
}
