//! What arrives from outside, against the rules that read it. Each target is one function over any
//! bytes, which asserts what holds of them; it panics if it does not.
//!
//! `cargo test` runs every target on its seeds (`seeds/NAME/`) and on some thousands of mutations of
//! them; `make fuzz` lets libFuzzer look further. Whatever was found once becomes a seed.
//!
//! A new target is a function and a line in [`TARGETS`], and a seed or more.

mod answer;
mod headers;
mod invisible;
mod job;
mod mode;
mod multipart;
mod openai;
mod picture;
mod policy;
mod prompt;
mod quote;
mod redaction;
mod report;
mod request;
#[cfg(test)]
mod seeds_and_mutations;
mod source;
mod usage;
mod webhook;

/// Something that reads what arrives from outside.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it is called; its seeds are in the folder of that name.
    pub name: &'static str,
    /// Asserts what holds of any bytes.
    pub check: fn(&[u8]),
    /// Words that random bytes would not hit on.
    pub tokens: &'static [&'static str],
}

impl Target {
    const fn new(name: &'static str, check: fn(&[u8]), tokens: &'static [&'static str]) -> Self {
        Self {
            name,
            check,
            tokens,
        }
    }
}

/// All targets.
pub static TARGETS: &[Target] = &[
    Target::new("answer", answer::check, answer::TOKENS),
    Target::new("headers", headers::check, headers::TOKENS),
    Target::new("job", job::check, job::TOKENS),
    Target::new("mode", mode::check, mode::TOKENS),
    Target::new("multipart", multipart::check, multipart::TOKENS),
    Target::new("openai", openai::check, openai::TOKENS),
    Target::new("picture", picture::check, picture::TOKENS),
    Target::new("policy", policy::check, policy::TOKENS),
    Target::new("prompt", prompt::check, prompt::TOKENS),
    Target::new("quote", quote::check, quote::TOKENS),
    Target::new("redaction", redaction::check, redaction::TOKENS),
    Target::new("report", report::check, report::TOKENS),
    Target::new("request", request::check, request::TOKENS),
    Target::new("source", source::check, source::TOKENS),
    Target::new("usage", usage::check, usage::TOKENS),
    Target::new("webhook", webhook::check, webhook::TOKENS),
];

/// The target of this name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
