//! Keys, tokens and passwords: by the prefixes that services give theirs, by form (JSON Web Tokens,
//! private keys in PEM), by the word in front (`password:`), and by looking random.

use super::Found;
use super::assigned::{assigned, typed};
use super::entropy::{is_in_url, is_random, run_end, whole_run_end};
use super::kind::Kind;
use super::text::{NOTHING, Text};
use super::tokens::Token;

/// Prefixes of keys and the fewest characters after them, as the services document them (GitHub,
/// GitLab, Stripe, Slack, AWS, Google and so on; GitHub's secret scanning lists them all).
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 16),
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("pk_live_", 8),
    ("pk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("sk_", 24),
    ("whsec_", 12),
    ("ghp_", 16),
    ("gho_", 16),
    ("ghu_", 16),
    ("ghs_", 16),
    ("ghr_", 16),
    ("github_pat_", 16),
    ("glpat-", 12),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("GOCSPX-", 20),
    ("ya29.", 20),
    ("hf_", 20),
    ("npm_", 30),
    ("pypi-", 20),
    ("dop_v1_", 20),
    ("doo_v1_", 20),
    ("SG.", 20),
    ("shpat_", 16),
    ("shpss_", 16),
    ("shpca_", 16),
    ("sq0atp-", 16),
    ("sq0csp-", 16),
    ("EAACEdEose0cBA", 1),
    ("r8_", 20),
    ("key-", 24),
    ("gsk_", 20),
    ("xai-", 20),
    ("nvapi-", 20),
    ("pplx-", 20),
    ("lin_api_", 16),
    ("secret_", 30),
    ("ntn_", 30),
    ("figd_", 20),
    ("dapi", 32),
    ("tskey-", 16),
    ("hvs.", 20),
    ("rpa_", 20),
    ("fal_", 20),
    ("pat_", 20),
    ("Bearer ", 16),
];

/// Nothing shorter, with its prefix, is a key.
const SHORTEST: usize = 12;
/// The longest key of any service and the longest JSON Web Token that is looked at.
const LONGEST: usize = 4096;
const LONGEST_KEY: usize = 512;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    let mut pem = PemEnds::default();
    for index in 0..text.tokens() {
        let token = text.token(index);
        if token.start < done {
            continue;
        }
        let secret = pem_key(text, token.start, &mut pem)
            .or_else(|| assigned(text, index))
            .or_else(|| typed(text, index))
            .or_else(|| unmistakable(text, token));
        if let Some((start, end)) = secret {
            found.push(Found {
                kind: Kind::Secret,
                start,
                end,
            });
            done = end;
        } else if !text.is_glued_before(token.start) && !"-/+=".contains(text.before(token.start)) {
            // The rest of a run that was looked at is not a run of its own.
            let end = run_end(text, token.start);
            if end > token.start + 64 && !token.is_number() {
                done = done.max(skipped(text, token.start, end));
            }
        }
    }
}

/// The end of a long run without blanks that is no secret from its start on.
fn skipped(text: &Text, start: usize, end: usize) -> usize {
    let mut signs = (start..end).filter(|&sign| text.at(sign) == '=');
    match (signs.next(), signs.next()) {
        // A name and its value, which may be a key.
        (Some(sign), None) => sign,
        _ if text.at(end) == ' ' || text.at(end) == NOTHING => end,
        _ => start,
    }
}

/// What needs no word to be known.
pub(super) fn unmistakable(text: &Text, token: Token) -> Option<(usize, usize)> {
    let start = token.start;
    // After a dash or a dot it is the middle of a run that was looked at.
    let is_within = text.is_glued_before(start) || matches!(text.before(start), '-' | '.');
    if is_within || !text.at(start).is_ascii_alphanumeric() {
        return None;
    }
    // Most words are too short; only one prefix has a blank in it.
    let is_short =
        text.run_end(start, SHORTEST, |c| !matches!(c, ' ' | NOTHING)) < start + SHORTEST;
    if is_short && text.at(start) != 'B' {
        return None;
    }
    let end = prefixed_end(text, start)
        .or_else(|| web_token_end(text, start))
        .or_else(|| three_part_end(text, start))
        .or_else(|| random_end(text, start))?;
    Some((start, end))
}

pub(super) fn is_key_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-".contains(character)
}

fn prefixed_end(text: &Text, start: usize) -> Option<usize> {
    let (prefix, fewest) = PREFIXES
        .iter()
        .find(|(prefix, _)| text.is_exactly(start, prefix))?;
    let key = start + prefix.len();
    let has_dots = prefix.ends_with('.') || *prefix == "Bearer ";
    let belongs: fn(char) -> bool = if has_dots {
        |character| is_key_character(character) || "./+=~".contains(character)
    } else {
        is_key_character
    };
    let end = text.run_end(key, LONGEST_KEY, belongs);
    let digits = (key..end)
        .filter(|&sign| text.at(sign).is_ascii_digit())
        .count();
    let is_random_looking = digits >= 2
        || *fewest == 1
        || end - key >= 32 && is_flat(text, key, end)
        || (key..end).any(|sign| text.at(sign).is_uppercase());
    (end - key >= *fewest && is_random_looking)
        .then(|| trimmed(text, start, text.whole_end(end, belongs)))
}

/// Whether there are only letters and digits.
fn is_flat(text: &Text, start: usize, end: usize) -> bool {
    (start..end).all(|sign| text.at(sign).is_ascii_alphanumeric())
}

/// Three parts in base 64 with dots between them, the first starting with `{"` (RFC 7519).
fn web_token_end(text: &Text, start: usize) -> Option<usize> {
    if !text.is_exactly(start, "eyJ") {
        return None;
    }
    let header = text.run_end(start, LONGEST, is_key_character);
    let payload = text.run_end(header + 1, LONGEST, is_key_character);
    let has_parts = text.at(header) == '.' && header - start >= 10 && payload - header > 6;
    if !has_parts {
        return None;
    }
    let signature = text.run_end(payload + 1, LONGEST, is_key_character);
    let is_signed = text.at(payload) == '.' && signature > payload + 1;
    let end = if is_signed { signature } else { payload };
    Some(text.whole_end(end, is_key_character))
}

/// Three parts as Discord gives its bots: the account in base 64, six characters, 27 or more.
fn three_part_end(text: &Text, start: usize) -> Option<usize> {
    const LONGEST_ACCOUNT: usize = 30;
    let account = text.run_end(start, LONGEST_ACCOUNT, is_key_character);
    let time = text.run_end(account + 1, 7, is_key_character);
    let end = text.run_end(time + 1, 64, is_key_character);
    let is_token = text.at(account) == '.'
        && text.at(time) == '.'
        && account - start >= 16
        && time - account == 7
        && end - time > 20
        && (start..end).any(|sign| text.at(sign).is_ascii_digit())
        && (start..end).any(|sign| text.at(sign).is_uppercase());
    is_token.then(|| text.whole_end(end, is_key_character))
}

fn random_end(text: &Text, start: usize) -> Option<usize> {
    if "-/+=.".contains(text.before(start))
        && text.before(start) != NOTHING
        && text.before(start) != '='
    {
        return None;
    }
    let end = run_end(text, start);
    if !is_random(text, start, end) || is_in_url(text, start) || text.at(end) == '>' {
        return bot_token_end(text, start);
    }
    // Further parts after dots, as in a bot's token.
    let mut last = whole_run_end(text, end);
    for _ in 0..3 {
        let next = run_end(text, last + 1);
        if text.at(last) != '.' || next < last + 3 {
            break;
        }
        last = next;
    }
    Some(last)
}

/// A number, a colon and 35 characters: what Telegram gives its bots.
fn bot_token_end(text: &Text, start: usize) -> Option<usize> {
    let colon = text.run_end(start, 12, |c| c.is_ascii_digit());
    let end = run_end(text, colon + 1);
    let has = |is: fn(char) -> bool| (colon + 1..end).any(|sign| is(text.at(sign)));
    let is_token = (8..=10).contains(&(colon - start))
        && text.at(colon) == ':'
        && end > colon + 30
        && has(char::is_lowercase)
        && has(char::is_uppercase);
    is_token.then(|| whole_run_end(text, end))
}

/// Whether a private key's end was looked for and found, so that many beginnings without an end
/// cost no more than one.
#[derive(Default)]
struct PemEnds {
    has_none_left: bool,
}

const PEM_BEGINS: &str = "-----BEGIN ";
const PEM_ENDS: &str = "-----END ";

/// A block of PEM (RFC 7468) with a private key, to its end or to the end of the text.
fn pem_key(text: &Text, start: usize, ends: &mut PemEnds) -> Option<(usize, usize)> {
    if text.at(start) != '-' || !text.is_exactly(start, PEM_BEGINS) {
        return None;
    }
    let label = start + PEM_BEGINS.len();
    let label_end = text.run_end(label, 40, |c| c.is_ascii_uppercase() || c == ' ');
    let is_private = (label..label_end).any(|sign| text.is_exactly(sign, "PRIVATE KEY"));
    if !is_private {
        return None;
    }
    let end = match ends.has_none_left {
        true => None,
        false => (label_end..text.len()).find(|&sign| text.is_exactly(sign, PEM_ENDS)),
    };
    ends.has_none_left = end.is_none();
    let Some(end) = end else {
        return Some((start, text.len()));
    };
    let label = text.run_end(end + PEM_ENDS.len(), 40, |c| {
        c.is_ascii_uppercase() || c == ' '
    });
    Some((start, text.run_end(label, 5, |c| c == '-')))
}

/// The end without what closes the sentence or the quotation.
pub(super) fn trimmed(text: &Text, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && ".,;:?)]}'`»”>".contains(text.before(end)) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn keys_of_known_services_are_found() {
        assert_found(
            Kind::Secret,
            &[
                "a bot {8123456789:AAHexampleEXAMPLEexampleEXAMPLEexam} in neon",
                "{dop_v1_deadbeefdeadbeefdeadbeefdeadbeefdeadbeef}",
                "key {sk-abcdEFGH1234ijklMNOP5678qrst}",
                "SOME_SERVICES_KEY={sk-abcdEFGH1234ijklMNOP5678qrstUVWXabcdEFGH1234ijklMNOP} please",
                "{sk_live_4eC39HqLyjWDarjtT1zdp7dc}.",
                "{ghp_16C7e42F292c6912E7710c838347Ae178B4a}",
                "{glpat-zYxWvU9876543210abcd}",
                "{xoxb-123456789012-abcdefABCDEF}",
                "{AKIAIOSFODNN7EXAMPLE}",
                "{AIzaSyA-1234567890abcdefghijklmnopqrstu}",
                "{hf_abcdefghijklmnopqrstuvwxyz12345678}",
                "{eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P}",
                "x {-----BEGIN RSA PRIVATE KEY----- MIIEow== -----END RSA PRIVATE KEY-----} y",
            ],
        );
    }

    #[test]
    fn random_text_is_found() {
        assert_found(Kind::Secret, &["with {x7Kp9QmZ2vR4tLw8Yb3NcF6H} on it"]);
    }

    #[test]
    fn names_flags_and_files_are_no_secrets() {
        assert_clean(&[
            "FEN r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R w KQkq",
            "masterpiece_v2_final, best-quality",
            "<lora:epiNoiseoffset_v2:0.8>",
            "juggernautXL_v9Rundiffusionphoto2.safetensors",
            "CamelCaseModelNamesXL, realisticVisionV60B1_v51HyperVAE",
            "--ar 16:9 --stylize 250 --seed 1234567890 --niji 6",
            "a login form with username: and password: and a button",
            "the password is incorrect",
            "IMG_20240517_123456.jpg",
            "123e4567-e89b-12d3-a456-426614174000",
            "a secret garden, token of love: 5 gold",
            "sk-eleton and risk-averse-people-everywhere",
            "#ff8800 0xFF8800",
            "https://cdn.example.com/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/view",
        ]);
    }
}
