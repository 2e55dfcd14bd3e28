//! A request with pictures: they go from R2 to Ideogram through a pipe of known length, without
//! entering wasm. Before the last byte has left Ideogram cannot begin, but whether it has left is not
//! known here: whatever breaks off once the connection is open may have been billed.

use std::pin::pin;

use domain::request::{Multipart, Part, Piece};
use domain::retry::CallOutcome;
use futures_util::future::{Either, select};
use futures_util::{StreamExt, TryStreamExt, stream};
use js_sys::{BigInt, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{StreamPipeOptions, WritableStream, WritableStreamDefaultWriter};
use worker::{AbortSignal, Env, Fetch, Response};
use worker_sys::FixedLengthStream;

use super::{Body, Upstream, broken_off};
use crate::clock::random;
use crate::storage::{has_reference, read_reference};

/// How many pictures are looked for at once.
const LOOKS_AT_ONCE: usize = 4;

/// Sends a form. Each call reads its pictures anew.
///
/// # Errors
/// What came of the call, if that is not an answer.
pub async fn send_form(
    env: &Env,
    upstream: Upstream<'_>,
    parts: Vec<Part>,
    signal: &AbortSignal,
) -> Result<Response, CallOutcome> {
    // Without a boundary that nobody can guess, a text could hold another part.
    let boundary = random().map_err(|_| CallOutcome::ReferencesUnknown)?;
    let form = Multipart::new(parts, boundary);
    look_for_pictures(env, &form).await?;
    let lost = |_| broken_off(signal);
    let pipe = FixedLengthStream::new_big_int(BigInt::from(form.length())).map_err(lost)?;
    let body = Body {
        content_type: form.content_type(),
        content: pipe.readable().into(),
    };
    let request = upstream.request(body).map_err(|_| broken_off(signal))?;
    let request = Fetch::Request(request);
    let call = pin!(request.send_with_signal(signal));
    let sink = pipe.writable();
    let fed = pin!(feed(env, &form, &sink));
    let answer = match select(call, fed).await {
        // An answer may come before the whole request was read.
        Either::Left((answer, _)) => answer,
        Either::Right((fed, call)) => {
            if fed.is_err() {
                drop(JsFuture::from(sink.abort()).await);
            }
            call.await
        }
    };
    answer.map_err(|_| broken_off(signal))
}

/// All pictures are looked for before the call: if one is missing there is none.
async fn look_for_pictures(env: &Env, form: &Multipart) -> Result<(), CallOutcome> {
    let looks = form.pictures().map(|picture| has_reference(env, picture));
    let looks = stream::iter(looks).buffer_unordered(LOOKS_AT_ONCE);
    let all_there = looks.try_fold(true, |all, there| async move { Ok(all && there) });
    match all_there.await {
        Ok(true) => Ok(()),
        Ok(false) => Err(CallOutcome::ReferenceGone),
        Err(_) => Err(CallOutcome::ReferencesUnknown),
    }
}

async fn feed(env: &Env, form: &Multipart, sink: &WritableStream) -> worker::Result<()> {
    let leave_open = StreamPipeOptions::new();
    leave_open.set_prevent_close(true);
    for piece in form.pieces() {
        match piece {
            Piece::Bytes(text) => {
                let writer: WritableStreamDefaultWriter = sink.get_writer()?;
                let bytes = Uint8Array::from(text.as_bytes());
                let written = JsFuture::from(writer.write_with_chunk(&bytes)).await;
                writer.release_lock();
                written?;
            }
            Piece::Picture(picture) => {
                let stream = read_reference(env, picture).await?;
                JsFuture::from(stream.pipe_to_with_options(sink, &leave_open)).await?;
            }
        }
    }
    JsFuture::from(sink.close()).await?;
    Ok(())
}
