//! Personal data in a prompt: what callers are told of it, and that it is nowhere, whatever happens.
//! Holds true: everything that the gateway sends, answers, logs or stores is looked through.

use std::cell::RefCell;

use serde_json::{Value, json};
use simulator::{GenerationFault, ImageFault};

use crate::gateway::{Answer, Gateway, OPERATOR_KEY};
use crate::moderator::{Moderator, Mood};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_found_is_told_as_kinds_and_counts_and_shares_the_result() {
    let gateway = Gateway::start(&[]).await;
    let ask = async |address: &str| {
        let prompt = format!("a business card, {address}, call +44 20 7946 0958");
        gateway
            .generate(json!({"prompt": prompt, "negative_prompt": "no max@mustermann.example"}))
            .await
    };
    let made = ask("jo@example.com").await;
    let told = made.result()["gateway"]["redactions"].clone();
    let mut told: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .map(Value::to_string)
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            r#"{"count":1,"kind":"phone"}"#,
            r#"{"count":2,"kind":"email"}"#
        ]
    );
    let sent = &gateway.simulator.calls()[0].body;
    assert!(
        sent.contains("a business card, [email], call [phone]"),
        "{sent}"
    );
    assert!(sent.contains("no [email]"), "{sent}");
    assert_eq!(ask("someone.else@example.org").await.cache(), "hit");
    let clean = gateway
        .generate(json!({"prompt": "a fox, 1920x1080, #ff8800"}))
        .await;
    assert_eq!(clean.result()["gateway"]["redactions"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn personal_data_can_be_refused_or_let_pass_instead() {
    let mut gateway = Gateway::start(&[("PII_POLICY", "reject")]).await;
    let fields = json!({"prompt": "a card for jo@example.com"});
    let refused = gateway.generate(fields.clone()).await;
    assert_eq!(refused.error(), (422, "prompt_rejected".into()));
    assert_eq!(
        refused.json()["redactions"],
        json!([{"kind": "email", "count": 1}])
    );
    assert_eq!(gateway.calls(), 0);
    assert_eq!(
        gateway.generate(json!({"prompt": "a fox"})).await.status,
        200
    );
    gateway.restart(&[("PII_POLICY", "allow")]).await;
    assert_eq!(gateway.generate(fields).await.status, 200);
    assert!(gateway.simulator.calls()[1].body.contains("jo@example.com"));
}

/// Prompts with marked data in them, and every answer to one.
#[derive(Default)]
struct Planted {
    marks: RefCell<Vec<String>>,
    answers: RefCell<Vec<u8>>,
}

impl Planted {
    /// A prompt about `path` that holds an address, a card number and a key of its own.
    fn prompt(&self, path: &str) -> String {
        let number = self.marks.borrow().len();
        let address = format!("planted{number}@mark.example");
        let key = format!("sk_live_planted{number}Mark51HxQ2eZvKYlo2C0aBcDe");
        let card = "4242 4242 4242 4242";
        self.marks
            .borrow_mut()
            .extend([address.clone(), key.clone(), card.into()]);
        format!("{path}\u{E0041}, write to {address}, pay with {card}, api key {key}")
    }

    fn keep(&self, answer: &Answer) {
        self.answers.borrow_mut().extend(&answer.body);
    }

    async fn generate(&self, gateway: &Gateway, path: &str, more: Value) -> Answer {
        let mut fields = json!({ "prompt": self.prompt(path) });
        fields
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().cloned().unwrap());
        let answer = gateway.generate(fields).await;
        self.keep(&answer);
        answer
    }

    fn assert_nowhere(&self, gateway: &Gateway, logs: &str, sent: &str) {
        let stored = gateway.stored_bytes();
        let stored = String::from_utf8_lossy(&stored);
        let answers = self.answers.borrow();
        let answers = String::from_utf8_lossy(&answers);
        // The looking itself: what may be there is found everywhere it has to be.
        for text in [sent, &stored, &answers] {
            assert!(text.contains("[email]"), "nothing to look at");
        }
        let places = [
            ("sent", sent),
            ("stored", &stored),
            ("answered", &answers),
            ("logged", logs),
        ];
        for mark in self
            .marks
            .borrow()
            .iter()
            .map(String::as_str)
            .chain(["\u{E0041}"])
        {
            for (place, text) in places {
                assert!(!text.contains(mark), "{mark} was {place}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planted_data_is_nowhere_whatever_becomes_of_the_prompt() {
    let moderator = Moderator::start(Mood::passes()).await;
    let policy = r#"{"categories": {"brand": {"terms": ["acme"]}}}"#;
    let mut gateway = Gateway::start(&[
        ("ADMIN_KEY", OPERATOR_KEY),
        ("MODERATION_URL", &moderator.url),
        ("CONTENT_POLICY", policy),
        ("MAX_ATTEMPTS", "1"),
    ])
    .await;
    let planted = Planted::default();
    let ask = async |path: &str, more: Value| planted.generate(&gateway, path, more).await;

    assert_eq!(ask("made", json!({})).await.status, 200);
    assert_eq!(ask("made", json!({})).await.cache(), "hit");
    let negative = json!({"negative_prompt": planted.prompt("not this")});
    assert_eq!(
        ask("made with a negative prompt", negative).await.status,
        200
    );
    assert_eq!(
        ask("a wrong field", json!({"seed": "seven"})).await.status,
        400
    );
    assert_eq!(
        ask("in a field's name", json!({ planted.prompt("x"): 1 }))
            .await
            .status,
        400
    );
    assert_eq!(
        ask("in a style", json!({"style_type": planted.prompt("x")}))
            .await
            .status,
        400
    );
    assert_eq!(ask("by acme", json!({})).await.status, 422);
    moderator.set(Mood::flags());
    assert_eq!(ask("flagged", json!({})).await.status, 422);
    moderator.set(Mood::Says(500, "no".into()));
    assert_eq!(ask("not moderated", json!({})).await.status, 503);
    moderator.set(Mood::passes());

    let echo = |status| GenerationFault::Answer {
        status,
        headers: vec![],
        body: json!({"error": "no to 'write to [email]'"}).to_string(),
        billed: false,
    };
    for (path, status) in [("refused", 422), ("a bad request", 400), ("down", 500)] {
        gateway.simulator.script(echo(status), 1);
        assert_ne!(ask(path, json!({})).await.status, 200);
    }
    gateway
        .simulator
        .script(GenerationFault::Reset { billed: true }, 1);
    assert_eq!(ask("lost", json!({})).await.status, 502);
    gateway.simulator.script(ImageFault::status(404), 1);
    assert!(!ask("not kept", json!({})).await.is_persisted(0));

    let mut logs = gateway.log();
    gateway
        .simulator
        .script(GenerationFault::Hang { billed: true }, 1);
    let hanging = gateway.generation(&json!({"prompt": planted.prompt("interrupted")}));
    let hanging = tokio::spawn(Answer::unless_lost(hanging));
    let interrupted = "interrupted, write to [email], pay with [payment card], api key [secret]";
    let id = gateway.generation_in("generating", interrupted).await;
    gateway.restart(&[("IDEOGRAM_ENABLED", "false")]).await;
    drop(hanging.await);
    planted.keep(&gateway.get(&format!("/generations/{id}")).await);
    let off = planted.generate(&gateway, "switched off", json!({})).await;
    assert_eq!(off.header("x-fallback"), Some("generation_disabled"));
    logs.push_str(&gateway.log());

    let mut sent = moderator.requests().join("\n");
    for call in gateway.simulator.calls() {
        sent.push_str(&format!("{call:?}\n"));
    }
    planted.assert_nowhere(&gateway, &logs, &sent);
}
