//! Pictures: what their first bytes say, and their names in paths from outside.

use domain::picture::{FORMAT_BYTES, PictureFormat};
use domain::picture_key::PictureKey;

pub(crate) const TOKENS: &[&str] = &[
    "images/",
    "2026/11/21/",
    "000102030405060708090a0b0c0d0eff",
    "-seed-",
    "4294967295",
    "18446744073709551615",
    ".png",
    ".jpg",
    ".webp",
    "../",
    "RIFF",
    "WEBP",
    "PNG\r\n",
];

/// Any bytes as the start of a file, and any text as a path.
pub(crate) fn check(data: &[u8]) {
    let format = PictureFormat::from_first_bytes(data);
    let enough = data.get(..FORMAT_BYTES).unwrap_or(data);
    assert_eq!(PictureFormat::from_first_bytes(enough), format);
    if let Some(format) = format {
        let says_so: &[u8] = match format {
            PictureFormat::Png => b"PNG\r\n",
            PictureFormat::Jpeg => b"\xD8\xFF",
            PictureFormat::Webp => b"WEBP",
        };
        assert!(enough.windows(says_so.len()).any(|bytes| bytes == says_so));
        let page = data.starts_with(b"<") || data.starts_with(b"{");
        assert!(!page, "a page is no picture");
        assert_eq!(
            PictureFormat::from_extension(format.extension()),
            Some(format)
        );
    }
    if let Ok(path) = str::from_utf8(data) {
        path_is_a_key_or_not(path);
    }
}

fn path_is_a_key_or_not(path: &str) {
    let key = PictureKey::parse(path);
    let json = serde_json::to_string(path).unwrap_or_default();
    let read: Option<PictureKey> = serde_json::from_str(&json).ok();
    assert_eq!(read, key, "the same rule for what is stored");
    let Some(key) = key else {
        return;
    };
    assert_eq!(key.to_string(), path, "one spelling");
    assert!(path.ends_with(key.format().extension()));
    let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.');
    assert!(path.bytes().all(plain) && !path.contains("..") && !path.contains("//"));
    assert_eq!(path.split('/').count(), 6);
}
