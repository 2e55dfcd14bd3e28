//! Taking a form in, part by part, as it arrives: what each part may be, and how much of it all is
//! taken. A picture's bytes only pass through here, to be hashed and looked at; who reads the form
//! stores them, and nothing is stored of a picture whose first bytes are not a picture's.

use std::fmt;

use sha2::{Digest, Sha256};

use super::endpoint::Endpoint;
use super::form::Form;
use super::invalid::{InvalidRequest, path_to};
use super::reference::{PictureHash, Reference, ReferenceKey};
use super::{BODY, MOST_FORM_BYTES};
use crate::failure::FailureCode;
use crate::picture::{FORMAT_BYTES, PictureFormat};

/// The most bytes of all texts of a form together: as much as a JSON body may have.
pub const MOST_TEXT_BYTES: usize = 1024 * 1024;
/// The most parts of a form. An endpoint has less than twenty fields; those that may be repeated are
/// style codes and pictures.
pub const MOST_PARTS: usize = 100;

/// A form that is not taken: a `413` for what is too large, a `400` for everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRefused {
    /// What it is answered with.
    pub code: FailureCode,
    /// The field, and what is wrong with it.
    pub reason: InvalidRequest,
}

impl From<InvalidRequest> for FormRefused {
    fn from(reason: InvalidRequest) -> Self {
        let code = FailureCode::InvalidRequest;
        Self { code, reason }
    }
}

impl FormRefused {
    fn too_large(field: &str, complaint: impl fmt::Display) -> Self {
        let code = FailureCode::PayloadTooLarge;
        let reason = InvalidRequest::new(field, complaint);
        Self { code, reason }
    }

    /// The form as a whole is larger than [`MOST_FORM_BYTES`].
    #[must_use]
    pub fn larger_than_any() -> Self {
        Self::too_large(
            BODY,
            format_args!("is larger than {MOST_FORM_BYTES} bytes in all"),
        )
    }

    /// The body is no form, for this reason, a sentence without its subject.
    #[must_use]
    pub fn malformed(complaint: &'static str) -> Self {
        InvalidRequest::new(BODY, complaint).into()
    }
}

/// What stands before a part's bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PartHead<'part> {
    /// The field it is for.
    pub name: Option<&'part str>,
    /// The name of the file that it came from.
    pub file_name: Option<&'part str>,
    /// What it says it is.
    pub content_type: Option<&'part str>,
}

impl PartHead<'_> {
    /// Whether it is a file. JavaScript cannot send JSON as such without the name of a file, so what
    /// says that it is a text is one.
    fn is_file(self) -> bool {
        let essence = self.content_type.unwrap_or_default().to_ascii_lowercase();
        let is_text = essence.starts_with("application/json") || essence.starts_with("text/");
        self.file_name.is_some() && !is_text
    }
}

/// A part whose bytes are to come.
#[derive(Debug)]
pub enum PartReading {
    /// A text.
    Text(TextReading),
    /// A picture.
    Picture(PictureReading),
}

/// A form as it is read.
#[derive(Debug)]
pub struct FormReading {
    endpoint: Endpoint,
    form: Form,
    parts: usize,
    pictures_begun: usize,
    text_bytes: usize,
}

impl FormReading {
    /// A form for this endpoint, of which nothing has come yet.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            form: Form::default(),
            parts: 0,
            pictures_begun: 0,
            text_bytes: 0,
        }
    }

    /// Another part begins.
    ///
    /// # Errors
    /// The endpoint does not take it.
    pub fn begin(&mut self, head: PartHead<'_>) -> Result<PartReading, FormRefused> {
        self.parts += 1;
        if self.parts > MOST_PARTS {
            let complaint = format_args!("has more than {MOST_PARTS} parts");
            return Err(InvalidRequest::new(BODY, complaint).into());
        }
        let Some(name) = head.name.filter(|name| !name.is_empty()) else {
            return Err(FormRefused::malformed("has a part without a name"));
        };
        if let Some(most_bytes) = self.endpoint.largest_picture(name) {
            return self.begin_picture(name, most_bytes, head);
        }
        if head.is_file() {
            return Err(InvalidRequest::new(&path_to(None, name), "takes no file").into());
        }
        Ok(PartReading::Text(TextReading {
            field: name.to_owned(),
            bytes: vec![],
            room: MOST_TEXT_BYTES.saturating_sub(self.text_bytes),
        }))
    }

    fn begin_picture(
        &mut self,
        name: &str,
        most_bytes: u64,
        head: PartHead<'_>,
    ) -> Result<PartReading, FormRefused> {
        self.pictures_begun += 1;
        let most = self.endpoint.most_pictures();
        if self.pictures_begun > most {
            let complaint = format_args!("is one picture too many; this endpoint takes {most}");
            return Err(InvalidRequest::new(name, complaint).into());
        }
        Ok(PartReading::Picture(PictureReading {
            field: name.to_owned(),
            most_bytes,
            may_be_empty: head.file_name.is_none_or(str::is_empty),
            first: vec![],
            format: None,
            length: 0,
            hash: Sha256::new(),
        }))
    }

    /// A text has come to its end.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn end_text(&mut self, text: TextReading) -> Result<(), FormRefused> {
        let TextReading { field, bytes, .. } = text;
        self.text_bytes += bytes.len();
        let text = String::from_utf8(bytes).map_err(|_| {
            let path = path_to(None, &field);
            InvalidRequest::new(&path, "must be text in UTF-8")
        })?;
        self.form.texts.push((field, text));
        Ok(())
    }

    /// A picture is stored.
    pub fn add_picture(&mut self, picture: Reference) {
        self.form.pictures.push(picture);
    }

    /// All of it, once its last part has ended.
    #[must_use]
    pub fn form(self) -> Form {
        self.form
    }
}

/// A text as it is read.
#[derive(Debug)]
pub struct TextReading {
    field: String,
    bytes: Vec<u8>,
    room: usize,
}

impl TextReading {
    /// More of it.
    ///
    /// # Errors
    /// The texts of the form are too large.
    pub fn take(&mut self, piece: &[u8]) -> Result<(), FormRefused> {
        if self.bytes.len() + piece.len() > self.room {
            let complaint = format_args!("has texts of more than {MOST_TEXT_BYTES} bytes in all");
            return Err(FormRefused::too_large(BODY, complaint));
        }
        self.bytes.extend(piece);
        Ok(())
    }
}

/// A picture as it is read.
#[derive(Debug)]
pub struct PictureReading {
    field: String,
    most_bytes: u64,
    /// What a browser sends for a file that nobody has chosen.
    may_be_empty: bool,
    /// Its first bytes, until they tell what it is.
    first: Vec<u8>,
    format: Option<PictureFormat>,
    length: u64,
    hash: Sha256,
}

impl PictureReading {
    /// More of it.
    ///
    /// # Errors
    /// It is too large, or no picture.
    pub fn take(&mut self, piece: &[u8]) -> Result<(), FormRefused> {
        let more = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.length = self.length.saturating_add(more);
        if self.length > self.most_bytes {
            let complaint = format_args!("is larger than {} bytes", self.most_bytes);
            return Err(FormRefused::too_large(&self.field, complaint));
        }
        self.hash.update(piece);
        if self.format.is_none() {
            let missing = FORMAT_BYTES.saturating_sub(self.first.len());
            self.first.extend(piece.iter().take(missing));
            self.format = PictureFormat::from_first_bytes(&self.first);
            if self.format.is_none() && self.first.len() >= FORMAT_BYTES {
                return Err(self.no_picture());
            }
        }
        Ok(())
    }

    /// Its end, with the name that it has in R2; nothing if no file was chosen.
    ///
    /// # Errors
    /// It is no picture.
    pub fn end(self, key: ReferenceKey) -> Result<Option<Reference>, FormRefused> {
        if self.length == 0 && self.may_be_empty {
            return Ok(None);
        }
        let Some(format) = self.format else {
            return Err(self.no_picture());
        };
        Ok(Some(Reference {
            field: self.field,
            key,
            sha256: PictureHash::new(self.hash.finalize().into()),
            bytes: self.length,
            format,
        }))
    }

    fn no_picture(&self) -> FormRefused {
        InvalidRequest::new(&self.field, "must be a PNG, JPEG or WebP picture").into()
    }
}
