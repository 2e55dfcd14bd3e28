//! The endpoints, one file each: parse, call, render; no rules. Here a request is given an id, led
//! to its endpoint, answered in any case, and logged.

mod body;
mod generate;
mod generations;
mod health;
mod images;
mod result;

use domain::failure::FailureCode;
use worker::{Context, Env, Method, Request, Response};

use crate::clock::random;
use crate::config::{Config, WrongSetting};
use crate::error::Refused;
use crate::log::RequestLog;

/// What an endpoint works with.
pub struct Visit<'visit> {
    env: &'visit Env,
    config: &'visit Result<Config, Vec<WrongSetting>>,
    log: &'visit mut RequestLog,
}

impl Visit<'_> {
    /// The settings, or the refusal of everything that needs them.
    fn config(&self) -> Result<&Config, Refused> {
        let wrong = |_: &Vec<WrongSetting>| crate::objects::settings_are_wrong().into();
        self.config.as_ref().map_err(wrong)
    }
}

/// An endpoint.
#[derive(Clone, Copy)]
enum Route<'path> {
    Generate,
    Generation(&'path str),
    Image(&'path str),
    Health,
}

impl<'path> Route<'path> {
    fn of(path: &'path str) -> Option<Self> {
        match path {
            "/generate" => Some(Self::Generate),
            "/health" => Some(Self::Health),
            _ if path.starts_with("/images/") => path.strip_prefix('/').map(Self::Image),
            _ => path.strip_prefix("/generations/").map(Self::Generation),
        }
    }

    /// As the log has it: without what differs from request to request.
    const fn name(self) -> &'static str {
        match self {
            Self::Generate => "/generate",
            Self::Generation(_) => "/generations/{id}",
            Self::Image(_) => "/images/{key}",
            Self::Health => "/health",
        }
    }

    const fn methods(self) -> &'static [Method] {
        match self {
            Self::Generate => &[Method::Post],
            Self::Generation(_) | Self::Image(_) | Self::Health => &[Method::Get, Method::Head],
        }
    }
}

/// Answers a request.
pub async fn handle(mut request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    let request_id = random::<16>().map(hex::encode).unwrap_or_default();
    let path = request.path();
    let route = Route::of(&path);
    let method = request.method();
    let name = route.map_or("none", Route::name);
    let mut log = RequestLog::new(&request_id, method.as_ref(), name);
    let config = Config::from_env(&env);
    let mut visit = Visit {
        env: &env,
        config: &config,
        log: &mut log,
    };
    let answer = answer(&mut visit, &mut request, route).await;
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
            refused.render(&request_id)?
        }
    };
    let headers = response.headers_mut();
    headers.set("x-request-id", &request_id)?;
    headers.set("server-timing", &log.server_timing())?;
    log.write(response.status_code());
    Ok(response)
}

async fn answer(
    visit: &mut Visit<'_>,
    request: &mut Request,
    route: Option<Route<'_>>,
) -> Result<Response, Refused> {
    let Some(route) = route else {
        return Err(Refused::new(FailureCode::NotFound, "there is nothing here"));
    };
    if !route.methods().contains(&request.method()) {
        let allowed: Vec<_> = route.methods().iter().map(AsRef::as_ref).collect();
        let allowed = allowed.join(", ");
        let sentence = format!("this endpoint takes {allowed}");
        return Err(
            Refused::new(FailureCode::MethodNotAllowed, sentence).with_header("allow", allowed)
        );
    }
    match route {
        Route::Generate => generate::post(visit, request).await,
        Route::Generation(id) => generations::get(visit, request, id).await,
        Route::Image(key) => images::get(visit, request, key).await,
        Route::Health => health::get(visit).await,
    }
}
