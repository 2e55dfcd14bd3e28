//! `multipart/form-data` (RFC 7578) as Ideogram is sent it: the bytes between the pictures, and how
//! long it all is. The pictures' own bytes never come here.

use super::reference::Reference;
use super::upstream::Part;

/// Draws the boundary between parts: too long to occur in a part by chance.
pub const BOUNDARY_BYTES: usize = 16;

/// A form on the wire.
#[derive(Debug, Clone, PartialEq)]
pub struct Multipart {
    boundary: String,
    pieces: Vec<Piece>,
}

/// What comes next on the wire.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// These bytes.
    Bytes(String),
    /// The bytes of a picture.
    Picture(Reference),
}

impl Multipart {
    /// The form of these parts, in this order.
    #[must_use]
    pub fn new(parts: Vec<Part>, random: [u8; BOUNDARY_BYTES]) -> Self {
        let boundary = hex::encode(random);
        let mut pieces = vec![];
        for (index, part) in parts.into_iter().enumerate() {
            let head = head_of(&part, &boundary, index);
            match part {
                Part::Text { text, .. } => pieces.push(Piece::Bytes(head + &text + "\r\n")),
                Part::Json { value, .. } => {
                    pieces.push(Piece::Bytes(format!("{head}{value}\r\n")));
                }
                Part::Picture(reference) => pieces.extend([
                    Piece::Bytes(head),
                    Piece::Picture(reference),
                    Piece::Bytes("\r\n".to_owned()),
                ]),
            }
        }
        pieces.push(Piece::Bytes(format!("--{boundary}--\r\n")));
        Self { boundary, pieces }
    }

    /// The `Content-Type` to send it with.
    #[must_use]
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The length of all pieces, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        let lengths = self.pieces.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Piece::Picture(reference) => reference.bytes,
        });
        lengths.fold(0, u64::saturating_add)
    }

    /// The pictures in it.
    pub fn pictures(&self) -> impl Iterator<Item = &Reference> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Picture(reference) => Some(reference),
            Piece::Bytes(_) => None,
        })
    }

    /// What goes onto the wire, in order.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// The boundary and the headers of a part. The names of fields are the gateway's own, so nothing in
/// them has to be escaped.
fn head_of(part: &Part, boundary: &str, index: usize) -> String {
    let disposition =
        |name: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
    match part {
        Part::Text { name, .. } => disposition(name) + "\r\n\r\n",
        Part::Json { name, .. } => disposition(name) + "\r\nContent-Type: application/json\r\n\r\n",
        Part::Picture(reference) => {
            let format = reference.format;
            let (extension, content_type) = (format.extension(), format.content_type());
            let disposition = disposition(&reference.field);
            format!(
                "{disposition}; filename=\"{index}.{extension}\"\r\nContent-Type: {content_type}\r\n\r\n"
            )
        }
    }
}
