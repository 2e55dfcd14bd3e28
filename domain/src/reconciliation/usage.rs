//! What Ideogram says a day cost (`GET /v2/account/usage`, Ideogram's OpenAPI document, 2026-10): buckets
//! of lines, each with an amount in a currency. Only what came by the API counts; what was made in
//! Ideogram's own app is not the gateway's. The lines name no generations, so only sums can be compared.
//!
//! Holds true: what cannot be read to the last digit is no total. Amounts may be finer than a micro-dollar;
//! they are added exactly, and only their sum is rounded.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::money::MicroDollars;
use crate::request::parse_json;
use crate::retry::CallOutcome;
use crate::time::{Day, UnixMillis};

/// How many decimals an amount may have: more than any price.
const DECIMALS: usize = 12;
/// A micro-dollar, in units of the last of these.
const MICRO_DOLLAR: i128 = 1_000_000;

/// What Ideogram says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Usage {
    /// So much, all in all.
    Total(MicroDollars),
    /// Nothing: the key is not one of an administrator of the organization.
    NotAllowed,
}

/// Where to ask what a day cost, after the base URL.
#[must_use]
pub fn usage_path(day: Day) -> String {
    let next = Day::new(day.get().saturating_add(1));
    let (from, to) = (day.begins_at().to_rfc3339(), next.begins_at().to_rfc3339());
    format!("/v2/account/usage?start_time={from}&end_time={to}&bucket_width=1d&sources=api")
}

impl Usage {
    /// What the question about a day came to.
    ///
    /// # Errors
    /// It was not answered, or not with a total; says why.
    pub fn of(outcome: CallOutcome, day: Day) -> Result<Self, String> {
        match outcome {
            CallOutcome::Answered {
                status: 200, body, ..
            } => read(&body, day)
                .map(Self::Total)
                .map_err(|error| format!("Ideogram's account of {day} cannot be read: {error}")),
            CallOutcome::Answered {
                status: 403 | 404, ..
            } => Ok(Self::NotAllowed),
            CallOutcome::Answered { status, .. } => Err(format!(
                "Ideogram answered {status} when asked what {day} cost"
            )),
            CallOutcome::TimedOut => Err("Ideogram did not answer in time".to_owned()),
            CallOutcome::ConnectionLost => Err("the connection to Ideogram was lost".to_owned()),
            CallOutcome::ReferenceGone | CallOutcome::ReferencesUnknown => {
                Err("nothing was sent to Ideogram".to_owned())
            }
        }
    }
}

fn read(body: &[u8], day: Day) -> Result<MicroDollars, String> {
    let usage = parse_json(body).map_err(|error| error.message)?;
    let buckets = list(&usage, "buckets")?;
    if buckets.is_empty() {
        return Err("it has no bucket".to_owned());
    }
    let mut sum = 0_i128;
    for bucket in buckets {
        let begins = UnixMillis::from_rfc3339(text(bucket, "start_time")?);
        if begins.map(UnixMillis::day) != Some(day) {
            return Err("a bucket is not of that day".to_owned());
        }
        for line in list(bucket, "line_items")? {
            if text(line, "source")? != "api" {
                continue;
            }
            let currency = text(line, "currency_code")?;
            if !currency.eq_ignore_ascii_case("USD") {
                return Err("a line is not in dollars".to_owned());
            }
            let cost = exact(text(line, "cost_total")?);
            let cost = cost.ok_or("a line's cost_total is no amount")?;
            sum = sum.checked_add(cost).ok_or("it is too much")?;
        }
    }
    let rounded = sum
        .saturating_add(MICRO_DOLLAR / 2)
        .div_euclid(MICRO_DOLLAR);
    let total = u64::try_from(rounded).map_err(|_| "it comes to no amount")?;
    Ok(MicroDollars::new(total))
}

/// A decimal number of dollars, which may be negative, in units of its last possible decimal.
fn exact(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || fraction.len() > DECIMALS {
        return None;
    }
    let units: i128 = format!("{whole}{fraction:0<DECIMALS$}").parse().ok()?;
    Some(sign * units)
}

fn list<'value>(of: &'value Value, name: &str) -> Result<&'value [Value], String> {
    let list = of.get(name).and_then(Value::as_array);
    let list = list.ok_or_else(|| format!("{name} is no list"))?;
    Ok(list)
}

fn text<'value>(of: &'value Value, name: &str) -> Result<&'value str, String> {
    let text = of.get(name).and_then(Value::as_str);
    text.ok_or_else(|| format!("{name} is no text"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const DAY: Day = Day::new(20_777);

    fn line(cost_total: &str, source: &str) -> Value {
        json!({
            "product": "image", "endpoint": "generate", "description": "…",
            "cost_total": cost_total, "currency_code": "USD", "source": source,
            "billed_units": {"unit": "image", "quantity": "1", "unit_price": "0.08"},
        })
    }

    fn bucket(lines: Vec<Value>) -> Value {
        json!({
            "start_time": "2026-11-20T00:00:00Z", "end_time": "2026-11-21T00:00:00Z",
            "line_items": lines,
        })
    }

    fn answered(status: u16, body: &Value) -> Result<Usage, String> {
        let outcome = CallOutcome::Answered {
            status,
            retry_after: None,
            body: body.to_string().into_bytes(),
        };
        Usage::of(outcome, DAY)
    }

    fn total(lines: Vec<Value>) -> Result<Usage, String> {
        answered(200, &json!({"buckets": [bucket(lines)]}))
    }

    fn dollars(micro_dollars: u64) -> Result<Usage, String> {
        Ok(Usage::Total(MicroDollars::new(micro_dollars)))
    }

    #[test]
    fn it_is_asked_about_one_day_and_what_came_by_the_api() {
        assert_eq!(
            usage_path(DAY),
            "/v2/account/usage?start_time=2026-11-20T00:00:00.000Z&end_time=2026-11-21T00:00:00.000Z&bucket_width=1d&sources=api"
        );
    }

    #[test]
    fn lines_add_up_exactly_and_those_of_the_app_do_not_count() {
        let lines = vec![
            line("0.08", "api"),
            line("12", "api"),
            line("0.080000000000", "api"),
            line("5.55", "app"),
            line("-0.10", "api"),
        ];
        assert_eq!(total(lines), dollars(12_060_000));
        assert_eq!(total(vec![]), dollars(0));
        let thirds = vec![line("0.0000004", "api"), line("0.0000004", "api")];
        assert_eq!(total(thirds), dollars(1), "rounded once");
    }

    #[test]
    fn what_cannot_be_read_is_no_total() {
        for amount in [
            "",
            "-",
            "1e3",
            "+1",
            "0.08 USD",
            ".5",
            "1.",
            "0.0000000000001",
        ] {
            assert!(total(vec![line(amount, "api")]).is_err(), "{amount}");
        }
        let mut euros = line("0.08", "api");
        euros["currency_code"] = "EUR".into();
        let mut number = line("0.08", "api");
        number["cost_total"] = json!(0.08);
        let huge = "9".repeat(38);
        for lines in [
            vec![euros],
            vec![number],
            vec![json!({})],
            vec![line("-0.08", "api")],
            vec![line(&huge, "api")],
            vec![line("99999999999999", "api")],
            vec![line("99999999999999999999999999", "api"); 2],
        ] {
            assert!(total(lines.clone()).is_err(), "{lines:?}");
        }
        let mut other_day = bucket(vec![]);
        other_day["start_time"] = "2026-11-19T00:00:00Z".into();
        for body in [
            json!({}),
            json!([]),
            json!({"buckets": []}),
            json!({"buckets": [{}]}),
            json!({"buckets": [bucket(vec![]), other_day]}),
        ] {
            let why = answered(200, &body).unwrap_err();
            assert!(why.contains("cannot be read"), "{why}");
        }
    }

    #[test]
    fn a_key_that_may_not_see_it_is_no_failure_and_no_answer_is_no_total() {
        for status in [403, 404] {
            assert_eq!(answered(status, &Value::Null), Ok(Usage::NotAllowed));
        }
        for status in [400, 401, 429, 500, 503] {
            assert!(answered(status, &Value::Null).is_err(), "{status}");
        }
        assert!(Usage::of(CallOutcome::TimedOut, DAY).is_err());
        assert!(Usage::of(CallOutcome::ConnectionLost, DAY).is_err());
    }

    proptest! {
        #[test]
        fn any_amounts_add_up_to_the_micro_dollar(
            amounts in proptest::collection::vec(0..9_000_000_000_u64, 0..30),
        ) {
            let lines = amounts.iter().map(|micro| {
                line(&MicroDollars::new(*micro).to_string(), "api")
            });
            prop_assert_eq!(total(lines.collect()), dollars(amounts.iter().sum()));
        }
    }
}
