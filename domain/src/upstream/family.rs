//! What v2's endpoints take besides what a picture is made from: whether they are called without
//! waiting, whether the pictures are kept out of Ideogram's public feed, and where it may tell that
//! they are done. Ideogram's OpenAPI document of 2026-10.

use serde_json::{Map, Value};

use super::Answered;

/// What the endpoints of a family, and some of one, have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Family {
    waiting: Waiting,
    /// Whether it takes `private`. Where that is left out, some families publish what they make.
    takes_private: bool,
    /// Whether it takes `webhook_url`.
    takes_webhook: bool,
}

/// How a caller comes not to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// By saying so, in `async`.
    AsAsked,
    /// It never waits, and has nothing to say.
    Never,
    /// It always waits.
    Always,
}

const USUAL: Family = Family {
    waiting: Waiting::AsAsked,
    takes_private: true,
    takes_webhook: true,
};

/// The families that are not as all others, by what their paths begin with.
const UNUSUAL: &[(&str, Family)] = &[
    (
        "/v2/image/describe/",
        Family {
            waiting: Waiting::Always,
            takes_private: false,
            takes_webhook: false,
        },
    ),
    // It refuses whatever it does not know. Its pictures are private, as nobody can say otherwise.
    (
        "/v2/image/reframe/",
        Family {
            takes_private: false,
            takes_webhook: false,
            ..USUAL
        },
    ),
    (
        "/v2/image/remove-background/",
        Family {
            takes_webhook: false,
            ..USUAL
        },
    ),
    (
        "/v2/image/replace-background/",
        Family {
            waiting: Waiting::Never,
            ..USUAL
        },
    ),
];

impl Family {
    /// That of a path of v2's.
    pub fn at(path: &str) -> Self {
        let mut families = UNUSUAL.iter();
        let family = families.find(|(beginning, _)| path.starts_with(beginning));
        family.map_or(USUAL, |(_, family)| *family)
    }

    /// When its calls are answered, with this to tell it by.
    pub const fn answered(self, webhook_url: Option<&str>) -> Answered {
        match self.waiting {
            Waiting::AsAsked | Waiting::Never if self.takes_webhook && webhook_url.is_some() => {
                Answered::Announced
            }
            Waiting::AsAsked | Waiting::Never => Answered::Later,
            Waiting::Always => Answered::OnTheCall,
        }
    }

    /// The fields with what else goes along. A caller may have said for itself whether the pictures
    /// are private.
    pub fn furnished(
        self,
        mut fields: Map<String, Value>,
        webhook_url: Option<&str>,
    ) -> Map<String, Value> {
        if self.waiting == Waiting::AsAsked {
            fields.insert("async".to_owned(), true.into());
        }
        if self.takes_private {
            let private = fields.entry("private").or_insert(Value::Bool(true));
            if private.is_null() {
                *private = true.into();
            }
        }
        if self.takes_webhook {
            fields.extend(webhook_url.map(|url| ("webhook_url".to_owned(), url.into())));
        }
        fields
    }
}
