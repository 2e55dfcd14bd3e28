//! What is kept: results in KV under their fingerprint, pictures in R2 under names of their own.

mod pictures;
mod results;

pub use self::pictures::{StoredPicture, get_picture, head_picture, images, keep_picture};
pub use self::results::{get_result, put_result, results};
