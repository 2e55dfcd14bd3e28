//! What is kept: clients and results in KV, the latter under their fingerprint, pictures in R2 under names of their own.

mod clients;
mod pictures;
mod results;

pub use self::clients::{delete_client, get_client, list_clients, put_client};
pub use self::pictures::{StoredPicture, get_picture, head_picture, images, keep_picture};
pub use self::results::{get_result, put_result, results};
