//! Text reduced to what a reader sees. Characters that show nothing can hide words from a reader,
//! reorder what is read, or make two requests for one picture look different; they are taken out.
//!
//! What comes out is in Unicode's composed form (NFC), has no forbidden character, no white space
//! but single blanks between words, and comes out of a second pass unchanged.

use unicode_normalization::UnicodeNormalization;

/// What a reader sees of `raw`; nothing at all may be left.
#[must_use]
pub(crate) fn visible_text(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    for word in raw.split(char::is_whitespace) {
        let before = folded.len();
        if before > 0 {
            folded.push(' ');
        }
        let with_blank = folded.len();
        folded.extend(word.chars().filter(|&character| !is_invisible(character)));
        if folded.len() == with_blank {
            folded.truncate(before);
        }
    }
    // Last, because taking out what stood between a letter and its accent lets the two compose.
    folded.nfc().collect()
}

/// Whether a character shows nothing by itself: Unicode's default-ignorable and control characters
/// and noncharacters. Variation selectors below U+FE10 stay, they make a sign an emoji.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}'
        // Hangul fillers, full and half width; Khmer's inherent vowels.
        | '\u{115F}'..='\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{17B4}'..='\u{17B5}'
        // Mongolian variation selectors and vowel separator.
        | '\u{180B}'..='\u{180F}'
        // Zero-width characters, direction marks.
        | '\u{200B}'..='\u{200F}'
        // Bidirectional embeddings and overrides.
        | '\u{202A}'..='\u{202E}'
        // Word joiner, invisible operators, bidirectional isolates, deprecated format characters.
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        // Kept free for more of the kind; interlinear annotation.
        | '\u{FFF0}'..='\u{FFFB}'
        // Musical and shorthand format controls.
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        // Tag characters and the variation selectors supplement, whose 256 values can carry bytes.
        | '\u{E0000}'..='\u{E0FFF}')
        || character.is_control()
        || is_noncharacter(character)
}

fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    #[test]
    fn white_space_of_any_kind_becomes_one_blank_between_words() {
        let raw = "\u{FEFF} a\tred\r\n\u{2028}\u{200B}\u{3000}fox \u{200D} here\u{85}";
        assert_eq!(visible_text(raw), "a red fox here");
    }

    #[test]
    fn a_letter_and_its_accent_compose_though_something_invisible_stood_between_them() {
        assert_eq!(visible_text("cafe\u{200B}\u{301}"), "caf\u{E9}");
    }

    #[test]
    fn hidden_and_reordering_characters_are_taken_out() {
        let hidden = [
            '\0',
            '\u{1B}',
            '\u{7F}',
            '\u{9F}',
            '\u{AD}',
            '\u{61C}',
            '\u{115F}',
            '\u{1160}',
            '\u{17B4}',
            '\u{17B5}',
            '\u{180E}',
            '\u{200B}',
            '\u{200D}',
            '\u{200E}',
            '\u{200F}',
            '\u{202A}',
            '\u{202E}',
            '\u{2060}',
            '\u{2064}',
            '\u{2066}',
            '\u{2069}',
            '\u{3164}',
            '\u{FEFF}',
            '\u{FFA0}',
            '\u{FFF0}',
            '\u{FFF9}',
            '\u{FFFB}',
            '\u{E0001}',
            '\u{E007F}',
            '\u{E01EF}',
            '\u{FDD0}',
            '\u{FFFE}',
            '\u{FFFF}',
            '\u{10FFFF}',
        ];
        for character in hidden {
            let raw = format!("a{character}b");
            assert_eq!(visible_text(&raw), "ab", "{}", character.escape_unicode());
        }
    }

    #[test]
    fn letters_of_any_script_and_emoji_stay() {
        let text = "狐 лиса ثعلب 여우 ❤\u{FE0F} 🦊 \u{1F469}\u{1F3FD}";
        assert_eq!(visible_text(text), text);
    }

    /// Text in which the characters that matter are not one in a million.
    fn raw_text() -> impl Strategy<Value = String> {
        let marks = proptest::char::range('\u{300}', '\u{36F}');
        let formats = proptest::char::range('\u{2000}', '\u{206F}');
        let tags = proptest::char::range('\u{E0000}', '\u{E01EF}');
        let plain = proptest::char::range('\t', '~');
        let any = proptest::char::any();
        proptest::collection::vec(prop_oneof![marks, formats, tags, plain, any], 0..60)
            .prop_map(|characters| characters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn text_is_composed_visible_and_folded_and_a_second_pass_changes_nothing(
            raw in raw_text()
        ) {
            let text = visible_text(&raw);
            prop_assert!(is_nfc(&text));
            prop_assert!(!text.chars().any(is_invisible));
            prop_assert!(!text.chars().any(|c| c.is_whitespace() && c != ' '));
            prop_assert!(!text.contains("  "));
            prop_assert_eq!(text.trim(), &text);
            prop_assert_eq!(visible_text(&text), text);
        }

        // Composing grows a text at most threefold (Unicode Standard Annex 15, section 11).
        #[test]
        fn text_never_grows_beyond_what_composing_can_add(raw in raw_text()) {
            prop_assert!(visible_text(&raw).chars().count() <= 3 * raw.chars().count());
        }
    }
}
