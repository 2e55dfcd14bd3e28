//! Compressed bodies, also one that has no end.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

const MEBIBYTE: usize = 1024 * 1024;

/// All of it, compressed.
pub fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The beginning of a compressed body, and the kilobyte that makes it longer by a mebibyte of blanks
/// each time it follows.
pub fn inflating(beginning: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut encoder = GzEncoder::new(vec![], Compression::best());
    encoder.write_all(beginning).unwrap();
    encoder.flush().unwrap();
    let begun = encoder.get_ref().len();
    encoder.write_all(&vec![b' '; MEBIBYTE]).unwrap();
    encoder.flush().unwrap();
    let mut start = encoder.get_ref().clone();
    let repeated = start.split_off(begun);
    (start, repeated)
}
