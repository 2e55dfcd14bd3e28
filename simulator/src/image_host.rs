//! The image host: draws what is fetched, or does what a fault says.
//! Holds true: every fetch is counted first; without a fault the answer is the whole picture
//! with its right length.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Query;
use axum::http::Uri;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use tokio::time::sleep;

use crate::fault::{ImageFault, PictureFormat};
use crate::images::Signature;
use crate::refusal::Refusal;
use crate::scripted::scripted;
use crate::state::State;
use crate::wire;

const PNG: &str = "image/png";
/// First bytes of every PNG file.
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Bytes per piece of an oversize body.
const OVERSIZE_PIECE: usize = 64 * 1024;
/// Pieces of a slow body.
const SLOW_PIECES: usize = 20;
/// Length in bytes of a disguised file.
const DISGUISED_LENGTH: usize = 1_024;

pub(crate) async fn fetch(
    axum::extract::State(state): axum::extract::State<Arc<State>>,
    Query(signature): Query<Signature>,
    uri: Uri,
) -> Response {
    state.records.image_fetch(uri.path());
    let fault = state.script.next_image_fault();
    match fault {
        Some(ImageFault::Answer {
            status,
            headers,
            body,
        }) => return scripted(status, &headers, body, "text/plain"),
        Some(ImageFault::Reset) => return wire::reset(),
        Some(ImageFault::Raw { answer }) => return wire::raw(answer),
        Some(ImageFault::Disguised {
            format,
            content_type,
        }) => return ([(CONTENT_TYPE, content_type)], beginning_of(format)).into_response(),
        Some(ImageFault::Oversize { bytes }) => return streamed(bytes, oversize(bytes)),
        _ => {}
    }
    let Some(image) = state.images.find(uri.path(), &signature) else {
        return Refusal::NotFound.into_response();
    };
    let picture = image.draw();
    let length = picture.len() as u64;
    match fault {
        Some(ImageFault::WrongContentLength { difference }) => {
            wire::misdeclared(PNG, length.saturating_add_signed(difference), &picture)
        }
        Some(ImageFault::HalfBody) => wire::half(PNG, &picture),
        Some(ImageFault::Chunked) => {
            let pieces = in_pieces(picture, Duration::ZERO);
            ([(CONTENT_TYPE, PNG)], Body::from_stream(pieces)).into_response()
        }
        Some(ImageFault::Slow { total_ms }) => {
            let pause = Duration::from_millis(total_ms) / SLOW_PIECES as u32;
            streamed(length, in_pieces(picture, pause))
        }
        _ => {
            state.records.image_answered();
            ([(CONTENT_TYPE, PNG)], picture).into_response()
        }
    }
}

fn streamed(
    length: u64,
    pieces: impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static,
) -> Response {
    let headers = [
        (CONTENT_TYPE, PNG.to_owned()),
        (CONTENT_LENGTH, length.to_string()),
    ];
    (headers, Body::from_stream(pieces)).into_response()
}

/// A pause before each piece.
fn in_pieces(
    picture: Vec<u8>,
    pause: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let piece = picture.len().div_ceil(SLOW_PIECES).max(1);
    stream::unfold(Bytes::from(picture), move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let next = rest.split_to(piece.min(rest.len()));
        Some((Ok(next), rest))
    })
}

fn oversize(bytes: u64) -> impl Stream<Item = Result<Bytes, Infallible>> + Send {
    let padding = Bytes::from_static(&[0; OVERSIZE_PIECE]);
    stream::unfold(0_u64, move |sent| {
        let mut piece = if sent == 0 {
            Bytes::from_static(PNG_SIGNATURE)
        } else {
            padding.clone()
        };
        let left = bytes - sent;
        piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        let sent = sent + piece.len() as u64;
        async move { (left > 0).then_some((Ok(piece), sent)) }
    })
}

/// As much of a file as format detection looks at, padded with zeros.
fn beginning_of(format: PictureFormat) -> Vec<u8> {
    let mut bytes = match format {
        PictureFormat::Jpeg => b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01".to_vec(),
        // The little-endian number is the file's length less the eight bytes before it.
        PictureFormat::Webp => b"RIFF\xf8\x03\x00\x00WEBPVP8 ".to_vec(),
    };
    bytes.resize(DISGUISED_LENGTH, 0);
    bytes
}
