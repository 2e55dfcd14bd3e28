//! URLs that carry what opens something: a user and password (RFC 3986, userinfo), or a secret: a token
//! in the query, or a path that is itself the key. The whole URL goes, for host and path belong to it.

use super::Found;
use super::kind::Kind;
use super::text::{NOTHING, Text};

/// Names of parameters whose value is a credential.
const CREDENTIALS: &str = "token access_token accesstoken auth_token authtoken auth refresh_token id_token api_key \
    apikey api-key key secret client_secret password passwd pwd pass sig signature x-amz-signature \
    x-amz-security-token x-goog-signature session sessionid session_id sid jwt code access_key private_token user_token";

/// The shortest value that can be one.
const SHORTEST_VALUE: usize = 4;

pub(super) fn find(text: &Text, found: &mut Vec<Found>) {
    let mut done = 0;
    for index in 0..text.tokens() {
        let colon = text.token(index).start;
        if colon < done || !text.is_exactly(colon, "://") {
            continue;
        }
        let start = scheme_start(text, colon);
        let end = text.run_end(colon, text.len() - colon, |character| {
            !matches!(character, ' ' | '"' | '<' | '>' | '[' | NOTHING)
        });
        done = end;
        if start == colon {
            continue;
        }
        let user = user_end(text, colon + 3, end);
        let end = trimmed(text, start, end);
        let (kind, end) = if is_webhook(text, colon + 3) {
            (Kind::Secret, end)
        } else if let Some(at) = user {
            // A machine's number is a find of its own.
            let is_number = text.at(at + 1).is_ascii_digit();
            (Kind::UrlCredentials, if is_number { at + 1 } else { end })
        } else if has_credential(text, colon + 3, end) {
            (Kind::Secret, end)
        } else {
            continue;
        };
        found.push(Found { kind, start, end });
    }
}

fn scheme_start(text: &Text, colon: usize) -> usize {
    let is_scheme =
        |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    let mut start = colon;
    while colon - start < 24 && start > 0 && is_scheme(text.before(start)) {
        start -= 1;
    }
    start
}

/// The end without what closes the sentence or the quotation around the URL.
fn trimmed(text: &Text, start: usize, end: usize) -> usize {
    let mut end = end;
    while end > start && ".,;:!?)]}'`".contains(text.before(end)) {
        end -= 1;
    }
    end
}

/// The `@` after the user.
fn user_end(text: &Text, start: usize, end: usize) -> Option<usize> {
    let authority_end = (start..end)
        .find(|&sign| matches!(text.at(sign), '/' | '?' | '#'))
        .unwrap_or(end);
    // A password may have a slash in it, unencoded: then the colon comes first.
    let limit = if (start..authority_end).any(|sign| text.at(sign) == ':') {
        end
    } else {
        authority_end
    };
    let at = (start..limit).find(|&sign| text.at(sign) == '@');
    at.filter(|&at| {
        at > start
            && (at < authority_end || !(start..at).any(|sign| text.at(sign) == '?'))
            && (at < authority_end || !text.at(authority_port(text, start)).is_ascii_digit())
    })
}

/// The sign after the first colon of the authority.
fn authority_port(text: &Text, start: usize) -> usize {
    text.run_end(start, text.len().saturating_sub(start), |c| {
        c != ':' && c != NOTHING
    }) + 1
}

fn has_credential(text: &Text, start: usize, end: usize) -> bool {
    (start..end)
        .filter(|&sign| matches!(text.at(sign), '?' | '&' | '#' | ';'))
        .any(|sign| is_credential(text, sign + 1, end))
}

fn is_credential(text: &Text, name: usize, end: usize) -> bool {
    CREDENTIALS.split_whitespace().any(|credential| {
        let value = name + credential.len() + 1;
        if !text.reads(name, credential) || text.at(value - 1) != '=' {
            return false;
        }
        let value_end = (value..end.min(value + SHORTEST_VALUE))
            .find(|&sign| text.at(sign) == '&')
            .unwrap_or(end.min(value + SHORTEST_VALUE));
        value_end - value.min(value_end) >= SHORTEST_VALUE
    })
}

/// Addresses that let anyone who knows them write to a channel.
fn is_webhook(text: &Text, host: usize) -> bool {
    [
        "hooks.slack.com/services/",
        "discord.com/api/webhooks/",
        "discordapp.com/api/webhooks/",
        "api.telegram.org/bot",
    ]
    .iter()
    .any(|prefix| text.reads(host, prefix))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_clean, assert_found};
    use super::*;

    #[test]
    fn urls_with_a_user_or_a_token_are_found() {
        assert_found(
            Kind::UrlCredentials,
            &[
                "see {https://jane:s3cret@example.com/a?b=c}.",
                "{postgres://admin:pa55@db.example.com:5432/shop}",
                "{mongodb+srv://u:p%40ss@cluster0.example.net}",
                "{ftp://bob@example.com/file}",
            ],
        );
        assert_found(
            Kind::Secret,
            &[
                "{https://hooks.slack.com/services/T0/B0/xyz}",
                "({https://example.com/?a=1&token=abc123})",
                "{https://example.com/x.png?api_key=12345678}",
            ],
        );
    }

    #[test]
    fn the_number_of_a_machine_after_a_user_is_a_find_of_its_own() {
        let redacted = super::super::redact("mount ftp://bob:pa55@192.168.1.20:21/x, blue");
        assert_eq!(redacted.text, "mount [url credentials][ip address]/x, blue");
    }

    #[test]
    fn other_urls_stay() {
        assert_clean(&[
            "https://example.com/@jane/photo",
            "https://example.com:8080/@jane/photo",
            "https://example.com/a?b=c&size=10#top",
            "https://example.com/?token=",
            "http://medium.com/p/a@b",
            "a ratio ://",
        ]);
    }
}
