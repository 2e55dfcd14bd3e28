//! Payment cards: the issuer's prefix, the length and the check digit of ISO/IEC 7812, in one piece
//! or in the groups that are embossed on cards.

use super::digits::{Candidate, Opening};
use super::kind::Kind;
use super::lexicon::CARD;

pub(super) fn judge(candidate: &Candidate) -> Option<Kind> {
    let is_card = (12..=19).contains(&candidate.digits.len())
        && candidate.opening != Opening::Plus
        && has_card_form(candidate)
        && is_issued(candidate)
        && passes_luhn(candidate.digits)
        && candidate.is_closed()
        && (candidate.is_about(CARD) || !candidate.is_another_number());
    is_card.then_some(Kind::PaymentCard)
}

fn has_card_form(candidate: &Candidate) -> bool {
    let is_separated = candidate.is_uniform() && !candidate.separators.contains(&'/');
    match candidate.groups {
        // In one piece long numbers could be ids.
        [13] => candidate.is_about(CARD) || !is_barcode(candidate.digits),
        [18 | 19] => candidate.is_about(CARD),
        [12..=17] => candidate.text.before(candidate.start) != '/',
        [4, 4, 4, 4]
        | [4, 4, 4, 4, 1..=3]
        | [4, 6, 4 | 5]
        | [4, 4, 5]
        | [6, 13]
        | [4, 4, 4, 3]
        | [8, 8]
        | [6, 10]
        | [4, 3, 3, 3] => is_separated,
        _ => false,
    }
}

/// The check digit of an EAN (GS1, general specifications).
fn is_barcode(digits: &[u8]) -> bool {
    let weighted = digits.iter().zip([1, 3].into_iter().cycle());
    let sum: u32 = weighted
        .map(|(&digit, weight)| u32::from(digit) * weight)
        .sum();
    sum.is_multiple_of(10)
}

/// The ranges of the large issuers (ISO/IEC 7812-1, as the issuers publish them).
fn is_issued(candidate: &Candidate) -> bool {
    let length = candidate.digits.len();
    match candidate.value(0, 4) {
        // Visa.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        // Mastercard, both ranges.
        5100..=5599 | 2221..=2720 => length == 16,
        // American Express.
        3400..=3499 | 3700..=3799 => length == 15,
        // Diners Club.
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => matches!(length, 14 | 16),
        // JCB.
        3528..=3589 => length == 16,
        // Discover, UnionPay, RuPay.
        6011 | 6440..=6599 | 6200..=6299 | 8100..=8199 | 6000..=6010 | 6060..=6099 => {
            (16..=19).contains(&length)
        }
        // Mir.
        2200..=2204 => (16..=19).contains(&length),
        // Maestro, where it is not one of the above.
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => (12..=19).contains(&length),
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812-1, annex B.
pub(super) fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let doubled = u32::from(digit) * 2;
            match place % 2 {
                0 => u32::from(digit),
                _ => doubled / 10 + doubled % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn cards_of_all_issuers_are_found_in_every_form() {
        assert_found(
            Kind::PaymentCard,
            &[
                "pay with {4111111111111111} now",
                "{4111 1111 1111 1111}, 12/27",
                "{5500-0055-5555-5559}",
                "{5500.0055.5555.5559}.",
                "amex {3782 822463 10005}",
                "{6011000990139424}",
                "{3566 0020 2036 0505}",
                "diners {3056 930902 5904}",
                "{2223 0031 2200 3222}",
                "カード番号は{４１１１ １１１１ １１１１ １１１１}です",
                "card: {4222222222222}",
                "{4222222222222} on a toy till",
                "order confirmation, visa {4111 1111 1111 1111} - 1x print",
            ],
        );
    }

    #[test]
    fn other_long_numbers_are_no_cards() {
        assert_clean(&[
            "serial 0000 0000 0000 0000",
            "1234 5678 9012 3456 on a mockup",
            "4111 1111 1111 1112",
            "EAN 4006381333931",
            "4006381333931",
            "seed 4111111111111111",
            "pi is 3.14159265358979323846",
            "https://cdn.example/4111111111111111/a.png",
        ]);
    }
}
