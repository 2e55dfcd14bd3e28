//! The shapes of the answers that are no errors. What Ideogram answers may have further fields.

use domain::alert::{AlertState, Rule, Severity};
use domain::fallback::FallbackReason;
use domain::health::{Condition, ProbeKind};
use domain::redaction::Kind;
use serde_json::{Map, Value, json};

use crate::schema;

/// All of them.
pub fn schemas() -> Map<String, Value> {
    let schemas = [
        ("GenerationId", generation_id()),
        ("Redactions", redactions()),
        ("ImageResult", image_result()),
        ("DescriptionResult", description_result()),
        ("AnsweredImages", answered("ImageResult")),
        ("AnsweredDescriptions", answered("DescriptionResult")),
        ("Gateway", gateway()),
        ("GatewayImage", gateway_image()),
        ("Generation", generation()),
        ("Erased", erased()),
        ("Token", token()),
        ("Client", client()),
        ("MadeKey", made_key()),
        ("Keys", keys()),
        ("RevokedKey", revoked_key()),
        ("Alerts", alerts()),
        ("Mode", mode()),
        ("Condition", json!({"type": "string", "enum": conditions()})),
        ("Health", health()),
        ("Probes", probes()),
    ];
    let schemas = schemas.into_iter();
    schemas
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect()
}

fn generation_id() -> Value {
    json!({"type": "string", "pattern": "^[0-9a-f]{64}-[0-9a-f]{16}$"})
}

fn time() -> Value {
    json!({"type": "string", "format": "date-time"})
}

fn redactions() -> Value {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    json!({
        "type": "array",
        "description": "What personal and secret data was taken out of the request's texts.",
        "items": {
            "type": "object", "required": ["kind", "count"],
            "properties": {
                "kind": {"type": "string", "enum": kinds},
                "count": {"type": "integer", "minimum": 1},
            },
        },
    })
}

fn image_result() -> Value {
    json!({
        "type": "object", "required": ["data", "gateway"],
        "properties": {
            "created": time(),
            "data": {"type": "array", "items": {
                "type": "object", "required": ["url"],
                "properties": {
                    "url": {"type": ["string", "null"], "format": "uri",
                        "description": "A lasting link; null for a picture that was withheld."},
                    "prompt": {"type": "string"},
                    "resolution": {"type": "string"},
                    "is_image_safe": {"type": "boolean"},
                    "seed": {"type": "integer", "minimum": 0},
                    "style_type": {"type": "string"},
                },
            }},
            "gateway": schema("Gateway"),
        },
    })
}

fn description_result() -> Value {
    json!({
        "type": "object", "required": ["gateway"],
        "anyOf": [{"required": ["descriptions"]}, {"required": ["json_prompt"]}],
        "properties": {
            "descriptions": {"type": "array", "minItems": 1, "items": {
                "type": "object", "properties": {"text": {"type": "string"}},
            }},
            "json_prompt": {"type": "object",
                "description": "Part by part, as a prompt for Ideogram 4.0."},
            "gateway": schema("Gateway"),
        },
    })
}

/// A result as the request that asked for it is answered.
fn answered(result: &str) -> Value {
    with_gateway(result, &["cache", "redactions"])
}

/// A result whose `gateway` has these fields.
pub fn with_gateway(result: &str, required: &[&str]) -> Value {
    json!({"allOf": [
        schema(result),
        {"properties": {"gateway": {"required": required}}},
    ]})
}

fn gateway() -> Value {
    json!({
        "type": "object", "required": ["id", "cost_usd", "images"],
        "description": "What the gateway adds.",
        "properties": {
            "id": schema("GenerationId"),
            "cache": {"type": "string", "enum": ["hit", "miss", "joined", "bypass"],
                "description": "Made before, made for this request, being made for another, or made \
                    for this request alone."},
            "cost_usd": {"type": "number", "minimum": 0, "description": "What it added to the bill."},
            "images": {"type": "array", "items": schema("GatewayImage")},
            "redactions": schema("Redactions"),
            "finalize": schema("FinalCosts"),
            "fallback": {"type": "string", "enum": fallbacks(),
                "description": "Why there are placeholders instead of pictures; absent where there are pictures."},
        },
    })
}

/// Why there may be placeholders.
fn fallbacks() -> Value {
    json!(FallbackReason::ALL.map(FallbackReason::code))
}

fn gateway_image() -> Value {
    json!({
        "type": "object", "required": ["index", "seed", "url", "key", "persisted"],
        "properties": {
            "index": {"type": "integer", "minimum": 0},
            "seed": {"type": ["integer", "null"], "minimum": 0},
            "url": {"type": ["string", "null"], "format": "uri"},
            "key": {"type": ["string", "null"], "description": "Its name in storage, and the path after the first slash."},
            "persisted": {"type": "boolean", "description": "Whether it is kept; until then the link is Ideogram's."},
        },
    })
}

fn generation() -> Value {
    json!({
        "type": "object", "required": ["id", "state", "created_at", "updated_at"],
        "properties": {
            "id": schema("GenerationId"),
            "state": {"type": "string", "enum": crate::waiting::states()},
            "position": {"type": "integer", "minimum": 0, "description": "How many are before it in the queue."},
            "attempt": {"type": "integer", "minimum": 0, "description": "Calls to Ideogram so far."},
            "result": {"anyOf": [schema("ImageResult"), schema("DescriptionResult")]},
            "error": {
                "type": "object", "required": ["error", "code"],
                "properties": {"error": {"type": "string"}, "code": {"type": "string"}},
            },
            "created_at": time(),
            "updated_at": time(),
        },
    })
}

fn erased() -> Value {
    json!({
        "type": "object", "required": ["id", "erased", "pictures"],
        "properties": {
            "id": schema("GenerationId"),
            "erased": {"const": true},
            "pictures": {"type": "integer", "minimum": 0, "description": "How many were deleted."},
        },
    })
}

fn token() -> Value {
    json!({
        "type": "object", "required": ["token", "expires_at", "max_images", "origin"],
        "properties": {
            "token": {"type": "string"},
            "expires_at": time(),
            "max_images": {"type": "integer", "minimum": 1},
            "origin": {"type": ["string", "null"]},
        },
    })
}

fn client() -> Value {
    let dollars = json!({"type": "number", "minimum": 0});
    json!({
        "type": "object",
        "required": ["id", "name", "daily_budget_usd", "models", "max_images", "rate", "cache", "created_at"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": "string"},
            "daily_budget_usd": {"type": ["number", "null"], "minimum": 0},
            "models": {"type": ["array", "null"], "items": {"type": "string"}},
            "max_images": {"type": ["integer", "null"], "minimum": 1},
            "rate": {"enum": ["low", "standard", "high", null]},
            "cache": {"enum": ["shared", "own"]},
            "created_at": time(),
            "today": {
                "type": ["object", "null"],
                "description": "What it has spent today; null if nothing, or if nobody can say.",
                "required": ["spent_usd", "reserved_usd", "unconfirmed_usd", "rejected_prompts"],
                "properties": {
                    "spent_usd": dollars, "reserved_usd": dollars, "unconfirmed_usd": dollars,
                    "rejected_prompts": {"type": "integer", "minimum": 0},
                },
            },
        },
    })
}

fn made_key() -> Value {
    json!({"allOf": [
        schema("Client"),
        {"required": ["key"], "properties": {"key": {"type": "string", "description": "Shown this once."}}},
    ]})
}

fn keys() -> Value {
    let listed = json!({"allOf": [schema("Client"), {"required": ["today"]}]});
    json!({
        "type": "object", "required": ["keys"],
        "properties": {"keys": {"type": "array", "items": listed}},
    })
}

fn revoked_key() -> Value {
    json!({
        "type": "object", "required": ["id", "name", "revoked"],
        "properties": {"id": {"type": "string"}, "name": {"type": "string"}, "revoked": {"const": true}},
    })
}

fn alerts() -> Value {
    let rules: Vec<_> = Rule::ALL.iter().map(|rule| rule.as_str()).collect();
    let severities = [Severity::P1, Severity::P2, Severity::P3].map(Severity::as_str);
    let states = [AlertState::Firing, AlertState::Resolved].map(AlertState::as_str);
    let alert = json!({
        "type": "object",
        "required": ["rule", "severity", "state", "since", "summary", "runbook"],
        "properties": {
            "rule": {"type": "string", "enum": rules},
            "severity": {"type": "string", "enum": severities},
            "state": {"type": "string", "enum": states},
            "since": time(),
            "summary": {"type": "string", "description": "What happened and what to do next, as it was when its state changed."},
            "runbook": {"type": "string", "description": "Where more is said about what to do."},
        },
    });
    json!({
        "type": "object", "required": ["alerts", "undelivered"],
        "properties": {
            "alerts": {"type": "array", "items": alert, "description": "What fires first, then what has changed last."},
            "undelivered": {"type": "integer", "minimum": 0, "description": "How many changes ALERT_WEBHOOK_URL has still to be told."},
        },
    })
}

fn mode() -> Value {
    json!({
        "type": "object", "required": ["enabled", "reason", "by", "since", "ideogram_enabled"],
        "description": "Pictures are made only if the operator and the setting IDEOGRAM_ENABLED both let them be.",
        "properties": {
            "enabled": {"type": "boolean", "description": "What the operator has said last."},
            "reason": {"type": ["string", "null"]},
            "by": {"type": ["string", "null"], "description": "Who has said so, by their own word."},
            "since": {"type": ["string", "null"], "format": "date-time", "description": "Null if it was never switched."},
            "ideogram_enabled": {"type": "boolean", "description": "The setting."},
        },
    })
}

fn conditions() -> Value {
    json!([
        Condition::Healthy,
        Condition::Degraded,
        Condition::Down,
        Condition::Disabled,
        Condition::Frozen,
        Condition::Unknown,
    ])
}

fn probes() -> Value {
    json!({
        "type": "object", "required": ["probes"],
        "properties": {
            "probes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["at", "kind", "status", "outcome", "latency_ms", "details"],
                    "properties": {
                        "at": time(),
                        "kind": {"enum": [ProbeKind::Quote, ProbeKind::Generate]},
                        "status": schema("Condition"),
                        "outcome": {
                            "type": ["string", "null"],
                            "description": "What it says about Ideogram; null if nothing.",
                        },
                        "latency_ms": {"type": "integer", "minimum": 0},
                        "details": {"type": "string"},
                    },
                },
            },
            "next": {
                "type": "string", "format": "date-time",
                "description": "Given as `before`, it asks for the next ones.",
            },
        },
    })
}

fn health() -> Value {
    let part = json!({
        "type": "object", "required": ["status"], "properties": {"status": schema("Condition")},
    });
    let wrong = json!({
        "type": "object", "required": ["setting", "takes"],
        "properties": {"setting": {"type": "string"}, "takes": {"type": "string"}},
    });
    let breaker = json!({
        "type": ["object", "null"], "required": ["state"],
        "properties": {
            "state": {"enum": ["closed", "open", "half_open"]},
            "reason": {"type": "string"},
            "until": time(),
        },
    });
    json!({
        "type": "object", "required": ["status", "version", "checked_at", "services"],
        "properties": {
            "status": schema("Condition"),
            "version": {"type": "string"},
            "checked_at": time(),
            "services": {
                "type": "object", "required": ["ideogram", "ledger", "cache", "images", "config"],
                "properties": {
                    "ideogram": {
                        "type": "object", "required": ["status"],
                        "properties": {
                            "status": schema("Condition"),
                            "enabled": {"type": ["boolean", "null"]},
                            "mode": {
                                "type": ["object", "null"], "required": ["enabled", "since"],
                                "description": "What the operator has said last.",
                                "properties": {
                                    "enabled": {"type": "boolean"},
                                    "since": {"type": ["string", "null"], "format": "date-time"},
                                },
                            },
                            "breaker": breaker,
                            "details": {"type": "string", "description": "The status in words."},
                            "last_outcome": {"type": ["string", "null"]},
                            "latency_ms": {
                                "type": ["integer", "null"], "minimum": 0,
                                "description": "How long the last probe took; without one the last call.",
                            },
                            "checked_at": {"type": ["string", "null"], "format": "date-time"},
                        },
                    },
                    "ledger": {
                        "type": "object", "required": ["status"],
                        "properties": {"status": schema("Condition"), "frozen": {"type": ["string", "null"]}},
                    },
                    "cache": part,
                    "images": part,
                    "config": {
                        "type": "object", "required": ["status", "errors"],
                        "properties": {"status": schema("Condition"), "errors": {"type": "array", "items": wrong}},
                    },
                },
            },
        },
    })
}
