//! Entity tags and the two conditions that name them (RFC 9110, sections 8.8.3 and 13.1):
//! `If-None-Match` compares weakly and takes a list, `If-Range` compares strongly and takes one.

use std::fmt;
use std::str::FromStr;

/// The tag of a picture as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityTag {
    weak: bool,
    opaque: String,
}

/// The text is no entity tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnEntityTag;

impl fmt::Display for NotAnEntityTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an entity tag")
    }
}

impl std::error::Error for NotAnEntityTag {}

impl EntityTag {
    /// Whether an `If-None-Match` header names this tag: then the caller has the picture already.
    /// What follows something malformed in the list is not read.
    #[must_use]
    pub fn is_in_if_none_match(&self, header: &str) -> bool {
        if header.trim_matches(BLANKS) == "*" {
            return true;
        }
        let mut rest = header;
        loop {
            rest = rest.trim_start_matches([' ', '\t', ',']);
            let Some((tag, after)) = split_first(rest) else {
                return false;
            };
            if tag.opaque == self.opaque {
                return true;
            }
            rest = after.trim_start_matches(BLANKS);
            if !rest.starts_with(',') {
                return false;
            }
        }
    }

    /// Whether an `If-Range` header names this tag: then a range of the picture fits the part the
    /// caller has. A date never does, since pictures are told apart by tag.
    #[must_use]
    pub fn is_if_range(&self, header: &str) -> bool {
        let strong = |tag: &Self| !tag.weak && !self.weak && tag.opaque == self.opaque;
        header
            .trim_matches(BLANKS)
            .parse()
            .is_ok_and(|tag| strong(&tag))
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// The tag at the start of `text`, and what follows it.
fn split_first(text: &str) -> Option<(EntityTag, &str)> {
    let (weak, quoted) = match text.strip_prefix("W/") {
        Some(quoted) => (true, quoted),
        None => (false, text),
    };
    let (opaque, rest) = quoted.strip_prefix('"')?.split_once('"')?;
    let allowed = |character: char| character > ' ' && character != '\u{7F}';
    opaque.chars().all(allowed).then(|| {
        let opaque = opaque.to_owned();
        (EntityTag { weak, opaque }, rest)
    })
}

impl fmt::Display for EntityTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.weak { "W/" } else { "" };
        write!(formatter, "{mark}\"{}\"", self.opaque)
    }
}

impl FromStr for EntityTag {
    type Err = NotAnEntityTag;

    fn from_str(text: &str) -> Result<Self, NotAnEntityTag> {
        match split_first(text) {
            Some((tag, "")) => Ok(tag),
            _ => Err(NotAnEntityTag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> EntityTag {
        text.parse().unwrap()
    }

    #[test]
    fn a_tag_survives_its_text_and_other_texts_are_no_tags() {
        for text in [r#""abc""#, r#"W/"abc""#, r#""""#, r#""a,b""#] {
            assert_eq!(tag(text).to_string(), text);
        }
        for text in [
            "",
            "abc",
            "\"abc",
            "w/\"abc\"",
            "\"a b\"",
            "\"a\"b",
            "\"a\u{7F}\"",
            "W/",
        ] {
            assert_eq!(text.parse::<EntityTag>(), Err(NotAnEntityTag), "{text}");
        }
    }

    #[test]
    fn if_none_match_compares_weakly_within_a_list() {
        for header in [
            "*",
            " * ",
            r#""abc""#,
            r#"W/"abc""#,
            r#""x", "abc""#,
            r#""x,y","abc","z""#,
            r#", ,"abc""#,
            r#"W/"x" , W/"abc""#,
        ] {
            assert!(tag(r#""abc""#).is_in_if_none_match(header), "{header}");
            assert!(tag(r#"W/"abc""#).is_in_if_none_match(header), "{header}");
        }
        for header in [
            "",
            ",",
            "abc",
            r#""ABC""#,
            r#""x,abc""#,
            r#""x" "abc""#,
            r#"x, "abc""#,
        ] {
            assert!(!tag(r#""abc""#).is_in_if_none_match(header), "{header}");
        }
    }

    #[test]
    fn if_range_compares_strongly_and_a_date_never_matches() {
        assert!(tag(r#""abc""#).is_if_range(r#" "abc" "#));
        for header in [
            r#"W/"abc""#,
            "*",
            r#""abc", "x""#,
            "Sat, 21 Nov 2026 09:30:00 GMT",
            "",
        ] {
            assert!(!tag(r#""abc""#).is_if_range(header), "{header}");
        }
        assert!(!tag(r#"W/"abc""#).is_if_range(r#"W/"abc""#));
        assert!(!tag(r#"W/"abc""#).is_if_range(r#""abc""#));
    }
}
