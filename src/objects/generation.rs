//! The Generation object: one for each fingerprint. Everyone who asks for the same thing meets
//! here; the first one starts the job, the others wait for it or are given its result.
//!
//! Commands: `/run` (answers with the outcome, or `pending` when the caller has waited long enough;
//! the job goes on), `/watch` (answers with what happens next), `/show`, `/cancel` and `/erase`; `/preflight` for an object that has no job. The job is driven by `generation_driver`, in memory while the
//! object lives and from its alarm when it does not; callers may leave at any time.

use std::collections::BTreeSet;
use std::rc::Rc;

use domain::cache_control::CacheUse;
use domain::failure::{Failure, FailureCode};
use domain::fingerprint::{CacheScope, Fingerprint};
use domain::generation::{Job, NewJob, Owed, Reply, State as JobState};
use domain::idempotency::IdempotencyKey;
use domain::ids::{ClientId, GenerationId, LeaseId};
use domain::ledger::Allowance;
use domain::money::MicroDollars;
use domain::picture_key::{PictureFolder, PictureSecret};
use domain::request::{ImageRequest, ReferenceKey};
use domain::time::{Millis, UnixMillis};
use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::call::{self, CallFailed};
use super::generation_driver::{self, Driver};
use super::sql::StorageError;
use super::waiters::Waiters;
use crate::clock::{self, now, random};
use crate::config::Config;
use crate::deadline::within;

const BINDING: &str = "GENERATION";
/// The name of an object that no generation has: it is no fingerprint.
const NOBODYS: &str = "preflight";
/// How much longer than the job's own answer a caller of the object waits for it.
pub(super) const MARGIN: Millis = Millis::from_seconds(5);

/// Asks for a generation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RunRequest {
    /// Who asks.
    pub client: ClientId,
    /// How much it may take at most.
    #[serde(default)]
    pub allowance: Allowance,
    /// Whose results it may be given.
    #[serde(default)]
    pub scope: CacheScope,
    /// What it makes of the cache.
    #[serde(default)]
    pub cache: CacheUse,
    /// The key it goes by, if it has one.
    #[serde(default)]
    pub key: Option<IdempotencyKey>,
    /// The path of the endpoint it was asked for at.
    #[serde(default)]
    pub endpoint: String,
    /// The price of one unit of it, by the quotes; the table's counts where it is higher.
    #[serde(default)]
    pub price: MicroDollars,
    /// The quote for one unit of it, if there is one.
    #[serde(default)]
    pub quoted: Option<MicroDollars>,
    /// For what.
    pub request: ImageRequest,
    /// How long it waits for the outcome; none: as long as callers may.
    #[serde(default)]
    pub wait: Option<Millis>,
}

/// How a request met its generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// It started it.
    Started,
    /// It was on its way.
    Joined,
    /// It was done.
    Found,
}

/// What came of a `/run`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ran {
    /// The generation; none if it could not be started.
    pub id: Option<GenerationId>,
    /// How the request met it.
    pub met: Met,
    /// Whether the pictures that came with the request are left to whoever asked; otherwise they are
    /// the generation's, which may be one that the same request has started by an earlier call.
    #[serde(default)]
    pub leaves_references: bool,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a generation so far.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ended, or is as good as done.
    Reply(Reply),
    /// It goes on.
    Pending,
}

/// What came of an `/erase`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erased {
    /// It is still under way; nothing was erased.
    Running,
    /// The object has nothing of it.
    NotHere,
    /// The object has nothing of it any more.
    Done {
        /// Where its pictures are.
        pictures: PictureFolder,
    },
}

/// A generation as `/show` tells it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it stands.
    pub state: JobState,
    /// How many calls to Ideogram it has made.
    pub attempt: u32,
    /// The lease it waits for while it is queued.
    #[serde(default)]
    pub lease: Option<LeaseId>,
    /// What was asked for.
    #[serde(default)]
    pub request: Option<ImageRequest>,
    /// What came of it.
    pub reply: Option<Reply>,
    /// Who asked first.
    pub client: ClientId,
    /// The others who asked for it. Nobody else may look at it.
    #[serde(default)]
    pub joined: BTreeSet<ClientId>,
    /// When it was asked for.
    pub created_at: UnixMillis,
    /// When it last changed.
    pub updated_at: UnixMillis,
}

/// The object.
#[durable_object]
pub struct GenerationObject {
    pub(super) driver: Rc<Driver>,
    waiting: Waiters<Reply>,
    pub(super) watching: Waiters<()>,
}

impl DurableObject for GenerationObject {
    fn new(state: State, env: Env) -> Self {
        clock::set_by(&env);
        let (waiting, watching) = (Waiters::default(), Waiters::default());
        let (answered, woken) = (waiting.clone(), watching.clone());
        let tell = move |job: &Job| {
            if let Some(reply) = job.reply() {
                answered.tell(&reply);
            }
            woken.tell(&());
        };
        Self {
            driver: Rc::new(Driver::new(state, env, Box::new(tell))),
            waiting,
            watching,
        }
    }

    async fn fetch(&self, mut request: Request) -> worker::Result<Response> {
        if let Err(error) = generation_driver::wake(&self.driver) {
            return call::failed(&error.0);
        }
        match request.path().as_str() {
            "/run" => {
                let asked = call::asked(&mut request).await?;
                match self.run(asked).await {
                    Ok(ran) => call::answer(&ran),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/show" => {
                let id: GenerationId = call::asked(&mut request).await?;
                match self.show(&id) {
                    Ok(snapshot) => call::answer(&snapshot),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/watch" => {
                let asked = call::asked(&mut request).await?;
                match self.watch(&asked).await {
                    Ok(events) => call::answer(&events),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/cancel" => {
                let asked = call::asked(&mut request).await?;
                match self.cancel(&asked).await {
                    Ok(cancellation) => call::answer(&cancellation),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/nudge" => {
                let nudge = call::asked(&mut request).await?;
                match self.nudge(&nudge).await {
                    Ok(nudged) => call::answer(&nudged),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/erase" => {
                let id: GenerationId = call::asked(&mut request).await?;
                match self.erase(&id).await {
                    Ok(erased) => call::answer(&erased),
                    Err(error) => call::failed(&error.0),
                }
            }
            "/preflight" => {
                let value: String = call::asked(&mut request).await?;
                match self.driver.preflight(&value).await {
                    Ok(read) => call::answer(&read),
                    Err(error) => call::failed(&error.0),
                }
            }
            other => call::failed(&format!("a generation has no command {other}")),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        generation_driver::on_alarm(&self.driver).await;
        Response::empty()
    }
}

impl GenerationObject {
    async fn run(&self, asked: RunRequest) -> Result<Ran, StorageError> {
        let config = match Config::of(self.driver.env()) {
            Ok(config) => config,
            Err(_) => return Ok(Ran::refused(settings_are_wrong())),
        };
        let key = asked.key.as_ref();
        let references = asked.request.references().to_vec();
        let (met, has_joined) = self.driver.with_job(|job| {
            let useful = job
                .as_mut()
                .filter(|job| job.answers(asked.cache, key, now(), &config.policy));
            Ok(match useful {
                None => (Met::Started, false),
                Some(job) => {
                    let is_new = key.is_some_and(|key| job.goes_by(key));
                    let has_joined = job.join(&asked.client) || is_new;
                    let done = job.reply().is_some();
                    (if done { Met::Found } else { Met::Joined }, has_joined)
                }
            })
        })?;
        if has_joined {
            self.driver.save()?;
        }
        let wait = asked.wait.unwrap_or(config.answer_deadline);
        if met == Met::Started {
            let left = self.driver.with_job(|job| {
                let left = job.as_ref();
                let left = left.map(|job| (job.owed().to_vec(), job.references_left().to_vec()));
                Ok(left.unwrap_or_default())
            })?;
            match new_job(asked, left, config) {
                Ok(job) => self.driver.replace(job)?,
                Err(failure) => return Ok(Ran::refused(failure)),
            }
        }
        generation_driver::start(&self.driver);
        let has_references = self.driver.with_job(|job| {
            let job = job.as_ref();
            Ok(job.is_some_and(|job| job.request().references() == references))
        })?;
        let ran = self.outcome(met, wait.min(config.answer_deadline)).await?;
        Ok(Ran {
            leaves_references: !has_references,
            ..ran
        })
    }

    async fn outcome(&self, met: Met, wait: Millis) -> Result<Ran, StorageError> {
        let (id, reply) = self.driver.with_job(|job| {
            let id = job.as_ref().map(|job| job.id().clone());
            Ok((id, job.as_ref().and_then(Job::reply)))
        })?;
        let reply = match reply {
            Some(reply) => Some(reply),
            None if wait == Millis::ZERO => None,
            None => {
                let Some(receiver) = self.waiting.join() else {
                    return Ok(Ran::refused(too_many_wait()));
                };
                within(wait, receiver).await.and_then(Result::ok)
            }
        };
        let outcome = reply.map_or(Outcome::Pending, Outcome::Reply);
        Ok(Ran {
            id,
            met,
            leaves_references: false,
            outcome,
        })
    }

    fn show(&self, id: &GenerationId) -> Result<Option<Snapshot>, StorageError> {
        self.driver.with_job(|job| {
            let job = job.as_ref().filter(|job| job.id() == id);
            Ok(job.map(|job| Snapshot {
                state: job.state(),
                attempt: job.calls(),
                lease: (job.state() == JobState::Queued).then(|| job.lease_id()),
                request: Some(job.request().clone()),
                reply: job.reply(),
                client: job.client().clone(),
                joined: job.joined().clone(),
                created_at: job.created_at(),
                updated_at: job.updated_at(),
            }))
        })
    }
}

impl GenerationObject {
    async fn erase(&self, id: &GenerationId) -> Result<Erased, StorageError> {
        let found = self.driver.with_job(|job| {
            let job = job.as_ref().filter(|job| job.id() == id);
            Ok(job.map(|job| (job.has_ended(), job.picture_folder())))
        })?;
        match found {
            None => Ok(Erased::NotHere),
            Some((false, _)) => Ok(Erased::Running),
            Some((true, pictures)) => {
                self.driver.forget().await?;
                Ok(Erased::Done { pictures })
            }
        }
    }
}

impl Ran {
    const fn refused(failure: Failure) -> Self {
        Self {
            id: None,
            met: Met::Started,
            leaves_references: true,
            outcome: Outcome::Reply(Reply::Failed(failure)),
        }
    }
}

/// The failure of everything that would cost, while the settings are wrong.
pub fn settings_are_wrong() -> Failure {
    Failure::new(
        FailureCode::GenerationDisabled,
        "the gateway's settings are wrong, so nothing is generated; /health names them",
    )
    .retry_after(Millis::from_seconds(60))
}

fn too_many_wait() -> Failure {
    Failure::new(
        FailureCode::Busy,
        "too many wait for this picture already; it goes on, so ask again shortly",
    )
    .retry_after(Millis::from_seconds(5))
}

fn new_job(
    asked: RunRequest,
    (owed, references_left): (Vec<Owed>, Vec<ReferenceKey>),
    config: &Config,
) -> Result<Job, Failure> {
    let fingerprint = asked
        .cache
        .place(Fingerprint::of(&asked.request, &asked.scope));
    let mut job = Job::new(NewJob {
        id: GenerationId::new(fingerprint, random()?),
        client: asked.client,
        allowance: asked.allowance,
        endpoint: asked.endpoint,
        quoted: asked.quoted,
        price: asked.price.max(config.prices.of(asked.request.rate())),
        request: asked.request,
        cache: asked.cache,
        secret: PictureSecret::new(random()?),
        owed,
        references_left,
        now: now(),
    });
    if let Some(key) = &asked.key {
        job.goes_by(key);
    }
    Ok(job)
}

/// The generations, from outside.
#[derive(Debug)]
pub struct GenerationClient<'env>(pub &'env Env);

impl GenerationClient<'_> {
    /// Asks for a generation and waits for what comes of it.
    ///
    /// # Errors
    /// The object did not answer; the job, if it was started, goes on.
    pub async fn run(
        &self,
        fingerprint: &Fingerprint,
        asked: &RunRequest,
        config: &Config,
    ) -> Result<Ran, CallFailed> {
        let wait = asked.wait.unwrap_or(config.answer_deadline);
        let deadline = wait.plus(MARGIN);
        call::call(&|| self.stub(fingerprint), "/run", asked, deadline).await
    }

    /// Looks at a generation.
    ///
    /// # Errors
    /// The object did not answer.
    pub async fn show(&self, id: &GenerationId) -> Result<Option<Snapshot>, CallFailed> {
        call::call(&|| self.stub(id.fingerprint()), "/show", id, MARGIN).await
    }

    /// Makes the object forget a generation that has ended.
    ///
    /// # Errors
    /// The object did not answer, or could not forget.
    pub async fn erase(&self, id: &GenerationId) -> Result<Erased, CallFailed> {
        call::call(&|| self.stub(id.fingerprint()), "/erase", id, MARGIN).await
    }

    /// Has an object of this kind, which is nobody's, write a value, read it back and delete all
    /// that it has; answers with what was read.
    ///
    /// # Errors
    /// The object did not answer, or its storage failed.
    pub async fn preflight(&self, value: &str) -> Result<Option<String>, CallFailed> {
        let stub = || self.0.durable_object(BINDING)?.get_by_name(NOBODYS);
        call::call(&stub, "/preflight", &value, MARGIN).await
    }

    pub(super) fn stub(&self, fingerprint: &Fingerprint) -> worker::Result<worker::Stub> {
        let namespace = self.0.durable_object(BINDING)?;
        namespace.get_by_name(&fingerprint.to_string())
    }
}
