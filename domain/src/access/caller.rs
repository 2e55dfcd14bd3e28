//! Who is calling: a client, or a page with a token of one. What it may ask for, how much it may take
//! and whose results it is given follow from this alone.

use super::client::Client;
use super::token::Token;
use crate::fingerprint::{CacheScope, Fingerprint};
use crate::ids::{ClientId, GenerationId};
use crate::ledger::{Allowance, TokenAllowance};
use crate::request::{ImageRequest, Model};
use crate::time::Millis;

/// Who is calling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Whom it belongs to.
    pub client: Client,
    /// The token it was called with, if it is a page.
    pub token: Option<Token>,
}

/// A client asked for what it may not have; one sentence that says what it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPermitted(pub String);

impl Caller {
    /// The client's id.
    #[must_use]
    pub const fn id(&self) -> &ClientId {
        &self.client.id
    }

    /// Whose results it is given.
    #[must_use]
    pub fn scope(&self) -> CacheScope {
        if self.client.has_own_cache() {
            CacheScope::Own(self.client.id.clone())
        } else {
            CacheScope::Shared
        }
    }

    /// How much it may take. What is asked for in the last moment of a token's life may reach the
    /// ledger up to `latest` later.
    #[must_use]
    pub fn allowance(&self, latest: Millis) -> Allowance {
        Allowance {
            daily_budget: self.client.daily_budget,
            token: self.token.as_ref().map(|token| TokenAllowance {
                id: token.id.clone(),
                images: token.images,
                counted_until: token.expires_at.plus(latest),
            }),
        }
    }

    /// Whether it may ask for pictures of this model.
    #[must_use]
    pub fn may_use(&self, model: Model) -> bool {
        let models = self.client.models.as_ref();
        models.is_none_or(|models| models.contains(&model))
    }

    /// Whether it would be given this generation's result, if it asked for the same.
    #[must_use]
    pub fn shares(&self, id: &GenerationId, request: &ImageRequest) -> bool {
        Fingerprint::of(request, &self.scope()) == *id.fingerprint()
    }

    /// Whether it may ask for this.
    ///
    /// # Errors
    /// Says what it may ask for instead.
    pub fn may_ask(&self, request: &ImageRequest) -> Result<(), NotPermitted> {
        if let Some(models) = &self.client.models
            && !self.may_use(request.model())
        {
            let names: Vec<_> = models.iter().copied().map(Model::name).collect();
            let (names, model) = (names.join(", "), request.model());
            let sentence = format!("this key may use {names}, and the model asked for is {model}");
            return Err(NotPermitted(sentence));
        }
        let (asked, most) = (request.images(), self.client.max_images);
        if let Some(most) = most.filter(|most| asked > *most) {
            let (asked, most) = (asked.get(), most.get());
            let sentence = format!("this key may ask for {most} pictures at once, not {asked}");
            return Err(NotPermitted(sentence));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::access::{ClientKey, KEY_BYTES, NewClient};
    use crate::request::generated::parse;
    use crate::time::UnixMillis;

    fn caller(body: serde_json::Value) -> Caller {
        let key = ClientKey::new([3; KEY_BYTES]);
        let client = NewClient::parse(&body).unwrap();
        Caller {
            client: client.with_key(&key, UnixMillis::default()),
            token: None,
        }
    }

    #[test]
    fn a_client_may_ask_only_for_its_models_and_numbers() {
        let caller = caller(json!({"name": "shop", "models": ["V_2_TURBO"], "max_images": 2}));
        let may = |fields| caller.may_ask(&parse(fields).unwrap());
        assert_eq!(
            may(json!({"prompt": "a fox", "model": "V_2_TURBO", "num_images": 2})),
            Ok(())
        );
        let refused = may(json!({"prompt": "a fox"})).unwrap_err();
        assert!(refused.0.contains("V_2_TURBO"), "{}", refused.0);
        let refused = may(json!({"prompt": "a fox", "model": "V_2_TURBO", "num_images": 3}));
        assert!(refused.unwrap_err().0.contains("2 pictures"));
    }

    #[test]
    fn a_client_without_bounds_may_ask_for_anything() {
        let caller = caller(json!({"name": "shop"}));
        let request = parse(json!({"prompt": "a fox", "num_images": 8})).unwrap();
        assert_eq!(caller.may_ask(&request), Ok(()));
        assert_eq!(caller.allowance(Millis::ZERO), Allowance::default());
        assert_eq!(caller.scope(), CacheScope::Shared);
    }

    #[test]
    fn a_client_with_its_own_cache_is_given_its_own_results() {
        let caller = caller(json!({"name": "shop", "cache": "own", "daily_budget_usd": 1}));
        assert_eq!(caller.scope(), CacheScope::Own(caller.id().clone()));
        assert!(caller.allowance(Millis::ZERO).daily_budget.is_some());
    }
}
