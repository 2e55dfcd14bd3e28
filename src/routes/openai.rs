//! OpenAI's image API in front of the same generations: its requests, its answers, its list of models.

use domain::generation::GenerationResult;
use domain::openai::{
    NamedModel, NotTaken, OpenAiRequest, ResponseFormat, add_to_gateway, list_of_models,
    no_such_model, not_kept, shown, with_links, with_pictures,
};
use serde_json::Value;
use worker::{Request, Response, ResponseBuilder};

use super::body::read_json;
use super::generate::{limits, permit};
use super::openai_pictures::{are_kept, stream};
use super::result::{Cache, Share, body_for, headers, link, origin};
use super::{Visit, making};
use crate::access::authenticate;
use crate::error::Refused;

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    let config = visit.config()?;
    let caller = authenticate(visit.env, config, request).await?;
    visit.log.set("client", caller.id().as_str());
    let body = read_json(request).await?;
    let mut openai = OpenAiRequest::parse(&body, &limits(config))?;
    openai.asked = permit(visit, config, &caller, openai.asked).await?;
    visit.log.stage("parse");
    let asked = openai.asked.request.clone();
    let (result, cache) = making::result(visit, config, request, &caller, asked).await?;
    let answer = render(visit, request, &openai, &result, cache).await;
    // It has cost what it has, whatever is answered.
    answer.map_err(|refused| {
        let refused = refused.about(Some(result.id.clone()));
        refused.with_header("x-cost-usd", cache.cost(&result).to_string())
    })
}

async fn render(
    visit: &Visit<'_>,
    request: &Request,
    openai: &OpenAiRequest,
    result: &GenerationResult,
    cache: Cache,
) -> Result<Response, Refused> {
    let shown = shown(result, &openai.asked.request)?;
    let origin = origin(request)?;
    let share = Share::new(cache, openai.asked.redactions.clone());
    let mut own = body_for(&origin, result, &share);
    let mut gateway = own.get_mut("gateway").map(Value::take).unwrap_or_default();
    add_to_gateway(&mut gateway, openai, result);
    let headers = headers(result, cache)?;
    if let Some(size) = openai.size.as_ref().filter(|size| size.is_another()) {
        headers.set("x-size-used", &size.used)?;
    }
    let response = ResponseBuilder::new().with_headers(headers);
    match openai.format {
        ResponseFormat::Url => {
            let pictures = shown.into_iter();
            let pictures =
                pictures.filter_map(|shown| Some((shown, link(&origin, shown.picture)?)));
            let body = with_links(result.created_at, pictures.collect(), gateway);
            Ok(response.from_json(&body)?)
        }
        ResponseFormat::Base64 => {
            let pieces = with_pictures(result.created_at, &shown, &gateway)?;
            if !are_kept(visit.env, &pieces).await? {
                return Err(not_kept().into());
            }
            let response = response.with_header("content-type", "application/json")?;
            Ok(response.from_stream(stream(visit.env.clone(), pieces))?)
        }
    }
}

pub async fn list_models(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    let caller = authenticate(visit.env, visit.config()?, request).await?;
    json(&list_of_models(&caller))
}

pub async fn model(
    visit: &mut Visit<'_>,
    request: &Request,
    id: &str,
) -> Result<Response, Refused> {
    let caller = authenticate(visit.env, visit.config()?, request).await?;
    let named = NamedModel::named(id).filter(|named| caller.may_use(named.model));
    let named = named.ok_or_else(|| NotTaken::NoSuchModel(no_such_model(id)))?;
    json(&named.to_json())
}

fn json(body: &Value) -> Result<Response, Refused> {
    Ok(ResponseBuilder::new()
        .with_header("cache-control", "no-store")?
        .from_json(body)?)
}
