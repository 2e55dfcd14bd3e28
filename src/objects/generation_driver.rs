//! Drives a job: does what `Job::next` says, tells the job what came of it, and stores the job
//! before the next step. Runs in memory, one driver an object; while there is work a heartbeat
//! alarm keeps the object alive and starts the driver again if it is gone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use domain::generation::{Cancellation, Job, Owed, Picture, Step, StoreOutcome};
use domain::ledger::RetryAnswer;
use domain::time::{Millis, UnixMillis};
use domain::upstream::UpstreamId;
use futures_util::{StreamExt, stream};
use wasm_bindgen_futures::spawn_local;
use worker::{Env, State};

use super::bell::Bell;
use super::generation_store::GenerationStore;
use super::generation_upstream;
use super::ledger::LedgerClient;
use super::sql::{ObjectSql, StorageError};
use crate::clock::now;
use crate::config::Config;
use crate::log;
use crate::storage;

/// An object with work pending may be evicted after 70 s without events (Cloudflare's
/// documentation), so the heart beats faster.
const HEARTBEAT: Millis = Millis::from_seconds(20);
/// A shorter wait is waited out in memory; a longer one is the alarm's.
const SHORT_WAIT: Millis = Millis::from_seconds(10);
/// How many pictures are fetched at once.
const PICTURES_AT_ONCE: usize = 3;

/// Called with the job after each change, for all who wait.
type Tell = Box<dyn Fn(&Job)>;

/// The job of one object, in memory and in storage.
pub struct Driver {
    state: State,
    env: Env,
    tell: Tell,
    /// None until it is loaded, and after a failed write: then storage is the truth.
    job: RefCell<Option<Option<Job>>>,
    driving: Cell<bool>,
    /// Ends a short wait.
    bell: Bell,
}

impl Driver {
    /// For the object with this state.
    pub fn new(state: State, env: Env, tell: Tell) -> Self {
        Self {
            state,
            env,
            tell,
            job: RefCell::default(),
            driving: Cell::default(),
            bell: Bell::default(),
        }
    }

    /// The object's bindings and settings.
    pub const fn env(&self) -> &Env {
        &self.env
    }

    fn store(&self) -> GenerationStore<ObjectSql> {
        GenerationStore(ObjectSql::of(&self.state))
    }

    /// Looks at the job, loading it first if need be.
    ///
    /// # Errors
    /// The storage failed.
    pub fn with_job<T>(
        &self,
        look: impl FnOnce(&mut Option<Job>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut slot = self.job.borrow_mut();
        if slot.is_none() {
            let mut job = self.store().load()?;
            if let Some(job) = &mut job {
                // It was stored by an earlier life of this object.
                job.restarted(now());
                self.store().save(job)?;
            }
            *slot = Some(job);
        }
        let outcome = look(slot.get_or_insert_default());
        if outcome.is_err() {
            *slot = None;
        }
        outcome
    }

    /// Puts a new job in the place of the one before, which has ended.
    ///
    /// # Errors
    /// The storage failed.
    pub fn replace(&self, job: Job) -> Result<(), StorageError> {
        self.with_job(|slot| {
            self.store().save(&job)?;
            *slot = Some(job);
            Ok(())
        })
    }

    /// Stores the job as it is in memory.
    ///
    /// # Errors
    /// The storage failed.
    pub fn save(&self) -> Result<(), StorageError> {
        self.with_job(|slot| match slot {
            Some(job) => self.store().save(job),
            None => Ok(()),
        })
    }

    /// Changes the job, stores it, and tells those who wait. Only a job that has
    /// ended is ever replaced, and what it still owes goes over to the next, so a change that was
    /// meant for the one before finds its debt, or nothing to do.
    pub(super) fn change(&self, change: impl FnOnce(&mut Job)) -> Result<(), StorageError> {
        self.with_job(|slot| {
            if let Some(job) = slot {
                change(job);
                self.store().save(job)?;
                (self.tell)(job);
            }
            Ok(())
        })
    }

    /// Cancels the job if that can be done. The ledger is told from here: the driver waits in its
    /// queue, and hears of it there.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn cancel(&self) -> Result<Cancellation, StorageError> {
        let (cancellation, owed) = self.with_job(|slot| {
            let Some(job) = slot else {
                return Ok((Cancellation::Ended, None));
            };
            let cancellation = job.cancel(now());
            if cancellation != Cancellation::Cancelled {
                return Ok((cancellation, None));
            }
            self.store().save(job)?;
            (self.tell)(job);
            Ok((cancellation, job.owed().last().cloned()))
        })?;
        if let Some(owed) = owed {
            self.settle(owed).await?;
        }
        Ok(cancellation)
    }

    /// Ideogram has news of the generation of this id. True if the job asks for it next; then it has
    /// to be started, unless it is driven.
    ///
    /// # Errors
    /// The storage failed.
    pub fn nudge(&self, id: &UpstreamId) -> Result<bool, StorageError> {
        let polls = self.with_job(|slot| {
            let Some(job) = slot else {
                return Ok(false);
            };
            let polls = job.nudged(now(), id);
            if polls {
                self.store().save(job)?;
            }
            Ok(polls)
        })?;
        if polls {
            self.bell.ring();
        }
        Ok(polls)
    }

    async fn settle(&self, owed: Owed) -> Result<(), StorageError> {
        let answer = LedgerClient(&self.env).settle(&owed).await;
        self.change(|job| match answer {
            Ok(()) => job.settled(now(), &owed),
            Err(error) => {
                log::fault("generation", &error.0);
                job.ledger_failed(now());
            }
        })
    }

    async fn set_alarm(&self, wait: Millis) {
        let wait = i64::try_from(wait.get()).unwrap_or(i64::MAX);
        if let Err(error) = self.state.storage().set_alarm(wait).await {
            log::fault(
                "generation",
                &format!("the alarm could not be set: {error}"),
            );
        }
    }

    /// Deletes everything. A job that came meanwhile is stored again; says whether there is none.
    ///
    /// # Errors
    /// The storage failed.
    pub async fn forget(&self) -> Result<bool, StorageError> {
        self.job.replace(Some(None));
        let storage = self.state.storage();
        let deleted = match storage.delete_alarm().await {
            Ok(()) => storage.delete_all().await,
            Err(error) => Err(error),
        };
        deleted.map_err(|error| StorageError(error.to_string()))?;
        let newcomer = self.with_job(|job| Ok(job.clone()))?;
        if let Some(job) = &newcomer {
            self.store().save(job)?;
            self.set_alarm(HEARTBEAT).await;
        }
        Ok(newcomer.is_none())
    }
}

impl Driver {
    /// Whether the storage of an object without a job works; nothing of it is left.
    ///
    /// # Errors
    /// The storage failed, or there is a job.
    pub async fn preflight(&self, value: &str) -> Result<Option<String>, StorageError> {
        let read = self.with_job(|job| match job {
            None => self.store().preflight(value),
            Some(_) => Err(StorageError("there is a job here".to_owned())),
        })?;
        self.forget().await?;
        Ok(read)
    }
}

/// Loads the job, if it is not there. Whatever loads one that is not at rest goes on with it: its
/// alarm may be late, and those who wait have nobody else.
///
/// # Errors
/// The storage failed.
pub fn wake(driver: &Rc<Driver>) -> Result<(), StorageError> {
    let is_loaded = driver.job.borrow().is_some();
    let at_rest = driver.with_job(|job| Ok(job.as_ref().is_none_or(Job::has_ended)))?;
    if !is_loaded && !at_rest {
        start(driver);
    }
    Ok(())
}

/// Starts driving, unless somebody does already.
pub fn start(driver: &Rc<Driver>) {
    if !driver.driving.replace(true) {
        let driver = Rc::clone(driver);
        spawn_local(async move {
            driver.set_alarm(HEARTBEAT).await;
            let rest = drive(&driver).await;
            driver.driving.set(false);
            match rest {
                Ok(Rest::Until(moment)) => driver.set_alarm(moment.since(now())).await,
                Ok(Rest::Forgotten) => {}
                Err(error) => {
                    // The heartbeat starts it again, from storage.
                    log::fault("generation", &error.0);
                }
            }
        });
    }
}

/// The alarm: the heartbeat while somebody drives, otherwise the time to go on.
pub async fn on_alarm(driver: &Rc<Driver>) {
    if driver.driving.get() {
        driver.set_alarm(HEARTBEAT).await;
    } else {
        start(driver);
    }
}

/// Where driving ends for now.
enum Rest {
    Until(UnixMillis),
    Forgotten,
}

async fn drive(driver: &Driver) -> Result<Rest, StorageError> {
    loop {
        let Ok(config) = Config::of(&driver.env) else {
            // What is under way waits for better settings; nothing is lost.
            return Ok(Rest::Until(now().plus(HEARTBEAT)));
        };
        let next = driver.with_job(|job| {
            let next = job.as_ref().map(|job| job.next(now(), &config.policy));
            Ok(next)
        })?;
        match next {
            None | Some(Step::Forget) => {
                if driver.forget().await? {
                    return Ok(Rest::Forgotten);
                }
            }
            Some(Step::Wait(until)) if until.since(now()) > SHORT_WAIT => {
                return Ok(Rest::Until(until));
            }
            Some(step) => take(driver, config, step).await?,
        }
    }
}

/// One step: do it, tell the job, store the job.
async fn take(driver: &Driver, config: &Config, step: Step) -> Result<(), StorageError> {
    let ledger = LedgerClient(&driver.env);
    match step {
        Step::Acquire(terms) => {
            let answer = ledger.acquire(&terms, config.limits.queue_timeout).await;
            driver.change(|job| match answer {
                Ok(answer) => job.acquired(now(), &terms.lease, answer),
                Err(error) => {
                    log::fault("generation", &error.0);
                    job.acquire_failed(now(), &terms.lease);
                }
            })
        }
        Step::Settle(owed) => driver.settle(*owed).await,
        Step::AskToRetry(terms, call) => {
            let answer = ledger.retry(&terms.lease, call).await;
            let answer = answer.unwrap_or_else(|error| {
                log::fault("generation", &error.0);
                RetryAnswer::Denied
            });
            driver.change(|job| job.retry_answered(now(), answer))
        }
        Step::GiveUp => driver.change(|job| job.gave_up(now())),
        Step::Call => generation_upstream::call(driver, config).await,
        Step::Poll(id) => generation_upstream::poll(driver, config, &id).await,
        Step::RenewLinks(id) => generation_upstream::renew_links(driver, config, &id).await,
        Step::Store(pictures) => store_pictures(driver, config, pictures).await,
        Step::Publish => publish(driver, config).await,
        Step::DropReferences(keys) => {
            let deleted = storage::delete_references(&driver.env, &keys).await;
            driver.change(|job| match deleted {
                Ok(()) => job.references_dropped(&keys),
                Err(error) => {
                    log::fault("references", &error.to_string());
                    job.references_not_dropped(now());
                }
            })
        }
        Step::Wait(until) => {
            driver.bell.sleep(until.since(now())).await;
            Ok(())
        }
        Step::Forget => Ok(()),
    }
}

async fn store_pictures(
    driver: &Driver,
    config: &Config,
    pictures: Vec<Picture>,
) -> Result<(), StorageError> {
    let job = driver.with_job(|job| Ok(job.clone()))?;
    let Some(job) = job else {
        return Ok(());
    };
    let keep = |picture: Picture| {
        let (env, job) = (&driver.env, &job);
        async move {
            let outcome = storage::keep_picture(env, config, job, &picture).await;
            if let StoreOutcome::Failed(reason) | StoreOutcome::Impossible(reason) = &outcome {
                log::fault(
                    "generation",
                    &format!("picture {}: {reason}", picture.index),
                );
            }
            (picture.index, outcome)
        }
    };
    let mut tried = stream::iter(pictures.into_iter().map(keep)).buffer_unordered(PICTURES_AT_ONCE);
    while let Some((index, outcome)) = tried.next().await {
        driver.change(|job| job.picture_tried(now(), index, outcome))?;
    }
    driver.change(|job| job.round_ended(now()))
}

async fn publish(driver: &Driver, config: &Config) -> Result<(), StorageError> {
    let result = driver.with_job(|job| {
        let result = job.as_ref().and_then(Job::to_publish);
        Ok(result.cloned())
    })?;
    if let Some(result) = result
        && let Err(error) = storage::put_result(&driver.env, config, &result).await
    {
        // The object itself goes on answering for it.
        log::fault("cache", &error.to_string());
    }
    driver.change(|job| job.published(now()))
}
