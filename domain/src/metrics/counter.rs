//! Everything that is counted: the one table of counters and histograms.

use crate::time::Millis;

/// What a counter's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number of things.
    Number,
    /// Micro-dollars.
    Money,
    /// How often something took so long: a row for each of these bounds, with those up to it and
    /// above the one before; one for those above all; and one for the sum, in milliseconds.
    Lengths(&'static [Millis]),
}

/// Declares the counters once: what is counted, its name, its labels, its kind.
macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $counter:ident = $name:literal, [$($label:literal)*], $kind:expr;)+) => {
        /// Something that is counted.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Counter {
            $($(#[doc = $doc])+ $counter,)+
        }

        impl Counter {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$counter,)+];

            /// Its name, where it is stored, and in metrics with the unit behind it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$counter => $name,)+ }
            }

            /// The names of its labels.
            #[must_use]
            pub const fn labels(self) -> &'static [&'static str] {
                match self { $(Self::$counter => &[$($label,)*],)+ }
            }

            /// What its value is.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$counter => $kind,)+ }
            }

            /// What it says, in a sentence.
            #[must_use]
            pub fn says(self) -> &'static str {
                match self { $(Self::$counter => concat!($($doc),+).trim(),)+ }
            }
        }
    };
}

/// Pictures take seconds, and Ideogram gives up after 265 s (Ideogram's documentation of time-outs,
/// 2026-10).
const LATENCIES: &[Millis] = &[
    Millis::new(500),
    Millis::from_seconds(1),
    Millis::from_seconds(2),
    Millis::from_seconds(5),
    Millis::from_seconds(10),
    Millis::from_seconds(15),
    Millis::from_seconds(20),
    Millis::from_seconds(30),
    Millis::from_seconds(45),
    Millis::from_seconds(60),
    Millis::from_seconds(90),
    Millis::from_seconds(120),
    Millis::from_seconds(265),
];

/// Most wait for nothing, and nobody for longer than `QUEUE_TIMEOUT_SECONDS`.
const WAITS: &[Millis] = &[
    Millis::new(100),
    Millis::new(500),
    Millis::from_seconds(1),
    Millis::from_seconds(2),
    Millis::from_seconds(5),
    Millis::from_seconds(10),
    Millis::from_seconds(20),
    Millis::from_seconds(30),
    Millis::from_seconds(60),
    Millis::from_seconds(120),
];

counters! {
    /// Requests that were answered.
    Requests = "requests", ["route" "status" "code"], Kind::Number;
    /// Requests for pictures, by where their result came from.
    Results = "results", ["cache"], Kind::Number;
    /// What hits and joins would have cost.
    Saved = "saved", ["cache" "model"], Kind::Money;
    /// Calls to Ideogram, by what they said about it.
    UpstreamCalls = "upstream_calls", ["outcome"], Kind::Number;
    /// How long calls to Ideogram took.
    UpstreamLatency = "upstream_latency", [], Kind::Lengths(LATENCIES);
    /// How long leases waited for a place, those that got one at once included.
    QueueWait = "queue_wait", ["outcome"], Kind::Lengths(WAITS);
    /// Money that Ideogram has billed.
    Billed = "billed", ["model"], Kind::Money;
    /// Pictures that Ideogram has billed.
    BilledImages = "billed_images", ["model"], Kind::Number;
    /// Money that was booked as possibly billed, corrected later or not.
    Unconfirmed = "unconfirmed", ["model"], Kind::Money;
}
