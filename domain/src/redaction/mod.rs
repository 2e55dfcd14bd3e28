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
mod secret;
mod text;
mod tokens;
mod url;
mod wallet;

#[cfg(test)]
mod tests;

pub use kind::{Findings, Kind};
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

/// A placeholder may end a neighbour that had hidden something: the text is searched again until
/// nothing is found. Two passes are the rule; the bound is for texts made to need more.
const MOST_PASSES: usize = 8;

/// The text with a placeholder for everything found in it.
#[must_use]
pub fn redact(text: &str) -> Redacted {
    let mut redacted = Redacted {
        text: text.to_owned(),
        found: Findings::default(),
    };
    for _ in 0..MOST_PASSES {
        let spans = find(&redacted.text);
        if spans.is_empty() {
            break;
        }
        redacted.text = replace(&redacted.text, &spans);
        for span in spans {
            redacted.found.add(span.kind);
        }
    }
    redacted
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

/// Everything found in a text: sorted and disjoint.
#[must_use]
pub fn find(text: &str) -> Vec<Span> {
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
