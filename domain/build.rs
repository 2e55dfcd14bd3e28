//! Picks out of Unicode's confusables (UTS 39) the letters that look like one Latin letter. The
//! whole table, of which nothing else is needed, would be a tenth of the Worker.

use std::path::Path;
use std::{env, fs, io, iter};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;
use unicode_security::skeleton;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    let pairs = ('\u{80}'..=char::MAX).filter_map(|letter| Some((letter, latin(letter)?)));
    let table = format!("&{:?}", pairs.collect::<Vec<_>>());
    fs::write(Path::new(&folder).join("look_alikes.rs"), table)
}

/// The small Latin letter that a letter looks like, accents aside.
fn latin(letter: char) -> Option<char> {
    let text = letter.to_string();
    if !letter.is_alphabetic() || !text.nfkd().eq(iter::once(letter)) {
        return None;
    }
    let mut prototype = skeleton(&text).filter(|part| canonical_combining_class(*part) == 0);
    let first = prototype.next().filter(char::is_ascii_alphabetic)?;
    // What looks like several letters, as the Cyrillic yu does like "lo", is no disguise of one.
    prototype
        .next()
        .is_none()
        .then(|| first.to_ascii_lowercase())
}
