//! What a client's key stands for: its name, what it may spend and ask for, how often it may call,
//! whose results it is given. Kept as JSON without the key.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::key::{ClientKey, KeyDigest};
use crate::body_fields::{BodyFields, text_of};
use crate::ids::ClientId;
use crate::money::MicroDollars;
use crate::request::{ImageCount, InvalidRequest, Model};
use crate::time::UnixMillis;

/// How often a client may call: the name of a limit that is fixed when the Worker is deployed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateClass {
    /// For a trial, or a page that few see.
    Low,
    /// For most.
    #[default]
    Standard,
    /// For a client that stands for many.
    High,
}

/// Whose results a client is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum CacheShare {
    #[default]
    Shared,
    Own,
}

/// A client, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// What its operator calls it.
    pub name: String,
    /// The most it may spend on one UTC day; none: as much as the gateway may.
    #[serde(default)]
    pub daily_budget: Option<MicroDollars>,
    /// The models it may ask for; none: all.
    #[serde(default)]
    pub(super) models: Option<BTreeSet<Model>>,
    /// The most pictures of one request; none: as many as the gateway takes.
    #[serde(default)]
    pub(super) max_images: Option<ImageCount>,
    /// How often it may call; none: as often as it likes, which only the operator may.
    #[serde(default)]
    pub rate: Option<RateClass>,
    #[serde(default)]
    cache: CacheShare,
    /// What is kept of its key; none for those who are built in.
    #[serde(default)]
    pub key: Option<KeyDigest>,
    /// When its key was made.
    pub created_at: UnixMillis,
}

impl Client {
    /// One that is built in and may do what the gateway may.
    #[must_use]
    pub fn built_in(id: &'static str) -> Self {
        Self {
            id: ClientId::new(id.to_owned()),
            name: id.to_owned(),
            daily_budget: None,
            models: None,
            max_images: None,
            rate: None,
            cache: CacheShare::Shared,
            key: None,
            created_at: UnixMillis::default(),
        }
    }

    /// Whether it is given only what was made for itself.
    #[must_use]
    pub const fn has_own_cache(&self) -> bool {
        matches!(self.cache, CacheShare::Own)
    }

    /// As the operator sees it: everything but its key.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "daily_budget_usd": self.daily_budget.map(MicroDollars::to_dollars_json),
            "models": self.models,
            "max_images": self.max_images.map(ImageCount::get),
            "rate": self.rate,
            "cache": self.cache,
            "created_at": self.created_at.to_rfc3339(),
        })
    }
}

/// What a new client is to be, as the operator asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClient {
    name: String,
    daily_budget: Option<MicroDollars>,
    models: Option<BTreeSet<Model>>,
    max_images: Option<ImageCount>,
    rate: RateClass,
    cache: CacheShare,
}

impl NewClient {
    /// The most characters of its name.
    pub const LONGEST_NAME: usize = 100;

    /// Checks the body of a request for a new key.
    ///
    /// # Errors
    /// Names the first field that is wrong, and what it takes.
    pub fn parse(body: &Value) -> Result<Self, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let takes = "takes the client's name, of 1 to 100 visible characters";
        let name = fields.required("name", takes, |value| text_of(value, Self::LONGEST_NAME))?;
        let takes = "takes dollars with at most six decimals, such as 2.5";
        let daily_budget = fields.optional("daily_budget_usd", takes, dollars)?;
        let takes = "takes a list of models, such as [\"V_2\", \"V_2_TURBO\"]";
        let models = fields.optional("models", takes, models)?;
        let takes = "takes a whole number of pictures, from 1 to 8";
        let max_images = fields.optional("max_images", takes, |value| {
            let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
            number.and_then(ImageCount::new)
        })?;
        let rate = fields.optional("rate", "takes low, standard or high", one_of)?;
        let cache = fields.optional("cache", "takes shared or own", one_of)?;
        fields.no_others()?;
        Ok(Self {
            name,
            daily_budget,
            models,
            max_images,
            rate: rate.unwrap_or_default(),
            cache: cache.unwrap_or_default(),
        })
    }

    /// The client, once its key is drawn.
    #[must_use]
    pub fn with_key(self, key: &ClientKey, now: UnixMillis) -> Client {
        Client {
            id: key.client(),
            name: self.name,
            daily_budget: self.daily_budget,
            models: self.models,
            max_images: self.max_images,
            rate: Some(self.rate),
            cache: self.cache,
            key: Some(key.digest()),
            created_at: now,
        }
    }
}

fn dollars(value: &Value) -> Option<MicroDollars> {
    MicroDollars::from_dollars_json(value)
}

fn models(value: &Value) -> Option<BTreeSet<Model>> {
    let names = value
        .as_array()?
        .iter()
        .map(|name| name.as_str()?.parse().ok());
    let models: Option<BTreeSet<Model>> = names.collect();
    models.filter(|models| !models.is_empty())
}

fn one_of<'de, T: Deserialize<'de>>(value: &'de Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::KEY_BYTES;

    fn refused_field(body: Value) -> String {
        NewClient::parse(&body).unwrap_err().field
    }

    #[test]
    fn a_client_is_kept_and_shown_as_asked_for_and_without_its_key() {
        let body = json!({"name": " my  shop ", "daily_budget_usd": 2.5, "models": ["V_2", "V_2_TURBO"],
            "max_images": 2, "rate": "low", "cache": "own"});
        let key = ClientKey::new([1; KEY_BYTES]);
        let client = NewClient::parse(&body).unwrap();
        let client = client.with_key(&key, UnixMillis::new(1_795_262_400_000));
        let kept = serde_json::to_string(&client).unwrap();
        assert_eq!(serde_json::from_str::<Client>(&kept).unwrap(), client);
        let shown = client.to_json();
        for (name, value) in body.as_object().unwrap() {
            if name != "name" {
                assert_eq!(&shown[name], value, "{name}");
            }
        }
        assert_eq!(shown["name"], "my shop");
        assert_eq!(shown["created_at"], "2026-11-21T12:00:00.000Z");
        let digest = String::from(key.digest());
        assert!(!shown.to_string().contains(&digest), "{shown}");
        assert!(!kept.contains(&key.reveal()));
    }

    #[test]
    fn a_name_is_enough() {
        let client = NewClient::parse(&json!({"name": "shop"})).unwrap();
        let client = client.with_key(&ClientKey::new([1; KEY_BYTES]), UnixMillis::default());
        assert_eq!(client.rate, Some(RateClass::Standard));
        assert!(!client.has_own_cache());
        assert_eq!(client.daily_budget, None);
    }

    #[test]
    fn the_first_wrong_field_is_named() {
        for (field, value) in [
            ("name", json!("")),
            ("name", json!("\u{200b}")),
            ("name", json!("x".repeat(101))),
            ("name", json!(7)),
            ("daily_budget_usd", json!(-1)),
            ("daily_budget_usd", json!("0.0000001")),
            ("models", json!([])),
            ("models", json!(["V_9"])),
            ("models", json!("V_2")),
            ("max_images", json!(0)),
            ("max_images", json!(9)),
            ("rate", json!("fast")),
            ("cache", json!("none")),
            ("budget", json!(1)),
        ] {
            let mut body = json!({"name": "shop"});
            body[field] = value;
            assert_eq!(refused_field(body), field);
        }
        assert_eq!(refused_field(json!({})), "name");
        assert_eq!(refused_field(json!([])), "body");
    }
}
