//! Reading a form: its pictures go to R2 as they arrive, so that wasm never holds more than a part
//! of one; its texts are held. What may be in it is decided in `domain`; here are its time and its
//! bounds.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use domain::failure::{Failure, FailureCode};
use domain::places::{Place, Places};
use domain::request::{
    Endpoint, FOLDER_BYTES, Form, FormReading, FormRefused, MOST_FORM_BYTES, PartHead, PartReading,
    PictureReading, ReferenceKey,
};
use domain::time::{Millis, UnixMillis};
use futures_util::{Stream, StreamExt, stream};
use multer::{Field, Multipart};
use worker::send::{SendFuture, SendWrapper};
use worker::{ByteStream, Env, Request};

use super::body::broken_off;
use crate::clock::{now, random};
use crate::deadline::within;
use crate::error::Refused;
use crate::storage::{Brought, Upload, upload_reference};

/// A form of which nothing has come for so long has stopped.
const MOST_SILENCE: Millis = Millis::from_seconds(20);
/// The longest a form may take to arrive: the largest one needs 100 kB a second, as JSON does.
const MOST_TIME: Millis = Millis::from_seconds(MOST_FORM_BYTES / 100_000);
/// The most bytes that are held in search of the next border between parts, or of the end of a
/// part's headers.
const MOST_UNREAD_BYTES: usize = 256 * 1024;

/// How many forms are read at once in an isolate, which has 128 MB for everything (Cloudflare's
/// limits, 2026): each holds a part of 5 MiB, and a copy of it while R2 takes it.
const MOST_AT_ONCE: usize = 6;

thread_local! {
    static READING: RefCell<Places> = const { RefCell::new(Places::new(MOST_AT_ONCE, LONGEST)) };
}
/// A refused form may take as long again to be taken in.
const LONGEST: Millis = MOST_TIME.times(2);

/// A place among those that are read, until it is dropped.
struct Reading(Place);

impl Reading {
    fn begin() -> Result<Self, Refused> {
        let place = READING.with_borrow_mut(|places| places.take(now()));
        place.map(Self).ok_or_else(|| {
            let sentence = "too many requests with pictures are arriving; nothing was spent, try again shortly";
            Failure::new(FailureCode::Busy, sentence)
                .retry_after(Millis::from_seconds(5))
                .into()
        })
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        READING.with_borrow_mut(|places| places.give_back(self.0));
    }
}

/// Reads the body as a form. What it stores is noted in `brought` before, whatever comes of it.
///
/// # Errors
/// It is no form that the endpoint takes, too large, too slow or broken off, or R2 failed.
pub async fn read_form(
    env: &Env,
    request: &mut Request,
    endpoint: Endpoint,
    brought: &mut Brought,
) -> Result<Form, Refused> {
    let _reading = Reading::begin()?;
    let headers = request.headers();
    let boundary = multer::parse_boundary(headers.get("content-type")?.unwrap_or_default());
    let boundary = boundary.map_err(|_| FormRefused::malformed("has no boundary between parts"))?;
    let length = headers.get("content-length")?;
    let length = length.and_then(|text| text.parse::<u64>().ok());
    if request.inner().body().is_none() {
        return Err(FormRefused::malformed("is empty").into());
    }
    let progress = Rc::<Progress>::default();
    let mut body = Body {
        stream: request.stream()?,
        started_at: now(),
        bytes: 0,
        progress: Rc::clone(&progress),
    };
    if length.is_some_and(|length| length > MOST_FORM_BYTES) {
        body.discard().await;
        return Err(FormRefused::larger_than_any().into());
    }
    let reader = FormReader {
        env,
        parts: Multipart::new(body.pieces(), boundary),
        progress,
        reading: FormReading::new(endpoint),
        folder: random()?,
        pictures: 0,
        brought,
    };
    reader.read().await
}

/// How far the reading of a body has come.
#[derive(Default)]
struct Progress {
    /// Bytes that nothing was found in yet.
    unread: Cell<usize>,
    /// The form is refused. The rest of it is only taken in, because a caller that is still sending
    /// when the connection ends may never see why.
    refused: Cell<bool>,
}

/// A body as it comes in.
struct Body {
    stream: ByteStream,
    started_at: UnixMillis,
    bytes: u64,
    progress: Rc<Progress>,
}

impl Body {
    /// Its pieces. What runs in a Worker runs in one thread.
    fn pieces(self) -> impl Stream<Item = Result<Vec<u8>, BodyFailed>> + Send {
        stream::try_unfold(SendWrapper::new(self), |mut body| {
            SendFuture::new(async move {
                let piece = body.0.next().await?;
                Ok(piece.map(|piece| (piece, body)))
            })
        })
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, BodyFailed> {
        let Progress { unread, refused } = &*self.progress;
        if unread.get() > MOST_UNREAD_BYTES && !refused.get() {
            return Err(BodyFailed::NoBorder);
        }
        let next = within(MOST_SILENCE, self.stream.next()).await;
        let Some(piece) = next.ok_or(BodyFailed::TooSlow)? else {
            return Ok(None);
        };
        let piece = piece.map_err(|_| BodyFailed::BrokenOff)?;
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.bytes > MOST_FORM_BYTES {
            if !refused.get() {
                self.discard().await;
            }
            return Err(BodyFailed::TooLarge);
        }
        if now().since(self.started_at) > MOST_TIME {
            return Err(BodyFailed::TooSlow);
        }
        unread.set(unread.get() + piece.len());
        Ok(Some(piece))
    }

    /// Takes in what is too much, up to as much again.
    async fn discard(&mut self) {
        let mut discarded = 0;
        while discarded < MOST_FORM_BYTES
            && now().since(self.started_at) <= MOST_TIME
            && let Some(Some(Ok(piece))) = within(MOST_SILENCE, self.stream.next()).await
        {
            discarded += u64::try_from(piece.len()).unwrap_or(MOST_FORM_BYTES);
        }
    }
}

/// Why a body could not be read to its end.
#[derive(Debug, Clone, Copy)]
enum BodyFailed {
    TooLarge,
    TooSlow,
    BrokenOff,
    NoBorder,
}

impl fmt::Display for BodyFailed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl std::error::Error for BodyFailed {}

impl From<BodyFailed> for Refused {
    fn from(failed: BodyFailed) -> Self {
        match failed {
            BodyFailed::TooLarge => FormRefused::larger_than_any().into(),
            BodyFailed::TooSlow => too_slow(),
            BodyFailed::BrokenOff => broken_off(),
            BodyFailed::NoBorder => malformed(),
        }
    }
}

fn too_slow() -> Refused {
    let (silence, time) = (
        MOST_SILENCE.seconds_rounded_up(),
        MOST_TIME.seconds_rounded_up(),
    );
    Refused::new(
        FailureCode::RequestTimeout,
        format!("nothing came of the body for {silence} s, or it took longer than {time} s"),
    )
}

fn malformed() -> Refused {
    FormRefused::malformed("is not well-formed multipart/form-data").into()
}

/// The parts of a form, on their way to where they belong.
struct FormReader<'form> {
    env: &'form Env,
    parts: Multipart<'form>,
    progress: Rc<Progress>,
    reading: FormReading,
    folder: [u8; FOLDER_BYTES],
    pictures: usize,
    brought: &'form mut Brought,
}

impl FormReader<'_> {
    async fn read(mut self) -> Result<Form, Refused> {
        let read = self.read_parts().await;
        if read.is_err() {
            self.progress.refused.set(true);
            while let Ok(Some(_)) = self.parts.next_field().await {}
        }
        read.map(|()| self.reading.form())
    }

    async fn read_parts(&mut self) -> Result<(), Refused> {
        while let Some(part) = self.parts.next_field().await.map_err(unreadable)? {
            self.progress.unread.set(0);
            let content_type = part.content_type().map(ToString::to_string);
            let head = PartHead {
                name: part.name(),
                file_name: part.file_name(),
                content_type: content_type.as_deref(),
            };
            match self.reading.begin(head)? {
                PartReading::Text(mut text) => {
                    let mut part = part;
                    while let Some(piece) = self.next_piece(&mut part).await? {
                        text.take(piece.as_ref())?;
                    }
                    self.reading.end_text(text)?;
                }
                PartReading::Picture(picture) => self.store(part, picture).await?,
            }
        }
        Ok(())
    }

    async fn next_piece(
        &self,
        part: &mut Field<'_>,
    ) -> Result<Option<impl AsRef<[u8]> + use<>>, Refused> {
        let piece = part.chunk().await.map_err(unreadable)?;
        self.progress.unread.set(0);
        Ok(piece)
    }

    async fn store(&mut self, mut part: Field<'_>, picture: PictureReading) -> Result<(), Refused> {
        let key = ReferenceKey::new(self.folder, self.pictures);
        self.pictures += 1;
        self.brought.add(key.clone());
        let mut upload = upload_reference(self.env, &key)?;
        match self.pass_on(&mut part, picture, &mut upload, key).await {
            Ok(true) => Ok(upload.finish().await?),
            Ok(false) => Ok(()),
            Err(refused) => {
                upload.abandon().await;
                Err(refused)
            }
        }
    }

    /// Says whether there was a picture.
    async fn pass_on(
        &mut self,
        part: &mut Field<'_>,
        mut picture: PictureReading,
        upload: &mut Upload,
        key: ReferenceKey,
    ) -> Result<bool, Refused> {
        while let Some(piece) = self.next_piece(part).await? {
            picture.take(piece.as_ref())?;
            upload.take(piece.as_ref()).await?;
        }
        let reference = picture.end(key)?;
        let given = reference.is_some();
        reference
            .into_iter()
            .for_each(|reference| self.reading.add_picture(reference));
        Ok(given)
    }
}

fn unreadable(error: multer::Error) -> Refused {
    match error {
        multer::Error::StreamReadFailed(cause) => cause
            .downcast_ref::<BodyFailed>()
            .map_or_else(malformed, |failed| Refused::from(*failed)),
        _ => malformed(),
    }
}
