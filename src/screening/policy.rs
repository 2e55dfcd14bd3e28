//! The operator's content policy: from the setting `CONTENT_POLICY`, or else from KV
//! (`content-policy`), where it can be changed without a deploy and is read once a minute. A policy
//! that cannot be read rejects everything: half a policy would protect from nothing.

use std::cell::RefCell;
use std::rc::Rc;

use domain::failure::FailureCode;
use domain::policy::ContentPolicy;
use domain::prompt::SanitisedPrompt;
use domain::time::{Millis, UnixMillis};
use worker::Env;

use super::rejected;
use crate::clock::now;
use crate::config::Config;
use crate::error::Refused;
use crate::log;
use crate::storage::get_policy_text;

const FRESH: Millis = Millis::from_seconds(60);

/// A policy, or what is wrong with it.
type Read = Result<ContentPolicy, String>;

/// What KV said last.
#[derive(Clone)]
struct Known {
    at: UnixMillis,
    text: Option<String>,
    read: Rc<Read>,
}

thread_local! {
    static KNOWN: RefCell<Option<Known>> = const { RefCell::new(None) };
}

/// Lets a prompt pass, or not.
///
/// # Errors
/// The policy rejects it, or cannot be read.
pub async fn check(env: &Env, config: &Config, prompt: &SanitisedPrompt) -> Result<(), Refused> {
    if let Some(policy) = &config.content_policy {
        return apply(policy, prompt);
    }
    match &*current(env).await? {
        Ok(policy) => apply(policy, prompt),
        Err(_) => Err(Refused::new(
            FailureCode::GenerationDisabled,
            "the content policy cannot be read, so nothing is generated; /health says why",
        )
        .with_header("retry-after", "60")),
    }
}

/// What is wrong with the policy in KV, if it is used and something is.
pub async fn problem(env: &Env, config: &Config) -> Option<String> {
    if config.content_policy.is_some() {
        return None;
    }
    let current = current(env).await.ok()?;
    current.as_ref().as_ref().err().cloned()
}

fn apply(policy: &ContentPolicy, prompt: &SanitisedPrompt) -> Result<(), Refused> {
    let Some(rejection) = policy.check(prompt.as_str()) else {
        return Ok(());
    };
    let sentence = rejection
        .message
        .unwrap_or("the prompt is against this gateway's content policy; nothing was spent");
    Err(rejected(sentence, Some(rejection.category)))
}

/// A KV that fails is taken to say what it said last.
async fn current(env: &Env) -> Result<Rc<Read>, Refused> {
    let known = KNOWN.with_borrow(Clone::clone);
    if let Some(known) = &known
        && now().since(known.at) < FRESH
    {
        return Ok(Rc::clone(&known.read));
    }
    let text = match (get_policy_text(env).await, &known) {
        (Ok(text), _) => text,
        (Err(error), Some(known)) => {
            log::fault("content policy", &error.to_string());
            return Ok(Rc::clone(&known.read));
        }
        (Err(error), None) => return Err(error.into()),
    };
    let read = match known.filter(|known| known.text == text) {
        Some(known) => known.read,
        None => Rc::new(read(text.as_deref())),
    };
    KNOWN.set(Some(Known {
        at: now(),
        text,
        read: Rc::clone(&read),
    }));
    Ok(read)
}

fn read(text: Option<&str>) -> Read {
    let read = text.map_or_else(|| Ok(ContentPolicy::default()), str::parse);
    read.map_err(|error| {
        let problem = error.to_string();
        log::fault("content policy", &problem);
        problem
    })
}
