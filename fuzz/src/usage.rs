//! What Ideogram answers when it is asked what a day cost: a total of a 200, or words.

use domain::reconciliation::Usage;
use domain::retry::CallOutcome;
use domain::time::Day;

use crate::answer::is_one_line;

pub(crate) const TOKENS: &[&str] = &[
    "\"buckets\":[",
    "\"start_time\":\"2026-11-20T00:00:00Z\"",
    "\"line_items\":[",
    "\"cost_total\":\"0.08\"",
    "\"currency_code\":\"USD\"",
    "\"source\":\"api\"",
    "\"source\":\"app\"",
    "-0.000000000001",
    "170141183460469231731687303",
    "1e3",
    "null",
    "[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]",
];

const DAY: Day = Day::new(20_777);
const LONGEST_SENTENCE: usize = 400;

/// Any body, with any status: only a 200 has a total, whose digits do not come from nowhere.
pub(crate) fn check(body: &[u8]) {
    for status in [200, 204, 400, 401, 403, 404, 429, 500, 524] {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: None,
            body: body.to_vec(),
        };
        match Usage::of(outcome, DAY) {
            Ok(Usage::Total(total)) => {
                assert_eq!(status, 200);
                let text = String::from_utf8_lossy(body);
                assert!(total.get() == 0 || text.contains("cost_total"), "{text}");
            }
            Ok(Usage::NotAllowed) => assert!([403, 404].contains(&status)),
            Err(why) => is_one_line(&why, LONGEST_SENTENCE),
        }
    }
}
