//! The endpoints, one file each: parse, call, render; no rules. Here a request is given an id, led
//! to its endpoint, answered in any case, and logged.

mod body;
mod erase;
mod events;
mod finalize;
mod form;
mod generate;
mod generations;
mod given;
mod health;
mod idempotency;
mod images;
mod keys;
mod making;
mod openai;
mod openai_pictures;
mod result;
mod tokens;
mod waiting;

use domain::failure::FailureCode;
use domain::request::Endpoint;
use worker::{Context, Env, Method, Request, Response};

use crate::access::{Openness, Page};
use crate::clock::random;
use crate::config::{Config, WrongSetting};
use crate::error::{Refused, Shape};
use crate::log::RequestLog;
use crate::storage::Brought;

/// What an endpoint works with.
pub struct Visit<'visit> {
    env: &'visit Env,
    config: Result<&'static Config, &'static [WrongSetting]>,
    log: &'visit mut RequestLog,
    /// The pictures that came with the request, for as long as they are nobody else's.
    brought: Brought,
}

impl Visit<'_> {
    /// The settings, or the refusal of everything that needs them.
    fn config(&self) -> Result<&'static Config, Refused> {
        let wrong = |_| crate::objects::settings_are_wrong().into();
        self.config.map_err(wrong)
    }
}

/// An endpoint.
#[derive(Clone, Copy)]
enum Route<'path> {
    Make(Endpoint),
    Generation(&'path str),
    Events(&'path str),
    Finalize(&'path str),
    Image(&'path str),
    OpenAiImages,
    OpenAiModels,
    OpenAiModel(&'path str),
    Tokens,
    Health,
    Keys,
    Key(&'path str),
    Erase(&'path str),
}

impl<'path> Route<'path> {
    fn of(path: &'path str) -> Option<Self> {
        if let Some(endpoint) = Endpoint::at(path) {
            return Some(Self::Make(endpoint));
        }
        match path {
            "/tokens" => Some(Self::Tokens),
            "/health" => Some(Self::Health),
            "/v1/images/generations" => Some(Self::OpenAiImages),
            "/v1/models" => Some(Self::OpenAiModels),
            "/admin/keys" => Some(Self::Keys),
            _ if path.starts_with("/images/") => path.strip_prefix('/').map(Self::Image),
            _ => {
                let generation = path.strip_prefix("/generations/").map(|id| {
                    let events = id.strip_suffix("/events").map(Self::Events);
                    let finalize = || id.strip_suffix("/finalize").map(Self::Finalize);
                    events.or_else(finalize).unwrap_or(Self::Generation(id))
                });
                generation
                    .or_else(|| path.strip_prefix("/v1/models/").map(Self::OpenAiModel))
                    .or_else(|| path.strip_prefix("/admin/keys/").map(Self::Key))
                    .or_else(|| path.strip_prefix("/admin/generations/").map(Self::Erase))
            }
        }
    }

    /// As the log has it: without what differs from request to request.
    const fn name(self) -> &'static str {
        match self {
            Self::Make(endpoint) => endpoint.path(),
            Self::Generation(_) => "/generations/{id}",
            Self::Events(_) => "/generations/{id}/events",
            Self::Finalize(_) => "/generations/{id}/finalize",
            Self::Image(_) => "/images/{key}",
            Self::OpenAiImages => "/v1/images/generations",
            Self::OpenAiModels => "/v1/models",
            Self::OpenAiModel(_) => "/v1/models/{id}",
            Self::Tokens => "/tokens",
            Self::Health => "/health",
            Self::Keys => "/admin/keys",
            Self::Key(_) => "/admin/keys/{id}",
            Self::Erase(_) => "/admin/generations/{id}",
        }
    }

    /// Whose pages may read its answers.
    const fn openness(self, config: Option<&Config>) -> Openness {
        match (self, config) {
            (Self::Health, _) => Openness::All,
            (Self::Image(_), Some(config)) if config.images_embeddable => Openness::All,
            (Self::Keys | Self::Key(_) | Self::Erase(_), _) => Openness::Own,
            _ => Openness::Allowed,
        }
    }

    const fn methods(self) -> &'static [Method] {
        match self {
            Self::Make(_) | Self::OpenAiImages | Self::Finalize(_) | Self::Tokens => {
                &[Method::Post]
            }
            Self::Keys => &[Method::Get, Method::Post],
            Self::Key(_) | Self::Erase(_) => &[Method::Delete],
            Self::Generation(_) => &[Method::Get, Method::Head, Method::Delete],
            Self::Events(_) => &[Method::Get],
            Self::Image(_) | Self::OpenAiModels | Self::OpenAiModel(_) | Self::Health => {
                &[Method::Get, Method::Head]
            }
        }
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
pub async fn handle(mut request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let request_id = random::<16>().map(hex::encode).unwrap_or_default();
    let path = request.path();
    let route = Route::of(&path);
    // The platform layer's own `method` takes whatever it does not know for GET.
    let method = request.inner().method();
    let name = route.map_or("none", Route::name);
    let mut log = RequestLog::new(&request_id, &method, name);
    let config = Config::of(&env);
    let openness = route.map_or(Openness::Allowed, |route| route.openness(config.ok()));
    let page = Page::of(&request, config.ok(), openness);
    let mut visit = Visit {
        env: &env,
        config,
        log: &mut log,
        brought: Brought::default(),
    };
    let answer = answer(&mut visit, &mut request, &method, route, &page).await;
    visit.brought.delete(&env).await;
    let mut response = match answer {
        Ok(response) => {
            log.set("outcome", "ok");
            response
        }
        Err(refused) => {
            log.set("outcome", refused.failure().code.as_str());
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
    log.write(response.status_code());
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
    let allowed: Vec<_> = route.methods().iter().map(AsRef::as_ref).collect();
    let takes = allowed.contains(&method);
    let allowed = allowed.join(", ");
    if Page::is_preflight(request) {
        return page.preflight(&allowed);
    }
    if !takes {
        let sentence = format!("this endpoint takes {allowed}");
        return Err(
            Refused::new(FailureCode::MethodNotAllowed, sentence).with_header("allow", allowed)
        );
    }
    match route {
        Route::Make(endpoint) => generate::post(visit, request, endpoint).await,
        Route::Generation(id) if request.method() == Method::Delete => {
            generations::delete(visit, request, id).await
        }
        Route::Generation(id) => generations::get(visit, request, id).await,
        Route::Events(id) => events::get(visit, request, id).await,
        Route::Finalize(id) => finalize::post(visit, request, id).await,
        Route::Image(key) => images::get(visit, request, key).await,
        Route::OpenAiImages => openai::post(visit, request).await,
        Route::OpenAiModels => openai::list_models(visit, request).await,
        Route::OpenAiModel(id) => openai::model(visit, request, id).await,
        Route::Tokens => tokens::post(visit, request).await,
        Route::Health => health::get(visit).await,
        Route::Keys if request.method() == Method::Post => keys::post(visit, request).await,
        Route::Keys => keys::list(visit, request).await,
        Route::Key(id) => keys::delete(visit, request, id).await,
        Route::Erase(id) => erase::delete(visit, request, id).await,
    }
}
