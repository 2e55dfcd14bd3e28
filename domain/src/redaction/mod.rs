//! Personal and secret data in a prompt, found and replaced. A text goes in as `visible_text` left
//! it; what comes out has a placeholder such as `[email]` for each find and is else the same, byte
//! for byte. A redacted text, redacted again, stays as it is.
//!
//! The rules are scanners written by hand over folded characters (`text`) and tokens (`tokens`),
//! without a regular expression: each looks a constant way ahead, so the time is linear. What
//! a number is, is mostly said by its checksum, by its written form, and by the words next to it
//! (`lexicon`); a rule that had to guess would take seeds, sizes and years for somebody's data.

mod address;
mod address_abroad;
mod address_before;
mod address_city;
mod address_name;
mod address_post;
mod address_tail;
mod assigned;
mod birth;
mod card;
mod code;
mod coordinates;
mod date;
mod digits;
mod document;
mod email;
mod entropy;
mod iban;
mod kind;
mod lexicon;
mod national_id;
mod network;
mod numbers;
mod phone;
mod phone_national;
mod secret;
mod text;
mod tokens;
mod url;
mod wallet;

#[cfg(test)]
mod tests;

pub use kind::{Findings, Kind};
use std::ops::Range;

use text::Text;

/// Where something was found: byte offsets into the text that was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// A text without what was found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text with placeholders.
    pub text: String,
    /// What the placeholders stand for, in numbers.
    pub found: Findings,
}

/// The text with a placeholder for everything found in it.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let spans = find(text);
    let mut found = Findings::default();
    for span in &spans {
        found.add(span.kind);
    }
    Redacted {
        text: replace(text, &spans),
        found,
    }
}

fn replace(text: &str, spans: &[Span]) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        replaced.push_str(text.get(done..span.start).unwrap_or_default());
        replaced.push_str(span.kind.placeholder());
        done = span.end;
    }
    replaced.push_str(text.get(done..).unwrap_or_default());
    replaced
}

/// A find in signs of a [`Text`]; `start` is the first, `end` the one after the last.
#[derive(Clone, Copy)]
struct Found {
    kind: Kind,
    start: usize,
    end: usize,
}

/// What each family finds. Within a family finds do not overlap.
const FAMILIES: [fn(&Text, &mut Vec<Found>); 13] = [
    url::find,
    wallet::find,
    iban::find,
    birth::find,
    document::find,
    national_id::find,
    numbers::find,
    network::find,
    coordinates::find,
    email::find,
    secret::find,
    address::find,
    address_abroad::find,
];

/// What a find leaves on both sides of it is searched again, for it may have hidden something. Two
/// searches are the rule; where so many find something each, the whole stretch goes.
const MOST_SEARCHES: usize = 4;

/// Everything found in a text: sorted and disjoint. A placeholder parts a text: what is on one side
/// of it is found as if the other were not there. So is what is on either side of a find, and
/// therefore nothing is left to find in a redacted text.
#[must_use]
pub fn find(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    for (bracket, _) in text.match_indices('[') {
        let placeholder = text.get(bracket..).and_then(placeholder_length);
        if let Some(length) = placeholder {
            search(text, start..bracket, MOST_SEARCHES, &mut spans);
            start = bracket + length;
        }
    }
    search(text, start..text.len(), MOST_SEARCHES, &mut spans);
    spans
}

fn placeholder_length(text: &str) -> Option<usize> {
    let mut placeholders = Kind::ALL.iter().map(|kind| kind.placeholder());
    placeholders
        .find(|placeholder| text.starts_with(placeholder))
        .map(str::len)
}

/// Adds what is found in a stretch of a text, and in what is left of it, as if it were a text of its
/// own.
fn search(text: &str, stretch: Range<usize>, searches: usize, spans: &mut Vec<Span>) {
    let part = text.get(stretch.clone()).unwrap_or_default();
    let found = search_once(part);
    let Some(first) = found.first() else {
        return;
    };
    if searches == 0 {
        spans.push(Span {
            kind: first.kind,
            start: stretch.start,
            end: stretch.end,
        });
        return;
    }
    let mut done = stretch.start;
    for span in found {
        let [start, end] = [span.start, span.end].map(|offset| stretch.start + offset);
        search(text, done..start, searches - 1, spans);
        spans.push(Span { start, end, ..span });
        done = end;
    }
    search(text, done..stretch.end, searches - 1, spans);
}

fn search_once(text: &str) -> Vec<Span> {
    // `a@b.c` is the shortest of all.
    if text.len() < 5 {
        return Vec::new();
    }
    let text = Text::new(text);
    let mut found = Vec::new();
    for family in FAMILIES {
        family(&text, &mut found);
    }
    found.sort_by_key(|found| (found.kind, found.start));
    disjoint(&text, &found)
}

/// Gives every sign to the first of the finds that cover it. What is left of a find stays a find,
/// if there is a letter or a digit in it.
fn disjoint(text: &Text, found: &[Found]) -> Vec<Span> {
    let mut taken = vec![false; text.len()];
    let mut spans = Vec::new();
    for found in found {
        let mut start = found.start;
        for sign in found.start..=found.end {
            let is_free = sign < found.end && taken.get(sign) == Some(&false);
            if is_free {
                continue;
            }
            if (start..sign).any(|sign| text.at(sign).is_alphanumeric()) {
                spans.push(Span {
                    kind: found.kind,
                    start: text.offset(start),
                    end: text.offset(sign),
                });
            }
            start = sign + 1;
        }
        for sign in taken.iter_mut().take(found.end).skip(found.start) {
            *sign = true;
        }
    }
    spans.sort_by_key(|span| span.start);
    spans
}
