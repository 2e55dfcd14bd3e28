//! The cost report: rows that storage has summed up, their total, and what is worth knowing besides.
//! Holds true: the total is the sum of the rows, and JSON and CSV tell the same figures by the same
//! names.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::csv::Csv;
use super::drafts::{DraftsAndFinals, KindRow};
use super::forecast::forecast;
use super::query::CostQuery;
use super::sums::{Figure, Sums};
use crate::money::MicroDollars;
use crate::price::PriceTable;
use crate::request::InvalidRequest;
use crate::time::UnixMillis;

/// One row of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRow {
    /// What it is of: a text for each of the query's dimensions, in their order.
    pub of: Vec<String>,
    /// What that has come to.
    pub sums: Sums,
}

/// What storage has for a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// The rows, at most one more than a report may have.
    pub rows: Vec<CostRow>,
    /// What was billed by model and path.
    pub kinds: Vec<KindRow>,
    /// What was billed in the current month, whatever the report's days.
    pub this_month: MicroDollars,
    /// What was billed today.
    pub today: MicroDollars,
}

/// A report that can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostReport {
    query: CostQuery,
    rows: Vec<CostRow>,
    drafts: DraftsAndFinals,
    this_month: MicroDollars,
    forecast: Option<MicroDollars>,
}

impl CostReport {
    /// The most rows: what a spreadsheet shows with ease, and fits into one answer.
    pub const MOST_ROWS: usize = 10_000;

    /// The report on what storage has, as of `now`.
    ///
    /// # Errors
    /// It would have too many rows.
    pub fn new(
        query: CostQuery,
        costs: Costs,
        prices: &PriceTable,
        budget: MicroDollars,
        now: UnixMillis,
    ) -> Result<Self, InvalidRequest> {
        if costs.rows.len() > Self::MOST_ROWS {
            let most = Self::MOST_ROWS;
            let complaint =
                format_args!("makes more than {most} rows; ask for fewer days, or by less");
            return Err(InvalidRequest::new("by", complaint));
        }
        Ok(Self {
            query,
            rows: costs.rows,
            drafts: DraftsAndFinals::of(&costs.kinds, prices),
            this_month: costs.this_month,
            forecast: forecast(costs.today, budget, now),
        })
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let total: Sums = self.rows.iter().map(|row| row.sums).sum();
        let rows: Vec<_> = self.rows.iter().map(|row| self.row_json(row)).collect();
        json!({
            "from": self.query.days.first.to_string(),
            "to": self.query.days.last.to_string(),
            "by": self.query.by,
            "total": total.to_json(),
            "rows": rows,
            "drafts": self.drafts.drafts_json(),
            "finals": self.drafts.finals_json(),
            "month_to_date_usd": self.this_month.to_dollars_json(),
            "forecast_usd": self.forecast.map(MicroDollars::to_dollars_json),
        })
    }

    fn row_json(&self, row: &CostRow) -> Map<String, Value> {
        let of = self.names().zip(row.of.iter());
        let of = of.map(|(name, text)| (name.to_owned(), text.as_str().into()));
        of.chain(row.sums.to_json()).collect()
    }

    /// The rows as CSV, with a line of names before them.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut table = Csv::default();
        let names = Sums::default().figures().map(|(name, _)| name.to_owned());
        table.line(self.names().map(str::to_owned), names.into_iter());
        for row in &self.rows {
            let figures = row.sums.figures().map(|(_, figure)| match figure {
                Figure::Count(count) => count.to_string(),
                Figure::Money(amount) => amount.to_string(),
            });
            table.line(row.of.iter().cloned(), figures.into_iter());
        }
        table.into_text()
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.query.by.iter().map(|dimension| dimension.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Days, Dimension};
    use crate::time::Day;
    use proptest::prelude::*;

    const NOON: UnixMillis = UnixMillis::new(1_795_262_400_000);

    fn query(by: &[Dimension]) -> CostQuery {
        let days = Days {
            first: Day::new(20_750),
            last: NOON.day(),
        };
        CostQuery {
            days,
            by: by.to_vec(),
        }
    }

    fn report(by: &[Dimension], rows: Vec<CostRow>) -> Result<CostReport, InvalidRequest> {
        let costs = Costs {
            rows,
            today: MicroDollars::new(2_500_000),
            this_month: MicroDollars::new(70_000_001),
            ..Costs::default()
        };
        let budget = MicroDollars::new(10_000_000);
        CostReport::new(query(by), costs, &PriceTable::standard(), budget, NOON)
    }

    fn row(of: &[&str], columns: [u64; 12]) -> CostRow {
        let of = of.iter().map(|text| (*text).to_owned()).collect();
        CostRow {
            of,
            sums: Sums::from_columns(columns),
        }
    }

    #[test]
    fn a_report_tells_rows_and_total_in_dollars() {
        let columns = [
            1, 2, 160_000, 80_000, 40_000, 3, 4, 5, 400_000, 6, 7, 480_001,
        ];
        let rows = vec![
            row(&["V_2", "shop"], columns),
            row(&["V_1", "=a,b"], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
        ];
        let report = report(&[Dimension::Model, Dimension::Client], rows).unwrap();
        let told = report.to_json();
        assert_eq!(told["from"], "2026-10-24");
        assert_eq!(told["to"], "2026-11-21");
        assert_eq!(told["by"], json!(["model", "client"]));
        let mut first = json!({"requests": 1, "images": 2, "spent_usd": 0.16,
            "unconfirmed_usd": 0.08, "reserved_usd": 0.04, "saved_usd": 0.880_001,
            "hits": 4, "hit_images": 5, "saved_by_hits_usd": 0.4, "joins": 6, "join_images": 7,
            "saved_by_joins_usd": 0.480_001, "refused": 4});
        assert_eq!(told["total"], first);
        first["refused"] = json!(3);
        first["model"] = json!("V_2");
        first["client"] = json!("shop");
        assert_eq!(told["rows"][0], first);
        assert_eq!(told["month_to_date_usd"], json!(70.000_001));
        assert_eq!(told["forecast_usd"], json!(5.0));

        let table = report.to_csv();
        let lines: Vec<_> = table.split("\r\n").collect();
        assert_eq!(
            lines,
            [
                "model,client,requests,images,spent_usd,unconfirmed_usd,reserved_usd,saved_usd,hits,\
             hit_images,saved_by_hits_usd,joins,join_images,saved_by_joins_usd,refused",
                "V_2,shop,1,2,0.16,0.08,0.04,0.880001,4,5,0.4,6,7,0.480001,3",
                "V_1,\"'=a,b\",0,0,0,0,0,0,0,0,0,0,0,0,1",
                "",
            ]
        );
    }

    #[test]
    fn a_report_of_too_many_rows_says_how_to_ask_for_fewer() {
        let rows = |count| vec![row(&["2026-11-21"], [0; 12]); count];
        assert!(report(&[Dimension::Day], rows(CostReport::MOST_ROWS)).is_ok());
        let refused = report(&[Dimension::Day], rows(CostReport::MOST_ROWS + 1));
        assert_eq!(refused.unwrap_err().field, "by");
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_the_rows_in_every_column(
            rows in proptest::collection::vec(proptest::array::uniform12(0..1_000_000_000_u64), 0..20)
        ) {
            let cost_rows = rows.iter().map(|columns| row(&["x"], *columns)).collect();
            let total = report(&[Dimension::Model], cost_rows).unwrap().to_json()["total"].clone();
            for (name, figure) in Sums::default().figures() {
                let mut sum = 0;
                for columns in &rows {
                    let figures = Sums::from_columns(*columns).figures();
                    let (_, found) = figures.into_iter().find(|(other, _)| *other == name).unwrap();
                    sum += match found {
                        Figure::Count(count) => count,
                        Figure::Money(amount) => amount.get(),
                    };
                }
                let told = match figure {
                    Figure::Count(_) => total[name].as_u64(),
                    Figure::Money(_) => MicroDollars::from_dollars_json(&total[name]).map(MicroDollars::get),
                };
                prop_assert_eq!(told, Some(sum), "{}", name);
            }
        }
    }
}
