//! The rules for numbers that are written in groups of digits, each tried on each number of the
//! text: first the kinds with the most digits and the best checksum, telephone numbers last.

use super::digits::{Candidate, Run};
use super::kind::Kind;
use super::text::Text;
use super::{Found, card, national_id, phone};

const RULES: [fn(&Candidate) -> Option<Kind>; 3] = [card::judge, national_id::judge, phone::judge];

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut index = 0;
    while index < text.tokens() {
        let next = number_at(text, index, found);
        index = next.unwrap_or(index + 1);
    }
}

/// Finds what starts at a token; the token after it.
fn number_at(text: &Text, index: usize, found: &mut Vec<Found>) -> Option<usize> {
    if !text.token(index).is_number() {
        return None;
    }
    if let Some((start, end)) = phone::with_exchange_name(text, index) {
        found.push(Found {
            kind: Kind::Phone,
            start,
            end,
        });
        return Some(index + 3);
    }
    let run = Run::at(text, index)?;
    let candidates: Vec<_> = run.candidates().collect();
    for rule in RULES {
        for candidate in &candidates {
            if let Some(kind) = rule(candidate) {
                let end = match kind {
                    Kind::Phone => phone::extension_end(candidate),
                    _ => candidate.end,
                };
                found.push(Found {
                    kind,
                    start: candidate.start,
                    end,
                });
                return Some(candidate.next_token);
            }
        }
    }
    None
}
