//! What the operator asks about money and the past: the cost report, the history and the probes. Here
//! is what can be asked (`query`, `history`, `probes`, `reconciliations`), how rows that storage has summed become a report (`costs`,
//! `drafts`, `forecast`), and how it is written (`csv`, and JSON beside each type).
//!
//! Nothing here adds money up that storage has not booked: a report's total is the sum of its rows.

mod costs;
mod csv;
mod drafts;
mod forecast;
mod history;
mod parameters;
mod probes;
mod query;
mod reconciliations;
mod sums;

pub use self::costs::{CostReport, CostRow, Costs};
pub use self::drafts::KindRow;
pub use self::forecast::forecast;
pub use self::history::{Cursor, HistoryEntry, HistoryPage, HistoryQuery};
pub use self::probes::ProbeQuery;
pub use self::query::{CostQuery, Days, Dimension, Format};
pub use self::sums::Sums;
