//! `/admin/keys`: the operator makes clients' keys, lists their clients and revokes them. A key is
//! shown once, when it is made.

use domain::access::{Client, ClientKey, NewClient};
use domain::failure::FailureCode;
use domain::ids::ClientId;
use domain::ledger::ClientDay;
use serde_json::{Value, json};
use worker::{Request, Response, ResponseBuilder};

use super::Visit;
use super::body::read_json;
use crate::access::{authenticate_operator, forget_client};
use crate::clock::{now, random};
use crate::error::Refused;
use crate::log;
use crate::objects::LedgerClient;
use crate::storage::{delete_client, get_client, list_clients, put_client};

pub async fn post(visit: &mut Visit<'_>, request: &mut Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let new = NewClient::parse(&read_json(request).await?)?;
    let key = ClientKey::new(random()?);
    let client = new.with_key(&key, now());
    put_client(visit.env, &client).await?;
    visit.log.set("client", client.id.as_str());
    let mut body = client.to_json();
    set(&mut body, "key", key.reveal().into());
    no_store(201, &body)
}

/// With what each has spent today, as far as the ledger answers.
pub async fn list(visit: &mut Visit<'_>, request: &Request) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let clients = list_clients(visit.env).await?;
    let days = LedgerClient(visit.env).clients().await;
    let days = days.unwrap_or_else(|error| {
        log::fault("ledger", &error.0);
        vec![]
    });
    let show = |client: &Client| {
        let mut body = client.to_json();
        let day = days.iter().find(|day| day.client == client.id);
        set(&mut body, "today", day.map_or(Value::Null, today));
        body
    };
    let keys: Vec<_> = clients.iter().map(show).collect();
    no_store(200, &json!({ "keys": keys }))
}

pub async fn delete(
    visit: &mut Visit<'_>,
    request: &Request,
    id: &str,
) -> Result<Response, Refused> {
    authenticate_operator(visit.env, visit.config()?, request).await?;
    let id = ClientId::new(id.to_owned());
    let client = get_client(visit.env, &id).await?;
    let client = client
        .ok_or_else(|| Refused::new(FailureCode::NotFound, "there is no key with this id"))?;
    delete_client(visit.env, &id).await?;
    forget_client(&id);
    visit.log.set("client", id.as_str());
    no_store(
        200,
        &json!({"id": id, "name": client.name, "revoked": true}),
    )
}

fn today(day: &ClientDay) -> Value {
    json!({
        "spent_usd": day.billed.to_dollars_json(),
        "reserved_usd": day.reserved.to_dollars_json(),
        "unconfirmed_usd": day.unconfirmed.to_dollars_json(),
        "rejected_prompts": day.rejected_prompts,
    })
}

fn set(body: &mut Value, name: &str, value: Value) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}

fn no_store(status: u16, body: &Value) -> Result<Response, Refused> {
    Ok(ResponseBuilder::new()
        .with_status(status)
        .with_header("cache-control", "no-store")?
        .from_json(body)?)
}
