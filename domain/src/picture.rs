//! What a picture is, told from its own first bytes: Ideogram's content type and file name are
//! not believed, since what is stored is served under the gateway's name.

use serde::{Deserialize, Serialize};

/// The most bytes a picture may have: 50 MiB. Ideogram's largest, 4096 by 4096, stays
/// under it even as an uncompressed PNG in 8-bit RGB.
pub const MAX_BYTES: u64 = 50 * 1024 * 1024;

/// How many first bytes tell the format.
pub const FORMAT_BYTES: usize = 12;

/// The formats Ideogram delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP.
    Webp,
}

impl PictureFormat {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Png, Self::Jpeg, Self::Webp];

    /// The format of a file that starts like this; [`FORMAT_BYTES`] are enough for every format.
    /// None for anything that is no picture.
    #[must_use]
    pub fn from_first_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"\xFF\xD8\xFF") {
            return Some(Self::Jpeg);
        }
        // RIFF, four bytes of length, WEBP.
        let riff = bytes.starts_with(b"RIFF");
        (riff && bytes.get(8..FORMAT_BYTES) == Some(b"WEBP")).then_some(Self::Webp)
    }

    /// The media type to serve it with.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    /// The ending of its file name, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }

    /// The format whose file names end like this.
    #[must_use]
    pub fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == extension)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        let known: [(&[u8], PictureFormat); 3] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PictureFormat::Png),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", PictureFormat::Jpeg),
            (b"RIFF\x24\x10\0\0WEBPVP8 ", PictureFormat::Webp),
        ];
        for (bytes, format) in known {
            assert_eq!(PictureFormat::from_first_bytes(bytes), Some(format));
            let enough = bytes.get(..FORMAT_BYTES).unwrap_or(bytes);
            assert_eq!(PictureFormat::from_first_bytes(enough), Some(format));
        }
    }

    #[test]
    fn what_is_no_picture_has_no_format() {
        let others: [&[u8]; 8] = [
            b"",
            b"<html><body>",
            b"\x89PNG\r\n\x1a",
            b"\xFF\xD8",
            b"RIFF\x24\x10\0\0WAVEfmt ",
            b"RIFF\x24\x10\0\0WEB",
            b"GIF89a\x01\0\x01\0\0\0",
            b"{\"error\":\"no\"}",
        ];
        for bytes in others {
            assert_eq!(PictureFormat::from_first_bytes(bytes), None, "{bytes:?}");
        }
    }
}
