//! How long a policy at its limits takes to read and to apply to a prompt of 10,000 characters.

use std::hint::black_box;
use std::time::Instant;

use domain::policy::ContentPolicy;

const ENTRIES: usize = 10_000;
const CHARACTERS: usize = 10_000;
const ROUNDS: u32 = 100;

fn main() {
    let policy = policy();
    let began = Instant::now();
    let read: ContentPolicy = match policy.parse() {
        Ok(read) => read,
        Err(error) => return eprintln!("{error}"),
    };
    println!("{} KB read: {:?}", policy.len() / 1024, began.elapsed());
    for (name, word) in [
        ("plain words", "painting of mountains "),
        (
            "begun like the policy's words",
            "mo mon moun mount how make ",
        ),
        ("masked words", "pa1nt1ng 0f m0unta1ns "),
        ("spelled words", "m o u n t a i n s, "),
        ("stretched words", "mooouuuntaaains "),
        ("one long word", "ba"),
        ("mixed scripts", "p\u{430}inting \u{43E}f m\u{43E}untains "),
        ("Russian", "утренняя роса на листьях "),
        ("Korean", "산속의 아침 이슬 "),
        ("Chinese", "赤い花を持つ人"),
    ] {
        let text: String = word.chars().cycle().take(CHARACTERS).collect();
        let began = Instant::now();
        for _ in 0..ROUNDS {
            assert!(black_box(&read).check(black_box(&text)).is_none(), "{name}");
        }
        println!("{name}: {:?}", began.elapsed() / ROUNDS);
    }
}

/// As many entries as a policy may have, made of syllables: half terms, the rest phrases and
/// patterns, many of which begin alike.
fn policy() -> String {
    let word = |number: usize| {
        let syllables = ["ba", "ke", "mo", "ri", "su", "ta", "lo", "ni", "fe", "du"];
        let digits = [
            number / 1000 % 10,
            number / 100 % 10,
            number / 10 % 10,
            number % 10,
        ];
        digits
            .map(|digit| syllables.get(digit).copied().unwrap_or_default())
            .concat()
            + "x"
    };
    let list = |from: usize, to: usize, entry: &dyn Fn(usize) -> String| {
        let entries: Vec<String> = (from..to)
            .map(|number| format!("\"{}\"", entry(number)))
            .collect();
        entries.join(",")
    };
    let terms = list(0, ENTRIES / 2, &word);
    let phrases = list(ENTRIES / 2, ENTRIES * 3 / 4, &|number| {
        format!("how {}", word(number))
    });
    let patterns = list(ENTRIES * 3 / 4, ENTRIES, &|number| {
        if number % 2 == 0 {
            format!("make * {}", word(number))
        } else {
            format!("*{}*", word(number))
        }
    });
    format!(
        r#"{{"categories": {{"all": {{"terms": [{terms}], "phrases": [{phrases}], "patterns": [{patterns}]}}}}}}"#
    )
}
