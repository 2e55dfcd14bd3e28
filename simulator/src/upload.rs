//! A file in a request, taken in piece by piece.
//! Holds true: no more of a file is held than a picture may have, and nothing of it once it is
//! read; what stays is its length, its hash and the size of its picture.

use sha2::{Digest, Sha256};

use crate::size::Size;

/// Largest picture in bytes (Ideogram's OpenAPI document, 2026-10: 25 MB).
pub(crate) const LARGEST_PICTURE: u64 = 25_000_000;

/// A file that was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) bytes: u64,
    /// In lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// In pixels; `None` if it is no JPEG, PNG or WebP.
    pub(crate) picture: Option<Size>,
}

#[derive(Default)]
pub(crate) struct UploadReader {
    length: u64,
    hash: Sha256,
    /// A picture's size may stand far behind its beginning.
    held: Vec<u8>,
}

impl UploadReader {
    pub(crate) fn take(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        self.hash.update(piece);
        if self.length <= LARGEST_PICTURE {
            self.held.extend_from_slice(piece);
        }
    }

    pub(crate) fn finish(self) -> Upload {
        Upload {
            bytes: self.length,
            sha256: hex::encode(self.hash.finalize()),
            picture: imagesize::blob_size(&self.held).ok().and_then(size),
        }
    }
}

fn size(found: imagesize::ImageSize) -> Option<Size> {
    let width = u32::try_from(found.width).ok()?;
    let height = u32::try_from(found.height).ok()?;
    (width > 0 && height > 0).then_some(Size { width, height })
}
