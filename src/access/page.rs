//! Requests that a browser sends for a page: which pages may read the answers (CORS, in the Fetch
//! Standard), and what preflights are told. Without cookies there is nothing to allow but origins.

use domain::access::{AllowedOrigins, FromPage};
use domain::failure::FailureCode;
use worker::{Headers, Method, Request, Response, ResponseBuilder};

use crate::config::Config;
use crate::error::Refused;

const REQUEST_HEADERS: &str = "Authorization, Api-Key, Content-Type, Cache-Control, Idempotency-Key, \
     If-None-Match, Range, Prefer, Last-Event-ID";
const ANSWER_HEADERS: &str = "X-Request-Id, X-Generation-Id, X-Cache, X-Cost-Usd, X-Size-Used, \
     X-Fallback, Server-Timing, Retry-After, Location, Preference-Applied, ETag, Content-Range, Accept-Ranges";
/// Browsers forget a preflight after two hours at the latest.
const PREFLIGHT_SECONDS: &str = "7200";

/// Whose pages may read an endpoint's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Openness {
    /// Everybody's: there is nothing in them for one caller only.
    All,
    /// Those that the operator allowed.
    Allowed,
    /// Only the gateway's own.
    Own,
}

/// The page a request comes from.
pub struct Page {
    origin: Option<String>,
    from: FromPage,
    openness: Openness,
}

/// The origin that a browser names.
pub fn origin_header(request: &Request) -> Option<String> {
    request.headers().get("origin").ok().flatten()
}

impl Page {
    /// Of a request to an endpoint. With wrong settings no page is allowed.
    pub fn of(request: &Request, config: Option<&Config>, openness: Openness) -> Self {
        let origin = origin_header(request);
        let own = request.url().map(|url| url.origin().ascii_serialization());
        let none = AllowedOrigins::Only(std::collections::BTreeSet::new());
        let allowed = match openness {
            Openness::Own => &none,
            _ => config.map_or(&none, |config| &config.allowed_origins),
        };
        let from = FromPage::of(origin.as_deref(), &own.unwrap_or_default(), allowed);
        Self {
            origin,
            from,
            openness,
        }
    }

    /// Whether a browser asks what it may send.
    pub fn is_preflight(request: &Request) -> bool {
        let asks = |name| matches!(request.headers().get(name), Ok(Some(_)));
        request.method() == Method::Options
            && asks("origin")
            && asks("access-control-request-method")
    }

    /// Refuses pages from elsewhere.
    ///
    /// # Errors
    /// It is one.
    pub fn check(&self) -> Result<(), Refused> {
        if self.from == FromPage::Elsewhere && self.openness != Openness::All {
            return Err(Refused::new(
                FailureCode::Forbidden,
                "pages of this origin may not call; its operator can add it to ALLOWED_ORIGINS",
            ));
        }
        Ok(())
    }

    /// What a preflight is told.
    ///
    /// # Errors
    /// The page may not call at all.
    pub fn preflight(&self, methods: &str) -> Result<Response, Refused> {
        self.check()?;
        let headers = Headers::new();
        headers.set("access-control-allow-methods", methods)?;
        headers.set("access-control-allow-headers", REQUEST_HEADERS)?;
        headers.set("access-control-max-age", PREFLIGHT_SECONDS)?;
        Ok(ResponseBuilder::new()
            .with_status(204)
            .with_headers(headers)
            .empty())
    }

    /// Says in an answer who may read it.
    ///
    /// # Errors
    /// Never for these names and values.
    pub fn mark(&self, headers: &Headers) -> worker::Result<()> {
        if self.openness == Openness::All {
            headers.set("access-control-allow-origin", "*")?;
            headers.set("cross-origin-resource-policy", "cross-origin")?;
            return headers.set("access-control-expose-headers", ANSWER_HEADERS);
        }
        headers.append("vary", "Origin")?;
        headers.set("cross-origin-resource-policy", "same-origin")?;
        if let (FromPage::Allowed | FromPage::Own, Some(origin)) = (self.from, &self.origin) {
            headers.set("access-control-allow-origin", origin)?;
            headers.set("access-control-expose-headers", ANSWER_HEADERS)?;
        }
        Ok(())
    }
}
