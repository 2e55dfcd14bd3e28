//! Which part of a picture a `Range` header asks for (RFC 9110, section 14). One range of bytes is
//! served; a header that is malformed, in another unit or asks for several ranges is ignored, as
//! the standard allows, and the whole picture is served.

/// What to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// Everything, with status 200.
    Whole,
    /// The bytes from `first` to `last`, both included and inside the picture, with status 206.
    Part {
        /// The first byte served.
        first: u64,
        /// The last byte served.
        last: u64,
    },
    /// Nothing, with status 416: the range lies outside the picture.
    Unsatisfiable,
}

impl ByteRange {
    /// What the `Range` header asks for of a picture with `size` bytes.
    #[must_use]
    pub fn parse(header: &str, size: u64) -> Self {
        single_range(header)
            .and_then(|(first, last)| Self::of(first, last, size))
            .unwrap_or(Self::Whole)
    }

    /// None if the range is malformed.
    fn of(first: &str, last: &str, size: u64) -> Option<Self> {
        if first.is_empty() {
            let length = position(last)?;
            return Some(match (length, size) {
                (0, _) => Self::Unsatisfiable,
                // The last bytes of nothing can be asked for, but no 206 can say so.
                (_, 0) => Self::Whole,
                _ => Self::Part {
                    first: size.saturating_sub(length),
                    last: size - 1,
                },
            });
        }
        let first = position(first)?;
        let last = if last.is_empty() {
            u64::MAX
        } else {
            position(last)?
        };
        if first > last {
            return None;
        }
        if first >= size {
            return Some(Self::Unsatisfiable);
        }
        Some(Self::Part {
            first,
            last: last.min(size - 1),
        })
    }
}

/// The two sides of the only range in the header; empty list elements do not count.
fn single_range(header: &str) -> Option<(&str, &str)> {
    let (unit, ranges) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let mut ranges = ranges
        .split(',')
        .map(|range| range.trim_matches([' ', '\t']))
        .filter(|range| !range.is_empty());
    let only = ranges.next()?;
    if ranges.next().is_some() {
        return None;
    }
    only.split_once('-')
}

/// A position may have any number of digits; those beyond a `u64` lie beyond every picture.
fn position(digits: &str) -> Option<u64> {
    let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn part(first: u64, last: u64) -> ByteRange {
        ByteRange::Part { first, last }
    }

    #[test]
    fn one_range_of_bytes_is_served_cut_to_the_picture() {
        for (header, expected) in [
            ("bytes=0-499", part(0, 499)),
            ("bytes=500-", part(500, 999)),
            ("bytes=-200", part(800, 999)),
            ("bytes=-5000", part(0, 999)),
            ("bytes=999-999", part(999, 999)),
            ("bytes=0-999999999999999999999999", part(0, 999)),
            ("Bytes= 1-2 ,", part(1, 2)),
        ] {
            assert_eq!(ByteRange::parse(header, 1000), expected, "{header}");
        }
    }

    #[test]
    fn a_range_outside_the_picture_cannot_be_served() {
        for header in [
            "bytes=1000-",
            "bytes=1000-1001",
            "bytes=-0",
            "bytes=99999999999999999999999-",
        ] {
            let range = ByteRange::parse(header, 1000);
            assert_eq!(range, ByteRange::Unsatisfiable, "{header}");
        }
        assert_eq!(ByteRange::parse("bytes=0-", 0), ByteRange::Unsatisfiable);
        assert_eq!(ByteRange::parse("bytes=-1", 0), ByteRange::Whole);
    }

    #[test]
    fn a_malformed_header_another_unit_or_several_ranges_get_the_whole_picture() {
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=2-1",
            "bytes=1-2-3",
            "bytes=1 - 2",
            "bytes=0x1-0x2",
            "items=0-1",
            "bytes=0-1,3-4",
            "0-1",
        ] {
            let range = ByteRange::parse(header, 1000);
            assert_eq!(range, ByteRange::Whole, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_part_never_reaches_beyond_the_picture(
            header in "(bytes=)?[0-9]{0,21}-[0-9]{0,21}",
            size in prop_oneof![0..3_u64, any::<u64>()],
        ) {
            if let ByteRange::Part { first, last } = ByteRange::parse(&header, size) {
                prop_assert!(first <= last && last < size);
            }
        }
    }
}
