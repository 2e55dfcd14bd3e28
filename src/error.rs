//! Errors as callers see them. The only place where one becomes a response: whatever fails is a
//! `Refused`, which carries a `Failure` of `domain`, whose table gives code and status.

use domain::access::NotPermitted;
use domain::failure::{Failure, FailureCode};
use domain::ids::GenerationId;
use domain::openai::{NotTaken, OpenAiError};
use domain::request::{FormRefused, InvalidRequest};
use domain::webhook::DeliveryRefused;
use serde_json::{Map, Value, json};
use worker::{Headers, Response, ResponseBuilder};

/// Whose shape an error is answered in; the path decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `{"error", "code", "request_id", …}`.
    Ideogram,
    /// `{"error": {"message", "type", "code", "param"}, "gateway"}`.
    OpenAi,
}

/// A request that is answered with an error.
#[derive(Debug)]
pub struct Refused(Box<Details>);

#[derive(Debug)]
struct Details {
    failure: Failure,
    /// The field that is wrong, if one is.
    field: Option<String>,
    /// The generation it is about, if there is one.
    generation: Option<GenerationId>,
    /// Anything else that the answer says by name.
    detail: Option<(&'static str, Value)>,
    /// A header that goes with the error, such as `Allow`.
    header: Option<(&'static str, String)>,
}

impl Refused {
    /// About nothing in particular.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Failure::new(code, message).into()
    }

    /// About a generation.
    pub fn about(mut self, generation: Option<GenerationId>) -> Self {
        self.0.generation = generation;
        self
    }

    /// With something else to say, by name.
    pub fn with_detail(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.detail = Some((name, value.into()));
        self
    }

    /// With a header.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.header = Some((name, value.into()));
        self
    }

    /// What went wrong.
    pub const fn failure(&self) -> &Failure {
        &self.0.failure
    }

    /// The generation it is about.
    pub const fn generation(&self) -> Option<&GenerationId> {
        self.0.generation.as_ref()
    }

    /// What else the answer says, by name.
    pub fn detail(&self, name: &str) -> Option<&Value> {
        let detail = self.0.detail.as_ref();
        detail
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// As an answer.
    pub fn render(&self, shape: Shape, request_id: &str) -> worker::Result<Response> {
        let Details {
            failure,
            field,
            generation,
            header,
            ..
        } = &*self.0;
        let headers = Headers::new();
        if let Some(wait) = failure.retry_after {
            headers.set("retry-after", &wait.seconds_rounded_up().to_string())?;
        }
        if let Some(id) = generation {
            headers.set("x-generation-id", &id.to_string())?;
        }
        if let Some((name, value)) = header {
            headers.set(name, value)?;
        }
        headers.set("cache-control", "no-store")?;
        let mut body = self.body(request_id);
        let mut status = failure.code.status();
        if shape == Shape::OpenAi {
            let error = OpenAiError::of(failure.code);
            if error.is_final() {
                headers.set("x-should-retry", "false")?;
            }
            status = error.status;
            body.remove("error");
            let error = error.to_json(failure, field.as_deref());
            body = Map::from_iter([
                ("error".to_owned(), error),
                ("gateway".to_owned(), body.into()),
            ]);
        }
        ResponseBuilder::new()
            .with_status(status)
            .with_headers(headers)
            .from_json(&Value::Object(body))
    }

    fn body(&self, request_id: &str) -> Map<String, Value> {
        let Details {
            failure,
            field,
            generation,
            detail,
            ..
        } = &*self.0;
        let mut body = Map::new();
        body.insert("error".into(), failure.message.clone().into());
        body.insert("code".into(), failure.code.as_str().into());
        body.insert("request_id".into(), request_id.into());
        if let Some(field) = field {
            body.insert("field".into(), field.clone().into());
        }
        if let Some(id) = generation {
            body.insert("id".into(), json!(id));
        }
        if let Some((name, value)) = detail {
            body.insert((*name).into(), value.clone());
        }
        body
    }
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(Box::new(Details {
            failure,
            field: None,
            generation: None,
            detail: None,
            header: None,
        }))
    }
}

impl From<InvalidRequest> for Refused {
    fn from(invalid: InvalidRequest) -> Self {
        let mut refused = Self::new(FailureCode::InvalidRequest, invalid.message);
        refused.0.field = Some(invalid.field);
        refused
    }
}

impl From<NotTaken> for Refused {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Invalid(invalid) => invalid.into(),
            NotTaken::NoSuchModel(sentence) => {
                let mut refused = Self::new(FailureCode::ModelNotFound, sentence);
                refused.0.field = Some("model".to_owned());
                refused
            }
        }
    }
}

impl From<FormRefused> for Refused {
    fn from(FormRefused { code, reason }: FormRefused) -> Self {
        let mut refused = Self::new(code, reason.message);
        refused.0.field = Some(reason.field);
        refused
    }
}

impl From<NotPermitted> for Refused {
    fn from(refused: NotPermitted) -> Self {
        Self::new(FailureCode::Forbidden, refused.0)
    }
}

impl From<DeliveryRefused> for Refused {
    fn from(refused: DeliveryRefused) -> Self {
        let failure = Failure::from(refused);
        let is_unauthorized = failure.code == FailureCode::Unauthorized;
        let mut answer = Self::from(failure);
        if let Some(header) = refused.header() {
            answer = answer.with_detail("header", header);
        }
        if is_unauthorized {
            // Such an answer has to name a way in (RFC 9110, section 15.5.2).
            answer = answer.with_header("www-authenticate", "Bearer");
        }
        answer
    }
}

/// The platform failed where it should not.
impl From<worker::Error> for Refused {
    #[cold]
    #[inline(never)]
    fn from(error: worker::Error) -> Self {
        crate::log::fault("platform", &error.to_string());
        Self::new(
            FailureCode::InternalError,
            "the gateway failed; what it had begun goes on, so the same request may be sent again",
        )
    }
}
