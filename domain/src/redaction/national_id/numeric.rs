//! National numbers that consist of digits.

use super::super::card::passes_luhn;
use super::super::digits::{Candidate, Opening};
use super::super::kind::Kind;
use super::super::lexicon::{
    AADHAAR, BSN, CPF, NHS, PERSON, PESEL, PHONE, SIN, SSN, TAX, TFN, Topics,
};
use super::is_day_and_month;

/// A number's length, the word that tells of it, and the rule it must pass.
struct Rule {
    kind: Kind,
    length: usize,
    told_by: Topics,
    /// Whether it is written so that no word is needed.
    has_its_form: fn(&Candidate) -> bool,
    is_valid: fn(&Candidate) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        kind: Kind::FrInsee,
        length: 15,
        told_by: PERSON,
        has_its_form: |_| true,
        is_valid: is_insee,
    },
    Rule {
        kind: Kind::BrCnpj,
        length: 14,
        told_by: CPF,
        has_its_form: |c| c.groups == [2, 3, 3, 4, 2] && c.separators == ['.', '.', '/', '-'],
        is_valid: |c| {
            passes_eleven(c, &[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
                && passes_eleven(c, &[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
        },
    },
    Rule {
        kind: Kind::BrCpf,
        length: 11,
        told_by: CPF,
        has_its_form: |c| c.groups == [3, 3, 3, 2] && c.separators.last() == Some(&'-'),
        is_valid: |c| {
            passes_eleven(c, &[10, 9, 8, 7, 6, 5, 4, 3, 2])
                && passes_eleven(c, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])
        },
    },
    Rule {
        kind: Kind::KrRrn,
        length: 13,
        told_by: PERSON,
        has_its_form: |c| c.groups == [6, 7] && c.is_separated_by('-'),
        is_valid: |c| {
            is_day_and_month(c.value(4, 6), c.value(2, 4)) && (1..=8).contains(&c.digit(6))
        },
    },
    Rule {
        kind: Kind::SePersonnummer,
        length: 10,
        told_by: PERSON,
        has_its_form: |c| c.groups == [6, 4] && c.is_separated_by('-'),
        is_valid: |c| is_day_and_month(c.value(4, 6), c.value(2, 4)) && passes_luhn(c.digits),
    },
    Rule {
        kind: Kind::SePersonnummer,
        length: 12,
        told_by: PERSON,
        has_its_form: |c| c.groups == [8, 4] && c.is_separated_by('-'),
        is_valid: |c| {
            is_day_and_month(c.value(6, 8), c.value(4, 6))
                && (18..=20).contains(&c.value(0, 2))
                && passes_luhn(c.digits.get(2..).unwrap_or_default())
        },
    },
    Rule {
        kind: Kind::BeNationalNumber,
        length: 11,
        told_by: PERSON,
        has_its_form: |c| c.groups == [2, 2, 2, 3, 2],
        is_valid: |c| {
            let check = 97_u64.saturating_sub(c.value(9, 11));
            let number = c.value(0, 9);
            c.value(9, 11) <= 97
                && is_day_and_month(c.value(4, 6), c.value(2, 4))
                && (number % 97 == check % 97 || (2_000_000_000 + number) % 97 == check % 97)
        },
    },
    Rule {
        kind: Kind::PlPesel,
        length: 11,
        told_by: PESEL,
        has_its_form: |_| false,
        is_valid: is_pesel,
    },
    Rule {
        kind: Kind::DeTaxId,
        length: 11,
        told_by: TAX,
        has_its_form: |c| c.groups == [2, 3, 3, 3] && c.is_separated_by(' '),
        is_valid: is_german_tax_id,
    },
    Rule {
        kind: Kind::InAadhaar,
        length: 12,
        told_by: AADHAAR,
        has_its_form: |c| c.groups == [4, 4, 4] && c.is_uniform() && !c.separators.contains(&'/'),
        is_valid: |c| c.digit(0) >= 2 && passes_verhoeff(c.digits),
    },
    Rule {
        kind: Kind::UkNhs,
        length: 10,
        told_by: NHS,
        has_its_form: |c| {
            c.groups == [3, 3, 4]
                && c.is_separated_by(' ')
                && !c.is_about(PHONE)
                // Numbers from 4 on are given out; most that are North American telephone
                // numbers, too, are that.
                && (c.digit(0) == 9 || c.digit(0) >= 4 && c.digit(3) < 2)
        },
        // The Service's own example fails its check: with its name the form is enough.
        is_valid: |c| is_nhs(c) || c.groups == [3, 3, 4] && c.is_about(NHS),
    },
    Rule {
        kind: Kind::UsSsn,
        length: 9,
        told_by: SSN,
        has_its_form: |c| c.groups == [3, 2, 4] && c.is_separated_by('-'),
        is_valid: |c| {
            // Never given out: areas 000, 666 and from 900, groups 00, serials 0000 (SSA).
            !matches!(c.value(0, 3), 0 | 666 | 900..)
                && c.value(3, 5) != 0
                && c.value(5, 9) != 0
                && !matches!(c.groups, [3, 3, 3])
        },
    },
    Rule {
        kind: Kind::NlBsn,
        length: 9,
        told_by: BSN,
        has_its_form: |_| false,
        is_valid: |c| {
            let sum = weighted(c, &[9, 8, 7, 6, 5, 4, 3, 2]);
            sum % 11 == u32::from(c.digit(8)) % 11
        },
    },
    Rule {
        kind: Kind::CaSin,
        length: 9,
        told_by: SIN,
        has_its_form: |_| false,
        is_valid: |c| passes_luhn(c.digits) && c.digit(0) != 8,
    },
    Rule {
        kind: Kind::AuTfn,
        length: 9,
        told_by: TFN,
        has_its_form: |_| false,
        is_valid: |c| weighted(c, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11),
    },
];

pub(in super::super) fn judge(candidate: &Candidate) -> Option<Kind> {
    if !(9..=15).contains(&candidate.digits.len()) || candidate.opening == Opening::Plus {
        return None;
    }
    RULES
        .iter()
        .find(|rule| is_one(rule, candidate))
        .map(|rule| rule.kind)
}

fn is_one(rule: &Rule, candidate: &Candidate) -> bool {
    rule.length == candidate.digits.len()
        && candidate.is_closed()
        && !candidate.is_one_digit()
        && (rule.is_valid)(candidate)
        && !candidate.is_another_number()
        && ((rule.has_its_form)(candidate) || candidate.is_about(rule.told_by))
}

fn weighted(candidate: &Candidate, weights: &[u32]) -> u32 {
    let pairs = candidate.digits.iter().zip(weights);
    pairs
        .map(|(&digit, weight)| u32::from(digit) * weight)
        .sum()
}

/// The digit after the weighted ones makes up their sum to a multiple of 11, 10 and 11 being 0
/// (Receita Federal).
fn passes_eleven(candidate: &Candidate, weights: &[u32]) -> bool {
    let check = match weighted(candidate, weights) % 11 {
        0 | 1 => 0,
        remainder => 11 - remainder,
    };
    check == u32::from(candidate.digit(weights.len()))
}

/// NHS Data Dictionary: weights 10 to 2, modulo 11; 10 is never given out.
fn is_nhs(candidate: &Candidate) -> bool {
    let check = 11 - weighted(candidate, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    check % 11 == u32::from(candidate.digit(9)) && check != 10
}

/// INSEE: sex, year, month, place of birth, and a key, 97 less the rest of the first 13. Corsica,
/// with letters, is in `lettered`.
fn is_insee(candidate: &Candidate) -> bool {
    matches!(candidate.digit(0), 1..=4 | 7 | 8)
        && matches!(candidate.value(3, 5), 1..=12 | 20..=42 | 50..=99)
        && candidate.value(13, 15) == 97 - candidate.value(0, 13) % 97
}

/// Weights 1, 3, 7, 9; the century is in the month (Dz.U. 1979).
fn is_pesel(candidate: &Candidate) -> bool {
    let sum = weighted(candidate, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
    (10 - sum % 10) % 10 == u32::from(candidate.digit(10))
        && is_day_and_month(candidate.value(4, 6), candidate.value(2, 4) % 20)
}

/// ISO/IEC 7064 MOD 11,10; of the first ten digits exactly one comes twice or thrice (BZSt).
fn is_german_tax_id(candidate: &Candidate) -> bool {
    let Some((&check, first)) = candidate.digits.split_last() else {
        return false;
    };
    let count = |digit: u8| first.iter().filter(|&&each| each == digit).count();
    let repeated = (0..=9).filter(|&digit| count(digit) > 1).count();
    let is_spread = repeated == 1 && (0..=9).all(|digit| count(digit) <= 3);
    let product = first.iter().fold(10, |product, &digit| {
        let sum = (u32::from(digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    candidate.digit(0) != 0 && is_spread && (11 - product) % 10 == u32::from(check)
}

/// Verhoeff's check digit over the dihedral group of order 10, which UIDAI uses.
fn passes_verhoeff(digits: &[u8]) -> bool {
    let mut check = 0;
    for (place, &digit) in digits.iter().rev().enumerate() {
        let permuted = (0..place % 8).fold(digit, |digit, _| permute(digit));
        check = multiply(check, permuted);
    }
    check == 0
}

fn permute(digit: u8) -> u8 {
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
        .get(usize::from(digit))
        .copied()
        .unwrap_or(0)
}

/// In the dihedral group: 0 to 4 turn, 5 to 9 mirror and turn.
fn multiply(one: u8, other: u8) -> u8 {
    match (one < 5, other < 5) {
        (true, true) => (one + other) % 5,
        (true, false) => (one + other - 5) % 5 + 5,
        (false, true) => (one - 5 + 5 - other) % 5 + 5,
        (false, false) => (one + 5 - other) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn numbers_are_found_by_their_form_or_by_a_word() {
        assert_found(
            Kind::UkNhs,
            &[
                "NHS {943 476 5919}",
                "nhs number {9434765919}",
                "{943 476 5919}",
            ],
        );
        assert_found(
            Kind::DeTaxId,
            &["{86 095 742 719}", "Steuer-ID: {86095742719}"],
        );
        assert_found(
            Kind::FrInsee,
            &["{1 85 05 78 006 084 91}", "{185057800608491}"],
        );
        assert_found(
            Kind::InAadhaar,
            &[
                "{2341 2341 2346}",
                "Aadhaar {234123412346}",
                "{२३४१ २३४१ २३४६}",
            ],
        );
        assert_found(
            Kind::PlPesel,
            &["PESEL {44051401359}", "pesel: {44051401359}"],
        );
        assert_found(Kind::BrCpf, &["{529.982.247-25}", "CPF {52998224725}"]);
        assert_found(Kind::BrCnpj, &["{11.222.333/0001-81}"]);
        assert_found(
            Kind::UsSsn,
            &[
                "{536-90-4399}",
                "SSN {536904399}",
                "my ssn is {536 90 4399}",
            ],
        );
        assert_found(Kind::NlBsn, &["BSN {111222333}"]);
        assert_found(Kind::BeNationalNumber, &["{85.07.30-033.28}"]);
        assert_found(Kind::SePersonnummer, &["{811218-9876}", "{19811218-9876}"]);
        assert_found(Kind::CaSin, &["SIN {130 692 544}"]);
    }

    #[test]
    fn numbers_with_a_wrong_check_digit_or_without_a_word_are_not() {
        assert_clean(&[
            "NHS 1234567890",
            "86 095 742 718",
            "185057800608492",
            "2341 2341 2345",
            "PESEL 44051401358",
            "44051401359",
            "529.982.247-26",
            "52998224725",
            "000-12-3456",
            "666-12-3456",
            "SSN of 900-12-3456",
            "536904399",
            "BSN 111222334",
        ]);
    }
}
