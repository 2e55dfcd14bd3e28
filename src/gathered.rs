//! What this isolate gathers (`domain::gathered`), and its way to the ledger: after the answer, so
//! that nobody waits for it, and at most once.

use std::cell::RefCell;
use std::rc::Rc;

use domain::gathered::{Batch, Gathered, Seen, Send};
use worker::{Context, Env};

use crate::clock::now;
use crate::deadline::sleep;
use crate::log;
use crate::objects::LedgerClient;

thread_local! {
    static GATHERED: RefCell<Gathered> = const { RefCell::new(Gathered::new()) };
}

/// Counts for one request, and has what is gathered sent once the request is answered.
#[derive(Clone)]
pub struct Gatherer {
    env: Env,
    context: Rc<Context>,
}

impl Gatherer {
    /// For a request that has just come in.
    pub fn new(env: &Env, context: Context) -> Self {
        Self {
            env: env.clone(),
            context: Rc::new(context),
        }
    }

    /// Counts something.
    pub fn count(&self, seen: Seen) {
        let env = self.env.clone();
        match GATHERED.with_borrow_mut(|gathered| gathered.count(now(), seen)) {
            Send::Later => {}
            Send::After(length) => self.context.wait_until(async move {
                sleep(length).await;
                send(&env, take()).await;
            }),
            Send::Now => {
                let batch = take();
                self.context
                    .wait_until(async move { send(&env, batch).await });
            }
        }
    }
}

/// Takes what is gathered; whoever takes it sends it.
pub fn take() -> Batch {
    GATHERED.with_borrow_mut(Gathered::take)
}

async fn send(env: &Env, batch: Batch) {
    if batch.is_empty() {
        return;
    }
    if let Err(error) = LedgerClient(env).gathered(&batch).await {
        log::fault("gathered", &format!("lost, or taken unheard: {}", error.0));
    }
}
