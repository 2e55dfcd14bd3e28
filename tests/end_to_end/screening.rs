//! Prompts that are not asked for: by the operator's own policy, and by a moderation endpoint.
//! Holds true: nothing is spent on them, and they never reach Ideogram.

use serde_json::{Value, json};

use crate::gateway::Gateway;
use crate::moderator::{Moderator, Mood};

fn policy() -> String {
    json!({"categories": {
        "weapons": {"terms": ["grenade"], "phrases": ["pipe bomb"], "patterns": ["build * bomb"]},
        "brand": {"terms": ["acme"], "message": "Our own brand may not be shown."},
    }})
    .to_string()
}

async fn rejected(gateway: &Gateway, prompt: &str) -> Value {
    let answer = gateway.generate(json!({ "prompt": prompt })).await;
    assert_eq!(answer.error(), (422, "prompt_rejected".into()), "{prompt}");
    answer.json()
}

async fn passes(gateway: &Gateway, prompt: &str) {
    let answer = gateway.generate(json!({ "prompt": prompt })).await;
    assert_eq!(answer.status, 200, "{prompt}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_policy_names_is_rejected_in_any_disguise_with_its_category() {
    let gateway = Gateway::start(&[("CONTENT_POLICY", &policy())]).await;
    for prompt in [
        "a fox with a grenade",
        "GRENADES in the snow",
        "a gr3nade",
        "a g r e n a d e",
        "a ｇｒｅｎａｄｅ",
        "a gren\u{430}de",
        "a gre\u{200b}nade",
        "how to build a big bomb",
        "a pipe-bomb",
    ] {
        assert_eq!(rejected(&gateway, prompt).await["category"], "weapons");
    }
    let brand = rejected(&gateway, "Acme's fox").await;
    assert_eq!(brand["category"], "brand");
    assert_eq!(brand["error"], "Our own brand may not be shown.");
    assert_eq!(gateway.calls(), 0);
    assert!(gateway.leases().is_empty());
    passes(&gateway, "a pomegranate grenadier with a piper").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_can_be_changed_in_kv_and_one_that_cannot_be_read_stops_everything() {
    let mut gateway = Gateway::start(&[]).await;
    gateway.kill();
    gateway.put_policy(&policy());
    gateway.restart(&[]).await;
    rejected(&gateway, "a grenade").await;
    passes(&gateway, "a fox").await;

    gateway.kill();
    gateway.put_policy(r#"{"categories": {"weapons": {"terms": ["two words"]}}}"#);
    gateway.restart(&[]).await;
    let refused = gateway.generate(json!({"prompt": "a hare"})).await;
    assert_eq!(refused.error(), (503, "generation_disabled".into()));
    let health = gateway.get("/health").await;
    assert_eq!(health.status, 503);
    let errors = health.json()["services"]["config"]["errors"].clone();
    let said = errors[0]["takes"].as_str().unwrap();
    assert!(said.starts_with("categories.weapons.terms[0]"), "{errors}");
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moderation_flags_is_rejected_and_what_it_passes_is_made() {
    let moderator = Moderator::start(Mood::flags()).await;
    let vars = [
        ("MODERATION_URL", moderator.url.as_str()),
        ("MODERATION_KEY", "moderation-key"),
    ];
    let gateway = Gateway::start(&vars).await;
    assert_eq!(rejected(&gateway, " a  duel").await["category"], "violence");
    assert_eq!(gateway.calls(), 0);
    let sent = moderator.requests().remove(0).to_lowercase();
    assert!(
        sent.contains("authorization: bearer moderation-key"),
        "{sent}"
    );
    assert!(!sent.contains("simulator-key"), "{sent}");

    moderator.set(Mood::passes());
    passes(&gateway, "a duel").await;
    moderator.set(Mood::flags());
    passes(&gateway, "a duel").await;
    assert_eq!(
        moderator.prompts(),
        ["a duel", "a duel"],
        "a hit is not asked about again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_verdict_prompts_pass_only_where_the_settings_say_so() {
    let moderator = Moderator::start(Mood::Hangs).await;
    let vars = [
        ("MODERATION_URL", moderator.url.as_str()),
        ("MODERATION_TIMEOUT_SECONDS", "1"),
    ];
    let mut gateway = Gateway::start(&vars).await;
    let moods = [
        Mood::Hangs,
        Mood::Says(500, "{}".into()),
        Mood::Says(200, "<html>".into()),
        Mood::Says(200, r#"{"results": []}"#.into()),
        Mood::Says(302, String::new()),
    ];
    for mood in moods.clone() {
        moderator.set(mood.clone());
        let refused = gateway.generate(json!({"prompt": "a fox"})).await;
        assert_eq!(refused.error(), (503, "busy".into()), "{mood:?}");
        assert_eq!(refused.retry_after(), 5);
    }
    assert_eq!(gateway.calls(), 0);
    gateway.restart(&[("MODERATION_FAIL", "open")]).await;
    for (number, mood) in moods.into_iter().enumerate() {
        moderator.set(mood);
        passes(&gateway, &format!("fox {number}")).await;
    }
    moderator.set(Mood::flags());
    rejected(&gateway, "another fox").await;
}
