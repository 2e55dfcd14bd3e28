//! Examples of what the operator asks about money and the past.

use super::{looks, of};
use crate::example::{Example, Given};

pub fn examples() -> Vec<Example> {
    vec![
        looks("status", "status", "Now"),
        looks("costs", "costs", "The month to date, by day"),
        looks("costs", "costs_by_client", "By client and model")
            .asking(&[("by", Given::Text("client,model"))]),
        looks("costs", "costs_as_csv", "For a spreadsheet")
            .asking(&[
                ("from", Given::Text("2026-01-01")),
                ("to", Given::Text("2026-12-31")),
            ])
            .with_header("Accept", "text/csv"),
        looks("costs", "costs_of_no_day", "Of a day that there is not")
            .asking(&[("from", Given::Text("2026-02-30"))])
            .answered(400),
        looks("history", "history", "The last two").asking(&[("limit", Given::Text("2"))]),
        looks("history", "history_goes_on", "The two before them").asking(&[
            ("limit", Given::Text("2")),
            ("before", of("history", "/next")),
        ]),
        looks(
            "history",
            "history_of_no_model",
            "On a model that there is not",
        )
        .asking(&[("model", Given::Text("V_9"))])
        .answered(400),
    ]
}
