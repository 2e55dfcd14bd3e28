//! The order in which faults strike.
//! Holds true: faults of each kind wait in a line of their own, first come first served, and one request is struck by one fault at most.

use std::collections::VecDeque;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, GenerationFault, ImageFault, QuoteFault};
use crate::later_fault::{PollFault, WebhookFault};
use crate::lock::lock;

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Times {
    /// Every matching request until faults are cleared; nothing scripted later gets a turn.
    /// In JSON `"until_cleared"`.
    UntilCleared,
    /// The next so many matching requests. In JSON a number.
    #[serde(untagged)]
    Next(u32),
}

impl Default for Times {
    fn default() -> Self {
        Self::Next(1)
    }
}

impl From<u32> for Times {
    fn from(times: u32) -> Self {
        Self::Next(times)
    }
}

/// Body of `POST /control/faults`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedFault {
    /// What goes wrong.
    pub fault: Fault,
    /// How often; once if left out.
    #[serde(default)]
    pub times: Times,
}

#[derive(Default)]
pub(crate) struct Script {
    generation: Mutex<VecDeque<(GenerationFault, Times)>>,
    image: Mutex<VecDeque<(ImageFault, Times)>>,
    quote: Mutex<VecDeque<(QuoteFault, Times)>>,
    poll: Mutex<VecDeque<(PollFault, Times)>>,
    webhook: Mutex<VecDeque<(WebhookFault, Times)>>,
}

impl Script {
    pub(crate) fn add(&self, fault: Fault, times: Times) {
        if times == Times::Next(0) {
            return;
        }
        match fault {
            Fault::Generation(fault) => lock(&self.generation).push_back((fault, times)),
            Fault::Image(fault) => lock(&self.image).push_back((fault, times)),
            Fault::Quote(fault) => lock(&self.quote).push_back((fault, times)),
            Fault::Poll(fault) => lock(&self.poll).push_back((fault, times)),
            Fault::Webhook(fault) => lock(&self.webhook).push_back((fault, times)),
        }
    }

    pub(crate) fn clear(&self) {
        lock(&self.generation).clear();
        lock(&self.image).clear();
        lock(&self.quote).clear();
        lock(&self.poll).clear();
        lock(&self.webhook).clear();
    }

    pub(crate) fn next_generation_fault(&self) -> Option<GenerationFault> {
        next(&mut lock(&self.generation))
    }

    pub(crate) fn next_image_fault(&self) -> Option<ImageFault> {
        next(&mut lock(&self.image))
    }

    pub(crate) fn next_quote_fault(&self) -> Option<QuoteFault> {
        next(&mut lock(&self.quote))
    }

    pub(crate) fn next_poll_fault(&self) -> Option<PollFault> {
        next(&mut lock(&self.poll))
    }

    pub(crate) fn next_webhook_fault(&self) -> Option<WebhookFault> {
        next(&mut lock(&self.webhook))
    }
}

fn next<F: Clone>(waiting: &mut VecDeque<(F, Times)>) -> Option<F> {
    let (fault, times) = waiting.front_mut()?;
    let fault = fault.clone();
    match times {
        Times::UntilCleared => {}
        Times::Next(left) if *left > 1 => *left -= 1,
        Times::Next(_) => drop(waiting.pop_front()),
    }
    Some(fault)
}
