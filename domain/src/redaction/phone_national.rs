//! The forms of telephone numbers within their countries that need no word to be known.

use super::digits::{Candidate, Opening};

/// The forms that hardly anything but a telephone number has.
pub(super) fn is_national(candidate: &Candidate) -> bool {
    let separators = candidate.separators;
    let is_spaced = candidate.is_separated_by(' ');
    let may_be_list = is_spaced && candidate.is_in_a_list();
    let first = candidate.digit(0);
    match candidate.groups {
        _ if candidate.opening == Opening::Bracket => is_bracketed(candidate),
        // The exchange of North America that is nobody's.
        [3, 4] if candidate.value(0, 3) == 555 => {
            candidate.is_separated_by('-') || is_spaced && candidate.value(3, 5) == 1
        }
        // Italy: mobile numbers start with 3.
        [3, 7] if first == 3 => is_spaced && !may_be_list || candidate.is_separated_by('-'),
        // North America (NANP): area and exchange start with 2 to 9.
        [3, 3, 4] if first >= 2 => {
            !is_spaced && candidate.is_uniform() && !candidate.is_separated_by('/')
                || separators == [')', '-']
                || separators.first() == Some(&'/')
                    && matches!(separators.last(), Some('-' | '.' | ' '))
                    && candidate.digit(3) >= 2
                || is_spaced && candidate.digit(3) >= 2 && !may_be_list
        }
        [1, 3, 3, 4] => {
            first == 1 && candidate.digit(1) >= 2 && !may_be_list
                || first == 8 && candidate.digit(1) >= 3
        }
        // Russia within the country; Turkey.
        [1, 3, 3, 2, 2] => {
            matches!(first, 7 | 8) && candidate.digit(1) >= 3 && !may_be_list
                || first == 0 && separators.first() == Some(&')')
        }
        [2, 4, 4] if first != 0 && separators == [' ', '-'] => !may_be_list,
        // Brazil: mobile numbers start with 9.
        [2, 5, 4] => candidate.digit(2) == 9 && separators.last() == Some(&'-'),
        // China: mobile numbers start with 13 to 19.
        [3, 4, 4] if first == 1 => {
            candidate.digit(1) >= 3 && candidate.is_uniform() && !may_be_list
        }
        // Australia: what is free or costs as a call within a town.
        [4, 3, 3] if matches!(candidate.value(0, 4), 1300 | 1800) => is_spaced && !may_be_list,
        // Hungary: Budapest from another town.
        [2, 1, 3, 4] => candidate.value(0, 3) == 61 && candidate.is_uniform(),
        // Spain, Portugal.
        [2, 3, 2, 2] if first == 9 && is_spaced && !may_be_list => true,
        // Spain.
        [3, 2, 2, 2] if matches!(first, 6 | 7 | 9) => candidate.is_uniform() && !may_be_list,
        // Spain, Poland, Czechia; Portugal; Norway; Singapore; Mexico; India.
        [3, 3, 3] | [2, 3, 2, 2] | [2, 2, 2, 2] | [4, 4] | [2, 4, 4] | [5, 5]
            if first >= 5 || candidate.groups == [3, 3, 3] && first >= 2 =>
        {
            candidate.is_uniform()
                && !candidate.is_separated_by('.')
                && !candidate.is_separated_by('/')
                && !may_be_list
                && is_on_a_card(candidate)
        }
        // France, the Netherlands, Australia; Britain; free calls in North America.
        [10] => first == 0 && candidate.digit(1) != 0 && !may_be_list && !is_ascending(candidate),
        [11] => {
            matches!(
                candidate.value(0, 4),
                740..=799 | 1800 | 1833 | 1844 | 1855 | 1866 | 1877 | 1888
            ) && !may_be_list
        }
        _ => first == 0 && has_trunk_zero(candidate) && !may_be_list,
    }
}

/// Whether an e-mail address is near, as on a business card, or the text is in a script of India.
fn is_on_a_card(candidate: &Candidate) -> bool {
    const NEAR: usize = 60;
    (candidate.start.saturating_sub(NEAR)..candidate.end + NEAR)
        .any(|sign| matches!(candidate.text.at(sign), '@' | '\u{900}'..='\u{D7F}'))
}

/// An area code in brackets and the number: `(555) 123-4567`, `(11) 91234-5678`, `(020) 7946 0958`.
fn is_bracketed(candidate: &Candidate) -> bool {
    let Some((&area, _)) = candidate.groups.split_first() else {
        return false;
    };
    let is_year = area == 4 && candidate.digit(0) != 0;
    candidate.separators.first() == Some(&')')
        && !candidate.separators.contains(&'/')
        && (2..=5).contains(&area)
        && !is_year
        && candidate.groups.iter().all(|&length| length >= 2)
        && (9..=12).contains(&candidate.digits.len())
}

/// The forms of Europe, Asia, Africa and Australia: a 0, the area or mobile code, and the number in
/// groups. The code may have a separator of its own.
fn has_trunk_zero(candidate: &Candidate) -> bool {
    let Some((&separator, rest)) = candidate.separators.split_first() else {
        return false;
    };
    let Some((&code, groups)) = candidate.groups.split_first() else {
        return false;
    };
    let next = rest.first().copied().unwrap_or(' ');
    let is_separated = rest.iter().all(|&each| each == next)
        && match separator {
            '.' => next == '.' || rest.is_empty(),
            '/' => matches!(next, ' ' | '-'),
            _ => matches!(next, ' ' | '-'),
        };
    let length = candidate.digits.len();
    // Germany: `-0` is the switchboard, and what follows `/` may be in any groups.
    let is_short_end = candidate.separators.last() == Some(&'-')
        && candidate.digits.last() == Some(&0)
        || separator == '/' && groups.len() >= 3;
    let fewest = if is_short_end { 8 } else { 9 };
    let is_long_mobile = length == 12
        && (matches!(groups, [7 | 8] | [3 | 4, 4]) || matches!(candidate.value(0, 3), 15..=17));
    is_separated
        && candidate.digit(1) != 0
        && ((fewest..=11).contains(&length) || is_long_mobile)
        && (2..=6).contains(&code)
        && groups
            .iter()
            .rev()
            .skip(usize::from(is_short_end))
            .all(|&group| group >= 2)
        && groups.iter().all(|&group| group <= 8)
        && !is_counting(candidate)
}

/// `0123456789`, as a font is shown.
fn is_ascending(candidate: &Candidate) -> bool {
    candidate.value(0, 9) == 12_345_678
}

/// Groups that go up by small equal steps (`01 02 03 04 05`), or the numbers of a lottery.
pub(super) fn is_counting(candidate: &Candidate) -> bool {
    let values = || (1..candidate.groups.len()).map(|group| candidate.value_of(group));
    let is_drawn = candidate.groups.iter().all(|&length| length == 2)
        && values().all(|value| value < 50)
        && values().is_sorted_by(|one, other| one < other);
    let step = |group| {
        candidate
            .value_of(group + 1)
            .wrapping_sub(candidate.value_of(group))
    };
    let count = candidate.groups.len() - 1;
    is_drawn || count >= 2 && (0..count).all(|group| step(group) == step(0)) && step(0) <= 10
}
