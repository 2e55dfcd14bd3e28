//! The bytes of pictures in an answer, as base64. They go from R2 to the caller chunk by chunk: of each
//! picture no more than a chunk is in memory, however many and large they are.

use domain::base64_stream::Base64Stream;
use domain::openai::Piece;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use worker::{ByteStream, Env, Error};

use crate::storage::{StoredPicture, get_picture, head_picture};

/// Whether every picture among the pieces is in R2. They are looked for one after the other: mostly
/// there is one, and to look for all at once would take 6 KB more of wasm.
///
/// # Errors
/// R2 failed.
pub async fn are_kept(env: &Env, pieces: &[Piece]) -> worker::Result<bool> {
    for piece in pieces {
        if let Piece::Picture(key) = piece
            && head_picture(env, key).await?.is_none()
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The pieces one after the other. A picture that goes missing on the way breaks the answer off, so
/// that no caller takes half of it for the whole.
pub fn stream(env: Env, pieces: Vec<Piece>) -> impl Stream<Item = worker::Result<String>> {
    let pieces = stream::iter(pieces);
    let texts = pieces.then(move |piece| text_of(env.clone(), piece));
    texts.try_flatten()
}

async fn text_of(
    env: Env,
    piece: Piece,
) -> worker::Result<impl Stream<Item = worker::Result<String>>> {
    let key = match piece {
        Piece::Text(text) => return Ok(stream::iter([Ok(text)]).left_stream()),
        Piece::Picture(key) => key,
    };
    let picture = get_picture(&env, &key, None).await?;
    let body = picture.as_ref().and_then(StoredPicture::body);
    let body = body.ok_or_else(|| Error::from("a picture is gone"))?;
    Ok(encoded(body.stream()?).right_stream())
}

/// What a picture is read and encoded with; nothing once its end is encoded.
struct Reading {
    bytes: ByteStream,
    encoder: Base64Stream,
}

fn encoded(bytes: ByteStream) -> impl Stream<Item = worker::Result<String>> {
    let reading = Reading {
        bytes,
        encoder: Base64Stream::default(),
    };
    stream::try_unfold(Some(reading), async |reading| {
        let Some(mut reading) = reading else {
            return Ok(None);
        };
        match reading.bytes.try_next().await? {
            Some(chunk) => {
                let text = reading.encoder.encode(&chunk);
                Ok(Some((text, Some(reading))))
            }
            None => Ok(Some((reading.encoder.finish(), None))),
        }
    })
}
