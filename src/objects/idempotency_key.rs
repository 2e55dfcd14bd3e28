//! The IdempotencyKey object: one for each key of a client, by its digest. It says what the key
//! names; what came of that is the Reply object's.
//!
//! Commands: `/claim` and `/bind`. Each decides and writes without awaiting anything between, so of
//! two first requests at the same moment exactly one has the key.

use domain::idempotency::{Claim, Claimed, IdempotencyKey, KEY_LIFE};
use domain::ids::GenerationId;
use domain::time::Millis;
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::brief::Brief;
use super::call::{self, CallFailed};
use super::sql::StorageError;
use crate::clock;

const BINDING: &str = "IDEMPOTENCY_KEY";
/// How long the object may take for a command.
const PROMPT: Millis = Millis::from_seconds(5);

/// What a key leads to, as `/bind` hears of it.
#[derive(Debug, Serialize, Deserialize)]
struct Bond {
    claim: Claim,
    id: GenerationId,
}

/// The object.
#[durable_object]
pub struct IdempotencyKeyObject {
    state: State,
}

impl DurableObject for IdempotencyKeyObject {
    fn new(state: State, env: Env) -> Self {
        clock::set_by(&env);
        Self { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        match request.path().as_str() {
            "/claim" => {
                let claim = call::asked(&mut request).await?;
                match self.claim(claim).await {
                    Ok(claimed) => call::answer(&claimed),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/bind" => {
                let bond = call::asked(&mut request).await?;
                match self.bind(bond).await {
                    Ok(()) => call::answer(&()),
                    Err(error) => call::failed(&error.0),
                }
            }
            other => call::failed(&format!("an idempotency key has no command {other}")),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        Brief(&self.state).alarm_rings().await;
        Response::empty()
    }
}

impl IdempotencyKeyObject {
    async fn claim(&self, claim: Claim) -> Result<Claimed, StorageError> {
        let brief = Brief(&self.state);
        let stored: Option<Claim> = brief.load()?;
        let is_first = stored.is_none();
        let claimed = claim.meet(stored);
        if let Claimed::Granted(claim) = &claimed
            && is_first
        {
            brief.keep(claim, KEY_LIFE).await?;
        }
        Ok(claimed)
    }

    async fn bind(&self, bond: Bond) -> Result<(), StorageError> {
        let brief = Brief(&self.state);
        match bond.claim.bind(bond.id, brief.load()?) {
            Some(bound) => brief.keep(&bound, KEY_LIFE).await,
            None => Ok(()),
        }
    }
}

/// The keys, from outside.
#[derive(Debug)]
pub struct IdempotencyKeyClient<'env>(pub &'env Env);

impl IdempotencyKeyClient<'_> {
    /// Claims a key for a request.
    ///
    /// # Errors
    /// The object did not answer; the request may have the key all the same.
    pub async fn claim(&self, key: &IdempotencyKey, claim: &Claim) -> Result<Claimed, CallFailed> {
        call::call(&|| self.stub(key), "/claim", claim, PROMPT).await
    }

    /// Lets a key lead to a generation whose reply is kept.
    ///
    /// # Errors
    /// The object did not answer.
    pub async fn bind(
        &self,
        key: &IdempotencyKey,
        claim: Claim,
        id: GenerationId,
    ) -> Result<(), CallFailed> {
        let bond = Bond { claim, id };
        call::call(&|| self.stub(key), "/bind", &bond, PROMPT).await
    }

    fn stub(&self, key: &IdempotencyKey) -> worker::Result<worker::Stub> {
        self.0.durable_object(BINDING)?.get_by_name(key.as_str())
    }
}
