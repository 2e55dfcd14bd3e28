//! Browsers: which pages may call and read, and where pictures may be shown.

use reqwest::Method;
use serde_json::json;

use crate::gateway::{Answer, Gateway};

const SHOP: &str = "https://shop.example";
const EVIL: &str = "https://evil.example";

async fn with_shop(vars: &[(&str, &str)]) -> Gateway {
    let mut all = vec![("ALLOWED_ORIGINS", SHOP)];
    all.extend(vars);
    Gateway::start(&all).await
}

async fn preflight(gateway: &Gateway, path: &str, origin: &str) -> Answer {
    let ask = gateway
        .request(Method::OPTIONS, path)
        .header("origin", origin);
    let ask = ask.header("access-control-request-method", "POST");
    Answer::to(ask.header(
        "access-control-request-headers",
        "authorization,content-type",
    ))
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_of_an_allowed_origin_may_call_and_read() {
    let gateway = with_shop(&[]).await;
    let asked = preflight(&gateway, "/generate", SHOP).await;
    assert_eq!(asked.status, 204);
    assert_eq!(asked.header("access-control-allow-origin"), Some(SHOP));
    assert_eq!(asked.header("access-control-allow-methods"), Some("POST"));
    let headers = asked.header("access-control-allow-headers").unwrap();
    for name in [
        "Authorization",
        "Content-Type",
        "Api-Key",
        "Prefer",
        "Last-Event-ID",
        "Cache-Control",
        "Idempotency-Key",
    ] {
        assert!(headers.contains(name), "{headers}");
    }
    let made = gateway
        .generation(&json!({"prompt": "a fox"}))
        .header("origin", SHOP);
    let made = Answer::to(made).await;
    assert_eq!(made.status, 200);
    assert_eq!(made.header("access-control-allow-origin"), Some(SHOP));
    assert_eq!(made.header("access-control-allow-credentials"), None);
    assert!(made.header("vary").unwrap().contains("Origin"));
    let exposed = made.header("access-control-expose-headers").unwrap();
    for name in [
        "X-Cost-Usd",
        "X-Cache",
        "X-Generation-Id",
        "X-Request-Id",
        "Retry-After",
        "Location",
        "Preference-Applied",
    ] {
        assert!(exposed.contains(name), "{exposed}");
    }
    let refused = gateway
        .generation(&json!({"prompt": ""}))
        .header("origin", SHOP);
    let refused = Answer::to(refused).await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.header("access-control-allow-origin"),
        Some(SHOP),
        "errors are read, too"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_from_elsewhere_gets_nothing_and_costs_nothing() {
    let gateway = with_shop(&[]).await;
    for origin in [
        EVIL,
        "null",
        "https://shop.example.evil.example",
        "http://shop.example",
    ] {
        let asked = preflight(&gateway, "/generate", origin).await;
        assert_eq!(asked.error(), (403, "forbidden".into()), "{origin}");
        let ask = gateway
            .generation(&json!({"prompt": "a fox"}))
            .header("origin", origin);
        let refused = Answer::to(ask).await;
        assert_eq!(refused.error(), (403, "forbidden".into()), "{origin}");
        assert_eq!(
            refused.header("access-control-allow-origin"),
            None,
            "{origin}"
        );
        assert!(refused.header("vary").unwrap().contains("Origin"));
    }
    assert_eq!(gateway.calls(), 0);
    let own = gateway
        .generation(&json!({"prompt": "a fox"}))
        .header("origin", gateway.url());
    assert_eq!(
        Answer::to(own).await.status,
        200,
        "the gateway's own pages are no strangers"
    );
    let admin = gateway
        .request(Method::GET, "/admin/keys")
        .header("origin", SHOP);
    assert_eq!(Answer::to(admin).await.error(), (403, "forbidden".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pictures_may_be_shown_anywhere_unless_that_is_switched_off() {
    let mut gateway = with_shop(&[]).await;
    let link = gateway.generate(json!({"prompt": "a fox"})).await.link(0);
    let path = link.strip_prefix(gateway.url()).unwrap().to_owned();
    let look = async |gateway: &Gateway, origin: &str| {
        Answer::to(gateway.request(Method::GET, &path).header("origin", origin)).await
    };
    let anywhere = look(&gateway, EVIL).await;
    assert_eq!(anywhere.status, 200);
    assert_eq!(anywhere.header("access-control-allow-origin"), Some("*"));
    assert_eq!(
        anywhere.header("cross-origin-resource-policy"),
        Some("cross-origin")
    );
    assert_eq!(look(&gateway, "null").await.status, 200);

    gateway.restart(&[("IMAGES_EMBEDDABLE", "false")]).await;
    assert_eq!(
        look(&gateway, EVIL).await.error(),
        (403, "forbidden".into())
    );
    let shown = look(&gateway, SHOP).await;
    assert_eq!(shown.header("access-control-allow-origin"), Some(SHOP));
    assert_eq!(
        shown.header("cross-origin-resource-policy"),
        Some("same-origin")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_may_call_only_where_that_is_written() {
    let gateway = Gateway::start(&[("ALLOWED_ORIGINS", "*")]).await;
    let asked = preflight(&gateway, "/generate", EVIL).await;
    assert_eq!(asked.status, 204);
    assert_eq!(asked.header("access-control-allow-origin"), Some(EVIL));
}
