//! What both kinds of tests of a generation start from: a job, and what it may be answered.

mod cancellation;
mod events;
mod label;
mod polling;
mod properties;
mod references;
mod reuse;
mod rules;

use serde_json::json;

use super::{Job, NewJob, Picture, Policy, StoreOutcome, Way};
use crate::cache_control::CacheUse;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::ids::{ClientId, GenerationId};
use crate::ledger::Allowance;
use crate::money::MicroDollars;
use crate::picture::PictureFormat;
use crate::picture_key::{PictureKey, PictureSecret};
use crate::request::{
    Endpoint, Form, ImageCount, ImageRequest, Limits, Model, PictureHash, PiiPolicy, Reference,
    ReferenceKey,
};
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};

const POLICY: Policy = Policy {
    max_attempts: 3,
    retry_unconfirmed: false,
    deadline: Millis::from_seconds(240),
    result_life: Millis::from_seconds(604_800),
    generation_deadline: Millis::from_seconds(600),
    poll_floor: Millis::new(500),
};
const START: UnixMillis = UnixMillis::new(1_795_262_400_000);
const PRICE: MicroDollars = MicroDollars::new(80_000);

const LIMITS: Limits = Limits {
    default_model: Model::V2,
    prompt_max_chars: 100,
    pii: PiiPolicy::Redact,
    max_images: ImageCount::MOST,
};

fn job(images: u32) -> Job {
    let body = json!({"image_request": {"prompt": "a fox", "num_images": images}});
    let request = ImageRequest::parse(Endpoint::GENERATE, &body, &LIMITS);
    job_for(request.unwrap().request, CacheUse::Usual, vec![])
}

/// A job for one picture of a request that makes this use of the cache.
fn job_of_use(cache: CacheUse) -> Job {
    job_for(job(1).request().clone(), cache, vec![])
}

/// A job whose request came with so many pictures.
fn job_with(images: u32, pictures: usize) -> Job {
    let texts = [
        ("prompt", "a fox".to_owned()),
        ("num_images", images.to_string()),
    ];
    let picture = |index| Reference {
        field: "style_reference_images".to_owned(),
        key: ReferenceKey::new([1; 16], index),
        sha256: PictureHash::new([2; 32]),
        bytes: 100,
        format: PictureFormat::Png,
    };
    let form = Form {
        texts: texts.map(|(name, text)| (name.to_owned(), text)).to_vec(),
        pictures: (0..pictures).map(picture).collect(),
    };
    let request = ImageRequest::parse_form(Endpoint::V3_GENERATE, form, &LIMITS);
    job_for(request.unwrap().request, CacheUse::Usual, vec![])
}

/// A job in the place of one that has left these.
fn job_with_left(references_left: Vec<ReferenceKey>) -> Job {
    job_for(job(1).request().clone(), CacheUse::Usual, references_left)
}

fn job_for(request: ImageRequest, cache: CacheUse, references_left: Vec<ReferenceKey>) -> Job {
    Job::new(NewJob {
        id: GenerationId::new(Fingerprint::of(&request, &CacheScope::Shared), [7; 8]),
        client: ClientId::new("client".into()),
        allowance: Allowance::default(),
        endpoint: "/generate".into(),
        request,
        cache,
        price: PRICE,
        quoted: None,
        secret: PictureSecret::new([9; 16]),
        owed: vec![],
        references_left,
        now: START,
    })
}

fn answered(status: u16, body: &str) -> CallOutcome {
    CallOutcome::Answered {
        status,
        retry_after: None,
        body: body.as_bytes().to_vec(),
    }
}

fn pictures(count: u32) -> CallOutcome {
    let item = |n| json!({"url": format!("https://ideogram.ai/{n}.png"), "seed": n, "is_image_safe": n != 3});
    let data: Vec<_> = (0..count).map(item).collect();
    answered(
        200,
        &json!({"created": "2026-11-21T12:00:00Z", "data": data}).to_string(),
    )
}

/// A round of storing in which everything goes well.
fn keep(job: &mut Job, pictures: &[Picture]) {
    for picture in pictures {
        let outcome = stored(job, picture);
        job.picture_tried(START, picture.index, outcome);
    }
    job.round_ended(START);
}

fn stored(job: &Job, picture: &Picture) -> StoreOutcome {
    let seed = picture.seed.unwrap_or(0);
    StoreOutcome::Stored(PictureKey::new(
        START.day(),
        *job.secret(),
        picture.index,
        seed,
        PictureFormat::Png,
    ))
}
