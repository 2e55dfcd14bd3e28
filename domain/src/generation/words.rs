//! A generation's words: what starts one, what it does next, what it comes to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::pictures::Picture;
use crate::answer::Answer;
use crate::cache_control::CacheUse;
use crate::failure::Failure;
use crate::ids::{ClientId, GenerationId};
use crate::ledger::{Allowance, CallReport, LeaseTerms, Settlement};
use crate::money::MicroDollars;
use crate::picture_key::{PictureFolder, PictureKey, PictureSecret};
use crate::request::{ImageRequest, ReferenceKey};
use crate::time::{Millis, UnixMillis};
use crate::upstream::UpstreamId;

/// What the operator allows, from the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The most calls to Ideogram for one generation.
    pub max_attempts: u32,
    /// Whether a call that may have been billed may be tried again.
    pub retry_unconfirmed: bool,
    /// After this long, counted from the request, no further call is started.
    pub deadline: Millis,
    /// How long a result is good for.
    pub result_life: Millis,
    /// After this long, counted from its submission, the cost of what Ideogram is still at work on
    /// counts as unconfirmed.
    pub generation_deadline: Millis,
    /// The least wait between two polls for one generation.
    pub poll_floor: Millis,
}

/// What starts a generation. Randomness comes from the caller.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its id.
    pub id: GenerationId,
    /// Who asked first, and pays.
    pub client: ClientId,
    /// How much it may take at most.
    pub allowance: Allowance,
    /// The path of the endpoint it was asked for at; reports go by it.
    pub endpoint: String,
    /// What was asked.
    pub request: ImageRequest,
    /// What it makes of the cache.
    pub cache: CacheUse,
    /// The price of one unit: of a picture, or of a request where those are billed.
    pub price: MicroDollars,
    /// The same by Ideogram's own quote, if there is one: what is booked.
    pub quoted: Option<MicroDollars>,
    /// What makes the pictures' links impossible to guess.
    pub secret: PictureSecret,
    /// What an earlier generation in the same object still owes the ledger.
    pub owed: Vec<Owed>,
    /// The pictures that came with an earlier generation in the same object and are still there.
    pub references_left: Vec<ReferenceKey>,
    /// Now.
    pub now: UnixMillis,
}

/// A settlement the ledger has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The lease and what it was for.
    pub terms: LeaseTerms,
    /// How it ends.
    pub settlement: Settlement,
    /// The last call under it, if the ledger has not heard of it.
    #[serde(default)]
    pub call: Option<CallReport>,
    /// What goes into the history, if the generation ended with it.
    #[serde(default)]
    pub record: Option<Record>,
}

impl Owed {
    /// Whether the ledger learns from it what a lease has cost; otherwise only how storing goes.
    #[must_use]
    pub fn tells_of_cost(&self) -> bool {
        let record = self.record.as_ref();
        record.is_none_or(|record| record.storing.is_none())
    }
}

/// How the storing of a generation's pictures goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoringReport {
    /// The names of those that are kept.
    pub keys: Vec<PictureKey>,
    /// How many have been tried in vain and are tried again.
    pub pending: u32,
    /// How many are lost.
    pub lost: u32,
}

/// A generation as the history keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The generation.
    pub id: GenerationId,
    /// The sanitised prompt.
    pub prompt: String,
    /// The options it was asked with, by Ideogram's names.
    pub options: BTreeMap<String, Value>,
    /// The seeds of its pictures.
    pub seeds: Vec<u64>,
    /// The part that the names of its pictures in R2 begin with.
    #[serde(default)]
    pub pictures: Option<PictureFolder>,
    /// How their storing goes, once that is known.
    #[serde(default)]
    pub storing: Option<StoringReport>,
    /// `Record::DONE`, or the code it failed with.
    pub outcome: String,
    /// From the request to the outcome.
    pub latency: Millis,
    /// When it was asked for.
    pub created_at: UnixMillis,
}

impl Record {
    /// The outcome of a generation that made pictures.
    pub const DONE: &str = "done";
}

/// What came of a generation: Ideogram's answer, and where its pictures are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GenerationResult {
    /// The generation.
    pub id: GenerationId,
    /// Ideogram's own answer, unknown fields kept.
    pub answer: Answer,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What it cost.
    pub cost: MicroDollars,
    /// When it was asked for.
    pub created_at: UnixMillis,
}

impl GenerationResult {
    /// Whether it can be given to others for as long as results live: every picture is kept.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        self.pictures.iter().all(Picture::is_stored)
    }

    /// How long it answers for new requests for the same. One with pictures that Ideogram withheld is
    /// no good result, and asked for again at once would be paid for again and come out no better.
    #[must_use]
    pub fn answers_for(&self, policy: &Policy) -> Millis {
        let kept = |picture: &Picture| picture.is_stored() || picture.is_withheld();
        if self.is_lasting() {
            policy.result_life
        } else if self.pictures.iter().all(kept) {
            policy.result_life.min(REJECTION_LIFE)
        } else {
            Millis::ZERO
        }
    }
}

/// How long Ideogram's word that a prompt or a picture is unsafe is taken for its word on the next
/// request for the same.
pub const REJECTION_LIFE: Millis = Millis::from_seconds(60 * 60);

/// What those who asked are told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The result.
    Done(GenerationResult),
    /// Why there is none.
    Failed(Failure),
}

/// Where a generation stands, as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waiting for money or a place.
    Queued,
    /// Ideogram is at work, or will be tried again.
    Generating,
    /// The pictures are being kept.
    Storing,
    /// There is a result.
    Done,
    /// There is none.
    Failed,
    /// There is none: whoever asked for it wants it no longer.
    Cancelled,
}

/// What to do next.
#[derive(Debug, Clone)]
pub enum Step {
    /// Tell the ledger; then `settled` or `ledger_failed`.
    Settle(Box<Owed>),
    /// Ask the ledger; then `acquired` or `acquire_failed`.
    Acquire(LeaseTerms),
    /// Ask the ledger whether a failed call may be tried again; then `retry_answered`.
    AskToRetry(LeaseTerms, CallReport),
    /// It is too late for a call; then `gave_up`.
    GiveUp,
    /// `call_begins`, store, call Ideogram, `call_ended`.
    Call,
    /// Ask Ideogram for the generation of this id; then `polled`.
    Poll(UpstreamId),
    /// Ask Ideogram for new links to the pictures of this generation; then `links_renewed`.
    RenewLinks(UpstreamId),
    /// Fetch and keep these; `picture_tried` for each as it comes, then `round_ended`.
    Store(Vec<Picture>),
    /// Put the result into the cache, if it is lasting; then `published`.
    Publish,
    /// Delete these, which no call needs any more; then `references_dropped` or
    /// `references_not_dropped`.
    DropReferences(Vec<ReferenceKey>),
    /// Nothing until then.
    Wait(UnixMillis),
    /// Forget the generation.
    Forget,
}
