//! The Reply object: one for each generation that an idempotency key leads to. It holds what came of
//! the generation for as long as any such key, whatever becomes of the generation's own object, and
//! under the generation's name, so that what the operator erases is erased here too.
//!
//! Commands: `/keep`, `/show` and `/forget`.

use domain::generation::Reply;
use domain::idempotency::REPLY_LIFE;
use domain::ids::GenerationId;
use domain::time::Millis;
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::brief::Brief;
use super::call::{self, CallFailed};
use crate::clock;

const BINDING: &str = "REPLY";
/// How long the object may take for a command.
const PROMPT: Millis = Millis::from_seconds(5);

/// The object.
#[durable_object]
pub struct ReplyObject {
    state: State,
}

impl DurableObject for ReplyObject {
    fn new(state: State, env: Env) -> Self {
        clock::set_by(&env);
        Self { state }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        let brief = Brief(&self.state);
        let done = match request.path().as_str() {
            "/keep" => {
                let reply: Reply = call::asked(&mut request).await?;
                brief.keep(&reply, REPLY_LIFE).await
            }
            "/show" => match brief.load::<Reply>() {
                Ok(reply) => return call::answer(&reply),
                Err(error) => Err(error),
            },
            "/forget" => brief.forget().await,
            other => return call::failed(&format!("a reply has no command {other}")),
        };
        match done {
            Ok(()) => call::answer(&()),
            Err(error) => call::failed(&error.0),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        Brief(&self.state).alarm_rings().await;
        Response::empty()
    }
}

/// The replies, from outside.
#[derive(Debug)]
pub struct ReplyClient<'env>(pub &'env Env);

impl ReplyClient<'_> {
    /// Keeps what came of a generation.
    ///
    /// # Errors
    /// The object did not answer.
    pub async fn keep(&self, id: &GenerationId, reply: &Reply) -> Result<(), CallFailed> {
        call::call(&|| self.stub(id), "/keep", reply, PROMPT).await
    }

    /// What came of a generation; none if it is not kept.
    ///
    /// # Errors
    /// The object did not answer.
    pub async fn show(&self, id: &GenerationId) -> Result<Option<Reply>, CallFailed> {
        call::call(&|| self.stub(id), "/show", &(), PROMPT).await
    }

    /// Forgets what came of a generation.
    ///
    /// # Errors
    /// The object did not answer, or could not forget.
    pub async fn forget(&self, id: &GenerationId) -> Result<(), CallFailed> {
        call::call(&|| self.stub(id), "/forget", &(), PROMPT).await
    }

    fn stub(&self, id: &GenerationId) -> worker::Result<worker::Stub> {
        self.0.durable_object(BINDING)?.get_by_name(&id.to_string())
    }
}
