//! What is kept: clients and results in KV, the latter under their fingerprint, pictures in R2 under names of their own.

mod clients;
mod pictures;
mod rejections;
mod results;

pub use self::clients::{delete_client, get_client, get_policy_text, list_clients, put_client};
pub use self::pictures::{
    StoredPicture, delete_pictures, get_picture, head_picture, images, keep_picture,
};
pub use self::rejections::{get_rejection, put_rejection};
pub use self::results::{delete_result_of, get_result, put_result, results};
