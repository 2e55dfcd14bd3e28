//! Pictures in R2. A picture with a known length goes straight from its source into R2 without
//! entering wasm; one without goes in parts. Each carries its label (`domain::generation`) as metadata.

use std::collections::HashMap;

use domain::generation::{Job, Label, Picture, PictureState, Remembered, StoreOutcome};
use domain::picture::{MAX_BYTES, PictureFormat};
use domain::picture_key::{PICTURES_PREFIX, PictureFolder, PictureKey};
use domain::time::UnixMillis;
use futures_util::future::join;
use js_sys::BigInt;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, WritableStream, WritableStreamDefaultWriter};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{Bucket, Data, Env, HttpMetadata, Include, Object, Range};
use worker_sys::FixedLengthStream;

use super::upload::{Target, Upload};
use crate::config::Config;
use crate::ideogram::{NoPicture, PictureBody, PictureSource, next_chunk, open_picture};

const BINDING: &str = "IMAGES";
/// So many pictures a page: their labels are a megabyte at most.
const PICTURES_A_PAGE: u32 = 500;

/// The bucket.
///
/// # Errors
/// There is no such binding.
pub fn images(env: &Env) -> worker::Result<Bucket> {
    env.bucket(BINDING)
}

/// A picture as it lies in R2.
pub type StoredPicture = Object;

/// What is known of a picture, without its bytes.
///
/// # Errors
/// R2 failed.
pub async fn head_picture(env: &Env, key: &PictureKey) -> worker::Result<Option<StoredPicture>> {
    images(env)?.head(key.to_string()).await
}

/// A picture, or a range of it.
///
/// # Errors
/// R2 failed.
pub async fn get_picture(
    env: &Env,
    key: &PictureKey,
    range: Option<Range>,
) -> worker::Result<Option<StoredPicture>> {
    let bucket = images(env)?;
    let get = bucket.get(key.to_string());
    match range {
        Some(range) => get.range(range).execute().await,
        None => get.execute().await,
    }
}

/// Deletes all pictures of a generation; says how many there were.
///
/// # Errors
/// R2 failed.
pub async fn delete_pictures(env: &Env, folder: &PictureFolder) -> worker::Result<usize> {
    let bucket = images(env)?;
    let found = bucket.list().prefix(folder.as_str()).execute().await?;
    let keys: Vec<_> = found.objects().iter().map(worker::Object::key).collect();
    let count = keys.len();
    for key in keys {
        bucket.delete(key).await?;
    }
    Ok(count)
}

/// A page of all kept pictures.
#[derive(Debug)]
pub struct PicturesPage {
    /// What those with a whole label tell.
    pub remembered: Vec<Remembered>,
    /// How many others there are.
    pub skipped: usize,
    /// The name of the page's last picture, if there are more after it.
    pub next: Option<String>,
}

/// The next pictures by name after this one, with what they tell.
///
/// # Errors
/// R2 failed.
pub async fn list_pictures(env: &Env, after: Option<String>) -> worker::Result<PicturesPage> {
    let bucket = images(env)?;
    let mut list = bucket
        .list()
        .prefix(PICTURES_PREFIX)
        .limit(PICTURES_A_PAGE)
        .include(vec![Include::CustomMetadata]);
    if let Some(after) = after {
        list = list.start_after(after);
    }
    let found = list.execute().await?;
    let objects = found.objects();
    let read = |object: &Object| {
        let label: Label = object.custom_metadata().ok()?.into_iter().collect();
        let kept_at = UnixMillis::new(object.uploaded().as_millis());
        Remembered::read(&object.key(), &label, kept_at)
    };
    let remembered: Vec<_> = objects.iter().filter_map(read).collect();
    let last = objects.last().map(Object::key);
    Ok(PicturesPage {
        skipped: objects.len() - remembered.len(),
        remembered,
        next: last.filter(|_| found.truncated()),
    })
}

/// Fetches one picture of a job and keeps it.
pub async fn keep_picture(
    env: &Env,
    config: &Config,
    job: &Job,
    picture: &Picture,
) -> StoreOutcome {
    let PictureState::Pending { source, .. } = &picture.state else {
        return StoreOutcome::Failed("the picture is not pending".into());
    };
    match keep(env, config, job, picture, source).await {
        Ok(key) => StoreOutcome::Stored(key),
        Err(NoPicture::Now(reason)) => StoreOutcome::Failed(reason),
        Err(NoPicture::Ever(reason)) => StoreOutcome::Impossible(reason),
    }
}

async fn keep(
    env: &Env,
    config: &Config,
    job: &Job,
    picture: &Picture,
    source: &str,
) -> Result<PictureKey, NoPicture> {
    let source = open_picture(config, source).await?;
    let seed = picture.seed.or_else(|| job.request().seed()).unwrap_or(0);
    let key = PictureKey::new(
        job.created_at().day(),
        *job.secret(),
        picture.index,
        seed,
        source.format,
    );
    let put = Put {
        bucket: images(env)?,
        key: key.to_string(),
        format: source.format,
        metadata: job.label(picture, seed).into_iter().collect(),
    };
    match source.length {
        Some(length) => put.stream(source, length).await?,
        None => put.parts(source).await?,
    }
    Ok(key)
}

/// One picture on its way into R2.
struct Put {
    bucket: Bucket,
    key: String,
    format: PictureFormat,
    metadata: HashMap<String, String>,
}

impl Put {
    fn http_metadata(&self) -> HttpMetadata {
        HttpMetadata {
            content_type: Some(self.format.content_type().to_owned()),
            ..HttpMetadata::default()
        }
    }

    /// R2 takes a stream whose length is known; one that turns out otherwise is refused by the
    /// platform, and nothing is stored.
    async fn stream(&self, source: PictureSource, length: u64) -> Result<(), NoPicture> {
        let broke_off = |_| NoPicture::Now("the picture's source broke off".into());
        let pipe = FixedLengthStream::new_big_int(BigInt::from(length)).map_err(broke_off)?;
        let put = self
            .bucket
            .put(&self.key, Data::ReadableStream(pipe.readable()))
            .http_metadata(self.http_metadata())
            .custom_metadata(self.metadata.clone())
            .execute();
        let (put, fed) = join(put, feed(source.body, pipe.writable())).await;
        fed.map_err(broke_off)?;
        put.map_err(r2_failed)?;
        Ok(())
    }

    /// Without a length: in parts.
    async fn parts(self, source: PictureSource) -> Result<(), NoPicture> {
        let mut upload = Upload::new(Target {
            http_metadata: self.http_metadata(),
            bucket: self.bucket,
            key: self.key,
            metadata: self.metadata,
        });
        match pass_on(source, &mut upload).await {
            Ok(()) => upload.finish().await.map_err(r2_failed),
            Err(error) => {
                upload.abandon().await;
                Err(error)
            }
        }
    }
}

fn r2_failed(error: worker::Error) -> NoPicture {
    NoPicture::Now(format!("R2 failed: {error}"))
}

/// Sends what was read, then lets the platform move the rest.
async fn feed(body: PictureBody, sink: WritableStream) -> Result<(), JsValue> {
    let writer: WritableStreamDefaultWriter = sink.get_writer()?;
    for chunk in body.read {
        JsFuture::from(writer.write_with_chunk(&chunk)).await?;
    }
    writer.release_lock();
    JsFuture::from(body.rest.pipe_to(&sink)).await?;
    Ok(())
}

async fn pass_on(source: PictureSource, upload: &mut Upload) -> Result<(), NoPicture> {
    let reader: ReadableStreamDefaultReader = source.body.rest.get_reader().unchecked_into();
    let mut first = source.body.read.into_iter();
    let mut total = 0;
    loop {
        let chunk = match first.next() {
            Some(chunk) => Some(chunk),
            None => next_chunk(&reader).await?,
        };
        let Some(chunk) = chunk else {
            return Ok(());
        };
        total += u64::from(chunk.length());
        if total > MAX_BYTES {
            drop(JsFuture::from(reader.cancel()).await);
            return Err(NoPicture::Ever(format!(
                "the picture is larger than {MAX_BYTES} bytes"
            )));
        }
        upload.take(&chunk.to_vec()).await.map_err(r2_failed)?;
    }
}
