//! What is kept: clients, quotes, paces and results in KV, the latter under their fingerprint; in R2 pictures under
//! names of their own, and for a while those that came with requests.

mod clients;
mod paces;
mod pictures;
mod preflight;
mod quotes;
mod references;
mod rejections;
mod results;
mod upload;
mod webhook_keys;

pub use self::clients::{delete_client, get_client, get_policy_text, list_clients, put_client};
pub use self::paces::{get_paces, pace_of, put_paces};
pub use self::pictures::{
    StoredPicture, delete_pictures, get_picture, head_picture, images, keep_picture, list_pictures,
};
pub use self::preflight::{try_bucket, try_config_store, try_results};
pub use self::quotes::{prices_in_force, put_quotes};
pub use self::references::{
    Brought, delete_references, has_reference, read_reference, sweep_references, upload_reference,
};
pub use self::rejections::{get_rejection, put_rejection};
pub use self::results::{delete_result_of, get_result, put_result, results};
pub use self::upload::Upload;
pub use self::webhook_keys::{keep_webhook_keys, recall_webhook_keys, with_webhook_keys};
