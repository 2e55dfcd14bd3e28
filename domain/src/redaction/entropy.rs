//! Text that no one would write by hand: random letters and digits. A name such as
//! `juggernautXL_v9Rundiffusion` has both cases and digits too, but it stays in one class of
//! characters for a while; a random text changes between them every other character.

use super::text::{NOTHING, Text};

/// A random text of 20 characters of base 62 has 119 bits.
const SHORTEST: usize = 20;
/// Longer runs are looked at as far as this.
const LONGEST: usize = 512;

fn belongs(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-+/=".contains(character)
}

/// The sign after the run of characters of base 64 that starts here.
pub(super) fn run_end(text: &Text, start: usize) -> usize {
    text.run_end(start, LONGEST, belongs)
}

/// The sign after the rest of a run that was found to be random.
pub(super) fn whole_run_end(text: &Text, end: usize) -> usize {
    text.whole_end(end, belongs)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Upper,
    Lower,
    Digit,
    Other,
}

fn class(character: char) -> Class {
    match character {
        'A'..='Z' => Class::Upper,
        'a'..='z' => Class::Lower,
        '0'..='9' => Class::Digit,
        _ => Class::Other,
    }
}

/// Whether a run is random: all three classes, changes between them in at least a third of the
/// places, no long run of one class, and at least 3.5 bits of Shannon entropy for a character.
pub(super) fn is_random(text: &Text, start: usize, end: usize) -> bool {
    if end - start < SHORTEST || is_chess_position(text, start, end) {
        return false;
    }
    let mut counts = [0_u32; 128];
    let mut classes = [0_usize; 3];
    let mut changes = 0;
    let mut previous = Class::Other;
    let mut same = 0;
    let mut longest = 0;
    for sign in start..end {
        let character = text.at(sign);
        if let Some(count) = usize::try_from(u32::from(character))
            .ok()
            .and_then(|at| counts.get_mut(at))
        {
            *count += 1;
        }
        let class = class(character);
        let slot = match class {
            Class::Upper => classes.get_mut(0),
            Class::Lower => classes.get_mut(1),
            Class::Digit => classes.get_mut(2),
            Class::Other => None,
        };
        if let Some(slot) = slot {
            *slot += 1;
        }
        same = if class == previous { same + 1 } else { 1 };
        longest = longest.max(same);
        let is_change = class != previous && class != Class::Other && previous != Class::Other;
        changes += usize::from(is_change);
        previous = class;
    }
    let characters: usize = classes.iter().sum();
    let [upper, lower, digits] = classes;
    let has_all = upper >= 2 && lower >= 2 && digits >= 1;
    let is_mixed = changes * 3 >= characters && longest <= 8;
    has_all && characters * 5 >= (end - start) * 4 && is_mixed && bits(&counts, end - start) >= 3.5
}

/// The eight ranks of a chessboard in Forsyth's notation, or some of them.
fn is_chess_position(text: &Text, start: usize, end: usize) -> bool {
    let ranks = (start..end).filter(|&sign| text.at(sign) == '/').count();
    ranks >= 3 && (start..end).all(|sign| "pnbrqk/12345678".contains(text.lower(sign)))
}

/// Shannon entropy in bits for a character.
fn bits(counts: &[u32], length: usize) -> f32 {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of at most 512 characters"
    )]
    let share = |count: u32| count as f32 / length as f32;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| -share(count) * share(count).log2())
        .sum()
}

/// Whether the run is a part of a URL or of an image written in base 64, which is no secret.
pub(super) fn is_in_url(text: &Text, start: usize) -> bool {
    const FARTHEST: usize = 256;
    (start.saturating_sub(FARTHEST)..start)
        .rev()
        .take_while(|&sign| !matches!(text.at(sign), ' ' | NOTHING))
        .any(|sign| {
            text.is_exactly(sign, "://") || text.reads(sign, "base64,") || text.reads(sign, "www.")
        })
}
