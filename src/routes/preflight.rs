//! `POST /admin/preflight`: the gateway checks itself, with the bindings, settings and secrets it has.
//! It costs nothing and leaves nothing behind; one real picture is made only when it is asked for, and
//! only if all else is well.

use domain::picture::{FORMAT_BYTES, PictureFormat};
use domain::preflight::{Asked, Check, Finding, SECRETS, cheapest};
use domain::quote;
use domain::request::{Endpoint, ImageRequest};
use domain::time::Millis;
use serde_json::json;
use worker::{
    Env, Headers, Method, Request, RequestInit, Response, ResponseBuilder, WorkerVersionMetadata,
};

use super::body::read_json;
use super::generate::{limits, permit};
use super::result::{link, origin};
use super::{Visit, images, making};
use crate::access::{admit_operator, authenticate};
use crate::config::Config;
use crate::error::Refused;
use crate::preflight::{check_all, checked};

const VERSION_BINDING: &str = "VERSION";
/// How much longer than any caller waits for a picture: to look at it afterwards.
const MARGIN: Millis = Millis::from_seconds(10);

/// A picture that was made, and where it is.
struct Made {
    finding: Finding,
    link: Option<String>,
}

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    // Wrong settings are what this is to find, so only the operator's own key has to be right.
    let operator = Config::operator_key(visit.env);
    admit_operator(visit.env, operator.as_deref(), request).await?;
    let asked = Asked::parse(&read_json(request).await?)?;
    let mut checks = check_all(visit.env, visit.config).await;
    if asked.generate {
        let is_well = checks.iter().all(|check| check.finding.ok);
        let limit = visit
            .config
            .map_or(MARGIN, |config| config.answer_deadline.plus(MARGIN));
        let mut link = None;
        let picture = async {
            if !is_well {
                return Err("not tried, because other checks failed; nothing was spent".to_owned());
            }
            let made = make(visit, request).await;
            let made = made.map_err(|refused| refused.failure().message.clone())?;
            link = made.link;
            Ok(made.finding)
        };
        let check = checked(Check::Picture, limit, picture).await;
        checks.push(check.with_link(link));
    }
    let secrets = SECRETS.iter();
    let secrets = secrets.filter_map(|secret| Config::raw(visit.env, secret.name));
    let secrets: Vec<_> = secrets.collect();
    let shown: Vec<_> = checks.iter().map(|check| check.to_json(&secrets)).collect();
    let ok = checks.iter().all(|check| check.finding.ok);
    visit.log.set("preflight", ok);
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(&json!({
            "ok": ok,
            "version": env!("CARGO_PKG_VERSION"),
            "version_id": version_id(visit.env),
            "checks": shown,
        }))?)
}

/// Which deployed version this is, in Cloudflare's words.
fn version_id(env: &Env) -> Option<String> {
    let version = env.get_binding::<WorkerVersionMetadata>(VERSION_BINDING);
    version.ok().map(|version| version.id())
}

/// One picture of the cheapest model, by the way that every request goes.
async fn make(visit: &mut Visit<'_>, request: &Request) -> Result<Made, Refused> {
    let config = visit.config()?;
    let caller = authenticate(visit.env, config, request).await?;
    let model = cheapest(&config.prices);
    let body = json!({"image_request": {"prompt": quote::PROMPT, "model": model.name()}});
    let asked = ImageRequest::parse(Endpoint::GENERATE, &body, &limits(config))?;
    let asked = permit(visit, config, &caller, asked).await?.request;
    let origin = origin(request)?;
    // Made now, whatever an earlier preflight has left in the cache.
    let headers = Headers::new();
    headers.set("cache-control", "no-cache")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers);
    let way = Request::new_with_init(&format!("{origin}{}", Endpoint::GENERATE.path()), &init)?;
    let (result, cache) = making::result(visit, config, &way, &caller, asked).await?;
    let link = result
        .pictures
        .first()
        .and_then(|picture| link(&origin, picture));
    let Some(link) = link else {
        let finding = Finding::amiss("Ideogram withheld the picture");
        return Ok(Made {
            finding,
            link: None,
        });
    };
    let dollars = cache.cost(&result);
    let finding = match look_at(visit, &link, &origin).await? {
        Ok(bytes) => Finding::well(format!(
            "{model}, {dollars} dollars, {bytes} bytes at its link"
        )),
        Err(problem) => Finding::amiss(format!("{model}, {dollars} dollars; {problem}")),
    };
    Ok(Made {
        finding,
        link: Some(link),
    })
}

/// The size of the picture at a link, as the gateway serves it. A Worker cannot call itself by its own
/// address, so this takes the way from there on; `bin/preflight` takes the whole way.
async fn look_at(
    visit: &mut Visit<'_>,
    link: &str,
    origin: &str,
) -> Result<Result<usize, String>, Refused> {
    let path = link.strip_prefix(origin);
    let Some(key) = path.and_then(|path| path.strip_prefix("/images/")) else {
        return Ok(Err(
            "it could not be kept yet, and its link is Ideogram's".to_owned()
        ));
    };
    let request = Request::new(link, Method::Get)?;
    let mut served = images::get(visit, &request, key).await?;
    let bytes = served.bytes().await?;
    let begins = bytes.get(..FORMAT_BYTES).unwrap_or_default();
    Ok(match PictureFormat::from_first_bytes(begins) {
        Some(_) => Ok(bytes.len()),
        None => Err("what is at its link is no picture".to_owned()),
    })
}
