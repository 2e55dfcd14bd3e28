//! Ideogram's own endpoints. Here is what may be asked for; `making` answers it, or `v2` where only its
//! price is asked for.

use domain::access::Caller;
use domain::failure::FailureCode;
use domain::redaction::Findings;
use domain::request::{Asked, Endpoint, ImageCount, Limits};
use domain::v2::is_dry_run;
use worker::{Request, Response};

use super::given::read_given;
use super::idempotency::given_key;
use super::query::parameters;
use super::{Visit, making, v2};
use crate::access::authenticate;
use crate::config::Config;
use crate::error::Refused;
use crate::log::RejectedBy;
use crate::screening;

pub async fn post(
    visit: &mut Visit<'_>,
    request: &mut Request,
    endpoint: Endpoint,
) -> Result<Response, Refused> {
    let config = visit.config()?;
    let caller = authenticate(visit.env, config, request).await?;
    visit.log.set("client", caller.id().as_str());
    let dry_run = is_dry_run(endpoint, &parameters(request)?)?;
    let asked = take(visit, config, &caller, request, endpoint).await?;
    visit.log.stage("parse");
    if dry_run {
        // A key is for what is made; but one that is none is refused in any case.
        given_key(request, &caller, &asked.request)?;
        return v2::quote(visit, config, &asked.request).await;
    }
    making::answer(visit, config, request, &caller, asked, None).await
}

/// What is asked for, if this caller may ask for it.
async fn take(
    visit: &mut Visit<'_>,
    config: &Config,
    caller: &Caller,
    request: &mut Request,
    endpoint: Endpoint,
) -> Result<Asked, Refused> {
    let limits = limits(config);
    let brought = &mut visit.brought;
    let asked = read_given(visit.env, request, endpoint, &limits, brought).await?;
    permit(visit, config, caller, asked).await
}

/// What a request is checked with.
pub fn limits(config: &Config) -> Limits {
    Limits {
        default_model: config.default_model,
        prompt_max_chars: config.prompt_max_chars,
        pii: config.pii,
        max_images: ImageCount::at_most(config.limits.max_in_flight),
    }
}

/// The same request, if this caller may ask for it and its texts may leave.
pub async fn permit(
    visit: &mut Visit<'_>,
    config: &Config,
    caller: &Caller,
    asked: Asked,
) -> Result<Asked, Refused> {
    if !asked.redactions.is_empty() {
        visit.log.set("redactions", asked.redactions.to_json());
    }
    if let Some(found) = asked.refused_by(config.pii) {
        return Err(visit.rejected(RejectedBy::Privacy, &asked.request, personal(found)));
    }
    caller.may_ask(&asked.request)?;
    if let Some(said) = asked.request.said() {
        let checked = screening::check(visit.env, config, &said).await;
        checked.map_err(|refused| visit.rejected(RejectedBy::Policy, &asked.request, refused))?;
    }
    Ok(asked)
}

fn personal(found: &Findings) -> Refused {
    let sentence = "the prompt holds personal or secret data, which this gateway does not pass on; \
        take it out and send the request again";
    let found = found.to_json();
    Refused::new(FailureCode::PromptRejected, sentence).with_detail("redactions", found)
}
