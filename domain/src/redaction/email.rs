//! E-mail addresses (RFC 5321: at most 64 characters before the `@`, 255 after), in any script, and
//! the ways people write `@` and `.` to hide them from machines: `name (at) domain [dot] com`.

use super::Found;
use super::kind::Kind;
use super::lexicon::{AT, AT_WORDS, EMAIL};
use super::text::{Text, going_back, is_unspaced};
use super::tokens::is_told_before;

const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;
const MOST_LABELS: usize = 8;

/// What stands between two labels, or between name and domain.
struct Mark {
    end: usize,
    /// Whether it is written out: `(at)`, ` dot `.
    is_hidden: bool,
    /// Whether it is a word without brackets, which may be just a word.
    is_plain: bool,
}

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let token = text.token(index);
        let start = token.start;
        if start < done || !token.is_about(AT) && !"@([{<".contains(text.at(start)) {
            continue;
        }
        let Some(at) = mark_at(text, start, '@', AT_WORDS) else {
            continue;
        };
        if let Some((from, to)) = address_around(text, index, start, &at, done) {
            found.push(Found {
                kind: Kind::Email,
                start: from,
                end: to,
            });
            done = to;
        }
    }
}

/// The mark that starts here: the sign itself, or a word for it, in brackets or between blanks.
fn mark_at(text: &Text, start: usize, sign: char, words: &str) -> Option<Mark> {
    let first = text.at(start);
    let opened = start + usize::from("([{<".contains(first));
    let is_bracketed = opened > start;
    let inner = opened + usize::from(is_bracketed && text.at(opened) == ' ');
    let word = words.split(' ').find(|word| text.reads(inner, word));
    let (inner_end, is_word) = match word {
        Some(word) => (inner + word.chars().count(), true),
        None if text.at(inner) == sign => (inner + 1, false),
        None => return None,
    };
    if is_bracketed {
        let end = inner_end + usize::from(text.at(inner_end) == ' ');
        return ")]}>".contains(text.at(end)).then_some(Mark {
            end: end + 1,
            is_hidden: true,
            is_plain: false,
        });
    }
    let is_between_blanks = text.before(start) == ' ' && text.at(inner_end) == ' ';
    (!is_word || is_between_blanks).then_some(Mark {
        end: inner_end,
        is_hidden: is_word,
        is_plain: is_word,
    })
}

fn is_local(character: char) -> bool {
    character.is_alphanumeric() || "._%+-'&=~#".contains(character)
}

fn is_label(character: char) -> bool {
    character.is_alphanumeric() || character == '-'
}

fn address_around(
    text: &Text,
    token: usize,
    start: usize,
    at: &Mark,
    done: usize,
) -> Option<(usize, usize)> {
    let is_spaced = text.before(start) == ' ';
    let told = || is_told_before(text, token, 6, EMAIL);
    if is_spaced && !at.is_hidden && !told() {
        return None;
    }
    let local_end = start - usize::from(is_spaced);
    let local = local_start(text, local_end, done)?;
    // `insta @some.body`: somebody's name there.
    if is_spaced && text.is_one_of(text.token(going_back(token, 1)), NETWORKS) {
        return None;
    }
    let domain = at.end + usize::from(text.at(at.end) == ' ' && (at.is_hidden || is_spaced));
    let (end, is_hidden) = domain_end(text, domain, at)?;
    if at.is_plain {
        // `look at example dot com` is no address; a name with a digit or a dot is.
        let is_name = (local..local_end).any(|sign| !text.at(sign).is_alphabetic());
        let is_shouted = text.is_exactly(start, "AT ");
        let is_told = is_hidden && (is_name || is_shouted || told());
        return is_told.then_some((local, end));
    }
    Some((local, end))
}

/// Where the name starts. A script without blanks before it is other text, unless the name is in
/// one.
fn local_start(text: &Text, end: usize, done: usize) -> Option<usize> {
    let is_foreign = is_unspaced(text.before(end));
    let first = end.saturating_sub(LONGEST_LOCAL).max(done);
    let mut start = end;
    while start > first {
        let character = text.before(start);
        if !is_local(character) || !is_foreign && is_unspaced(character) {
            break;
        }
        start -= 1;
    }
    // `(dot)` within the name: the word before belongs to it.
    if let Some(earlier) = hidden_dot_before(text, start, done) {
        start = earlier;
    }
    while start < end && "'=&#~.".contains(text.at(start)) {
        start += 1;
    }
    (start..end)
        .any(|sign| text.at(sign).is_alphanumeric())
        .then_some(start)
}

fn hidden_dot_before(text: &Text, start: usize, done: usize) -> Option<usize> {
    let dot_end = start.checked_sub(usize::from(text.before(start) == ' '))?;
    let marks = [
        "(dot)", "[dot]", "{dot}", " dot", "(punkt)", "(punto)", "(point)",
    ];
    let mark = marks
        .into_iter()
        .find(|mark| dot_end >= mark.len() + done && text.reads(dot_end - mark.len(), mark))?;
    let dot = dot_end - mark.len();
    let word_end = dot - usize::from(text.before(dot) == ' ');
    let mut word = word_end;
    while word > done && word_end - word < LONGEST_LABEL && is_local(text.before(word)) {
        word -= 1;
    }
    (word < word_end).then_some(word)
}

/// Where people have names that start with `@`.
const NETWORKS: &str = "insta instagram ig tiktok twitter x threads snap snapchat telegram youtube \
    bluesky mastodon facebook fb handle follow us me etsy discord";

/// Endings of file names, which follow `@2x` as a domain would.
const FILE_ENDINGS: &str = "png jpg jpeg webp gif svg psd tif tiff mp4";

/// The end of the domain that starts here, and whether one of its dots was written out.
fn domain_end(text: &Text, start: usize, at: &Mark) -> Option<(usize, bool)> {
    let mut label = start;
    let mut good = None;
    let mut is_hidden = false;
    for count in 0..MOST_LABELS {
        let end = label_end(text, label, count > 0);
        if end == label {
            break;
        }
        if count > 0 && is_top_level(text, label, end) {
            good = Some(end);
        }
        let spaced = end + usize::from(text.at(end) == ' ' && text.at(end + 1) != '.');
        let dots = "dot punkt punto point ponto kropka punt";
        let Some(dot) = mark_at(text, spaced, '.', dots).or_else(|| mark_at(text, end, '.', dots))
        else {
            break;
        };
        if dot.is_plain && !at.is_hidden {
            break;
        }
        is_hidden |= dot.is_hidden;
        label = dot.end + usize::from(dot.is_hidden && text.at(dot.end) == ' ');
    }
    good.map(|end| (end, is_hidden))
}

/// Where a label ends. After a dot, one that begins in ASCII ends before a script without blanks.
fn label_end(text: &Text, start: usize, is_after_dot: bool) -> usize {
    let is_ascii = is_after_dot && text.at(start).is_ascii();
    (start..start + LONGEST_LABEL)
        .find(|&sign| {
            let character = text.at(sign);
            !is_label(character) || is_ascii && is_unspaced(character)
        })
        .unwrap_or(start + LONGEST_LABEL)
}

fn is_top_level(text: &Text, start: usize, end: usize) -> bool {
    let is_encoded = text.reads(start, "xn--");
    let is_file = FILE_ENDINGS
        .split(' ')
        .any(|ending| text.reads(start, ending) && ending.len() == end - start);
    let is_long = end - start >= 2 || is_unspaced(text.at(start));
    let is_letters = (start..end).all(|sign| text.at(sign).is_alphabetic());
    is_long && !is_file && (is_encoded || is_letters)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn addresses_are_found_in_every_form() {
        assert_found(
            Kind::Email,
            &[
                "write to {jane.doe+news@mail.example.co.uk}.",
                "<{bob_99@example.com}>",
                "{JANE@EXAMPLE.COM}, please",
                "{jürgen@müller.de}",
                "邮箱是{test@example.com}谢谢",
                "{user@例え.jp}",
                "{user@xn--r8jz45g.xn--zckzah}",
                "{ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ}",
                "{jane (at) example (dot) com}",
                "{jane [at] example [dot] com}",
                "{jane.doe(at)example.com}",
                "{jane[at]mail[dot]example[dot]org}",
                "{john.smith at gmail dot com}",
                "email me: {john at gmail dot com}",
                "{john (dot) smith (at) example (dot) com}",
                "{jane@example (dot) com}",
                "mailto:{jane@example.com}?subject=hi",
            ],
        );
    }

    #[test]
    fn handles_rates_and_files_are_no_addresses() {
        assert_clean(&[
            "by @handle and @other.name",
            "contact: insta @some.body and",
            "4k@60fps",
            "1080p@59.94fps",
            "icon@2x.png",
            "look at example dot com",
            "a dot at the end",
            "a party @ the beach. nice",
            "@ @ @",
            "sitting (at) a table",
            "weight@0.8",
        ]);
    }
}
