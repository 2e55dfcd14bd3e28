//! Whether the operator lets anything be generated: switched at once, without a deploy, and remembered.
//! Holds true: it is off only with a reason; `since` is when it was last switched, not when it was last
//! spoken of. A setting may keep generation off all the same.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::A_WHILE;
use super::commands::{Acquired, Effects, Write};
use super::machine::Ledger;
use super::refusal::{Refusal, RefusalReason};
use crate::body_fields::{BodyFields, text_of};
use crate::request::InvalidRequest;
use crate::time::UnixMillis;

/// Who it is that does not say so.
const SOMEBODY: &str = "operator";

/// What the operator has said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mode {
    /// Whether pictures may be made.
    pub enabled: bool,
    /// Why; always there where they may not.
    pub reason: Option<String>,
    /// Who has said so; nobody, if nobody ever has.
    pub by: Option<String>,
    /// Since when; none if it was never switched.
    pub since: Option<UnixMillis>,
}

impl Default for Mode {
    fn default() -> Self {
        Self {
            enabled: true,
            reason: None,
            by: None,
            since: None,
        }
    }
}

impl Mode {
    /// As the operator is shown it. `allowed` is what the setting says.
    #[must_use]
    pub fn to_json(&self, allowed: bool) -> Value {
        json!({
            "enabled": self.enabled,
            "reason": self.reason,
            "by": self.by,
            "since": self.since.map(UnixMillis::to_rfc3339),
            "ideogram_enabled": allowed,
        })
    }
}

/// What the operator wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeChange {
    /// Whether pictures may be made.
    pub enabled: bool,
    /// Why.
    pub reason: Option<String>,
    /// Who says so.
    pub by: String,
}

impl ModeChange {
    /// The longest reason, in characters.
    pub const LONGEST_REASON: usize = 500;
    /// The longest name of who switches, in characters.
    pub const LONGEST_NAME: usize = 100;

    /// Reads `{"enabled": false, "reason": "…", "by": "…"}`.
    ///
    /// # Errors
    /// It is something else, or switches off without a reason.
    pub fn parse(body: &Value) -> Result<Self, InvalidRequest> {
        let mut fields = BodyFields::of(body)?;
        let enabled = fields.required("enabled", "takes true or false", Value::as_bool)?;
        let most = Self::LONGEST_REASON;
        let why = format!("says why, in 1 to {most} characters; switching off needs it");
        let text = |value| text_of(value, most);
        let reason = if enabled {
            fields.optional("reason", &why, text)?
        } else {
            Some(fields.required("reason", &why, text)?)
        };
        let most = Self::LONGEST_NAME;
        let who = format!("says who, in 1 to {most} characters");
        let by = fields.optional("by", &who, |value| text_of(value, most))?;
        fields.no_others()?;
        Ok(Self {
            enabled,
            reason,
            by: by.unwrap_or_else(|| SOMEBODY.to_owned()),
        })
    }
}

impl Ledger {
    /// Switches. Whoever waits is refused at once when it is switched off; what is granted goes on.
    /// Saying the same again changes nothing.
    pub fn set_mode(&mut self, now: UnixMillis, change: ModeChange) -> (Mode, Effects) {
        let mut effects = self.tick(now);
        let switched = self.mode.enabled != change.enabled || self.mode.since.is_none();
        let mode = Mode {
            enabled: change.enabled,
            reason: change.reason,
            by: Some(change.by),
            since: if switched {
                Some(self.clock)
            } else {
                self.mode.since
            },
        };
        if mode != self.mode {
            effects.writes.push(Write::Mode(mode.clone()));
            self.mode = mode.clone();
        }
        if !self.is_on() {
            self.refuse_all_that_wait(&mut effects);
        }
        (mode, effects)
    }

    /// What the operator has said last.
    #[must_use]
    pub const fn mode(&self) -> &Mode {
        &self.mode
    }

    /// Whether setting and operator both let pictures be made.
    pub(super) const fn is_on(&self) -> bool {
        self.limits.enabled && self.mode.enabled
    }

    fn refuse_all_that_wait(&mut self, effects: &mut Effects) {
        while let Some(waiting) = self.queue.pop() {
            let refusal = Refusal {
                reason: RefusalReason::Disabled,
                retry_after: A_WHILE,
            };
            effects.end_wait(&waiting, self.clock, Acquired::Refused(refusal));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(body: Value) -> String {
        ModeChange::parse(&body).unwrap_err().field
    }

    #[test]
    fn switching_off_takes_a_reason_and_switching_on_may_have_one() {
        let off = json!({"enabled": false, "reason": " a  fire\n", "by": "jo"});
        let off = ModeChange::parse(&off).unwrap();
        assert_eq!(off.reason.as_deref(), Some("a fire"));
        assert_eq!((off.enabled, off.by.as_str()), (false, "jo"));
        let on = ModeChange::parse(&json!({"enabled": true, "reason": null})).unwrap();
        assert_eq!(
            (on.enabled, on.reason, on.by.as_str()),
            (true, None, "operator")
        );
        assert_eq!(wrong(json!({"enabled": false})), "reason");
        assert_eq!(
            wrong(json!({"enabled": false, "reason": "\u{200B}"})),
            "reason"
        );
    }

    #[test]
    fn what_is_too_long_or_not_known_is_refused_by_its_name() {
        let reason = |characters| json!({"enabled": false, "reason": "ü".repeat(characters)});
        assert!(ModeChange::parse(&reason(500)).is_ok());
        assert_eq!(wrong(reason(501)), "reason");
        assert_eq!(wrong(json!({"enabled": true, "by": "x".repeat(101)})), "by");
        assert_eq!(wrong(json!({"enabled": "off", "reason": "x"})), "enabled");
        assert_eq!(wrong(json!({"enabled": true, "until": 1})), "until");
        assert_eq!(wrong(json!([])), "body");
    }
}
