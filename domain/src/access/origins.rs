//! Which pages may call: the origins (RFC 6454) that the operator wrote down, compared whole. A
//! request without an origin comes from no other page, and is judged by its key alone.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use url::Url;

/// The origins pages may call from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedOrigins {
    /// Any; written as `*`.
    Any,
    /// These; none is the default.
    Only(BTreeSet<String>),
}

impl AllowedOrigins {
    /// Whether pages of this origin may call.
    #[must_use]
    pub fn includes(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(origins) => origins.contains(origin),
        }
    }
}

/// The page a request comes from, as far as its browser tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromPage {
    /// None, or the browser says nothing because the page is the gateway's own.
    None,
    /// One of the gateway's own origin.
    Own,
    /// One that may call.
    Allowed,
    /// Any other.
    Elsewhere,
}

impl FromPage {
    /// By the origin that the browser names, and the gateway's own.
    #[must_use]
    pub fn of(origin: Option<&str>, own: &str, allowed: &AllowedOrigins) -> Self {
        match origin {
            None => Self::None,
            Some(origin) if origin == own => Self::Own,
            Some(origin) if allowed.includes(origin) => Self::Allowed,
            Some(_) => Self::Elsewhere,
        }
    }
}

/// The text is no list of origins; says what one looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOrigins;

impl fmt::Display for NotOrigins {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("origins such as https://shop.example, with commas between them, or *")
    }
}

/// With commas between them; `*` stands alone.
impl FromStr for AllowedOrigins {
    type Err = NotOrigins;

    fn from_str(text: &str) -> Result<Self, NotOrigins> {
        if text.trim() == "*" {
            return Ok(Self::Any);
        }
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        let origins = parts.map(|part| parse_origin(part).ok_or(NotOrigins));
        Ok(Self::Only(origins.collect::<Result<_, _>>()?))
    }
}

/// An origin in the one form browsers send; none for any other text. `null` is no origin: it is what
/// pages without one send.
pub(super) fn parse_origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http");
    let origin = url.origin().ascii_serialization();
    // A host may hold an asterisk, but whoever writes one means a pattern, and there are none.
    (is_web && origin == text && !text.contains('*')).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_compared_whole() {
        let allowed: AllowedOrigins = "https://shop.example, http://localhost:3000"
            .parse()
            .unwrap();
        for origin in ["https://shop.example", "http://localhost:3000"] {
            assert!(allowed.includes(origin), "{origin}");
        }
        for origin in [
            "http://shop.example",
            "https://shop.example:8443",
            "https://shop.example.evil.example",
            "https://evilshop.example",
            "https://shop.example/",
            "HTTPS://SHOP.EXAMPLE",
            "null",
            "*",
            "",
        ] {
            assert!(!allowed.includes(origin), "{origin}");
        }
    }

    #[test]
    fn nothing_is_allowed_unless_it_is_written() {
        let none: AllowedOrigins = "".parse().unwrap();
        assert!(!none.includes("https://shop.example"));
        let any: AllowedOrigins = " * ".parse().unwrap();
        assert!(any.includes("https://shop.example"));
    }

    #[test]
    fn what_no_browser_sends_is_refused_in_the_settings() {
        for text in [
            "shop.example",
            "https://shop.example/",
            "https://shop.example/page",
            "https://*.shop.example",
            "https://shop.example, *",
            "https://Shop.example",
            "https://shop.example:443",
            "null",
            "file:///page.html",
            "https://user@shop.example",
        ] {
            assert_eq!(text.parse::<AllowedOrigins>(), Err(NotOrigins), "{text}");
        }
    }
}
