//! What a request for pictures goes by: its place in the cache (`Cache-Control`) and its own name
//! (`Idempotency-Key`). Claimed before anything costs, and bound after: whoever comes again with the
//! key is given the same result. A key that cannot be looked up stops the request: nothing is spent.

use domain::access::Caller;
use domain::cache_control::{CacheControl, CacheUse, Nonce};
use domain::failure::FailureCode;
use domain::fingerprint::Fingerprint;
use domain::generation::{GenerationResult, Reply};
use domain::idempotency::{Claim, Claimed, IdempotencyKey};
use domain::ids::GenerationId;
use domain::request::ImageRequest;
use worker::{Env, Request};

use super::result::Cache;
use crate::clock::random;
use crate::error::Refused;
use crate::log;
use crate::objects::{CallFailed, GenerationClient, IdempotencyKeyClient, ReplyClient};

/// The key that a request comes with, if it has one.
///
/// # Errors
/// It is none.
pub fn given_key(
    request: &Request,
    caller: &Caller,
    asked: &ImageRequest,
) -> Result<Option<IdempotencyKey>, Refused> {
    let Some(key) = request.headers().get("idempotency-key")? else {
        return Ok(None);
    };
    let key = IdempotencyKey::parse(&key, caller.id(), asked.endpoint().path());
    let key = key.map_err(|error| {
        Refused::new(FailureCode::InvalidRequest, error.to_string())
            .with_detail("header", "Idempotency-Key")
    })?;
    Ok(Some(key))
}

/// A request's way: where its generation is, and what it is to be called.
pub struct Way {
    /// The claim; of a request without a key it is nobody's.
    claim: Claim,
    /// Its key, if it has one.
    pub key: Option<IdempotencyKey>,
}

impl Way {
    /// The way of this request. Requests with one key go one way.
    ///
    /// # Errors
    /// The key is none, names another request, or cannot be looked up.
    pub async fn of(
        env: &Env,
        caller: &Caller,
        request: &Request,
        asked: &ImageRequest,
    ) -> Result<Self, Refused> {
        let control = request.headers().get("cache-control")?;
        let control = CacheControl::parse(&control.unwrap_or_default());
        let cache = CacheUse::of(control, Nonce::new(random()?));
        let claim = Claim::new(Fingerprint::of(asked, &caller.scope()), cache);
        let Some(key) = given_key(request, caller, asked)? else {
            return Ok(Self { claim, key: None });
        };
        let claimed = IdempotencyKeyClient(env).claim(&key, &claim).await;
        match claimed.map_err(no_answer)? {
            Claimed::Granted(claim) => Ok(Self {
                claim,
                key: Some(key),
            }),
            Claimed::Conflict => Err(Refused::new(
                FailureCode::IdempotencyConflict,
                "this Idempotency-Key was used for another request; nothing was spent, take a new key",
            )),
        }
    }

    /// What it makes of the cache.
    pub const fn cache(&self) -> CacheUse {
        self.claim.cache
    }

    /// The fingerprint of its generation.
    pub fn place(&self) -> Fingerprint {
        self.claim.cache.place(self.claim.fingerprint)
    }

    /// What it is given without anything being looked for: what its key was bound to. A result that
    /// the operator has erased since is none.
    ///
    /// # Errors
    /// What the key was bound to is a failure, or cannot be looked up.
    pub async fn replay(&self, env: &Env) -> Result<Option<(GenerationResult, Cache)>, Refused> {
        let Some(id) = &self.claim.bound else {
            return Ok(None);
        };
        match ReplyClient(env).show(id).await.map_err(no_answer)? {
            None => Ok(None),
            Some(Reply::Failed(failure)) => Err(Refused::from(failure).about(Some(id.clone()))),
            Some(Reply::Done(result)) => Ok(Some((latest(env, result).await, Cache::Hit))),
        }
    }

    /// Binds the key to what came of the request, unless that was free: then it may be tried again.
    /// A key that could not be bound still finds its generation while that is remembered.
    pub async fn bind(self, env: &Env, came: Result<&GenerationResult, &Refused>) {
        let Some(key) = self.key else {
            return;
        };
        let bound = match came {
            Ok(result) => Some((result.id.clone(), Reply::Done(result.clone()))),
            Err(refused) => unless_free(refused),
        };
        if let Some((id, reply)) = bound
            && let Err(error) = bind(env, &key, self.claim, id, &reply).await
        {
            log::fault("idempotency", &error.0);
        }
    }
}

fn unless_free(refused: &Refused) -> Option<(GenerationId, Reply)> {
    let failure = refused.failure();
    let id = refused.generation()?.clone();
    let counts = failure.may_have_been_billed();
    counts.then(|| (id, Reply::Failed(failure.clone())))
}

/// First what the key leads to, then the key, so that it never leads nowhere.
async fn bind(
    env: &Env,
    key: &IdempotencyKey,
    claim: Claim,
    id: GenerationId,
    reply: &Reply,
) -> Result<(), CallFailed> {
    ReplyClient(env).keep(&id, reply).await?;
    IdempotencyKeyClient(env).bind(key, claim, id).await
}

/// The same result with the lasting links of pictures that were kept meanwhile, if its generation
/// is still remembered.
async fn latest(env: &Env, result: GenerationResult) -> GenerationResult {
    if result.is_lasting() {
        return result;
    }
    let shown = GenerationClient(env).show(&result.id).await;
    let shown = shown.unwrap_or_else(|error| {
        log::fault("generation", &error.0);
        None
    });
    match shown.and_then(|snapshot| snapshot.reply) {
        Some(Reply::Done(now)) => now,
        _ => result,
    }
}

fn no_answer(error: CallFailed) -> Refused {
    log::fault("idempotency", &error.0);
    Refused::new(
        FailureCode::Busy,
        "the Idempotency-Key could not be looked up; nothing was spent, send the same request again",
    )
    .with_header("retry-after", "1")
}
