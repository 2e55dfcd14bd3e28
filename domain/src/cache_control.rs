//! What a request wants of the cache: the header `Cache-Control` (RFC 9111, section 5.2.1), and what
//! follows from it. Each of its words that is heard costs money, so it is read strictly: `Pragma`,
//! which RFC 9111 gives up and old programs send unasked, is not read at all.

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;

/// How many random bytes tell requests for the same apart.
pub const NONCE_BYTES: usize = 16;

/// What a `Cache-Control` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheControl {
    /// Nothing that counts here.
    Usual,
    /// A new result, which others may be given: `no-cache`, or `max-age=0`, by which browsers say it.
    NoCache,
    /// A result that nobody else is given, nor was: `no-store`.
    NoStore,
}

impl CacheControl {
    /// Reads a header, or several joined by commas. The stricter word counts; one that is not known,
    /// or not well formed, does not.
    #[must_use]
    pub fn parse(header: &str) -> Self {
        let mut control = Self::Usual;
        for directive in split_list(header) {
            let (name, argument) = match directive.split_once('=') {
                Some((name, argument)) => (name, Some(unquoted(argument))),
                None => (directive, None),
            };
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            if is("no-store") {
                return Self::NoStore;
            }
            if is("no-cache") || (is("max-age") && argument.is_some_and(is_zero)) {
                control = Self::NoCache;
            }
        }
        control
    }
}

/// The members of a list, without the blanks around them. A comma in quotes parts nothing.
fn split_list(header: &str) -> impl Iterator<Item = &str> {
    let (mut in_quotes, mut escaped) = (false, false);
    let members = header.split(move |character| {
        let parts = character == ',' && !in_quotes;
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = in_quotes,
            '"' => in_quotes = !in_quotes,
            _ => {}
        }
        parts
    });
    members.map(|member| member.trim_matches([' ', '\t']))
}

/// An argument may be written as a token or in quotes.
fn unquoted(argument: &str) -> &str {
    let inside = argument.strip_prefix('"');
    let inside = inside.and_then(|rest| rest.strip_suffix('"'));
    inside.unwrap_or(argument)
}

fn is_zero(argument: &str) -> bool {
    !argument.is_empty() && argument.bytes().all(|byte| byte == b'0')
}

/// What tells one request apart from all others for the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonce([u8; NONCE_BYTES]);

impl Nonce {
    /// Of these random bytes.
    #[must_use]
    pub const fn new(random: [u8; NONCE_BYTES]) -> Self {
        Self(random)
    }
}

/// What a request makes of the cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CacheUse {
    /// It is answered from it if it can be, and its result goes into it.
    #[default]
    Usual,
    /// Its result replaces what is there. Sent again, it is still the same request.
    Renew(Nonce),
    /// It neither reads nor writes it.
    Bypass(Nonce),
}

impl CacheUse {
    /// The use that a header asks for; `nonce` is drawn at random for each request.
    #[must_use]
    pub const fn of(control: CacheControl, nonce: Nonce) -> Self {
        match control {
            CacheControl::Usual => Self::Usual,
            CacheControl::NoCache => Self::Renew(nonce),
            CacheControl::NoStore => Self::Bypass(nonce),
        }
    }

    /// Whether a cached result may answer.
    #[must_use]
    pub const fn reads(self) -> bool {
        matches!(self, Self::Usual)
    }

    /// Whether a result that is there is to be replaced.
    #[must_use]
    pub const fn renews(self) -> bool {
        matches!(self, Self::Renew(_))
    }

    /// Whether the result may be given to others.
    #[must_use]
    pub const fn writes(self) -> bool {
        !matches!(self, Self::Bypass(_))
    }

    /// The fingerprint of the generation of a request that has `fingerprint` by itself. One that
    /// bypasses the cache has an object of its own, where nobody else comes.
    #[must_use]
    pub fn place(self, fingerprint: Fingerprint) -> Fingerprint {
        match self {
            Self::Usual | Self::Renew(_) => fingerprint,
            Self::Bypass(nonce) => fingerprint.apart(&nonce.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_header_means_what_the_table_says() {
        use CacheControl::{NoCache, NoStore, Usual};
        for (header, meaning) in [
            ("", Usual),
            ("no-cache", NoCache),
            ("NO-Cache", NoCache),
            ("no-cache=\"x\"", NoCache),
            ("max-age=0", NoCache),
            ("Max-Age=\"0\"", NoCache),
            ("max-age=00", NoCache),
            ("max-age=1", Usual),
            ("max-age=01", Usual),
            ("max-age=-0", Usual),
            ("max-age=0.0", Usual),
            ("max-age=", Usual),
            ("max-age=\"\"", Usual),
            ("max-age", Usual),
            ("s-maxage=0", Usual),
            ("no-store", NoStore),
            ("no-cache, no-store", NoStore),
            ("no-store,no-cache", NoStore),
            (" ,\tmax-age=5 ,, no-cache\t", NoCache),
            ("max-age=5, max-age=0", NoCache),
            ("community=\"UCI\", only-if-cached, no-transform", Usual),
            ("x=\"a, no-store, b\"", Usual),
            ("x=\"a\\\", no-store\"", Usual),
            ("x=\"a\\\\\", no-store", NoStore),
            ("x=\"open, no-store", Usual),
            ("no-storey, xno-cache, no cache", Usual),
            ("no-cache;no-store", Usual),
        ] {
            assert_eq!(CacheControl::parse(header), meaning, "{header}");
        }
    }

    #[test]
    fn only_what_bypasses_the_cache_has_a_place_of_its_own_and_always_the_same() {
        let fingerprint: Fingerprint = "ab".repeat(32).parse().unwrap();
        let nonce = |byte| Nonce::new([byte; NONCE_BYTES]);
        let place = |control, byte| CacheUse::of(control, nonce(byte)).place(fingerprint);
        assert_eq!(place(CacheControl::Usual, 1), fingerprint);
        assert_eq!(place(CacheControl::NoCache, 1), fingerprint);
        let apart = place(CacheControl::NoStore, 1);
        assert_ne!(apart, fingerprint);
        assert_eq!(place(CacheControl::NoStore, 1), apart);
        assert_ne!(place(CacheControl::NoStore, 2), apart);
    }

    #[test]
    fn what_is_read_and_written_follows_from_the_use() {
        let used = |control| CacheUse::of(control, Nonce::new([0; NONCE_BYTES]));
        let both = |control| (used(control).reads(), used(control).writes());
        assert_eq!(both(CacheControl::Usual), (true, true));
        assert_eq!(both(CacheControl::NoCache), (false, true));
        assert_eq!(both(CacheControl::NoStore), (false, false));
    }

    #[test]
    fn a_use_survives_storage() {
        let nonce = Nonce::new([0xff; NONCE_BYTES]);
        for used in [
            CacheUse::Usual,
            CacheUse::Renew(nonce),
            CacheUse::Bypass(nonce),
        ] {
            let stored = serde_json::to_string(&used).unwrap();
            assert_eq!(serde_json::from_str::<CacheUse>(&stored).unwrap(), used);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_meaning_and_in_quotes_it_has_none(text in ".{0,40}") {
            let meaning = CacheControl::parse(&text);
            let quoted = text.replace(['"', '\\'], "");
            prop_assert_eq!(CacheControl::parse(&format!("x=\"{quoted}\"")), CacheControl::Usual);
            let again = CacheControl::parse(&text.to_ascii_uppercase());
            prop_assert_eq!(again, meaning);
        }

        #[test]
        fn words_that_are_not_known_change_nothing(
            before in "[a-z]{1,8}(=[a-z0-9]{1,8})?", after in "[a-z]{1,8}(=\"[a-z ,]{0,8}\")?"
        ) {
            for word in ["no-cache", "no-store", "max-age=0", "max-age=60"] {
                let header = format!("{before}, {word} ,{after}");
                prop_assert_eq!(CacheControl::parse(&header), CacheControl::parse(word));
            }
        }
    }
}
