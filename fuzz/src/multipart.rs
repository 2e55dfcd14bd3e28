//! A caller's form, from its bytes to what Ideogram is sent, as an endpoint with pictures reads it.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use domain::fingerprint::{CacheScope, Fingerprint};
use domain::picture::PictureFormat;
use domain::request::{
    Endpoint, Form, FormReading, FormRefused, ImageCount, ImageRequest, InvalidRequest, Limits,
    MOST_PARTS, MOST_TEXT_BYTES, Model, Multipart, PartHead, PartReading, PictureHash, Piece,
    PiiPolicy, ReferenceKey, UpstreamBody,
};
use futures_util::stream;
use sha2::{Digest, Sha256};

pub(crate) const TOKENS: &[&str] = &[
    "--x\r\n",
    "--x--\r\n",
    "\r\n--x\r\n",
    "Content-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n",
    "Content-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n",
    "Content-Disposition: form-data; name=\"style_codes\"\r\n\r\nA1B2C3D4,00000000\r\n",
    "Content-Type: application/json\r\n\r\n",
    "name=\"style_reference_images\"",
    "name=\"character_reference_images\"",
    "name=\"character_reference_images_mask\"",
    "name=\"image_file\"",
    "name=\"image_request\"",
    "name=\"color_palette\"",
    "name=\"json_prompt\"",
    "name=\"seed\"",
    "; filename=\"\"",
    "{\"prompt\":\"a fox\"}",
    "\r\n",
];

const BOUNDARY: &str = "x";
const LIMITS: Limits = Limits {
    default_model: Model::V2,
    prompt_max_chars: 40,
    pii: PiiPolicy::Redact,
    max_images: ImageCount::MOST,
};

/// A form that was read, with the bytes of each picture by its place in the form.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    form: Form,
    stored: Vec<Vec<u8>>,
}

/// Why a form was not read.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    /// It waits for what has come.
    Stuck,
    Malformed,
    Refused(FormRefused),
}

impl From<multer::Error> for Unread {
    fn from(_: multer::Error) -> Self {
        Self::Malformed
    }
}

impl From<FormRefused> for Unread {
    fn from(refused: FormRefused) -> Self {
        Self::Refused(refused)
    }
}

/// The first byte chooses the endpoint, the second how long the pieces are in which the rest comes.
pub(crate) fn check(data: &[u8]) {
    let [endpoint, length, body @ ..] = data else {
        return;
    };
    let endpoints: Vec<_> = Endpoint::all()
        .filter(|endpoint| endpoint.takes_forms())
        .collect();
    let index = usize::from(*endpoint) % endpoints.len().max(1);
    let Some(&endpoint) = endpoints.get(index) else {
        return;
    };
    let read = read(endpoint, BOUNDARY, body, usize::from(*length).max(1));
    let whole = self::read(endpoint, BOUNDARY, body, body.len().max(1));
    assert_eq!(read.is_ok(), whole.is_ok(), "it matters how a body comes");
    assert_ne!(read, Err(Unread::Stuck));
    match (read, whole) {
        (Ok(read), Ok(whole)) => {
            assert_eq!(read, whole);
            is_within_bounds(endpoint, &read);
            means_what_is_sent(endpoint, read);
        }
        (Err(Unread::Refused(refused)), _) => is_discreet(&refused.reason),
        _ => {}
    }
}

/// Reads a body that comes in pieces of this length, as the Worker does.
fn read(endpoint: Endpoint, boundary: &str, body: &[u8], length: usize) -> Result<Read, Unread> {
    let mut pieces = body.chunks(length).map(<[u8]>::to_vec);
    let mut is_there = false;
    let pieces = stream::poll_fn(move |context| {
        is_there = !is_there;
        if is_there {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(pieces.next().map(Ok::<_, std::io::Error>))
    });
    let mut reading = pin!(read_parts(
        endpoint,
        multer::Multipart::new(pieces, boundary)
    ));
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..4 * body.len() + 1000 {
        if let Poll::Ready(read) = reading.as_mut().poll(&mut context) {
            return read;
        }
    }
    Err(Unread::Stuck)
}

async fn read_parts(endpoint: Endpoint, mut parts: multer::Multipart<'_>) -> Result<Read, Unread> {
    let mut reading = FormReading::new(endpoint);
    let mut stored = vec![];
    while let Some(mut part) = parts.next_field().await? {
        let content_type = part.content_type().map(ToString::to_string);
        let head = PartHead {
            name: part.name(),
            file_name: part.file_name(),
            content_type: content_type.as_deref(),
        };
        match reading.begin(head)? {
            PartReading::Text(mut text) => {
                while let Some(piece) = part.chunk().await? {
                    text.take(&piece)?;
                }
                reading.end_text(text)?;
            }
            PartReading::Picture(mut picture) => {
                let mut bytes = vec![];
                while let Some(piece) = part.chunk().await? {
                    picture.take(&piece)?;
                    bytes.extend(&*piece);
                }
                if let Some(reference) = picture.end(ReferenceKey::new([7; 16], stored.len()))? {
                    reading.add_picture(reference);
                    stored.push(bytes);
                }
            }
        }
    }
    let form = reading.form();
    Ok(Read { form, stored })
}

fn is_within_bounds(endpoint: Endpoint, Read { form, stored }: &Read) {
    assert!(form.texts.len() + form.pictures.len() <= MOST_PARTS);
    let text_bytes: usize = form.texts.iter().map(|(_, text)| text.len()).sum();
    assert!(text_bytes <= MOST_TEXT_BYTES);
    assert!(form.pictures.len() <= endpoint.most_pictures());
    for (picture, bytes) in form.pictures.iter().zip(stored) {
        assert_eq!(picture.bytes, bytes.len() as u64);
        assert!(Some(picture.bytes) <= endpoint.largest_picture(&picture.field));
        assert_eq!(
            picture.sha256,
            PictureHash::new(Sha256::digest(bytes).into())
        );
        assert_eq!(Some(picture.format), PictureFormat::from_first_bytes(bytes));
    }
}

/// What goes to Ideogram, read by the same endpoint, is the same request.
fn means_what_is_sent(endpoint: Endpoint, Read { form, stored }: Read) {
    let keys: Vec<_> = form
        .pictures
        .iter()
        .map(|picture| picture.key.clone())
        .collect();
    let request = match ImageRequest::parse_form(endpoint, form, &LIMITS) {
        Ok(asked) => asked.request,
        Err(refusal) => return is_discreet(&refusal),
    };
    let UpstreamBody::Form(parts) = request.upstream_body() else {
        return;
    };
    let wire = Multipart::new(parts, [0xAB; 16]);
    let mut bytes = vec![];
    for piece in wire.pieces() {
        match piece {
            Piece::Bytes(text) => bytes.extend(text.bytes()),
            Piece::Picture(picture) => {
                let place = keys.iter().position(|key| *key == picture.key);
                let content = place.and_then(|place| stored.get(place));
                bytes.extend(content.into_iter().flatten());
            }
        }
    }
    assert_eq!(bytes.len() as u64, wire.length());
    let boundary = multer::parse_boundary(wire.content_type()).unwrap_or_default();
    let again = read(endpoint, &boundary, &bytes, bytes.len()).ok();
    let again = again.map(|again| ImageRequest::parse_form(endpoint, again.form, &LIMITS));
    let again = again.and_then(Result::ok).map(|asked| asked.request);
    let of = |request| Fingerprint::of(request, &CacheScope::Shared);
    assert_eq!(
        again.as_ref().map(of),
        Some(of(&request)),
        "another request"
    );
}

/// A refusal is one line of plain characters.
fn is_discreet(refusal: &InvalidRequest) {
    let InvalidRequest { field, message } = refusal;
    assert!(
        message.bytes().all(|byte| matches!(byte, b' '..=b'~')),
        "{message:?}"
    );
    assert!(!field.is_empty() && !field.contains(' '), "{field:?}");
}
