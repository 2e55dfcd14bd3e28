//! What Ideogram answers when it is asked for a price: a price that can be believed, or words.

use domain::quote::{QuoteAnswer, read_price};
use domain::retry::CallOutcome;
use domain::time::UnixMillis;

use crate::answer::is_one_line;

pub(crate) const TOKENS: &[&str] = &[
    "\"object\":\"price_quote\"",
    "\"quantity\":1",
    "\"usd_micros\":",
    "\"upper_bound_usd_micros\":",
    "\"qualifier\":\"exact\"",
    "\"qualifier\":\"estimate\"",
    "18446744073709551615",
    "100000000",
    "-1",
    "1e3",
    "null",
    "[[[[[[[[[[[[[[[[",
    "]]]]]]]]]]]]]]]]",
];

const NOW: UnixMillis = UnixMillis::new(1_795_262_400_000);
/// A hundred dollars, in micro-dollars.
const MOST: u64 = 100_000_000;
const LONGEST_SENTENCE: usize = 400;

/// Any body, with any status: only a 200 can be a price, and the price is in the body.
pub(crate) fn check(body: &[u8]) {
    if let Ok(price) = read_price(body) {
        assert!(price.get() <= MOST);
        let text = String::from_utf8_lossy(body);
        assert!(text.contains(&price.get().to_string()), "{text}");
    }
    for status in [200, 204, 400, 401, 402, 404, 429, 500, 524] {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: None,
            body: body.to_vec(),
        };
        let answer = QuoteAnswer::of(outcome, NOW);
        assert!(!matches!(answer, QuoteAnswer::Failed { .. }), "{status}");
        if let Some(price) = answer.price() {
            assert_eq!((status, Ok(price)), (200, read_price(body)));
        }
        if let Some(why) = answer.why_not() {
            is_one_line(why, LONGEST_SENTENCE);
        }
    }
}
