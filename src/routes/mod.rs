//! The endpoints, one file each: parse, call, render; no rules. Here a request is given an id, led
//! to its endpoint, answered in any case, and logged. Paths and methods are `domain::route`'s.

mod alerts;
mod body;
mod costs;
mod erase;
mod events;
mod fallback;
mod finalize;
mod form;
mod generate;
mod generations;
mod given;
mod health;
mod history;
mod idempotency;
mod images;
mod keys;
mod making;
mod metrics;
mod mode;
mod openai;
mod openai_pictures;
mod placeholders;
mod preflight;
mod probes;
mod query;
mod reconciliations;
mod restore;
mod result;
mod status;
mod tokens;
mod v2;
mod waiting;
mod webhook;

pub use self::generate::limits;

use domain::failure::FailureCode;
use domain::gathered::{Answered, Seen};
use domain::prompt::SanitisedPrompt;
use domain::request::ImageRequest;
use domain::route::{Place, Route};
use domain::sampling::SamplePercent;
use worker::{Context, Env, Request, Response};

use crate::access::{Openness, Page};
use crate::clock::random;
use crate::config::{Config, WrongSetting};
use crate::error::{Refused, Shape};
use crate::gathered::Gatherer;
use crate::log::{RejectedBy, RequestLog};
use crate::storage::Brought;

/// What an endpoint works with.
pub struct Visit<'visit> {
    env: &'visit Env,
    /// The path as the table of paths has it.
    route: &'static str,
    config: Result<&'static Config, &'static [WrongSetting]>,
    log: &'visit mut RequestLog,
    gatherer: Gatherer,
    /// The pictures that came with the request, for as long as they are nobody else's.
    brought: Brought,
}

impl Visit<'_> {
    /// The same refusal of a prompt, noted for review.
    fn rejected(&self, by: RejectedBy, asked: &ImageRequest, refused: Refused) -> Refused {
        // Whoever judges prompts may also fail.
        if refused.failure().code == FailureCode::PromptRejected {
            let said = asked.said();
            let prompt = said.as_ref().map_or("", SanitisedPrompt::as_str);
            self.log.prompt_rejected(by, prompt, &refused);
        }
        refused
    }

    /// The settings, or the refusal of everything that needs them.
    fn config(&self) -> Result<&'static Config, Refused> {
        let wrong = |_| crate::objects::settings_are_wrong().into();
        self.config.map_err(wrong)
    }
}

/// Whose pages may read the answers of a route.
fn openness(route: Route<'_>, config: Option<&Config>) -> Openness {
    match (route, config) {
        (Route::To(Place::Health, _), _) => Openness::All,
        (Route::To(Place::Image | Place::Placeholder, _), Some(config))
            if config.images_embeddable =>
        {
            Openness::All
        }
        (Route::To(place, _), _) if place.is_the_operators() => Openness::Own,
        _ => Openness::Allowed,
    }
}

/// Whose shape errors have at a path. `/v1/` is OpenAI's but for Ideogram's own part of it, so that
/// OpenAI's clients also understand what is said about paths that there are not.
fn shape_at(path: &str) -> Shape {
    match path.strip_prefix("/v1/") {
        Some(rest) if !rest.starts_with("ideogram-") => Shape::OpenAi,
        _ => Shape::Ideogram,
    }
}

/// Answers a request.
pub async fn handle(mut request: Request, env: Env, context: Context) -> worker::Result<Response> {
    let request_id = random::<16>().map(hex::encode).unwrap_or_default();
    let path = request.path();
    let route = Route::of(&path);
    // The platform layer's own `method` takes whatever it does not know for GET.
    let method = request.inner().method();
    let name = route.map_or("none", Route::path);
    let mut log = RequestLog::new(&request_id, &method, name);
    let config = Config::of(&env);
    let openness = route.map_or(Openness::Allowed, |route| openness(route, config.ok()));
    let page = Page::of(&request, config.ok(), openness);
    let gatherer = Gatherer::new(&env, context);
    let mut visit = Visit {
        env: &env,
        route: name,
        config,
        log: &mut log,
        gatherer: gatherer.clone(),
        brought: Brought::default(),
    };
    let answer = answer(&mut visit, &mut request, &method, route, &page).await;
    visit.brought.delete(&env).await;
    let code = match &answer {
        Ok(_) => "ok",
        Err(refused) => refused.failure().code.as_str(),
    };
    log.set("outcome", code);
    let mut response = match answer {
        Ok(response) => response,
        Err(refused) => {
            log.set("error", refused.failure().message.clone());
            if let Some(id) = refused.generation() {
                log.set("generation_id", id.to_string());
            }
            refused.render(shape_at(&path), &request_id)?
        }
    };
    let headers = response.headers_mut();
    headers.set("x-request-id", &request_id)?;
    headers.set("server-timing", &log.server_timing())?;
    page.mark(headers)?;
    let percent = config.map_or(SamplePercent::ALL, |config| config.log_sample);
    let status = response.status_code();
    log.write(status, percent);
    gatherer.count(Seen::Answered(Answered {
        route: name.into(),
        status,
        code: code.into(),
    }));
    Ok(response)
}

async fn answer(
    visit: &mut Visit<'_>,
    request: &mut Request,
    method: &str,
    route: Option<Route<'_>>,
    page: &Page,
) -> Result<Response, Refused> {
    page.check()?;
    let Some(route) = route else {
        return Err(Refused::new(FailureCode::NotFound, "there is nothing here"));
    };
    let takes = route.methods().contains(&method);
    let allowed = route.methods().join(", ");
    if Page::is_preflight(request) {
        return page.preflight(&allowed);
    }
    if !takes {
        let sentence = format!("this endpoint takes {allowed}");
        return Err(
            Refused::new(FailureCode::MethodNotAllowed, sentence).with_header("allow", allowed)
        );
    }
    let (place, named) = match route {
        Route::Make(endpoint) => return generate::post(visit, request, endpoint).await,
        Route::To(place, named) => (place, named),
    };
    match place {
        Place::Events => events::get(visit, request, named).await,
        Place::Finalize => finalize::post(visit, request, named).await,
        Place::Generation if method == "DELETE" => generations::delete(visit, request, named).await,
        Place::Generation => generations::get(visit, request, named).await,
        Place::V2Generation => v2::get(visit, request, named).await,
        Place::Image => images::get(visit, request, named).await,
        Place::Placeholder => placeholders::get(named),
        Place::OpenAiImages => openai::post(visit, request).await,
        Place::OpenAiModels => openai::list_models(visit, request).await,
        Place::OpenAiModel => openai::model(visit, request, named).await,
        Place::Tokens => tokens::post(visit, request).await,
        Place::Webhook => webhook::post(visit, request).await,
        Place::Health => health::get(visit).await,
        Place::Mode if method == "PUT" => mode::put(visit, request).await,
        Place::Mode => mode::get(visit, request).await,
        Place::Keys if method == "POST" => keys::post(visit, request).await,
        Place::Keys => keys::list(visit, request).await,
        Place::Key => keys::delete(visit, request, named).await,
        Place::Status => status::get(visit, request).await,
        Place::Costs => costs::get(visit, request).await,
        Place::History => history::get(visit, request).await,
        Place::Restore => restore::post(visit, request).await,
        Place::Metrics => metrics::get(visit, request).await,
        Place::Erase => erase::delete(visit, request, named).await,
        Place::Probes => probes::get(visit, request).await,
        Place::Preflight => preflight::post(visit, request).await,
        Place::Alerts => alerts::get(visit, request).await,
        Place::Reconciliations if method == "POST" => reconciliations::post(visit, request).await,
        Place::Reconciliations => reconciliations::get(visit, request).await,
    }
}
