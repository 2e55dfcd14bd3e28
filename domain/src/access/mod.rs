//! Who may call, and for what. A client has a key of its own and what goes with it; a page has a
//! token that a client got for it; the operator has the operator's key. What a caller may do follows
//! from a [`Caller`] alone.
//!
//! `key` and `token` are what callers present, `client` is what a key stands for, `caller` is who is
//! calling, `origins` says which pages may, `address` whose wrong keys are counted together.

mod address;
mod caller;
mod client;
mod key;
mod origins;
mod token;

pub use self::address::network_of;
pub use self::caller::{Caller, NotPermitted};
pub use self::client::{Client, NewClient, RateClass};
pub use self::key::{ClientKey, KEY_BYTES, KeyDigest, PresentedKey, same_secret};
pub use self::origins::{AllowedOrigins, FromPage, NotOrigins};
pub use self::token::{NewToken, Token, TokenSecret};
