//! What an example is: a request that can be sent as it stands, and the status it is answered with.

use serde_json::Value;

/// An example of an operation.
pub struct Example {
    /// The operation, by its id.
    pub operation: &'static str,
    /// Its name, of its own among all examples.
    pub name: &'static str,
    /// What it shows.
    pub says: &'static str,
    /// What stands for the names in the operation's path, in their order.
    pub parameters: Vec<Given>,
    /// The query.
    pub query: Vec<(&'static str, Given)>,
    /// Headers besides the key.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body.
    pub body: Body,
    /// What it is answered with.
    pub status: u16,
}

/// What stands for a name in a path.
#[derive(Debug, Clone, Copy)]
pub enum Given {
    /// This.
    Text(&'static str),
    /// What the answer to another example has here.
    From {
        /// The other example, by its name.
        example: &'static str,
        /// Where in its answer, as a JSON pointer.
        pointer: &'static str,
        /// Which part of it, where slashes divide it.
        part: Option<usize>,
    },
}

/// Whose key an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Nobody's.
    None,
    /// A client's, a page's token, or the operator's.
    Client,
    /// The operator's.
    Operator,
}

/// A body.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// None.
    None,
    /// In JSON.
    Json(Value),
    /// `multipart/form-data`.
    Form(Vec<FormPart>),
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq)]
pub enum FormPart {
    /// A text, of this field.
    Text(&'static str, &'static str),
    /// JSON, of this field.
    Json(&'static str, Value),
    /// A picture, of this field; any will do.
    Picture(&'static str),
}

impl Example {
    /// One that needs nothing but a body.
    pub(crate) const fn new(
        operation: &'static str,
        name: &'static str,
        says: &'static str,
        body: Body,
        status: u16,
    ) -> Self {
        Self {
            operation,
            name,
            says,
            parameters: vec![],
            query: vec![],
            headers: vec![],
            body,
            status,
        }
    }

    /// The same, with these for the names in the path.
    pub(crate) fn at(mut self, parameters: impl Into<Vec<Given>>) -> Self {
        self.parameters = parameters.into();
        self
    }

    /// The same, with a query.
    pub(crate) fn asking(mut self, query: &[(&'static str, Given)]) -> Self {
        self.query = query.to_vec();
        self
    }

    /// The same, answered with this status.
    pub(crate) const fn answered(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same, with a header.
    pub(crate) fn with_header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.push((name, value));
        self
    }
}
