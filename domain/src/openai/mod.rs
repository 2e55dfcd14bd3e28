//! The same pictures in the words of OpenAI's image API, so that its clients can be used as they are:
//! `models` is what there is, `request` what is asked for, with `size` and `quality` brought to what
//! Ideogram has and `extras` what only Ideogram has; `answer` is what callers get, `errors` what they
//! get instead.

mod answer;
mod errors;
mod extras;
mod models;
mod quality;
mod request;
mod size;

#[cfg(test)]
mod tests;

pub use answer::{Piece, Shown, add_to_gateway, not_kept, shown, with_links, with_pictures};
pub use errors::OpenAiError;
pub use extras::callers_name;
pub use models::{NamedModel, list_of_models};
pub use quality::quality_words;
pub use request::{
    NO_CHOICES, NoChoice, NotTaken, OpenAiRequest, ResponseFormat, Taken, no_such_model,
};
pub use size::ChosenSize;
