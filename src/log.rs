//! What is logged: one JSON line a request, and one for each fault inside. Never a raw prompt, never
//! a key, never a body. Every line goes through `write`; `schema` has every event and field.

#[cfg(test)]
mod schema;

use domain::alert::{Alert, AlertState, Severity};
use domain::failure::Failure;
use domain::generation::Job;
use domain::health::{Condition, Probe};
use domain::ledger::Mode;
use domain::money::MicroDollars;
use domain::prompt::SanitisedPrompt;
use domain::quote::PriceWatch;
use domain::reconciliation::{Reconciliation, Verdict};
use domain::sampling::SamplePercent;
use domain::time::UnixMillis;
use js_sys::ArrayBuffer;
use js_sys::WebAssembly::Memory;
use serde_json::{Map, Value, json};
use worker::wasm_bindgen::JsCast;

use crate::clock::now;
use crate::error::Refused;

const PROMPT_REJECTED: &str = "prompt_rejected";
/// The field of a request that was answered with a placeholder.
pub const FALLBACK: &str = "fallback";

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Info,
    /// Somebody else's doing, worth a look.
    Warn,
    /// As it should not be.
    Error,
}

/// Writes a line. `fields` is a JSON object.
pub fn write(event: &'static str, level: Level, mut fields: Value) {
    let name = match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("event".into(), event.into());
        fields.insert("level".into(), name.into());
        fields.insert("at".into(), now().to_rfc3339().into());
    }
    match level {
        Level::Error => worker::console_error!("{fields}"),
        Level::Info | Level::Warn => worker::console_log!("{fields}"),
    }
}

/// A request's line, gathered while it is served.
#[derive(Debug)]
pub struct RequestLog {
    started_at: UnixMillis,
    stage_started_at: UnixMillis,
    stages: Vec<(&'static str, u64)>,
    fields: Map<String, Value>,
}

impl RequestLog {
    /// For a request that has just come in.
    pub fn new(request_id: &str, method: &str, route: &'static str) -> Self {
        let mut fields = Map::new();
        fields.insert("request_id".into(), request_id.into());
        fields.insert("method".into(), method.into());
        fields.insert("route".into(), route.into());
        let now = now();
        Self {
            started_at: now,
            stage_started_at: now,
            stages: vec![],
            fields,
        }
    }

    /// Sets a field.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.fields.insert(name.into(), value.into());
    }

    /// Sets the cost this request added.
    pub fn set_cost(&mut self, cost: MicroDollars) {
        self.set("cost_usd", cost.to_dollars_json());
    }

    /// Ends a stage: its length goes into the line and into `Server-Timing`.
    pub fn stage(&mut self, name: &'static str) {
        let now = now();
        let millis = now.since(self.stage_started_at).get();
        self.stage_started_at = now;
        self.stages.push((name, millis));
    }

    /// The `Server-Timing` header: the stages so far, in milliseconds.
    pub fn server_timing(&self) -> String {
        let total = now().since(self.started_at).get();
        let stages = self.stages.iter().copied().chain([("total", total)]);
        let entries = stages.map(|(name, millis)| format!("{name};dur={millis}"));
        entries.collect::<Vec<_>>().join(", ")
    }

    /// Writes the line: always that of a request that came to an error or to a fallback, of the
    /// others so many of a hundred.
    pub fn write(mut self, status: u16, percent: SamplePercent) {
        let is_ordinary = status < 400 && !self.fields.contains_key(FALLBACK);
        if is_ordinary && percent != SamplePercent::ALL {
            if !percent.keeps(self.text("request_id")) {
                return;
            }
            self.set("sample_percent", percent.get());
        }
        let stages = self.stages.iter();
        let stages: Map<String, Value> = stages
            .map(|(name, millis)| ((*name).to_owned(), json!(millis)))
            .collect();
        self.set("status", status);
        self.set("stages_ms", stages);
        self.set("ms", now().since(self.started_at).get());
        self.set("wasm_memory_bytes", memory_bytes());
        let level = match status {
            ..400 => Level::Info,
            400..500 => Level::Warn,
            500.. => Level::Error,
        };
        write("request", level, Value::Object(self.fields));
    }

    /// The request's prompt is refused: for review, a line of its own with the sanitised prompt.
    pub fn prompt_rejected(&self, by: RejectedBy, prompt: &str, refused: &Refused) {
        let mut fields = json!({
            "by": by.name(),
            "prompt": prompt,
            "client": self.text("client"),
            "said": refused.failure().message,
            "request_id": self.text("request_id"),
        });
        if let Some(category) = refused.detail("category")
            && let Some(fields) = fields.as_object_mut()
        {
            fields.insert("category".into(), category.clone());
        }
        write(PROMPT_REJECTED, Level::Warn, fields);
    }

    fn text(&self, name: &str) -> &str {
        let value = self.fields.get(name);
        value.and_then(Value::as_str).unwrap_or_default()
    }
}

/// Who refuses a prompt before Ideogram is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectedBy {
    /// It holds personal data, and `PII_POLICY` refuses that.
    Privacy,
    /// The operator's content policy.
    Policy,
    /// The moderation endpoint.
    Moderation,
    /// Ideogram refused it lately.
    Memory,
}

impl RejectedBy {
    const fn name(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Policy => "policy",
            Self::Moderation => "moderation",
            Self::Memory => "memory",
        }
    }
}

/// The operator lets pictures be made, or does not any more.
pub fn mode(mode: &Mode) {
    let mut fields = json!({
        "enabled": mode.enabled,
        "by": mode.by,
        "since": mode.since.map(UnixMillis::to_rfc3339),
    });
    if let (Some(reason), Some(fields)) = (&mode.reason, fields.as_object_mut()) {
        fields.insert("reason".into(), reason.as_str().into());
    }
    write("mode", Level::Warn, fields);
}

/// How much memory this instance has. It only ever grows, so this is the most that was ever in use.
fn memory_bytes() -> Option<u32> {
    let memory = worker::wasm_bindgen::memory();
    let memory: Memory = memory.dyn_into().ok()?;
    let buffer: ArrayBuffer = memory.buffer().dyn_into().ok()?;
    Some(buffer.byte_length())
}

/// Ideogram refused a prompt, which is logged as those are that never reach it.
pub fn rejected_prompt(job: &Job, said: &Failure) {
    let prompt = job.request().said();
    let fields = json!({
        "by": "ideogram",
        "prompt": prompt.as_ref().map_or("", SanitisedPrompt::as_str),
        "client": job.client(),
        "said": said.message,
        "generation_id": job.id(),
    });
    write(PROMPT_REJECTED, Level::Warn, fields);
}

/// What nobody had deleted is deleted.
pub fn swept(references: usize) {
    write("sweep", Level::Info, json!({"references": references}));
}

/// How Ideogram was found to be.
pub fn probed(probe: &Probe) {
    let level = match probe.condition {
        Condition::Healthy => Level::Info,
        _ => Level::Warn,
    };
    let fields = json!({
        "kind": probe.kind,
        "status": probe.condition,
        "latency_ms": probe.latency,
        "details": probe.details,
    });
    write("probe", level, fields);
}

/// What Ideogram was found to charge.
pub fn priced(watch: &PriceWatch) {
    let level = match &watch.drifts[..] {
        [] => Level::Info,
        _ => Level::Warn,
    };
    let drifts: Vec<_> = watch.drifts.iter().map(|drift| drift.to_json()).collect();
    write(
        "prices",
        level,
        json!({"quotes": watch.quotes.len(), "drifts": drifts}),
    );
}

/// What a day came to, by Ideogram's account and by the ledger's.
pub fn reconciled(reconciliation: &Reconciliation) {
    let level = match reconciliation.verdict() {
        Verdict::Agrees | Verdict::NotAllowed => Level::Info,
        Verdict::TooMuch(_) | Verdict::TooLittle(_) => Level::Warn,
    };
    let mut fields = reconciliation.to_json();
    if let Some(fields) = fields.as_object_mut() {
        // When it was written is a field of every line; what is not known is none.
        fields.retain(|name, value| name != "at" && !value.is_null());
    }
    write("reconciliation", level, fields);
}

/// A rule fires, or it is over.
pub fn alert(alert: &Alert) {
    let level = match (alert.state, alert.rule.severity()) {
        (AlertState::Resolved, _) => Level::Info,
        (AlertState::Firing, Severity::P1) => Level::Error,
        (AlertState::Firing, _) => Level::Warn,
    };
    write("alert", level, alert.shown());
}

/// Something inside failed; the request or job it belongs to has its own line.
pub fn fault(part: &str, what: &str) {
    write("fault", Level::Error, json!({"part": part, "what": what}));
}
