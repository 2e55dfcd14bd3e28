//! Asks Ideogram what everything costs that can be asked for, one after another, and keeps the answers:
//! in the ledger, which holds them against the table, and in KV, where whoever prices a picture finds
//! them. All of it is free.

use domain::money::MicroDollars;
use domain::price::Rate;
use domain::quote::Quote;
use worker::Env;

use crate::config::Config;
use crate::ideogram::quote;
use crate::log;
use crate::objects::LedgerClient;
use crate::storage::put_quotes;

/// After so many questions in a row without a price the others are not asked either: they would only
/// wait as long.
const MOST_UNANSWERED: u32 = 3;

/// Looks once.
///
/// # Errors
/// Says what could not be kept.
pub async fn look(env: &Env, config: &Config) -> Result<(), String> {
    let answered = ask(config).await;
    let watch = LedgerClient(env).quoted(&answered).await;
    let watch = watch.map_err(|error| error.0)?;
    log::priced(&watch);
    let kept = put_quotes(env, &watch.quotes).await;
    kept.map_err(|error| error.to_string())
}

async fn ask(config: &Config) -> Vec<(Rate, Option<MicroDollars>)> {
    let mut answered = vec![];
    let mut unanswered_in_a_row = 0;
    for question in Quote::all() {
        let price = if unanswered_in_a_row < MOST_UNANSWERED {
            let answer = quote(config, question).await.answer;
            if let Some(why) = answer.why_not() {
                log::fault("prices", &format!("{}: {why}", question.rate()));
            }
            answer.price()
        } else {
            None
        };
        unanswered_in_a_row = match price {
            Some(_) => 0,
            None => unanswered_in_a_row + 1,
        };
        answered.push((question.rate(), price));
    }
    answered
}
