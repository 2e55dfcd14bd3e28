//! Addresses of crypto currencies: base58 with its checksum (Bitcoin, Litecoin, Dogecoin, Tron and
//! others), bech32 with its checksum (BIP 173 and 350: Bitcoin, Litecoin, Cardano and others), and
//! the forms without one that are long enough (Ethereum, Monero). Next to a word about wallets the
//! form is enough.

use sha2::{Digest, Sha256};

use super::Found;
use super::kind::Kind;
use super::lexicon::WALLET;
use super::text::Text;
use super::tokens::is_told_before;

/// Cardano's are 103 long, Monero's 106 at most.
const LONGEST: usize = 110;
const SHORTEST: usize = 26;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let start = text.token(index).start;
        if start < done || text.is_glued_before(start) || !text.at(start).is_ascii_alphanumeric() {
            continue;
        }
        let end = text.run_end(start, LONGEST, |c| c.is_ascii_alphanumeric());
        done = end;
        if end - start < SHORTEST || text.is_glued(end) {
            continue;
        }
        let word: String = (start..end).map(|sign| text.at(sign)).collect();
        if is_wallet(&word) || is_told_before(text, index, 6, WALLET) && has_wallet_form(&word) {
            found.push(Found {
                kind: Kind::CryptoWallet,
                start,
                end,
            });
        }
    }
}

fn is_wallet(word: &str) -> bool {
    is_ethereum(word) || is_monero(word) || is_bech32(word) || is_base58_checked(word)
}

/// 20 bytes in hexadecimal.
fn is_ethereum(word: &str) -> bool {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    digits.is_some_and(|digits| digits.len() == 40 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_monero(word: &str) -> bool {
    matches!(word.len(), 95 | 106) && word.starts_with(['4', '8']) && is_base58(word)
}

/// What an address without a good checksum looks like: Bitcoin's, Tron's or Solana's.
fn has_wallet_form(word: &str) -> bool {
    let has_digits = word.bytes().any(|b| b.is_ascii_digit());
    has_digits && (is_base58(word) && word.len() <= 44 || word.starts_with("bc1"))
}

const BASE58: &str = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

fn is_base58(word: &str) -> bool {
    word.chars().all(|character| BASE58.contains(character))
}

/// A version, 20 bytes, and the first four bytes of their double SHA-256.
fn is_base58_checked(word: &str) -> bool {
    let Some(bytes) = decode_base58(word) else {
        return false;
    };
    let (payload, checksum) = bytes.split_at(21);
    let hash = Sha256::digest(Sha256::digest(payload));
    hash.starts_with(checksum)
}

/// The 25 bytes of an address in base58, if it has no more.
fn decode_base58(word: &str) -> Option<[u8; 25]> {
    if word.len() > 36 {
        return None;
    }
    let mut bytes = [0_u8; 25];
    for character in word.chars() {
        let mut carry = u32::try_from(BASE58.find(character)?).ok()?;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = u8::try_from(carry & 0xFF).ok()?;
            carry >>= 8;
        }
        if carry > 0 {
            return None;
        }
    }
    Some(bytes)
}

const BECH32: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// A name, `1`, and data whose checksum is one of the two constants.
fn is_bech32(word: &str) -> bool {
    let word = match word.bytes().all(|b| !b.is_ascii_lowercase()) {
        true => word.to_ascii_lowercase(),
        false => word.to_owned(),
    };
    let Some((name, data)) = word.rsplit_once('1') else {
        return false;
    };
    if name.is_empty() || name.len() > 12 || data.len() < 12 {
        return false;
    }
    let high = name.bytes().map(|byte| u32::from(byte >> 5));
    let low = name.bytes().map(|byte| u32::from(byte & 31));
    let mut checksum = high.chain([0]).chain(low).fold(1, polymod);
    for character in data.chars() {
        let Some(value) = BECH32.find(character).and_then(|at| u32::try_from(at).ok()) else {
            return false;
        };
        checksum = polymod(checksum, value);
    }
    matches!(checksum, 1 | 0x2BC8_30A3)
}

/// One step of the checksum of BIP 173.
fn polymod(checksum: u32, value: u32) -> u32 {
    const GENERATORS: [u32; 5] = [
        0x3B6A_57B2,
        0x2650_8E6D,
        0x1EA1_19FA,
        0x3D42_33DD,
        0x2A14_62B3,
    ];
    let top = checksum >> 25;
    let next = (checksum & 0x1FF_FFFF) << 5 ^ value;
    let applied = GENERATORS
        .iter()
        .enumerate()
        .filter(|(bit, _)| top >> bit & 1 == 1);
    applied.fold(next, |next, (_, generator)| next ^ generator)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn addresses_are_found_by_their_checksum_or_form() {
        assert_found(
            Kind::CryptoWallet,
            &[
                "send to {1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa}",
                "{3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy}",
                "{bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4}",
                "{BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4}",
                "{bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0}",
                "{0x52908400098527886E0F7030069857D2E4169EE7},",
            ],
        );
    }

    #[test]
    fn other_codes_are_no_addresses() {
        assert_clean(&[
            "0xFF8800",
            "commit 356a192b7913b04c54574d18c28d46e6395428ab",
            "supercalifragilisticexpialidocious",
        ]);
    }
}
