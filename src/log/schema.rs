//! The table of what is logged: every event, every field. `docs/logs.md` is held against it here,
//! and what is written in end-to-end runs against the document.

/// A kind of line.
struct Event {
    name: &'static str,
    /// When it is written.
    when: &'static str,
    fields: &'static [Field],
}

/// A field of a line.
struct Field {
    name: &'static str,
    kind: &'static str,
    /// When it is there; `ALWAYS` or the circumstance.
    there: &'static str,
    meaning: &'static str,
}

const ALWAYS: &str = "always";
const TEXT: &str = "text";
const WHOLE: &str = "whole number";
const NUMBER: &str = "number";
const OBJECT: &str = "object";
const LIST: &str = "list";

const fn field(
    name: &'static str,
    kind: &'static str,
    there: &'static str,
    meaning: &'static str,
) -> Field {
    Field {
        name,
        kind,
        there,
        meaning,
    }
}

/// What every line has.
const COMMON: &[Field] = &[
    field("event", TEXT, ALWAYS, "which kind of line it is"),
    field(
        "level",
        TEXT,
        ALWAYS,
        "`info`, `warn` (somebody else's doing, worth a look) or `error`",
    ),
    field(
        "at",
        TEXT,
        ALWAYS,
        "when it was written: RFC 3339, UTC, milliseconds",
    ),
];

const EVENTS: &[Event] = &[
    Event {
        name: "request",
        when: "A request was answered. `info` below status 400, `warn` below 500.",
        fields: &[
            field(
                "request_id",
                TEXT,
                ALWAYS,
                "32 hexadecimal digits, as in `X-Request-Id`",
            ),
            field("method", TEXT, ALWAYS, "the HTTP method"),
            field(
                "route",
                TEXT,
                ALWAYS,
                "the path with names for what varies, or `none`",
            ),
            field("status", WHOLE, ALWAYS, "the HTTP status"),
            field(
                "outcome",
                TEXT,
                ALWAYS,
                "`ok`, or the error's code as in README",
            ),
            field("ms", WHOLE, ALWAYS, "from the request to its answer's head"),
            field(
                "stages_ms",
                OBJECT,
                ALWAYS,
                "milliseconds by stage: `parse`, `cache`, `screening`, `generation`, `quote`, those that it came to",
            ),
            field(
                "wasm_memory_bytes",
                WHOLE,
                ALWAYS,
                "the memory of this instance; it never shrinks",
            ),
            field(
                "error",
                TEXT,
                "with an error",
                "the sentence that the caller was told",
            ),
            field(
                "client",
                TEXT,
                "once it is known who calls, or about which client",
                "the client's id; `admin` is the operator, `local` whoever calls where no key is needed",
            ),
            field(
                "generation_id",
                TEXT,
                "about a generation",
                "its id, as in `X-Generation-Id`",
            ),
            field(
                "cache",
                TEXT,
                "for pictures",
                "`hit`, `miss`, `joined` or `bypass`",
            ),
            field("images", WHOLE, "for pictures", "how many there are"),
            field(
                "cost_usd",
                NUMBER,
                "for pictures",
                "what this request added to the bill, in dollars",
            ),
            field(
                "fallback",
                TEXT,
                "with placeholders instead of pictures",
                "why: `generation_disabled`, `no_credits` or `breaker_open`",
            ),
            field(
                "redactions",
                LIST,
                "if something was taken out of its texts",
                "of objects `kind` and `count`, never what was found",
            ),
            field(
                "restored",
                WHOLE,
                "after `/admin/restore`",
                "how many generations the history was told of that it did not know",
            ),
            field(
                "webhook",
                TEXT,
                "after a delivery of Ideogram's",
                "what it led to: `polls`, `idle` (there was nothing to ask for) or `not_here`",
            ),
            field(
                "sample_percent",
                WHOLE,
                "if `LOG_SAMPLE_PERCENT` is below 100 and it is ordinary",
                "so many of a hundred such lines are written: counts and sums are to be scaled by it",
            ),
        ],
    },
    Event {
        name: "prompt_rejected",
        when: "A prompt was refused with 422, or by Ideogram (`warn`). For review: here alone the log has the prompt, sanitised, personal data taken out as `PII_POLICY` says. One line a refusal; those who wait for the same generation get one between them.",
        fields: &[
            field(
                "by",
                TEXT,
                ALWAYS,
                "`privacy` (`PII_POLICY=reject`), `policy`, `moderation`, `ideogram`, or `memory`: Ideogram refused it within the hour",
            ),
            field("prompt", TEXT, ALWAYS, "the sanitised prompt"),
            field("client", TEXT, ALWAYS, "who asked"),
            field(
                "said",
                TEXT,
                ALWAYS,
                "the sentence that the caller was told",
            ),
            field(
                "category",
                TEXT,
                "by `policy`, and by `moderation` if it names one",
                "the category of the policy or of the moderation",
            ),
            field(
                "request_id",
                TEXT,
                "unless by `ideogram`",
                "the request, which has its own line",
            ),
            field(
                "generation_id",
                TEXT,
                "by `ideogram`",
                "the generation, which the lines of its requests name",
            ),
        ],
    },
    Event {
        name: "fault",
        when: "Something inside failed that should not (`error`). What it belongs to goes on as docs/faults.md says, and has its own line.",
        fields: &[
            field(
                "part",
                TEXT,
                ALWAYS,
                "where: `ledger`, `generation`, `references`, `cache`, `moderation`, `content policy`, `rate limit`, `idempotency`, `events`, `erase`, `restore`, `brief`, `platform`, `cron`, `probe`, `paces`, `prices`, `alerts`, `polls`, `webhook keys`",
            ),
            field(
                "what",
                TEXT,
                ALWAYS,
                "what failed, in the words of whatever did",
            ),
        ],
    },
    Event {
        name: "sweep",
        when: "The hourly sweep has ended (`info`).",
        fields: &[field(
            "references",
            WHOLE,
            ALWAYS,
            "how many pictures that came with requests it deleted",
        )],
    },
    Event {
        name: "probe",
        when: "Ideogram was looked at (`info` if it is healthy, else `warn`).",
        fields: &[
            field(
                "kind",
                TEXT,
                ALWAYS,
                "`quote`, or `generate`: a picture was made",
            ),
            field("status", TEXT, ALWAYS, "`healthy`, `degraded` or `down`"),
            field("latency_ms", WHOLE, ALWAYS, "how long it took"),
            field("details", TEXT, ALWAYS, "the same in words"),
        ],
    },
    Event {
        name: "prices",
        when: "Ideogram was asked what pictures cost (`info` if it is what the table has, else `warn`).",
        fields: &[
            field("quotes", WHOLE, ALWAYS, "how many rates a quote counts for"),
            field(
                "drifts",
                LIST,
                ALWAYS,
                "of objects `rate`, `table_usd` and `quoted_usd`: the rates that cost something else than the table has",
            ),
        ],
    },
    Event {
        name: "reconciliation",
        when: "What Ideogram says a day cost was held against the ledger (`warn` if they differ, else `info`).",
        fields: &[
            field("day", TEXT, ALWAYS, "which"),
            field(
                "verdict",
                TEXT,
                ALWAYS,
                "`agrees`, `differs`, or `not_allowed`: the key may not see what days cost",
            ),
            field(
                "usage_usd",
                NUMBER,
                "unless `not_allowed`",
                "what Ideogram says",
            ),
            field("billed_usd", NUMBER, ALWAYS, "what the ledger has billed"),
            field(
                "unconfirmed_usd",
                NUMBER,
                ALWAYS,
                "what the ledger has as possibly billed",
            ),
            field(
                "at_midnight_usd",
                NUMBER,
                ALWAYS,
                "what was under way when the day began or ended, and may be on either day's account",
            ),
            field(
                "differs_by_usd",
                NUMBER,
                ALWAYS,
                "by how much they differ beyond all that",
            ),
            field("details", TEXT, ALWAYS, "the same in words"),
        ],
    },
    Event {
        name: "alert",
        when: "A rule fires (`error` for P1, else `warn`), or it is over (`info`).",
        fields: &[
            field("rule", TEXT, ALWAYS, "which, as in README"),
            field("severity", TEXT, ALWAYS, "`P1`, `P2` or `P3`"),
            field("state", TEXT, ALWAYS, "`firing` or `resolved`"),
            field("since", TEXT, ALWAYS, "when that began: RFC 3339, UTC"),
            field("summary", TEXT, ALWAYS, "what happened and what to do next"),
            field(
                "runbook",
                TEXT,
                ALWAYS,
                "where more is said about what to do",
            ),
        ],
    },
    Event {
        name: "mode",
        when: "The operator has let pictures be made, or not any more (`warn`). Saying the same again writes no line.",
        fields: &[
            field(
                "enabled",
                "true or false",
                ALWAYS,
                "whether pictures may be made, as far as the operator goes",
            ),
            field(
                "reason",
                TEXT,
                "if one was given; always when switched off",
                "why",
            ),
            field("by", TEXT, ALWAYS, "who says so, by their own word"),
            field(
                "since",
                TEXT,
                ALWAYS,
                "since when: RFC 3339, UTC, milliseconds",
            ),
        ],
    },
];

fn rows(fields: &[Field]) -> Vec<String> {
    let row = |field: &Field| {
        let Field {
            name,
            kind,
            there,
            meaning,
        } = field;
        format!("| `{name}` | {kind} | {there} | {meaning} |")
    };
    fields.iter().map(row).collect()
}

/// What the document has to say of an event.
fn section(event: &Event) -> String {
    let head = ["| field | type | there | meaning |", "|---|---|---|---|"].map(str::to_owned);
    let table = [head.to_vec(), rows(event.fields)].concat().join("\n");
    format!("## `{}`\n\n{}\n\n{table}\n", event.name, event.when)
}

#[test]
fn the_document_lists_every_event_and_field_and_no_other() {
    let document = include_str!("../../docs/logs.md");
    for row in rows(COMMON) {
        assert!(document.contains(&row), "{row}");
    }
    for event in EVENTS {
        let section = section(event);
        assert!(document.contains(&section), "missing:\n{section}");
    }
    let headings = document.matches("\n## `").count();
    assert_eq!(headings, EVENTS.len(), "an event that there is not");
    let listed = document.matches("\n| `").count();
    let fields: usize = EVENTS.iter().map(|event| event.fields.len()).sum();
    assert_eq!(listed, COMMON.len() + fields, "a field that there is not");
}
