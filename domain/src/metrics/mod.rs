//! What Prometheus is told. `counter` is the table of what is counted; `count` says what is added to
//! it by what the ledger writes; `figures` is what the ledger knows at one moment; `gauge` is what of
//! that goes up and down; `exposition` writes it all as OpenMetrics text.
//!
//! Holds true: a counter only ever grows, and is stored with what it counts; labels are words of the
//! gateway's own tables, so there are only so many rows.

mod count;
mod counter;
mod exposition;
mod figures;
mod gauge;

#[cfg(test)]
mod tests;

pub use self::count::{Count, counts};
pub use self::counter::{Counter, Kind};
pub use self::exposition::{CONTENT_TYPE, render};
pub use self::figures::{AlertFigure, AlertState, CounterRow, Figures};
