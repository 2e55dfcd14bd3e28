//! The places that follow a street, where no postcode says where they end: city, county, country.

use super::address::is_capital;
use super::address_name::after_name_word;
use super::text::Text;

/// City, county and country.
const MOST_PLACES: usize = 3;

/// The sign after the places that follow, each alone between commas or at the end of the sentence;
/// where somebody lives, anything with a capital is taken for one.
pub(super) fn city_end(text: &Text, comma: usize, is_told: bool) -> Option<usize> {
    let mut comma = comma;
    let mut end = None;
    for _ in 0..MOST_PLACES {
        let Some(next) = after_place(text, comma, is_told) else {
            break;
        };
        end = Some(text.token(next - 1).end);
        comma = next;
    }
    end
}

/// The token after a comma and up to three words with capitals, which the number of a district may
/// follow: `Dublin 4`, `Co. Kerry`.
fn after_place(text: &Text, comma: usize, is_told: bool) -> Option<usize> {
    if text.at(text.token(comma).start) != ',' {
        return None;
    }
    let mut index = comma + 1;
    for _ in 0..3 {
        let token = text.token(index);
        if !is_capital(text, token) {
            break;
        }
        index = if text.is_one_of(token, "co st mt ft") {
            after_name_word(text, index + 1)
        } else {
            index + 1
        };
    }
    if index == comma + 1 {
        return None;
    }
    let district = text.token(index);
    let has_district = district.is_number() && district.len() <= 2 && !text.is_glued(district.end);
    let next = index + usize::from(has_district);
    let is_last = |index| !text.token(index).is_word() && !text.token(index).is_number();
    if is_last(next) {
        return Some(next);
    }
    (is_told || is_last(index)).then_some(index)
}
