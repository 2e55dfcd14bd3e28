//! What is logged: one JSON line a request, and one for each fault inside. Never a raw prompt, never
//! a key, never a body.

use domain::failure::Failure;
use domain::generation::Job;
use domain::money::MicroDollars;
use domain::time::UnixMillis;
use js_sys::ArrayBuffer;
use js_sys::WebAssembly::Memory;
use serde_json::{Map, Value, json};
use worker::wasm_bindgen::JsCast;

use crate::clock::now;

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
        fields.insert("event".into(), "request".into());
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

    /// Writes the line.
    pub fn write(mut self, status: u16) {
        let stages = self.stages.iter();
        let stages: Map<String, Value> = stages
            .map(|(name, millis)| ((*name).to_owned(), json!(millis)))
            .collect();
        self.set("status", status);
        self.set("stages_ms", stages);
        self.set("ms", now().since(self.started_at).get());
        self.set("wasm_memory_bytes", memory_bytes());
        worker::console_log!("{}", Value::Object(self.fields));
    }
}

/// How much memory this instance has. It only ever grows, so this is the most that was ever in use.
fn memory_bytes() -> Option<u32> {
    let memory = worker::wasm_bindgen::memory();
    let memory: Memory = memory.dyn_into().ok()?;
    let buffer: ArrayBuffer = memory.buffer().dyn_into().ok()?;
    Some(buffer.byte_length())
}

/// Ideogram refused a prompt. Here alone the log has the prompt, sanitised, so that somebody can
/// look at what clients ask for.
pub fn rejected_prompt(job: &Job, said: &Failure) {
    let line = json!({
        "event": "prompt_rejected",
        "generation_id": job.id(),
        "client": job.client(),
        "prompt": job.request().prompt(),
        "said": said.message,
    });
    worker::console_log!("{line}");
}

/// What nobody had deleted is deleted.
pub fn swept(references: usize) {
    worker::console_log!("{}", json!({"event": "sweep", "references": references}));
}

/// Something inside failed; the request or job it belongs to has its own line.
pub fn fault(part: &str, what: &str) {
    worker::console_error!("{}", json!({"event": "fault", "part": part, "what": what}));
}
