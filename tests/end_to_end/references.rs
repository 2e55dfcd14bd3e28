//! The pictures that come with requests lie in R2 for as long as somebody needs them, and not longer:
//! whoever asked in vain, joined another, or was interrupted leaves none behind.

use simulator::{GenerationFault, Times};

use crate::gateway::form::{FormBody, large_photo, photo};
use crate::gateway::{Answer, Booked, Gateway, OPERATOR_KEY, eventually};

const REMIX: &str = "/v1/ideogram-v3/remix";
/// Of V_3_DEFAULT, in micro-dollars.
const PRICE: u64 = 60_000;
/// So many forms are read at once.
const MOST_FORMS: usize = 6;
const HOLD: (&str, &str) = ("UNCONFIRMED_HOLD_SECONDS", "1");

fn remix(prompt: &str, number: u32) -> FormBody {
    FormBody::default()
        .text("prompt", prompt)
        .file("image", &photo(number))
}

/// The head of a request with a form of this length.
fn head(length: usize) -> String {
    let content_type = FormBody::content_type();
    format!(
        "POST {REMIX} HTTP/1.1\r\nhost: gateway\r\ncontent-type: {content_type}\r\n\
         content-length: {length}\r\n\r\n"
    )
}

async fn until_billed(gateway: &Gateway, micro_dollars: u64) {
    eventually("Ideogram has billed it", async || {
        (gateway.billed() == micro_dollars).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_requests_that_fail_join_or_are_refused() {
    let budget = ("DAILY_BUDGET_USD", "0.13");
    let gateway =
        Gateway::start(&[budget, ("MAX_ATTEMPTS", "2"), ("ADMIN_KEY", OPERATOR_KEY)]).await;
    gateway.simulator.script(GenerationFault::status(400), 1);
    let failed = gateway.ask_by_form(REMIX, &remix("a fox", 1)).await;
    assert_eq!(failed.error(), (400, "invalid_request".into()));
    gateway.no_references_left().await;

    // The retry reads them again.
    gateway.simulator.script(GenerationFault::status(503), 1);
    let made = gateway.ask_by_form(REMIX, &remix("a fox", 1)).await;
    assert_eq!(made.cache(), "miss");
    let calls = gateway.simulator.calls();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[1].parts, calls[2].parts);
    gateway.no_references_left().await;

    gateway.simulator.set_latency_ms(1500);
    let both = [0, 1].map(|_| tokio::spawn(Answer::to(gateway.form(REMIX, &remix("a wolf", 2)))));
    let mut caches = vec![];
    for answer in both {
        caches.push(answer.await.unwrap().cache());
    }
    caches.sort();
    assert_eq!(caches, ["joined", "miss"]);
    gateway.no_references_left().await;

    let beyond = gateway.ask_by_form(REMIX, &remix("a hare", 3)).await;
    assert_eq!(beyond.error(), (429, "daily_budget_exceeded".into()));
    gateway.no_references_left().await;
    let id = made.header("x-generation-id").unwrap();
    let path = format!("/admin/generations/{id}");
    assert_eq!(
        gateway
            .operator(reqwest::Method::DELETE, &path)
            .await
            .status,
        200
    );
    assert_eq!(gateway.calls(), 4);
    assert_eq!(gateway.booked().billed, gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_ideogram_is_at_work_a_generation_deletes_them_after_the_restart() {
    let mut gateway = Gateway::start(&[HOLD]).await;
    gateway
        .simulator
        .script(GenerationFault::Hang { billed: true }, 1);
    drop(tokio::spawn(gateway.form(REMIX, &remix("a fox", 1)).send()));
    until_billed(&gateway, PRICE).await;
    gateway.generation_in("generating", "a fox").await;
    let [reference] = &gateway.references()[..] else {
        panic!("{:?}", gateway.references());
    };
    assert!(reference.metadata.is_empty() && reference.content_type.is_empty());
    let key = &reference.key;
    for path in [
        format!("/{key}"),
        format!("/images/{key}"),
        format!("/images/../{key}"),
    ] {
        assert_eq!(gateway.get(&path).await.status, 404, "{path}");
    }
    gateway.restart(&[]).await;
    gateway.no_references_left().await;
    let booked = Booked {
        requests: 1,
        images: 0,
        billed: 0,
        unconfirmed: PRICE,
    };
    assert_eq!(gateway.booked(), booked);
    assert_eq!(gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_that_is_gone_before_the_call_means_no_call_and_no_cost() {
    let mut gateway = Gateway::start(&[HOLD, ("MAX_IN_FLIGHT", "1")]).await;
    gateway
        .simulator
        .script(GenerationFault::Hang { billed: true }, Times::Next(1));
    drop(tokio::spawn(gateway.form(REMIX, &remix("a fox", 1)).send()));
    until_billed(&gateway, PRICE).await;
    drop(tokio::spawn(
        gateway.form(REMIX, &remix("a wolf", 2)).send(),
    ));
    let id = gateway.generation_in("queued", "a wolf").await;
    gateway.kill();
    gateway.lose_references();
    gateway.restart(&[]).await;
    gateway.generation_in("failed", "a wolf").await;
    let shown = gateway.get(&format!("/generations/{id}")).await.result();
    assert_eq!(shown["error"]["code"], "internal_error");
    assert_eq!(gateway.calls(), 1);
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (0, PRICE));
    let again = gateway.ask_by_form(REMIX, &remix("a wolf", 2)).await;
    assert_eq!(again.cache(), "miss");
    gateway.no_references_left().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_stops_is_given_up_and_what_had_come_of_it_is_deleted() {
    let gateway = Gateway::start(&[]).await;
    let begun = remix("a fox", 1).file("style_reference_images", &photo(2));
    let mut stopped = gateway.connect(head(begun.whole().len() + 1000)).await;
    stopped.send(begun.begun()).await;
    let mut in_a_picture = gateway.connect(head(20_000_000)).await;
    let half = FormBody::default().file("image", &large_photo(3, 12_000_000));
    in_a_picture.send(half.begun()).await;
    for mut connection in [stopped, in_a_picture] {
        let answer = connection.answer().await;
        assert_eq!(answer.error(), (408, "request_timeout".into()));
    }
    gateway.no_references_left().await;
    gateway.assert_untouched();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_gateway_leaves_behind_is_swept_up_a_day_later() {
    let mut gateway = Gateway::start(&[]).await;
    let begun = remix("a fox", 1);
    let mut connection = gateway.connect(head(begun.whole().len() + 1000)).await;
    // The next part ends the one before.
    connection
        .send(begun.text("negative_prompt", "snow").begun())
        .await;
    eventually("the picture is stored", async || {
        (gateway.references().len() == 1).then_some(())
    })
    .await;
    gateway.restart(&[]).await;
    gateway.sweep().await;
    assert_eq!(gateway.references().len(), 1, "it may still be somebody's");
    gateway.kill();
    gateway.age_references(25 * 60 * 60 * 1000);
    gateway.restart(&[]).await;
    let kept = gateway
        .generate(serde_json::json!({"prompt": "a wolf"}))
        .await;
    gateway.sweep().await;
    assert_eq!(gateway.references().len(), 0);
    assert_eq!(gateway.get(&kept.link(0)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_forms_are_read_at_once_than_fit_into_memory() {
    let gateway = Gateway::start(&[]).await;
    // The next part ends the one before.
    let form = remix("a fox", 1).text("negative_prompt", "snow");
    let mut arriving = vec![];
    for _ in 0..MOST_FORMS {
        let mut connection = gateway.connect(head(form.whole().len() + 1000)).await;
        connection.send(form.begun()).await;
        arriving.push(connection);
    }
    eventually("all of them are being read", async || {
        (gateway.references().len() == MOST_FORMS).then_some(())
    })
    .await;
    let refused = gateway.ask_by_form(REMIX, &remix("a wolf", 2)).await;
    assert_eq!(refused.error(), (503, "busy".into()));
    assert_eq!(refused.retry_after(), 5);
    for mut connection in arriving {
        assert_eq!(connection.answer().await.status, 408);
    }
    let made = gateway.ask_by_form(REMIX, &remix("a wolf", 2)).await;
    assert_eq!(made.status, 200);
    gateway.no_references_left().await;
}
