//! `multipart/form-data`, part by part.
//! Holds true: parts come in the order sent; what was read before a form broke off is not lost.

use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt;
use multer::{Constraints, Error, Field, Multipart, SizeLimit};

use crate::upload::{Upload, UploadReader};

pub(crate) struct FormPart {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) content: FormContent,
}

pub(crate) enum FormContent {
    /// Bytes that are not UTF-8 are replaced.
    Text(String),
    File(Upload),
}

/// Why a form could not be read to its end.
pub(crate) enum Broken {
    TooLarge,
    Malformed(String),
}

pub(crate) struct Form {
    pub(crate) parts: Vec<FormPart>,
    pub(crate) broken: Option<Broken>,
}

impl FormPart {
    pub(crate) fn is_json(&self) -> bool {
        is_json(self.content_type.as_deref())
    }
}

pub(crate) fn is_form(content_type: &str) -> bool {
    let content_type = content_type.to_ascii_lowercase();
    content_type.starts_with("multipart/form-data")
}

fn is_json(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.starts_with("application/json"))
}

/// Reads a body of so many bytes at most.
pub(crate) async fn read_form(content_type: &str, body: Body, most_bytes: u64) -> Form {
    let mut parts = Vec::new();
    let mut stream = body.into_data_stream();
    let broken = match read_parts(content_type, &mut stream, most_bytes, &mut parts).await {
        Ok(()) => None,
        Err(Error::StreamSizeExceeded { .. }) => Some(Broken::TooLarge),
        Err(error) => Some(Broken::Malformed(error.to_string())),
    };
    if broken.is_some() {
        drain(stream, most_bytes).await;
    }
    Form { parts, broken }
}

async fn read_parts(
    content_type: &str,
    stream: &mut BodyDataStream,
    most_bytes: u64,
    parts: &mut Vec<FormPart>,
) -> Result<(), Error> {
    let boundary = multer::parse_boundary(content_type)?;
    let limit = SizeLimit::new().whole_stream(most_bytes);
    let constraints = Constraints::new().size_limit(limit);
    let mut form = Multipart::with_constraints(stream, boundary, constraints);
    while let Some(field) = form.next_field().await? {
        parts.push(read_part(field).await?);
    }
    Ok(())
}

/// A part with a file name is a file, unless it is JSON: JavaScript cannot send that without one.
async fn read_part(mut field: Field<'_>) -> Result<FormPart, Error> {
    let content_type = field.content_type().map(ToString::to_string);
    let file_name = field.file_name().map(str::to_owned);
    let name = field.name().unwrap_or_default().to_owned();
    let content = if file_name.is_some() && !is_json(content_type.as_deref()) {
        let mut upload = UploadReader::default();
        while let Some(piece) = field.chunk().await? {
            upload.take(&piece);
        }
        FormContent::File(upload.finish())
    } else {
        let bytes: Bytes = field.bytes().await?;
        FormContent::Text(String::from_utf8_lossy(&bytes).into_owned())
    };
    Ok(FormPart {
        name,
        file_name,
        content_type,
        content,
    })
}

/// Takes the rest of a body and throws it away, within bounds: a caller that is still sending
/// when the connection ends may never see the answer.
async fn drain(mut stream: BodyDataStream, most_bytes: u64) {
    let mut taken = 0;
    while taken < most_bytes
        && let Some(Ok(piece)) = stream.next().await
    {
        taken += piece.len() as u64;
    }
}
