//! The bill, and the images in progress that it will be made of.
//! Holds true: credit and places are taken together or not at all, places are given back
//! exactly once however the work ends, and only finished work is charged.

use std::sync::{Arc, Mutex};

use serde::{Deserialize, Serialize};

use crate::lock::lock;
use crate::refusal::Refusal;

/// What Ideogram would have charged so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Sum of all lines in micro-dollars.
    pub micro_dollars: u64,
    /// Images of all lines.
    pub images: u64,
    /// One line per charged request, in the order in which their work was finished.
    pub lines: Vec<BillLine>,
}

/// One charged request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillLine {
    /// When the work was finished, Unix time in microseconds.
    pub at_us: u64,
    /// Path of the endpoint, for example `/generate`.
    pub endpoint: String,
    /// The prompt as received; a structured one as JSON; empty where there is none.
    pub prompt: String,
    /// The model by Ideogram's name, for example `V_2_TURBO`; `UPSCALE` for the legacy upscale,
    /// which has none.
    pub model: String,
    /// The rendering speed by Ideogram's name, for example `TURBO`; none on legacy endpoints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rendering_speed: Option<String>,
    /// Images or descriptions charged, unsafe images included.
    pub images: u32,
    /// Charge in micro-dollars.
    pub micro_dollars: u64,
    /// The API key that pays.
    pub key: String,
    /// The generation's id, at v2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation_id: Option<String>,
    /// What the request says of `private`; none if it leaves it out, or out of v2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private: Option<bool>,
}

pub(crate) struct Ledger {
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    lines: Vec<BillLine>,
    credits: Option<u64>,
    /// Micro-dollars that the images in progress will cost.
    reserved: u64,
    in_progress: u32,
    peak: u32,
}

impl Ledger {
    pub(crate) fn new(credits: Option<u64>) -> Arc<Self> {
        Arc::new(Self {
            books: Mutex::new(Books {
                credits,
                ..Books::default()
            }),
        })
    }

    pub(crate) fn bill(&self) -> Bill {
        let books = lock(&self.books);
        Bill {
            micro_dollars: books.lines.iter().map(|line| line.micro_dollars).sum(),
            images: books.lines.iter().map(|line| u64::from(line.images)).sum(),
            lines: books.lines.clone(),
        }
    }

    pub(crate) fn credits(&self) -> Option<u64> {
        lock(&self.books).credits
    }

    pub(crate) fn set_credits(&self, credits: Option<u64>) {
        lock(&self.books).credits = credits;
    }

    pub(crate) fn in_progress(&self) -> u32 {
        lock(&self.books).in_progress
    }

    pub(crate) fn peak(&self) -> u32 {
        lock(&self.books).peak
    }

    /// Empties the bill; work in progress keeps its places.
    pub(crate) fn start_over(&self, credits: Option<u64>) {
        let mut books = lock(&self.books);
        books.lines.clear();
        books.credits = credits;
        books.peak = books.in_progress;
    }

    /// Takes places and credit for one request.
    pub(crate) fn reserve(
        self: &Arc<Self>,
        images: u32,
        micro_dollars: u64,
        max_images_in_progress: u32,
    ) -> Result<Reservation, Refusal> {
        let mut books = lock(&self.books);
        let needed = books.reserved + micro_dollars;
        if books.credits.is_some_and(|credits| credits < needed) {
            return Err(Refusal::InsufficientFunds);
        }
        let in_progress = books.in_progress + images;
        if in_progress > max_images_in_progress {
            return Err(Refusal::TooManyInProgress {
                limit: max_images_in_progress,
            });
        }
        books.in_progress = in_progress;
        books.peak = books.peak.max(in_progress);
        books.reserved = needed;
        Ok(Reservation {
            ledger: Arc::clone(self),
            images,
            micro_dollars,
        })
    }
}

/// Places and credit of one accepted request, given back when dropped.
pub(crate) struct Reservation {
    ledger: Arc<Ledger>,
    images: u32,
    micro_dollars: u64,
}

impl Reservation {
    /// The work is done: charges it and gives the places back.
    pub(crate) fn charge(self, line: BillLine) {
        let mut books = lock(&self.ledger.books);
        books.credits = books
            .credits
            .map(|credits| credits.saturating_sub(line.micro_dollars));
        books.lines.push(line);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut books = lock(&self.ledger.books);
        books.in_progress -= self.images;
        books.reserved -= self.micro_dollars;
    }
}
