//! The cost report against Ideogram's own bill: two hundred requests of every kind, and then to the
//! micro-dollar, by everything it can be grouped by.
//! Holds true: what is expected is the simulator's bill and what the answers' own headers said.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::GenerationFault;

use crate::gateway::{Answer, Gateway, OPERATOR_KEY, eventually};

const GENERATE: &str = "/generate";
const V3: &str = "/v1/ideogram-v3/generate";
const OPENAI: &str = "/v1/images/generations";
const FINALIZE: &str = "/generations/{id}/finalize";
const ROUNDS: usize = 20;
const GROUPINGS: [&str; 8] = [
    "",
    "day",
    "client",
    "model",
    "endpoint",
    "model,client",
    "endpoint,day,model",
    "day,client,model,endpoint",
];

/// What one client came to on one model by one path: requests that were paid for and pictures, money
/// in micro-dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Came {
    images: u64,
    spent: u64,
    hits: u64,
    joins: u64,
    saved: u64,
    refused: u64,
}

/// A gateway, its clients, and what they came to by their answers.
struct Callers {
    gateway: Gateway,
    ids: BTreeMap<&'static str, String>,
    keys: BTreeMap<&'static str, String>,
    came: BTreeMap<[String; 3], Came>,
}

impl Callers {
    async fn new(vars: &[(&str, &str)]) -> Self {
        let own = [
            ("REQUIRE_AUTH", "true"),
            ("ADMIN_KEY", OPERATOR_KEY),
            ("DAILY_BUDGET_USD", "100"),
            ("MAX_ATTEMPTS", "1"),
        ];
        let vars: Vec<_> = own.iter().chain(vars).copied().collect();
        let mut callers = Self {
            gateway: Gateway::start(&vars).await,
            ids: BTreeMap::new(),
            keys: BTreeMap::new(),
            came: BTreeMap::new(),
        };
        for name in ["shop", "blog", "poor"] {
            let mut client = json!({"name": name, "rate": "high"});
            if name == "poor" {
                client["daily_budget_usd"] = json!(0.1);
            }
            let made = callers.gateway.make_key(client).await;
            let text = |field: &str| made[field].as_str().unwrap().to_owned();
            callers.ids.insert(name, text("id"));
            callers.keys.insert(name, text("key"));
        }
        callers
    }

    fn request(&self, client: &str, path: &str, body: &Value) -> RequestBuilder {
        let request = self.gateway.request(Method::POST, path).json(body);
        request.bearer_auth(&self.keys[client])
    }

    /// Asks, and takes down what the answer says of its cost.
    async fn ask(&mut self, client: &str, path: &str, model: &str, body: &Value) -> Answer {
        let answer = Answer::to(self.request(client, path, body)).await;
        self.note(client, path, model, &answer);
        answer
    }

    fn note(&mut self, client: &str, path: &str, model: &str, answer: &Answer) {
        let path = if path.ends_with("/finalize") {
            FINALIZE
        } else {
            path
        };
        let of = [&self.ids[client], model, path].map(str::to_owned);
        let came = self.came.entry(of).or_default();
        if answer.status != 200 {
            let budget = answer.is_json() && answer.error().1.ends_with("budget_exceeded");
            came.refused += u64::from(budget);
            return;
        }
        let result = answer.json();
        let images = result["data"].as_array().unwrap().len() as u64;
        let dollars: f64 = answer.header("x-cost-usd").unwrap().parse().unwrap();
        let spent = (dollars * 1e6).round() as u64;
        match answer.header("x-cache").unwrap() {
            "hit" => came.hits += 1,
            "joined" => came.joins += 1,
            _ => {
                came.images += images;
                came.spent += spent;
            }
        }
    }

    /// Ten requests, each of another kind.
    async fn round(&mut self, number: usize) {
        let fox = |kind: &str| format!("{kind} fox {number}");
        let v2 = |prompt: String| json!({"image_request": {"prompt": prompt}});
        self.ask("shop", GENERATE, "V_2", &v2(fox("a red"))).await;
        let body =
            json!({"image_request": {"prompt": fox("an old"), "model": "V_1", "num_images": 2}});
        self.ask("blog", GENERATE, "V_1", &body).await;
        let body = json!({"prompt": fox("an open"), "model": "ideogram-v2-turbo", "n": 2});
        self.ask("shop", OPENAI, "V_2_TURBO", &body).await;

        let body = json!({"prompt": fox("a drafted"), "rendering_speed": "TURBO", "num_images": 3});
        let draft = self.ask("blog", V3, "V_3_TURBO", &body).await;
        let draft = draft.header("x-generation-id").unwrap().to_owned();
        let finalize = format!("/generations/{draft}/finalize");
        let choice = json!({"image": number % 3});
        self.ask("blog", &finalize, "V_3_QUALITY", &choice).await;

        self.ask("blog", GENERATE, "V_2", &v2(fox("a red"))).await;
        self.ask("poor", GENERATE, "V_2", &v2(fox("a poor"))).await;
        self.fail(number).await;
        self.join(number).await;
    }

    /// One that fails at no cost, each time in another way.
    async fn fail(&mut self, number: usize) {
        let status = [429, 500, 422, 400][number % 4];
        self.gateway
            .simulator
            .script(GenerationFault::status(status), 1);
        let body = json!({"image_request": {"prompt": format!("a lost fox {number}")}});
        let failed = self.ask("shop", GENERATE, "V_2", &body).await;
        assert_ne!(failed.status, 200, "{status}");
    }

    /// Two at once for the same.
    async fn join(&mut self, number: usize) {
        let late = GenerationFault::Delay {
            before_work_ms: 300,
            after_work_ms: 0,
        };
        self.gateway.simulator.script(late, 1);
        let body =
            json!({"prompt": format!("a shared fox {number}"), "rendering_speed": "QUALITY"});
        let ask = |client: &str| tokio::spawn(Answer::to(self.request(client, V3, &body)));
        let asked = [("shop", ask("shop")), ("blog", ask("blog"))];
        for (client, answer) in asked {
            let answer = answer.await.unwrap();
            self.note(client, V3, "V_3_QUALITY", &answer);
        }
    }

    async fn report(&self, query: &str) -> Value {
        let path = format!("/admin/costs?{query}");
        self.gateway.operator(Method::GET, &path).await.result()
    }

    /// The sums of what the answers said.
    fn sum(&self, figure: fn(&Came) -> u64) -> u64 {
        self.came.values().map(figure).sum()
    }

    /// What the answers said, by some of client, model and path.
    fn grouped(&self, by: &str, figure: fn(&Came) -> u64) -> BTreeMap<Vec<String>, u64> {
        let mut sums = BTreeMap::new();
        let names: Vec<_> = by
            .split(',')
            .filter(|name| *name != "day" && !name.is_empty())
            .collect();
        for (of, came) in &self.came {
            let key = names.iter().map(|name| {
                let known = ["client", "model", "endpoint"];
                let place = known.iter().position(|other| other == name).unwrap();
                of[place].clone()
            });
            *sums.entry(key.collect()).or_default() += figure(came);
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }
}

fn micro(dollars: &Value) -> u64 {
    (dollars.as_f64().unwrap() * 1e6).round() as u64
}

/// One figure of each row, by what the row is of without its day.
fn told(report: &Value, by: &str, figure: &str) -> BTreeMap<Vec<String>, u64> {
    let mut sums = BTreeMap::new();
    let names: Vec<_> = by
        .split(',')
        .filter(|name| *name != "day" && !name.is_empty())
        .collect();
    for row in report["rows"].as_array().unwrap() {
        let key = names
            .iter()
            .map(|name| row[*name].as_str().unwrap().to_owned());
        let value = match figure.strip_suffix("_usd") {
            Some(_) => micro(&row[figure]),
            None => row[figure].as_u64().unwrap(),
        };
        *sums.entry(key.collect()).or_default() += value;
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_two_hundred_requests_the_report_is_the_bill_by_everything_it_is_grouped_by() {
    let mut callers = Callers::new(&[]).await;
    for number in 0..ROUNDS {
        callers.round(number).await;
    }
    let bill = callers.gateway.simulator.bill();
    assert_eq!(callers.sum(|came| came.spent), bill.micro_dollars);
    assert_eq!(
        callers.sum(|came| came.refused),
        ROUNDS as u64 - 1,
        "all but the first"
    );
    assert_eq!(callers.sum(|came| came.joins), ROUNDS as u64);

    for by in GROUPINGS {
        let report = callers.report(&format!("by={by}")).await;
        assert_eq!(
            micro(&report["total"]["spent_usd"]),
            bill.micro_dollars,
            "{by}"
        );
        assert_eq!(report["total"]["images"], bill.images, "{by}");
        assert_eq!(report["total"]["unconfirmed_usd"], 0.0);
        assert_eq!(report["total"]["reserved_usd"], 0.0);
        assert_eq!(
            told(&report, by, "spent_usd"),
            callers.grouped(by, |came| came.spent),
            "{by}"
        );
        assert_eq!(
            told(&report, by, "images"),
            callers.grouped(by, |came| came.images),
            "{by}"
        );
        assert_eq!(
            told(&report, by, "refused"),
            callers.grouped(by, |came| came.refused),
            "{by}"
        );
        assert_eq!(micro(&report["month_to_date_usd"]), bill.micro_dollars);
    }
    let report = callers.report("").await;
    let finals = callers.grouped("endpoint", |came| came.spent)[&vec![FINALIZE.to_owned()]];
    assert_eq!(micro(&report["finals"]["spent_usd"]), finals);
    assert_eq!(report["finals"]["images"], ROUNDS);
    // Three on V_3_TURBO and two on V_2_TURBO.
    assert_eq!(report["drafts"]["images"], 5 * ROUNDS);
    assert_eq!(
        micro(&report["drafts"]["spent_usd"]),
        ROUNDS as u64 * 190_000
    );
    assert_eq!(
        micro(&report["finals"]["full_quality_usd"]),
        ROUNDS as u64 * 430_000
    );

    let before = callers.report("by=client,model,endpoint,day").await;
    callers.gateway.restart(&[]).await;
    let after = callers.report("by=client,model,endpoint,day").await;
    assert_eq!(before["rows"], after["rows"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_billed_is_told_apart_and_both_together_cover_the_bill() {
    // Calls that may go on at Ideogram keep their places, so there are more of them here.
    let vars = [("REQUEST_TIMEOUT_SECONDS", "1"), ("MAX_IN_FLIGHT", "32")];
    let mut callers = Callers::new(&vars).await;
    let mut fox = 0;
    for fault in [
        Some(GenerationFault::Hang { billed: true }),
        None,
        Some(GenerationFault::billed_status(504)),
        Some(GenerationFault::Hang { billed: false }),
        None,
        Some(GenerationFault::Reset { billed: true }),
        Some(GenerationFault::status(500)),
        None,
    ] {
        if let Some(fault) = fault {
            callers.gateway.simulator.script(fault, 1);
        }
        fox += 1;
        let body = json!({"image_request": {"prompt": format!("fox {fox}"), "num_images": 2}});
        callers.ask("shop", GENERATE, "V_2", &body).await;
    }
    let bill = callers.gateway.billed();
    for by in GROUPINGS {
        let total = callers.report(&format!("by={by}")).await["total"].clone();
        let (spent, unconfirmed) = (micro(&total["spent_usd"]), micro(&total["unconfirmed_usd"]));
        assert_eq!((spent, callers.sum(|came| came.spent)), (480_000, 480_000));
        assert!(
            spent <= bill && bill <= spent + unconfirmed,
            "{bill}: {total}"
        );
        assert_eq!(unconfirmed, 4 * 160_000);
    }
    let status = callers.gateway.operator(Method::GET, "/admin/status").await;
    let status = status.result();
    assert_eq!(micro(&status["spent_usd"]), callers.sum(|came| came.spent));
    assert_eq!(micro(&status["unconfirmed_usd"]), 640_000);
    let left = 100_000_000 - 640_000 - callers.sum(|came| came.spent);
    assert_eq!(micro(&status["remaining_usd"]), left);
    assert_eq!(status["breaker"]["state"], "closed");
    assert_eq!(status["queued"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_hits_and_joins_saved_is_told_in_pictures_and_dollars() {
    let mut callers = Callers::new(&[]).await;
    for number in 0..3 {
        callers.join(number).await;
        let body =
            json!({"prompt": format!("a shared fox {number}"), "rendering_speed": "QUALITY"});
        for client in ["shop", "blog", "blog"] {
            callers.ask(client, V3, "V_3_QUALITY", &body).await;
        }
    }
    // Each isolate tells of what it gave away now and then.
    let report = eventually("all that was saved is told", async || {
        let report = callers.report("by=client").await;
        (report["total"]["hits"] == 9 && report["total"]["join_images"] == 3).then_some(report)
    })
    .await;
    let total = &report["total"];
    assert_eq!(
        (&total["joins"], &total["hit_images"]),
        (&json!(3), &json!(9))
    );
    assert_eq!(micro(&total["saved_by_hits_usd"]), 9 * 90_000);
    assert_eq!(micro(&total["saved_by_joins_usd"]), 3 * 90_000);
    assert_eq!(micro(&total["saved_usd"]), 12 * 90_000);
    assert_eq!(
        told(&report, "client", "hits"),
        callers.grouped("client", |came| came.hits)
    );
    assert_eq!(
        told(&report, "client", "joins"),
        callers.grouped("client", |came| came.joins)
    );
    assert_eq!(micro(&total["spent_usd"]), callers.gateway.billed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn csv_tells_the_same_as_json_and_a_bad_question_is_refused_by_its_name() {
    let mut callers = Callers::new(&[]).await;
    callers.round(0).await;
    for query in ["by=client,model,endpoint", "", "by="] {
        let report = callers.report(query).await;
        let path = format!("/admin/costs?{query}");
        let accepted = callers
            .gateway
            .request(Method::GET, &path)
            .header("accept", "text/csv");
        let accepted = Answer::to(accepted.bearer_auth(OPERATOR_KEY)).await;
        let asked = callers
            .gateway
            .operator(Method::GET, &format!("{path}&format=csv"))
            .await;
        assert_eq!(accepted.body, asked.body);
        let kind = accepted.header("content-type").unwrap();
        assert!(kind.starts_with("text/csv"), "{kind}");
        let table = String::from_utf8(accepted.body).unwrap();
        let mut lines = table.strip_suffix("\r\n").unwrap().split("\r\n");
        let names: Vec<_> = lines.next().unwrap().split(',').collect();
        let rows: Vec<Value> = lines
            .map(|line| {
                let fields = names.iter().zip(line.split(','));
                let fields = fields.map(|(name, field)| {
                    let number = field.parse::<f64>().map(Value::from);
                    ((*name).to_owned(), number.unwrap_or_else(|_| field.into()))
                });
                fields.collect()
            })
            .collect();
        let as_numbers = |row: &Value| -> Value {
            let fields = row.as_object().unwrap().iter();
            let fields = fields.map(|(name, value)| {
                let value = value.as_f64().map_or_else(|| value.clone(), Value::from);
                (name.clone(), value)
            });
            fields.collect()
        };
        let told: Vec<_> = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(as_numbers)
            .collect();
        assert_eq!(rows, told, "{query}");
        assert!(!rows.is_empty());
    }
    for (query, field) in [
        ("by=colour", "by"),
        ("by=day&by=day", "by"),
        ("from=2026-02-30", "from"),
        ("to=tomorrow", "to"),
        ("from=2020-01-01&to=2026-01-01", "from"),
        ("format=pdf", "format"),
        ("since=2026-01-01", "query"),
    ] {
        let refused = callers
            .gateway
            .operator(Method::GET, &format!("/admin/costs?{query}"))
            .await;
        assert_eq!(refused.error(), (400, "invalid_request".into()), "{query}");
        assert_eq!(refused.json()["field"], field, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_operator_is_told_what_was_spent_and_made() {
    let callers = Callers::new(&[]).await;
    for path in ["/admin/status", "/admin/costs", "/admin/generations"] {
        let ask = || callers.gateway.request(Method::GET, path);
        assert_eq!(
            Answer::to(ask()).await.error(),
            (401, "unauthorized".into())
        );
        let client = Answer::to(ask().bearer_auth(&callers.keys["shop"])).await;
        assert_eq!(client.error(), (403, "forbidden".into()));
        let answer = callers.gateway.operator(Method::GET, path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}
