//! What both kinds of tests of a generation start from: a job, and what it may be answered.

mod cancellation;
mod events;
mod properties;
mod reuse;
mod rules;

use serde_json::json;

use super::{Job, NewJob, Picture, Policy, StoreOutcome};
use crate::cache_control::CacheUse;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::ids::{ClientId, GenerationId};
use crate::ledger::Allowance;
use crate::money::MicroDollars;
use crate::picture::PictureFormat;
use crate::picture_key::{PictureKey, PictureSecret};
use crate::request::{Endpoint, ImageCount, ImageRequest, Limits, Model, PiiPolicy};
use crate::retry::CallOutcome;
use crate::time::{Millis, UnixMillis};

const POLICY: Policy = Policy {
    max_attempts: 3,
    retry_unconfirmed: false,
    deadline: Millis::from_seconds(240),
    result_life: Millis::from_seconds(604_800),
};
const START: UnixMillis = UnixMillis::new(1_795_262_400_000);
const PRICE: MicroDollars = MicroDollars::new(80_000);

fn job(images: u32) -> Job {
    job_for(images, CacheUse::Usual)
}

fn job_for(images: u32, cache: CacheUse) -> Job {
    let limits = Limits {
        default_model: Model::V2,
        prompt_max_chars: 100,
        pii: PiiPolicy::Redact,
        max_images: ImageCount::MOST,
    };
    let body = json!({"image_request": {"prompt": "a fox", "num_images": images}});
    let request = ImageRequest::parse(Endpoint::GENERATE, &body, &limits)
        .unwrap()
        .request;
    Job::new(NewJob {
        id: GenerationId::new(Fingerprint::of(&request, &CacheScope::Shared), [7; 8]),
        client: ClientId::new("client".into()),
        allowance: Allowance::default(),
        request,
        cache,
        price: PRICE,
        secret: PictureSecret::new([9; 16]),
        owed: vec![],
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
