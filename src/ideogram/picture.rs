//! Fetching a picture from its source link: from allowed hosts only, through allowed redirects
//! only, and only if its first bytes are a picture's. The bytes themselves stay outside wasm; only
//! the first chunk is looked at.

use domain::picture::{FORMAT_BYTES, MAX_BYTES, PictureFormat};
use domain::source::MAX_REDIRECTS;
use js_sys::{Reflect, Uint8Array};
use url::Url;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader};
use worker::ResponseBody;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::{AbortSignal, Fetch, Method, Request, RequestInit, RequestRedirect, Response};

use super::time_out;
use crate::config::Config;
use crate::log;

/// A picture that is on its way.
#[derive(Debug)]
pub struct PictureSource {
    /// What it is, by its first bytes.
    pub format: PictureFormat,
    /// Its length in bytes, if the source says it.
    pub length: Option<u64>,
    /// The rest of it.
    pub body: PictureBody,
}

/// A body of which the first chunks have been read.
#[derive(Debug)]
pub struct PictureBody {
    /// What has been read.
    pub read: Vec<Uint8Array>,
    /// What is still to come.
    pub rest: ReadableStream,
}

/// Why a picture cannot be had.
#[derive(Debug)]
pub enum NoPicture {
    /// Perhaps later.
    Now(String),
    /// Not from this link.
    Ever(String),
}

impl From<worker::Error> for NoPicture {
    fn from(error: worker::Error) -> Self {
        Self::Now(format!("the picture's source failed: {error}"))
    }
}

/// Starts fetching a picture.
///
/// # Errors
/// It cannot be had, now or ever.
pub async fn open_picture(config: &Config, source: &str) -> Result<PictureSource, NoPicture> {
    let signal = time_out(config.request_timeout);
    let response = follow(config, source, &signal).await?;
    let length = length(&response)?;
    let ResponseBody::Stream(stream) = response.body().clone() else {
        return Err(NoPicture::Now("the picture's source sent no body".into()));
    };
    let (format, body) = look(stream).await?;
    Ok(PictureSource {
        format,
        length,
        body,
    })
}

/// Requests the picture, following redirects itself: each has to be allowed.
async fn follow(
    config: &Config,
    source: &str,
    signal: &AbortSignal,
) -> Result<Response, NoPicture> {
    let refused = |refused: domain::source::SourceRefused| NoPicture::Ever(refused.to_string());
    let mut url = config.source_hosts.allows(source).map_err(refused)?;
    for _ in 0..=MAX_REDIRECTS {
        let response = get(&url, signal).await?;
        match response.status_code() {
            200 => return Ok(response),
            301 | 302 | 303 | 307 | 308 => {
                let location = response.headers().get("location")?;
                let location = location.ok_or_else(|| {
                    NoPicture::Now("the picture's source redirects to nowhere".into())
                })?;
                url = config
                    .source_hosts
                    .follow(&url, &location)
                    .map_err(refused)?;
            }
            status @ (404 | 410) => {
                return Err(NoPicture::Ever(format!(
                    "the picture is gone from its source (status {status})"
                )));
            }
            status => {
                return Err(NoPicture::Now(format!(
                    "the picture's source answered with status {status}"
                )));
            }
        }
    }
    Err(NoPicture::Ever(
        "the picture's source redirects too often".into(),
    ))
}

async fn get(url: &Url, signal: &AbortSignal) -> worker::Result<Response> {
    let mut init = RequestInit::new();
    init.with_method(Method::Get)
        .with_redirect(RequestRedirect::Manual);
    let request = Request::new_with_init(url.as_str(), &init)?;
    Fetch::Request(request).send_with_signal(signal).await
}

fn length(response: &Response) -> Result<Option<u64>, NoPicture> {
    let header = response.headers().get("content-length")?;
    // A length counts bytes after encoding; pictures are not encoded, and one that is has none.
    let encoded = response.headers().get("content-encoding")?.is_some();
    let length = header.and_then(|text| text.parse::<u64>().ok());
    match length.filter(|_| !encoded) {
        Some(length) if length > MAX_BYTES => Err(NoPicture::Ever(format!(
            "the picture is larger than {MAX_BYTES} bytes"
        ))),
        length => Ok(length),
    }
}

/// Reads until the format is clear.
async fn look(stream: ReadableStream) -> Result<(PictureFormat, PictureBody), NoPicture> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = vec![];
    let mut first = vec![];
    while first.len() < FORMAT_BYTES {
        let Some(chunk) = next_chunk(&reader).await? else {
            break;
        };
        let wanted = u32::try_from(FORMAT_BYTES - first.len()).unwrap_or(0);
        first.extend(chunk.subarray(0, wanted.min(chunk.length())).to_vec());
        read.push(chunk);
    }
    let Some(format) = PictureFormat::from_first_bytes(&first) else {
        if let Err(error) = JsFuture::from(reader.cancel()).await {
            log::fault("ideogram", &format!("a body that is no picture: {error:?}"));
        }
        return Err(NoPicture::Ever(
            "the source holds no PNG, JPEG or WebP picture".into(),
        ));
    };
    reader.release_lock();
    let rest = stream;
    Ok((format, PictureBody { read, rest }))
}

/// The next chunk of a body, or nothing at its end.
///
/// # Errors
/// The transfer broke off.
pub async fn next_chunk(
    reader: &ReadableStreamDefaultReader,
) -> Result<Option<Uint8Array>, NoPicture> {
    let broke_off = |_| NoPicture::Now("the picture's source broke off".into());
    let result = JsFuture::from(reader.read()).await.map_err(broke_off)?;
    let field = |name: &str| Reflect::get(&result, &JsValue::from_str(name)).map_err(broke_off);
    if field("done")?.is_truthy() {
        return Ok(None);
    }
    Ok(field("value")?.dyn_into().ok())
}
