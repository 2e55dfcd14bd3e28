//! Signatures against RFC 8032's own, and against all that is nearly one.

use super::super::signature::{PublicKey, Signature};
use super::*;

/// RFC 8032, section 7.1: key, message, signature.
const VECTORS: [(&str, &str, &str); 3] = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
];
/// The order of the group, its lowest byte first (RFC 8032, section 5.1).
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn bytes(digits: &str) -> Vec<u8> {
    hex::decode(digits).unwrap()
}

fn public_key(bytes: &[u8]) -> Option<PublicKey> {
    PublicKey::from_base64(&BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

fn is_good(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let signature = Signature::from_hex(&hex::encode(signature)).unwrap();
    public_key(key).is_some_and(|key| key.verifies(message, &signature))
}

/// Each bit of `bytes` by itself the other way round.
fn flipped(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..bytes.len() * 8).map(|bit| {
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        flipped
    })
}

#[test]
fn the_signatures_of_the_standard_are_good_and_with_any_bit_flipped_they_are_not() {
    for (key, message, signature) in VECTORS {
        let (key, message, signature) = (bytes(key), bytes(message), bytes(signature));
        assert!(is_good(&key, &message, &signature));
        assert!(!flipped(&key).any(|key| is_good(&key, &message, &signature)));
        assert!(!flipped(&message).any(|message| is_good(&key, &message, &signature)));
        assert!(!flipped(&signature).any(|signature| is_good(&key, &message, &signature)));
    }
}

#[test]
fn a_signature_has_no_second_spelling() {
    for (key, message, signature) in VECTORS {
        let mut spelled = bytes(signature);
        let mut carry = 0;
        for (byte, order) in spelled[32..].iter_mut().zip(ORDER) {
            carry += u16::from(*byte) + u16::from(order);
            *byte = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        assert!(!is_good(&bytes(key), &bytes(message), &spelled));
        assert!(Signature::from_hex(&signature.to_uppercase()).is_none());
        let (short, long) = (signature.replacen('0', "", 1), format!("{signature}00"));
        for other in ["", "0", &short, &long] {
            assert!(Signature::from_hex(other).is_none(), "{other}");
        }
    }
}

#[test]
fn a_key_for_which_any_signature_would_be_good_is_no_key() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let order_two = bytes("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    for weak in [&neutral[..], &order_two, &[0; 32]] {
        assert!(public_key(weak).is_none(), "{weak:?}");
    }
    assert!(public_key(&[0; 31]).is_none());
    // No point has this y.
    let mut off_curve = [0; 32];
    off_curve[0] = 2;
    assert!(public_key(&off_curve).is_none());
}
