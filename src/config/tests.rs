//! The settings: defaults, what each refuses, and that all that is wrong is named at once.

use std::collections::HashMap;

use super::*;

fn read(vars: &[(&str, &str)]) -> Result<Config, Vec<WrongSetting>> {
    let mut settings = HashMap::from([("IDEOGRAM_API_KEY", "key")]);
    settings.extend(vars.iter().copied());
    Config::read(|name| settings.get(name).map(|value| (*value).to_owned()))
}

fn wrong(vars: &[(&str, &str)]) -> Vec<&'static str> {
    match read(vars) {
        Ok(_) => vec![],
        Err(wrong) => wrong.into_iter().map(|one| one.setting).collect(),
    }
}

#[test]
fn with_a_key_the_defaults_are_enough() {
    let config = read(&[]).unwrap();
    assert_eq!(config.base_url, "https://api.ideogram.ai");
    assert_eq!(config.limits.daily_budget, MicroDollars::new(10_000_000));
    assert_eq!(config.limits.max_in_flight, 8);
    assert!(config.limits.enabled);
    assert!(config.require_auth);
    assert_eq!(config.admin_key, None);
    assert_eq!(config.answer_deadline, Millis::from_seconds(120));
}

#[test]
fn all_that_is_wrong_is_named_at_once() {
    let all = [
        ("IDEOGRAM_ENABLED", "yes"),
        ("IDEOGRAM_BASE_URL", "api.ideogram.ai"),
        ("IDEOGRAM_API_KEY", "two words"),
        ("DAILY_BUDGET_USD", "-1"),
        ("MAX_IN_FLIGHT", "0"),
        ("QUEUE_LIMIT", "1.5"),
        ("QUEUE_TIMEOUT_SECONDS", ""),
        ("REQUEST_TIMEOUT_SECONDS", "301"),
        ("MAX_ATTEMPTS", "11"),
        ("RETRY_UNCONFIRMED", "1"),
        ("UNCONFIRMED_HOLD_SECONDS", "-1"),
        ("CACHE_TTL_SECONDS", "59"),
        ("DEFAULT_MODEL", "V_9"),
        ("PROMPT_MAX_CHARS", "10001"),
        ("PII_POLICY", "ignore"),
        ("PRICES", "{\"V_9\": 1}"),
        ("REQUIRE_AUTH", "false"),
        ("ADMIN_KEY", "short"),
        ("TOKEN_SECRET", "short"),
        ("ALLOWED_ORIGINS", "shop.example"),
        ("CONTENT_POLICY", "{"),
        ("MODERATION_URL", "moderation.example"),
        ("MODERATION_KEY", "two words"),
        ("MODERATION_TIMEOUT_SECONDS", "0"),
        ("MODERATION_FAIL", "maybe"),
        ("HEALTH_PROBE", "sometimes"),
        ("HEALTH_BUDGET_USD", "-1"),
        ("IMAGES_EMBEDDABLE", "no"),
        ("LOG_SAMPLE_PERCENT", "101"),
        ("CLOCK_AHEAD_SECONDS", "1"),
        ("ALERT_WEBHOOK_URL", "http://alerts.example"),
        ("ALERT_WEBHOOK_SHAPE", "yaml"),
        ("ALERT_WEBHOOK_SECRET", "short"),
        ("ALERT_ROUTING_KEY", "two words"),
        ("ALERT_SLOW_SECONDS", "0"),
        ("BUDGET_ALERT_PERCENT", "101"),
        ("CREDITS_USD", "ten"),
        ("CREDITS_ON", "2026-13-01"),
        ("CREDITS_ALERT_USD", "-1"),
        ("FALLBACK", "picture"),
        ("UPSTREAM", "v3"),
        ("GENERATION_DEADLINE_SECONDS", "3601"),
        ("PUBLIC_URL", "gateway.example"),
    ];
    let mut named = wrong(&all);
    named.sort_unstable();
    let mut expected: Vec<_> = ALL.iter().map(|setting| setting.name).collect();
    expected.sort_unstable();
    assert_eq!(named, expected);
}

#[test]
fn the_address_may_be_plain_http_only_on_this_machine() {
    for address in [
        "http://127.0.0.1:8788/",
        "http://localhost:1",
        "https://example.com/",
    ] {
        assert!(
            wrong(&[("IDEOGRAM_BASE_URL", address)]).is_empty(),
            "{address}"
        );
    }
    for address in [
        "http://example.com",
        "ftp://127.0.0.1",
        "https://a@b.c",
        "https://b.c/?q=1",
    ] {
        assert_eq!(
            wrong(&[("IDEOGRAM_BASE_URL", address)]),
            ["IDEOGRAM_BASE_URL"],
            "{address}"
        );
    }
    let trailing = read(&[("IDEOGRAM_BASE_URL", "https://example.com/")]).unwrap();
    assert_eq!(trailing.base_url, "https://example.com");
}

#[test]
fn callers_may_go_without_a_key_only_on_this_machine() {
    assert_eq!(wrong(&[("REQUIRE_AUTH", "false")]), ["REQUIRE_AUTH"]);
    let local = ("IDEOGRAM_BASE_URL", "http://127.0.0.1:8788");
    assert!(
        !read(&[("REQUIRE_AUTH", "false"), local])
            .unwrap()
            .require_auth
    );
}

#[test]
fn the_clock_may_be_ahead_only_on_this_machine() {
    let ahead = ("CLOCK_AHEAD_SECONDS", "315360000");
    assert_eq!(wrong(&[ahead]), ["CLOCK_AHEAD_SECONDS"]);
    assert!(wrong(&[("CLOCK_AHEAD_SECONDS", "0")]).is_empty());
    let local = ("IDEOGRAM_BASE_URL", "http://127.0.0.1:8788");
    let config = read(&[ahead, local]).unwrap();
    assert_eq!(config.clock_ahead, Millis::from_seconds(315_360_000));
    let too_far = ("CLOCK_AHEAD_SECONDS", "315360001");
    assert_eq!(wrong(&[too_far, local]), ["CLOCK_AHEAD_SECONDS"]);
}

#[test]
fn ideogram_is_told_an_address_that_it_can_reach() {
    let url = |url| ("PUBLIC_URL", url);
    let here = ("IDEOGRAM_BASE_URL", "http://127.0.0.1:8788");
    let public = url("https://gateway.example/images/");
    let config = read(&[public]).unwrap();
    let kept = config.public_url.as_deref();
    assert_eq!(kept, Some("https://gateway.example/images"));
    assert_eq!(read(&[]).unwrap().public_url, None);
    let too_long = format!("https://gateway.example/{}", "a".repeat(1900));
    for unreachable in [
        "https://127.0.0.1",
        "http://localhost:8787",
        "http://gateway.example",
        "https://gateway.example/?q=1",
        "https://a@gateway.example",
        &too_long,
    ] {
        assert_eq!(wrong(&[url(unreachable)]), ["PUBLIC_URL"], "{unreachable}");
    }
    assert!(wrong(&[url("http://localhost:8787"), here]).is_empty());
    assert_eq!(wrong(&[public, here]), ["PUBLIC_URL"]);
}

#[test]
fn health_is_looked_at_for_free_unless_it_may_cost_something() {
    let probe = |vars| read(vars).unwrap().health_probe;
    assert_eq!(probe(&[]), HealthProbe::Quote);
    assert_eq!(probe(&[("HEALTH_PROBE", "off")]), HealthProbe::Off);
    let daily_budget = MicroDollars::new(250_000);
    assert_eq!(
        probe(&[("HEALTH_PROBE", "generate")]),
        HealthProbe::Generate { daily_budget }
    );
}

#[test]
fn what_alerts_need_besides_is_asked_for_and_a_webhook_may_have_a_query() {
    let hook = ("ALERT_WEBHOOK_URL", "https://alerts.example/hook?key=1");
    let pager = ("ALERT_WEBHOOK_SHAPE", "pagerduty");
    assert_eq!(wrong(&[hook, pager]), ["ALERT_ROUTING_KEY"]);
    assert!(wrong(&[hook, pager, ("ALERT_ROUTING_KEY", "a-key")]).is_empty());
    assert_eq!(wrong(&[("CREDITS_USD", "20")]), ["CREDITS_ON"]);
    let alerts = read(&[hook]).unwrap().alerts;
    assert_eq!(alerts.receiver.unwrap().url, hook.1);
    assert!(read(&[]).unwrap().alerts.receiver.is_none());
}

#[test]
fn a_wrong_value_is_never_shown() {
    let secret = "two words of a secret";
    let wrong = read(&[("IDEOGRAM_API_KEY", secret), ("ADMIN_KEY", "hush")]).unwrap_err();
    assert_eq!(wrong.len(), 2);
    assert!(!format!("{wrong:?}").contains("words"));
    assert!(!format!("{wrong:?}").contains("hush"));
}

#[test]
fn a_lease_outlives_whatever_a_generation_can_do_under_it() {
    let config = read(&[]).unwrap();
    assert!(config.limits.lease_duration > config.policy.deadline.plus(config.request_timeout));
}

#[test]
fn the_readme_lists_every_setting_as_it_is() {
    let readme = include_str!("../../README.md");
    for Setting {
        name,
        default,
        takes,
    } in ALL
    {
        let default = match default {
            None | Some("") => String::new(),
            Some(default) => format!("`{default}`"),
        };
        let row = format!("| `{name}` | {default} | {takes} |");
        assert!(readme.contains(&row), "{row}");
    }
}
