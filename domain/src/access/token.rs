//! A browser token: a JWT (RFC 7519, HS256) that a client gets for a page of its own. It says whose
//! it is, until when, from which origin and for how many pictures; the ledger counts them by its id.

use std::fmt;

use chrono::{DateTime, Utc};
use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{AlgorithmExt, Claims, Header, UntrustedToken};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::origins::{AllowedOrigins, parse_origin};
use crate::body_fields::BodyFields;
use crate::ids::{ClientId, TokenId};
use crate::request::InvalidRequest;
use crate::time::{Millis, UnixMillis};

/// A secret shorter than its digest would be the weakest part (RFC 7518, section 3.2).
const SHORTEST_SECRET: usize = 32;

/// What tokens are signed with.
#[derive(Clone)]
pub struct TokenSecret(Hs256Key);

impl TokenSecret {
    /// The secret, if it is long enough: at least 32 characters.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        (text.len() >= SHORTEST_SECRET).then(|| Self(Hs256Key::new(text)))
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSecret(…)")
    }
}

/// What a client asks for when it asks for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    origin: Option<String>,
    life: Millis,
    images: u32,
}

impl NewToken {
    /// The longest a token may live, in seconds.
    pub const LONGEST_LIFE_SECONDS: u64 = 15 * 60;
    /// How long it lives if nothing else is asked for, in seconds.
    pub const USUAL_LIFE_SECONDS: u64 = 5 * 60;
    /// The most pictures it may be good for.
    pub const MOST_IMAGES: u64 = 100;
    /// How many it is good for if nothing else is asked for.
    pub const USUAL_IMAGES: u32 = 4;

    /// Checks the body of a request for a token.
    ///
    /// # Errors
    /// Names the first field that is wrong, and what it takes.
    pub fn parse(body: &Value, allowed: &AllowedOrigins) -> Result<Self, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let takes = "takes one of the gateway's ALLOWED_ORIGINS, such as https://shop.example";
        let origin = fields.optional("origin", takes, |value| {
            let origin = parse_origin(value.as_str()?)?;
            allowed.includes(&origin).then_some(origin)
        })?;
        let takes = "takes whole seconds from 1 to 900";
        let seconds = fields.optional("expires_in", takes, |value| {
            let seconds = value.as_u64();
            seconds.filter(|seconds| (1..=Self::LONGEST_LIFE_SECONDS).contains(seconds))
        })?;
        let takes = "takes a whole number of pictures, from 1 to 100";
        let images = fields.optional("max_images", takes, |value| {
            let images = value.as_u64();
            let images = images.filter(|images| (1..=Self::MOST_IMAGES).contains(images))?;
            u32::try_from(images).ok()
        })?;
        fields.no_others()?;
        Ok(Self {
            origin,
            life: Millis::from_seconds(seconds.unwrap_or(Self::USUAL_LIFE_SECONDS)),
            images: images.unwrap_or(Self::USUAL_IMAGES),
        })
    }

    /// The token, for a client, from now on.
    #[must_use]
    pub fn issue(self, id: TokenId, client: ClientId, now: UnixMillis) -> Token {
        Token {
            id,
            client,
            origin: self.origin,
            images: self.images,
            expires_at: now.plus(self.life),
        }
    }
}

/// A token that this gateway issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id; the ledger counts by it.
    pub id: TokenId,
    /// The client that got it, and pays.
    pub client: ClientId,
    /// The only origin it may be used from; none: any that is allowed at all.
    pub origin: Option<String>,
    /// How many pictures it is good for.
    pub images: u32,
    /// When it ends, to the second.
    pub expires_at: UnixMillis,
}

/// What a token holds besides JWT's own claims.
#[derive(Serialize, Deserialize)]
struct TokenClaims {
    jti: TokenId,
    sub: ClientId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    images: u32,
}

impl Token {
    /// The token as text; none if its end cannot be written.
    #[must_use]
    pub fn sign(&self, secret: &TokenSecret) -> Option<String> {
        let mut claims = Claims::new(TokenClaims {
            jti: self.id.clone(),
            sub: self.client.clone(),
            origin: self.origin.clone(),
            images: self.images,
        });
        let seconds = i64::try_from(self.expires_at.get() / 1000).ok()?;
        claims.expiration = Some(DateTime::<Utc>::from_timestamp(seconds, 0)?);
        let header = Header::empty().with_token_type("JWT");
        Hs256.token(&header, &claims, &secret.0).ok()
    }

    /// The token of this text, if this gateway signed it and it has not ended.
    #[must_use]
    pub fn verify(text: &str, secret: &TokenSecret, now: UnixMillis) -> Option<Self> {
        let untrusted = UntrustedToken::new(text).ok()?;
        let token = Hs256
            .validator::<TokenClaims>(&secret.0)
            .validate(&untrusted)
            .ok()?;
        let claims = token.claims();
        let seconds = u64::try_from(claims.expiration?.timestamp()).ok()?;
        let token = Self {
            id: claims.custom.jti.clone(),
            client: claims.custom.sub.clone(),
            origin: claims.custom.origin.clone(),
            images: claims.custom.images,
            expires_at: UnixMillis::default().plus(Millis::from_seconds(seconds)),
        };
        (now < token.expires_at).then_some(token)
    }

    /// Whether a page of this origin may use it. A browser leaves the origin out only where nothing
    /// is changed, and then the page it shows belongs to the gateway's own origin.
    #[must_use]
    pub fn may_be_used_from(&self, origin: Option<&str>, changes_nothing: bool) -> bool {
        match (&self.origin, origin) {
            (None, _) => true,
            (Some(own), Some(origin)) => own == origin,
            (Some(_), None) => changes_nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);
    const SHOP: &str = "https://shop.example";

    fn secret(text: &str) -> TokenSecret {
        TokenSecret::new(&text.repeat(32)).unwrap()
    }

    fn allowed() -> AllowedOrigins {
        SHOP.parse().unwrap()
    }

    fn token(body: Value) -> Token {
        let new = NewToken::parse(&body, &allowed()).unwrap();
        new.issue(TokenId::new("t1".into()), ClientId::new("c1".into()), NOON)
    }

    #[test]
    fn a_signed_token_says_what_it_was_issued_for() {
        let token = token(json!({"origin": SHOP, "expires_in": 900, "max_images": 7}));
        let text = token.sign(&secret("a")).unwrap();
        assert_eq!(text.split('.').count(), 3);
        assert_eq!(Token::verify(&text, &secret("a"), NOON), Some(token));
    }

    #[test]
    fn a_token_ends_to_the_second() {
        let text = token(json!({"expires_in": 60})).sign(&secret("a")).unwrap();
        let after = |millis| NOON.plus(Millis::new(millis));
        assert!(Token::verify(&text, &secret("a"), after(59_999)).is_some());
        assert!(Token::verify(&text, &secret("a"), after(60_000)).is_none());
    }

    #[test]
    fn what_this_gateway_did_not_sign_is_no_token() {
        let text = token(json!({})).sign(&secret("a")).unwrap();
        assert!(Token::verify(&text, &secret("b"), NOON).is_none());
        let (rest, signature) = text.rsplit_once('.').unwrap();
        let (header, _) = rest.split_once('.').unwrap();
        // {"alg":"none","typ":"JWT"} and a token for everything.
        let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
        let claims = "eyJqdGkiOiJ4Iiwic3ViIjoiYWRtaW4iLCJpbWFnZXMiOjEwMCwiZXhwIjo5OTk5OTk5OTk5fQ";
        for forged in [
            format!("{header}.{claims}.{signature}"),
            format!("{none}.{claims}."),
            format!("{none}.{claims}.{signature}"),
            rest.to_owned(),
            format!("{rest}."),
            "..".to_owned(),
            String::new(),
            "a.b.c".to_owned(),
        ] {
            assert!(
                Token::verify(&forged, &secret("a"), NOON).is_none(),
                "{forged}"
            );
        }
    }

    #[test]
    fn a_token_of_another_algorithm_or_without_an_end_is_refused() {
        let claims = Claims::new(TokenClaims {
            jti: TokenId::new("t".into()),
            sub: ClientId::new("c".into()),
            origin: None,
            images: 1,
        });
        let key = secret("a");
        let endless = Hs256.token(&Header::empty(), &claims, &key.0).unwrap();
        assert!(Token::verify(&endless, &key, NOON).is_none());
        let other = jwt_compact::alg::Hs512Key::new("a".repeat(32));
        let text = jwt_compact::alg::Hs512.token(&Header::empty(), &claims, &other);
        assert!(Token::verify(&text.unwrap(), &key, NOON).is_none());
    }

    #[test]
    fn a_token_is_used_from_its_own_origin_only() {
        let bound = token(json!({"origin": SHOP}));
        assert!(bound.may_be_used_from(Some(SHOP), false));
        assert!(!bound.may_be_used_from(Some("https://evil.example"), true));
        assert!(!bound.may_be_used_from(None, false));
        assert!(bound.may_be_used_from(None, true));
        assert!(token(json!({})).may_be_used_from(Some("https://other.example"), false));
    }

    #[test]
    fn the_first_wrong_field_is_named() {
        for (field, value) in [
            ("origin", json!("https://evil.example")),
            ("origin", json!("*")),
            ("expires_in", json!(0)),
            ("expires_in", json!(901)),
            ("max_images", json!(0)),
            ("max_images", json!(101)),
            ("images", json!(1)),
        ] {
            let body = json!({ field: value });
            assert_eq!(NewToken::parse(&body, &allowed()).unwrap_err().field, field);
        }
    }

    #[test]
    fn a_short_secret_is_none() {
        assert!(TokenSecret::new(&"a".repeat(31)).is_none());
        assert!(!format!("{:?}", secret("a")).contains("aaaa"));
    }
}
