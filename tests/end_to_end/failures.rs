//! What each failure of Ideogram's means: what the caller is told, whether it is tried again, and
//! what the ledger books.
//! Holds true: the number of calls and the bill are the simulator's, the books are the ledger's own
//! rows; between failures a picture is made, so that the breaker stays closed.

use serde_json::json;
use simulator::{GenerationFault, Times};

use crate::gateway::{Gateway, PRICE, eventually};

/// One failure and what has to come of it.
struct Case {
    fault: GenerationFault,
    /// How often it strikes.
    times: u32,
    status: u16,
    code: &'static str,
    calls: usize,
    /// What is booked as unconfirmed, in micro-dollars.
    unconfirmed: u64,
}

impl Case {
    /// Ideogram did not bill it, and trying again is no use.
    fn free(status: u16, told: (u16, &'static str)) -> Self {
        Self {
            fault: GenerationFault::status(status),
            times: 1,
            status: told.0,
            code: told.1,
            calls: 1,
            unconfirmed: 0,
        }
    }

    /// Ideogram did not bill it, and it is tried as often as the settings allow.
    fn free_again(status: u16, told: (u16, &'static str)) -> Self {
        Self {
            times: 3,
            calls: 3,
            ..Self::free(status, told)
        }
    }

    /// It may be billed, so it is not tried again; here it is billed.
    fn unconfirmed(fault: GenerationFault, told: (u16, &'static str)) -> Self {
        Self {
            fault,
            unconfirmed: PRICE,
            ..Self::free(200, told)
        }
    }

    async fn check(self, gateway: &Gateway) {
        let name = format!("{:?}", self.fault);
        let (calls, billed) = (gateway.calls(), gateway.billed());
        let (booked, kept) = (gateway.booked(), gateway.pictures().len());
        gateway.simulator.script(self.fault, self.times);
        let answer = gateway.generate(json!({"prompt": name})).await;

        assert_eq!(answer.error(), (self.status, self.code.into()), "{name}");
        assert_eq!(gateway.calls() - calls, self.calls, "{name}");
        let after = gateway.booked();
        assert_eq!(after.requests - booked.requests, 1, "{name}");
        assert_eq!(after.billed, booked.billed, "{name}");
        let unconfirmed = after.unconfirmed - booked.unconfirmed;
        assert_eq!(unconfirmed, self.unconfirmed, "{name}");
        assert_eq!(unconfirmed, gateway.billed() - billed, "{name}");
        eventually("its place is free", async || {
            (gateway.places_held() == 0).then_some(())
        })
        .await;
        assert_eq!(gateway.pictures().len(), kept, "{name}");

        let again = gateway.generate(json!({"prompt": name})).await;
        if self.code == "prompt_rejected" {
            assert_eq!(again.error(), (422, "prompt_rejected".into()), "{name}");
            assert_eq!(gateway.calls() - calls, self.calls, "{name} is remembered");
        } else {
            assert_eq!(
                again.cache(),
                "miss",
                "after {name} it can be asked for again"
            );
        }
    }
}

fn answer(status: u16, body: &str) -> GenerationFault {
    GenerationFault::Answer {
        status,
        headers: vec![("content-type".into(), "text/plain".into())],
        body: body.into(),
        billed: true,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ideogram_refuses_is_free_and_not_tried_again() {
    let gateway = Gateway::start(&[]).await;
    for case in [
        Case::free(400, (400, "invalid_request")),
        Case::free(403, (502, "upstream_error")),
        Case::free(404, (502, "upstream_error")),
        Case::free(413, (400, "invalid_request")),
        Case::free(422, (422, "prompt_rejected")),
    ] {
        case.check(&gateway).await;
    }
    // The simulator's own safety check, in Ideogram's own words.
    let refused = gateway
        .generate(json!({"prompt": "forbidden-content"}))
        .await;
    assert_eq!(refused.error(), (422, "prompt_rejected".into()));
    let said = refused.json()["error"].to_string();
    assert!(said.contains("failed safety check"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_that_is_free_is_tried_three_times() {
    let mut gateway = Gateway::start(&[]).await;
    for case in [
        Case::free_again(429, (503, "busy")),
        Case::free_again(500, (502, "upstream_error")),
        Case::free_again(502, (502, "upstream_error")),
        Case::free_again(503, (502, "upstream_error")),
    ] {
        case.check(&gateway).await;
        // Tries are also bounded over all requests; a restart begins anew.
        gateway.restart(&[]).await;
    }
    let fault = GenerationFault::status(500);
    gateway.simulator.script(fault, 2);
    let calls = gateway.calls();
    let made = gateway
        .generate(json!({"prompt": "at the third try"}))
        .await;
    assert_eq!((made.cache().as_str(), made.cost()), ("miss", PRICE));
    assert_eq!(gateway.calls() - calls, 3);
    assert_eq!(gateway.booked().billed, gateway.billed());
    assert_eq!(gateway.booked().unconfirmed, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_for_everybody_is_not_multiplied_by_everybodys_tries() {
    let gateway = Gateway::start(&[]).await;
    let fault = GenerationFault::status(429);
    gateway.simulator.script(fault, Times::UntilCleared);
    for number in 0..5 {
        let answer = gateway
            .generate(json!({"prompt": format!("fox {number}")}))
            .await;
        assert_eq!(answer.error(), (503, "busy".into()));
    }
    assert_eq!(gateway.calls(), 5 + 3, "three further tries in all");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_requests_is_tried_again_no_sooner_than_ideogram_asks_for() {
    let gateway = Gateway::start(&[]).await;
    let fault = GenerationFault::Answer {
        status: 429,
        headers: vec![("retry-after".into(), "1".into())],
        body: "slow down".into(),
        billed: false,
    };
    gateway.simulator.script(fault, 1);
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
    assert_eq!(made.cost(), PRICE);
    let calls = gateway.simulator.calls();
    let [first, second] = &calls[..] else {
        panic!("{} calls", calls.len());
    };
    assert!(second.at_us - first.at_us >= 1_000_000, "sooner");
    assert_eq!(gateway.booked().billed, gateway.billed());
}

/// Such a failure holds its place on, here for as short as there is a hold at all.
const SHORT_HOLD: (&str, &str) = ("UNCONFIRMED_HOLD_SECONDS", "1");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_status_that_leaves_the_bill_open_is_booked_and_not_tried_again() {
    let gateway = Gateway::start(&[SHORT_HOLD]).await;
    let told = (502, "upstream_error");
    for status in [504, 520, 522, 524] {
        let fault = GenerationFault::billed_status(status);
        Case::unconfirmed(fault, told).check(&gateway).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_is_booked_and_not_tried_again() {
    let vars = [SHORT_HOLD, ("REQUEST_TIMEOUT_SECONDS", "1")];
    let gateway = Gateway::start(&vars).await;
    let told = (502, "upstream_error");
    let hang = GenerationFault::Hang { billed: true };
    let reset = GenerationFault::Reset { billed: true };
    for case in [
        Case::unconfirmed(hang, (504, "upstream_timeout")),
        Case::unconfirmed(reset, told),
        Case::unconfirmed(GenerationFault::HalfBody, told),
        Case::unconfirmed(answer(200, "<html>not JSON</html>"), told),
        Case::unconfirmed(answer(200, r#"{"images": []}"#), told),
    ] {
        case.check(&gateway).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_settings_allow_it_a_lost_answer_is_tried_again_and_booked_twice() {
    let vars = [SHORT_HOLD, ("RETRY_UNCONFIRMED", "true")];
    let gateway = Gateway::start(&vars).await;
    gateway
        .simulator
        .script(GenerationFault::billed_status(504), 1);
    let made = gateway.generate(json!({"prompt": "a fox"})).await;
    assert_eq!(made.cache(), "miss");
    assert_eq!(gateway.calls(), 2);
    assert_eq!(gateway.billed(), 2 * PRICE);
    let booked = gateway.booked();
    assert_eq!((booked.billed, booked.unconfirmed), (PRICE, PRICE));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_of_ideograms_in_any_words_is_told_on() {
    let gateway = Gateway::start(&[]).await;
    for (body, said) in [
        (r#"{"error": "said in error"}"#, "said in error"),
        (r#"{"message": "said in message"}"#, "said in message"),
        (r#"{"detail": "said in detail"}"#, "said in detail"),
        ("plain words", "Ideogram refused the request"),
        ("", "Ideogram refused the request"),
    ] {
        let fault = GenerationFault::Answer {
            status: 400,
            headers: vec![],
            body: body.into(),
            billed: false,
        };
        gateway.simulator.script(fault, 1);
        let refused = gateway.generate(json!({"prompt": "a fox"})).await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{body}");
        let sentence = refused.json()["error"].to_string();
        assert!(sentence.contains(said), "{body}: {sentence}");
    }
}
