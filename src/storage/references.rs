//! The pictures that came with requests, in R2. Each request has a folder of its own, drawn at
//! random, and what is in it is deleted by whoever has it: the request until a generation has taken
//! it over, the generation once no call can leave any more. What both have lost is swept up.

use domain::request::{REFERENCES_PREFIX, Reference, ReferenceKey};
use domain::time::{Millis, UnixMillis};
use web_sys::ReadableStream;
use worker::{Env, HttpMetadata, Object, ResponseBody};

use super::pictures::images;
use super::upload::{Target, Upload};
use crate::clock::now;
use crate::log;

/// No request is read for longer than some minutes, and no generation calls Ideogram later than its
/// deadline, which is little more than an hour with the longest settings: a day-old picture is nobody's.
const LEFT_AFTER: Millis = Millis::from_seconds(24 * 60 * 60);
/// The most lists of a thousand names that one sweep reads; each is one of the calls that a run may
/// make, and so is deleting what is found there.
const MOST_LISTS: u32 = 20;

/// Starts to store a picture. Nothing is said about it in R2: its generation knows what it is.
///
/// # Errors
/// There is no bucket.
pub fn upload_reference(env: &Env, key: &ReferenceKey) -> worker::Result<Upload> {
    Ok(Upload::new(Target {
        bucket: images(env)?,
        key: key.as_str().to_owned(),
        http_metadata: HttpMetadata::default(),
        metadata: [].into(),
    }))
}

/// The pictures that a request has brought, as long as they are the request's.
#[derive(Debug, Default)]
pub struct Brought(Vec<ReferenceKey>);

impl Brought {
    /// One more, to be noted before it is stored.
    pub fn add(&mut self, key: ReferenceKey) {
        self.0.push(key);
    }

    /// They are a generation's now, or may be.
    pub fn hand_over(&mut self) {
        self.0.clear();
    }

    /// Deletes what is still the request's.
    pub async fn delete(self, env: &Env) {
        if let Err(error) = delete_references(env, &self.0).await {
            // The sweep finds them.
            log::fault("references", &error.to_string());
        }
    }
}

/// Deletes pictures; those that are not there do not matter.
///
/// # Errors
/// R2 failed.
pub async fn delete_references(env: &Env, keys: &[ReferenceKey]) -> worker::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let names = keys.iter().map(ReferenceKey::as_str).collect();
    images(env)?.delete_multiple(names).await
}

/// Whether a picture is there, whole.
///
/// # Errors
/// R2 failed.
pub async fn has_reference(env: &Env, reference: &Reference) -> worker::Result<bool> {
    let found = images(env)?.head(reference.key.as_str()).await?;
    Ok(found.is_some_and(|object| object.size() == reference.bytes))
}

/// The bytes of a picture.
///
/// # Errors
/// It is not there, or R2 failed.
pub async fn read_reference(env: &Env, reference: &Reference) -> worker::Result<ReadableStream> {
    let bucket = images(env)?;
    let found = bucket.get(reference.key.as_str()).execute().await?;
    let body = found.as_ref().and_then(Object::body);
    match body.map(worker::ObjectBody::response_body).transpose()? {
        Some(ResponseBody::Stream(stream)) => Ok(stream),
        _ => Err("a picture that goes with the request is gone".into()),
    }
}

/// Deletes what nobody has deleted; says how many there were.
///
/// # Errors
/// R2 failed; the next sweep goes on.
pub async fn sweep_references(env: &Env) -> worker::Result<usize> {
    let bucket = images(env)?;
    let now = now();
    let mut swept = 0;
    let mut cursor = None;
    for _ in 0..MOST_LISTS {
        let mut list = bucket.list().prefix(REFERENCES_PREFIX);
        if let Some(cursor) = cursor {
            list = list.cursor(cursor);
        }
        let found = list.execute().await?;
        let objects = found.objects();
        let left = objects.iter().filter(|object| {
            let uploaded_at = UnixMillis::new(object.uploaded().as_millis());
            now.since(uploaded_at) > LEFT_AFTER
        });
        let names: Vec<_> = left.map(Object::key).collect();
        if !names.is_empty() {
            swept += names.len();
            bucket.delete_multiple(names).await?;
        }
        cursor = found.cursor();
        if cursor.is_none() {
            break;
        }
    }
    Ok(swept)
}
