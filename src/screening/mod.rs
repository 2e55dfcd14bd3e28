//! Whether a prompt may be asked for at all: by the operator's own policy, which costs nothing, and
//! by a moderation endpoint of the operator's choice, which is asked only before money is spent.

mod moderation;
mod policy;

use domain::failure::FailureCode;

pub use self::moderation::moderate;
pub use self::policy::{check, problem};
use crate::error::Refused;

/// A prompt that is not asked for, and the category it falls into.
fn rejected(sentence: &str, category: Option<&str>) -> Refused {
    let refused = Refused::new(FailureCode::PromptRejected, sentence);
    match category {
        Some(category) => refused.with_detail("category", category),
        None => refused,
    }
}
