//! How long redaction takes for texts made to be slow: for each family the best of some runs at
//! 10,000, 20,000 and 40,000 characters, in milliseconds. Linear means twice the time for twice the
//! text.
//!
//! `cargo run --profile bench --package domain --example redaction_time`

use std::time::{Duration, Instant};

use domain::redaction::redact;

/// A family is a piece of text that is repeated.
const FAMILIES: &[(&str, &str)] = &[
    ("digits", "7"),
    ("zeros", "0"),
    ("at signs", "@"),
    ("1-1-1", "1-"),
    ("1 1 1", "1 "),
    ("12 34 56", "12 34 56 "),
    ("a.a.a@", "a."),
    ("a@a@a", "a@"),
    ("a.a@a.a", "a.a@a."),
    ("a@b.co", "a@b.co "),
    ("(at)(dot)", "a(at)b(dot)"),
    ("brackets", "("),
    ("open and digit", "(1) "),
    ("plus", "+1"),
    ("base58", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"),
    ("base58 words", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz "),
    ("hex", "0f"),
    ("hex pairs", "0f:"),
    ("colons", ":"),
    ("jwt", "eyJhbGciOi."),
    ("jwt words", "eyJhbGciOi.eyJhbGciOi "),
    ("eyJ", "eyJ"),
    ("born", "born "),
    ("call", "call "),
    ("call digits", "call 5551234 "),
    ("passport", "passport "),
    ("passport digits", "passport 1234567 "),
    ("driver licence", "driver licence no "),
    ("password", "password: "),
    ("password is", "password is a1"),
    ("key", "api key "),
    ("pem", "-----BEGIN PRIVATE KEY----- "),
    ("urls", "https://a:b@c "),
    ("url", "://"),
    ("one url", "https://a?token=&"),
    ("street", "1 a street "),
    ("postcodes", "Aa Lane, GL5 2HU "),
    ("house names", "Aa House, 1 Aa Road, "),
    ("names", "12 Aa Bb Cc Dd Ee "),
    ("rue", "rue "),
    ("rue capital", "rue Aa "),
    ("iban", "DE89 "),
    ("iban run", "DE89"),
    ("placeholders", "[email]"),
    ("dates", "12/05/1990 "),
    ("months", "may "),
    ("coordinates", "12.3456, "),
    ("degrees", "1°1'1\"N "),
    ("han", "電話"),
    ("kana", "パ"),
    ("dashes", "-"),
    ("underscores", "a_"),
    ("classes", "aA1-.@:/+( é年１_#"),
    ("spaces and marks", ", . "),
    ("sk", "sk-"),
    ("mixed keys", "aB3"),
    ("dots", "."),
    ("octets", "10.0.0."),
];

const RUNS: usize = 5;

fn best(text: &str) -> Duration {
    let run = |_| {
        let began = Instant::now();
        std::hint::black_box(redact(std::hint::black_box(text)));
        began.elapsed()
    };
    (0..RUNS).map(run).min().unwrap_or_default()
}

fn repeated(piece: &str, characters: usize) -> String {
    piece.chars().cycle().take(characters).collect()
}

fn main() {
    // The words are sorted once, before the first text.
    std::hint::black_box(redact(""));
    let mut worst = 0.0_f64;
    println!("{:20} {:>8} {:>8} {:>8}", "ms", 10_000, 20_000, 40_000);
    for (name, piece) in FAMILIES {
        let times = [10_000, 20_000, 40_000]
            .map(|characters| best(&repeated(piece, characters)).as_secs_f64() * 1e3);
        println!(
            "{name:20} {:8.3} {:8.3} {:8.3}",
            times[0], times[1], times[2]
        );
        worst = worst.max(times[0]);
    }
    println!("worst for 10,000 characters: {worst:.3} ms");
}
