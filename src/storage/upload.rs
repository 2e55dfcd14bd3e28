//! A body of unknown length on its way into R2: what fits into one part is put at once, more goes in
//! parts of one size. No more than one part is ever held.

use std::collections::HashMap;

use worker::{Bucket, Data, HttpMetadata, MultipartUpload, UploadedPart};

/// All parts of a multipart upload but the last are of one size, at least 5 MiB (R2's limits).
const PART_BYTES: usize = 5 * 1024 * 1024;

/// Where a body goes, and what is said about it there.
pub struct Target {
    /// The bucket.
    pub bucket: Bucket,
    /// Its name.
    pub key: String,
    /// What it is served with.
    pub http_metadata: HttpMetadata,
    /// What else is known about it.
    pub metadata: HashMap<String, String>,
}

/// The body as it comes.
pub struct Upload {
    target: Target,
    part: Vec<u8>,
    begun: Option<MultipartUpload>,
    parts: Vec<UploadedPart>,
}

impl Upload {
    /// To this place, nothing sent yet.
    pub const fn new(target: Target) -> Self {
        Self {
            target,
            part: vec![],
            begun: None,
            parts: vec![],
        }
    }

    /// More of the body. A full part leaves when more comes, so that the last one is not empty.
    ///
    /// # Errors
    /// R2 failed.
    pub async fn take(&mut self, piece: &[u8]) -> worker::Result<()> {
        let mut rest = piece;
        while !rest.is_empty() {
            if self.part.len() >= PART_BYTES {
                self.send().await?;
            }
            let room = PART_BYTES.saturating_sub(self.part.len());
            let fits = rest.get(..room).unwrap_or(rest);
            self.make_room(fits.len());
            self.part.extend(fits);
            rest = rest.get(fits.len()..).unwrap_or_default();
        }
        Ok(())
    }

    /// Grows as a vector does, but never beyond a part.
    fn make_room(&mut self, more: usize) {
        let (length, capacity) = (self.part.len(), self.part.capacity());
        if length + more > capacity {
            let wanted = (capacity * 2).min(PART_BYTES).max(length + more);
            self.part.reserve_exact(wanted - length);
        }
    }

    async fn send(&mut self) -> worker::Result<()> {
        let upload = match self.begun.take() {
            Some(upload) => upload,
            None => self.begin().await?,
        };
        let upload = self.begun.insert(upload);
        let number = u16::try_from(self.parts.len() + 1).unwrap_or(u16::MAX);
        let part = std::mem::take(&mut self.part);
        self.parts.push(upload.upload_part(number, part).await?);
        Ok(())
    }

    async fn begin(&self) -> worker::Result<MultipartUpload> {
        let Target {
            bucket,
            key,
            http_metadata,
            metadata,
        } = &self.target;
        bucket
            .create_multipart_upload(key)
            .http_metadata(http_metadata.clone())
            .custom_metadata(metadata.clone())
            .execute()
            .await
    }

    /// The body has ended.
    ///
    /// # Errors
    /// R2 failed.
    pub async fn finish(mut self) -> worker::Result<()> {
        if self.begun.is_some() {
            self.send().await?;
        }
        match self.begun {
            Some(upload) => {
                upload.complete(self.parts).await?;
            }
            None => {
                let put = self
                    .target
                    .bucket
                    .put(self.target.key, Data::Bytes(self.part));
                put.http_metadata(self.target.http_metadata)
                    .custom_metadata(self.target.metadata)
                    .execute()
                    .await?;
            }
        }
        Ok(())
    }

    /// The body will not end. What is not finished is no object; parts that could not be given up
    /// R2 drops by itself after a week.
    pub async fn abandon(self) {
        if let Some(upload) = self.begun {
            drop(upload.abort().await);
        }
    }
}
