//! `bin/deploy` and `bin/rollback`.
//! Holds true: a version that is not well never keeps the traffic, unless there is no version to give
//! it back to.

use super::cloudflare::{Cloudflare, Fails, NEW, OLD};

fn all_to(version: &str) -> String {
    format!("{version}@100%")
}

fn beside_the_old_one() -> String {
    format!("{OLD}@100% {NEW}@0%")
}

#[test]
fn a_version_that_is_well_gets_all_traffic_once_it_has_checked_itself() {
    let ran = Cloudflare::new(Fails::Never).run("deploy", &[]);
    assert!(ran.ok, "{}", ran.said);
    assert_eq!(
        ran.traffic,
        [all_to(OLD), beside_the_old_one(), all_to(NEW)]
    );
    let asked: Vec<_> = ran.asked.iter().map(String::as_str).collect();
    let expected = [
        "deploy --dry-run --outdir .tools/dry-run --env production",
        "deployments status --json --env production",
        &format!("versions view {OLD} --json --env production"),
        "versions upload --env production",
        &format!("versions deploy {OLD}@100% {NEW}@0% --yes --env production"),
        &format!("versions deploy {NEW}@100% --yes --env production"),
        "triggers deploy --env production",
    ];
    assert_eq!(asked, expected);
    assert_eq!(ran.said.matches("ok    ledger").count(), 2, "{}", ran.said);
}

#[test]
fn a_version_that_is_not_well_gets_no_traffic() {
    let ran = Cloudflare::new(Fails::Always).run("deploy", &[]);
    assert!(!ran.ok);
    assert_eq!(ran.traffic, [all_to(OLD), beside_the_old_one()]);
    assert!(ran.said.contains("FAIL  ledger"), "{}", ran.said);
    let promise = format!("{OLD} keeps all traffic");
    assert!(ran.said.contains(&promise), "{}", ran.said);
}

#[test]
fn a_version_that_fails_once_its_objects_run_gives_the_traffic_back() {
    let ran = Cloudflare::new(Fails::WithTraffic).run("deploy", &[]);
    assert!(!ran.ok);
    let there_and_back = [all_to(OLD), beside_the_old_one(), all_to(NEW), all_to(OLD)];
    assert_eq!(ran.traffic, there_and_back);
    assert!(!ran.asked.iter().any(|asked| asked.contains("triggers")));
}

#[test]
fn the_first_deploy_goes_out_at_once_and_checks_itself_then() {
    let nothing = Cloudflare::new(Fails::Never).without_worker();
    let ran = nothing.run("deploy", &[]);
    assert!(ran.ok, "{}", ran.said);
    assert_eq!(ran.traffic, [all_to(NEW)]);
    assert!(!ran.asked.iter().any(|asked| asked.contains("upload")));

    let failing = Cloudflare::new(Fails::Always).without_worker();
    let ran = failing.run("deploy", &[]);
    assert!(!ran.ok);
    assert!(ran.said.contains("not well: mend"), "{}", ran.said);
}

#[test]
fn a_worker_that_has_only_been_given_secrets_is_no_gateway_yet() {
    let draft = Cloudflare::new(Fails::Never);
    draft.put_bindings(&["secret_text", "secret_text"]);
    let ran = draft.run("deploy", &[]);
    assert!(ran.ok, "{}", ran.said);
    assert_eq!(ran.traffic, [all_to(OLD), all_to(NEW)]);
}

#[test]
fn a_new_migration_is_deployed_only_when_told_to() {
    let cloudflare = Cloudflare::new(Fails::Never);
    cloudflare.put("migration", "");
    let ran = cloudflare.run("deploy", &[]);
    assert!(!ran.ok);
    assert_eq!(ran.traffic, [all_to(OLD)]);
    assert!(ran.said.contains("MIGRATION=1"), "{}", ran.said);

    let ran = cloudflare.run("deploy", &[("MIGRATION", "1")]);
    assert!(ran.ok, "{}", ran.said);
    assert_eq!(ran.traffic, [all_to(OLD), all_to(NEW)]);

    let failing = Cloudflare::new(Fails::Always);
    failing.put("migration", "");
    let ran = failing.run("deploy", &[("MIGRATION", "1")]);
    assert!(!ran.ok);
    assert!(ran.said.contains("cannot be rolled back"), "{}", ran.said);
}

#[test]
fn nothing_is_deployed_that_could_not_be_checked_or_goes_nowhere() {
    for (name, value, because) in [
        ("ADMIN_KEY", "", "ADMIN_KEY has to be"),
        ("URL", "", "URL= has to say"),
        ("ENV", "elsewhere", "no [env.elsewhere]"),
    ] {
        let ran = Cloudflare::new(Fails::Never).run("deploy", &[(name, value)]);
        assert!(!ran.ok, "{name}");
        assert!(ran.said.contains(because), "{name}: {}", ran.said);
        assert_eq!(ran.traffic, [all_to(OLD)], "{name}");
    }
}

#[test]
fn traffic_that_is_split_already_is_left_as_it_is() {
    let cloudflare = Cloudflare::new(Fails::Never);
    let split = format!("{OLD}@90% {NEW}@10%");
    cloudflare.put("traffic", &format!("{split}\n"));
    let ran = cloudflare.run("deploy", &[]);
    assert!(!ran.ok);
    assert!(ran.said.contains("split between versions"), "{}", ran.said);
    assert_eq!(ran.traffic, [split]);
}

#[test]
fn a_deploy_goes_on_from_one_that_failed() {
    let cloudflare = Cloudflare::new(Fails::Never);
    cloudflare.put("traffic", &format!("{}\n", beside_the_old_one()));
    let ran = cloudflare.run("deploy", &[]);
    assert!(ran.ok, "{}", ran.said);
    assert_eq!(ran.traffic.last(), Some(&all_to(NEW)));
}

#[test]
fn a_rollback_goes_to_the_version_before_or_to_the_one_named_and_shows_how_it_is() {
    for (version, asked) in [
        (None, "rollback --message"),
        (Some(OLD), "rollback 11111111-"),
    ] {
        let cloudflare = Cloudflare::new(Fails::Always);
        cloudflare.put("traffic", &format!("{NEW}@100%\n"));
        let settings: Vec<_> = version
            .map(|version| ("VERSION", version))
            .into_iter()
            .collect();
        let ran = cloudflare.run("rollback", &settings);
        assert!(ran.ok, "{}", ran.said);
        assert_eq!(ran.traffic.last(), Some(&all_to(OLD)));
        assert!(ran.asked[0].starts_with(asked), "{:?}", ran.asked);
        assert!(
            ran.asked[0].ends_with("--env production"),
            "{:?}",
            ran.asked
        );
        assert!(ran.said.contains("ok    ledger"), "{}", ran.said);
    }
}

#[test]
fn the_operators_key_is_sent_by_https_only() {
    let plain = ("URL", "http://gateway.example");
    let ran = Cloudflare::new(Fails::Never).run("preflight", &[plain]);
    assert!(!ran.ok);
    assert!(ran.said.contains("https only"), "{}", ran.said);
}
