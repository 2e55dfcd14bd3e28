//! A set of background tasks that can be ended together.
//! Holds true: once stopped, a set starts nothing any more.

use std::future::Future;
use std::sync::Mutex;

use tokio::task::JoinSet;

use crate::lock::lock;

pub(crate) struct Tasks {
    running: Mutex<Option<JoinSet<()>>>,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        Self {
            running: Mutex::new(Some(JoinSet::new())),
        }
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(running) = lock(&self.running).as_mut() {
            // Ended tasks stay in a join set until taken out.
            while running.try_join_next().is_some() {}
            running.spawn(task);
        }
    }

    /// Aborts every task and refuses new ones.
    pub(crate) fn stop(&self) {
        drop(lock(&self.running).take());
    }

    /// Aborts every task, waits until all are gone, and goes on accepting new ones.
    pub(crate) async fn abort_all(&self) {
        let aborted = lock(&self.running).replace(JoinSet::new());
        if let Some(mut aborted) = aborted {
            aborted.shutdown().await;
        }
    }
}
