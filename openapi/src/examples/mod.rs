//! All examples: each can be sent to a gateway as it stands, and is, in the tests. Those that need
//! what another one made come after it.

mod generations;
mod ideogram;
mod keys;
mod openai;
mod reports;
mod v2;
mod waiting;

use serde_json::Value;

use crate::example::{Body, Example, FormPart, Given};

/// All of them, in the order in which they can be sent.
#[must_use]
pub fn examples() -> Vec<Example> {
    let mut examples = ideogram::examples();
    examples.extend(v2::examples());
    examples.extend(waiting::examples());
    examples.extend(openai::examples());
    examples.extend(keys::examples());
    examples.extend(reports::examples());
    examples.extend(crate::reconciliations::examples());
    examples.extend(generations::examples());
    examples.extend(crate::restoring::examples());
    examples.extend(crate::webhook::examples());
    examples
}

/// One with a body in JSON.
pub fn asks(
    operation: &'static str,
    name: &'static str,
    says: &'static str,
    body: Value,
) -> Example {
    Example::new(operation, name, says, Body::Json(body), 200)
}

/// One with a form.
fn sends<const N: usize>(
    operation: &'static str,
    name: &'static str,
    says: &'static str,
    parts: [FormPart; N],
) -> Example {
    Example::new(operation, name, says, Body::Form(parts.into()), 200)
}

/// One without a body.
pub const fn looks(operation: &'static str, name: &'static str, says: &'static str) -> Example {
    Example::new(operation, name, says, Body::None, 200)
}

/// What the answer to another example has at this JSON pointer.
const fn of(example: &'static str, pointer: &'static str) -> Given {
    Given::From {
        example,
        pointer,
        part: None,
    }
}

/// The generation that another example made.
const fn made_by(example: &'static str) -> [Given; 1] {
    [of(example, "/gateway/id")]
}
