//! Ideogram's v2 API in front of the same generations: what a request for pictures is answered with,
//! what one that does not wait is, where a generation stands, and whether only a price is asked for.
//! Holds true: a caller knows a generation by the gateway's id only, and sees the same answer whichever
//! way Ideogram was asked.

use serde_json::{Map, Value, json};

use crate::failure::{Failure, FailureCode};
use crate::ids::GenerationId;
use crate::money::MicroDollars;
use crate::quote::OBJECT;
use crate::request::{Endpoint, InvalidRequest, Product};
use crate::retry::{CallOutcome, Verdict, judge};
use crate::time::UnixMillis;

const GENERATION_ID: &str = "generation_id";
const SEED: &str = "seed";
const DRY_RUN: &str = "dry_run";
/// What Ideogram says of a generation that is asked about, and not in the answer to a request.
const OF_THE_STATUS: &[&str] = &[
    "created",
    "status",
    "response_type",
    "usage_cost_usd_micros",
];

/// Brings an answer with pictures to the one shape it has at v2's endpoints. Anything else stays as it
/// is: only v2's answers name a generation.
pub fn bring_into_shape(body: &mut Value, id: &GenerationId) {
    let Some(fields) = body.as_object_mut() else {
        return;
    };
    if fields.contains_key(GENERATION_ID) {
        fields.retain(|name, _| !OF_THE_STATUS.contains(&name.as_str()));
        name_generation(fields, id);
    }
}

/// The same for an answer that is not Ideogram's, and so does not name a generation yet.
pub fn turn_into_shape(body: &mut Value, id: &GenerationId) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(GENERATION_ID.to_owned(), Value::Null);
    }
    bring_into_shape(body, id);
}

fn name_generation(fields: &mut Map<String, Value>, id: &GenerationId) {
    fields.insert(GENERATION_ID.to_owned(), json!(id));
    let first = fields.get("data").and_then(|images| images.get(0));
    let first = first.and_then(|image| image.get(SEED)).cloned();
    if let Some(seed) = first.filter(|_| !fields.contains_key(SEED)) {
        fields.insert(SEED.to_owned(), seed);
    }
}

/// The answer to a request that does not wait, with the seed if it names one: else Ideogram draws it
/// later.
#[must_use]
pub fn submitted(id: &GenerationId, seed: Option<u64>) -> Value {
    match seed {
        Some(seed) => json!({GENERATION_ID: id, SEED: seed}),
        None => json!({ GENERATION_ID: id }),
    }
}

/// How a generation stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing<'generation> {
    /// It goes on.
    Pending,
    /// It has ended well, or with placeholders.
    Completed {
        /// What its requests are answered.
        answer: Value,
        /// What it cost.
        cost: MicroDollars,
    },
    /// It has ended without pictures.
    Failed(&'generation Failure),
}

/// Where a generation stands, for whoever comes back for it.
#[must_use]
pub fn stands(id: &GenerationId, created_at: UnixMillis, standing: Standing<'_>) -> Value {
    let mut fields = Map::new();
    let status = match standing {
        Standing::Pending => "pending",
        Standing::Completed { answer, cost } => {
            if let Value::Object(answer) = answer {
                fields = answer;
            }
            fields.insert("response_type".to_owned(), "url".into());
            fields.insert("usage_cost_usd_micros".to_owned(), json!(cost));
            "completed"
        }
        Standing::Failed(failure) => {
            fields.insert("failure_reason".to_owned(), json!(failure.code));
            fields.insert("error".to_owned(), failure.message.as_str().into());
            "failed"
        }
    };
    fields.insert(GENERATION_ID.to_owned(), json!(id));
    fields.insert("created".to_owned(), created_at.to_rfc3339().into());
    fields.insert("status".to_owned(), status.into());
    fields.into()
}

/// Whether only the price of a request is asked for, by the parameters of its query.
///
/// # Errors
/// It says neither yes nor no, or the endpoint's prices cannot be asked for: what was meant to cost
/// nothing is not made.
pub fn is_dry_run(
    endpoint: Endpoint,
    parameters: &[(String, String)],
) -> Result<bool, InvalidRequest> {
    let mut given = parameters.iter().filter(|(name, _)| name == DRY_RUN);
    let dry = match (given.next().map(|(_, value)| value.as_str()), given.next()) {
        (None, _) | (Some("false"), None) => false,
        (Some("true"), None) => true,
        _ => return Err(InvalidRequest::new(DRY_RUN, "must be true or false, once")),
    };
    if dry && !endpoint.is_quoted() {
        let complaint = "is not known here: Ideogram quotes no price for this endpoint";
        return Err(InvalidRequest::new(DRY_RUN, complaint));
    }
    Ok(dry)
}

/// What a caller is told who asked what its own request would cost: Ideogram's `PriceQuote` as it came.
/// `now` is when the call ended.
///
/// # Errors
/// There is none; says why. Nothing was spent either way.
pub fn price_told(outcome: CallOutcome, now: UnixMillis) -> Result<Value, Failure> {
    let refusal = match outcome {
        CallOutcome::Answered {
            status: 200, body, ..
        } => {
            let quote = serde_json::from_slice::<Value>(&body).ok();
            let quote = quote.filter(|quote| quote.get("object") == Some(&OBJECT.into()));
            return quote.ok_or_else(|| {
                let sentence =
                    "Ideogram answered the question for a price with something that is none";
                Failure::new(FailureCode::UpstreamError, sentence)
            });
        }
        CallOutcome::TimedOut => {
            let sentence = "Ideogram did not answer the question for a price in time";
            return Err(Failure::new(FailureCode::UpstreamTimeout, sentence));
        }
        CallOutcome::ConnectionLost => {
            let sentence =
                "the connection to Ideogram was lost before it answered the question for a price";
            return Err(Failure::new(FailureCode::UpstreamError, sentence));
        }
        other => other,
    };
    Err(match judge(refusal, Product::Pictures, now) {
        Verdict::Failed(call) => call.failure,
        Verdict::NotSent(failure) => failure,
        Verdict::Made(_) | Verdict::Accepted(_) => {
            Failure::new(FailureCode::UpstreamError, "Ideogram quoted no price")
        }
    })
}

#[cfg(test)]
#[path = "v2_tests.rs"]
mod tests;
