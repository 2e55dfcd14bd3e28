//! What one client, and one browser token, may take at most. It comes with each lease, because
//! clients and tokens are not the ledger's; it counts what was taken. A client's money is counted
//! like the day's; a token's pictures are counted when they are asked for and given back only if
//! nothing was billed, so copies of a token share one count.

use serde::{Deserialize, Serialize};

use crate::ids::TokenId;
use crate::money::MicroDollars;
use crate::time::UnixMillis;

/// The bounds of one lease besides the day's own; none at all by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// The most that may be billed, reserved and unconfirmed for the client on one UTC day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_budget: Option<MicroDollars>,
    /// The browser token it was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenAllowance>,
}

/// How many pictures a browser token is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenAllowance {
    /// The token.
    pub id: TokenId,
    /// The most pictures, over all requests made with it.
    pub images: u32,
    /// From then on nothing is granted to it, and its count need not be kept. Later than the token's
    /// own end, so that what was asked for in time may still wait and be tried again.
    pub counted_until: UnixMillis,
}

/// What a token was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenUse {
    /// Pictures that were billed, or may have been.
    pub images: u32,
    /// How long that matters.
    pub counted_until: UnixMillis,
}
