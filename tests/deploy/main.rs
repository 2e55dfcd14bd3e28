//! What is deployed, and how: `wrangler.toml`'s environments, and the scripts that bring a version to
//! Cloudflare and back. The scripts run as they are, with a stand-in for wrangler and one for what a
//! deployed gateway answers.
//! Holds true: nothing leaves this machine.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that panics has failed"
)]

mod cloudflare;
mod environments;
mod scripts;
