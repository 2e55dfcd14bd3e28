//! The generations of v2: what became of each, and who has looked.
//! Holds true: an id is known from before its answer is sent; an end does not change any more;
//! what a caller is told and when is written down as it is told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::unix_us;
use crate::endpoint::V2;
use crate::envelope::Envelope;
use crate::lock::lock;
use crate::made::ImageObject;
use crate::state::State;
use crate::v2_answer::{polled_item, webhook_body};

/// A generation of v2, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationRecord {
    /// What it is polled by.
    pub generation_id: String,
    /// Path of the endpoint.
    pub endpoint: String,
    /// Whether its submission was answered before its work was done.
    pub later: bool,
    /// What has become of it.
    pub status: GenerationStatus,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// When its work began, Unix time in microseconds.
    pub submitted_at_us: u64,
    /// When its work ended, well or not, Unix time in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at_us: Option<u64>,
    /// When the first poll was answered that told of the end, Unix time in microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_at_us: Option<u64>,
    /// Polls for it so far, those struck by a fault included.
    pub polls: u64,
    /// Webhooks sent of it, each try by itself.
    #[serde(default)]
    pub webhooks: Vec<WebhookDelivery>,
}

/// What has become of a generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GenerationStatus {
    /// Its work goes on.
    Pending,
    /// Its images are there.
    Completed,
    /// Nothing comes of it, and nothing is charged.
    Failed,
}

/// A try to deliver a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookDelivery {
    /// When it was sent, Unix time in microseconds.
    pub at_us: u64,
    /// The answer's HTTP status; none if there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// Answer of `GET /control/generations`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationReport {
    /// Every generation of v2, in the order in which their work began.
    pub generations: Vec<GenerationRecord>,
    /// Polls by id, known or not.
    pub polls: BTreeMap<String, u64>,
    /// Most polls that ever came within 10 seconds.
    pub most_polls_in_10_s: usize,
    /// How often the keys that webhooks are signed with were fetched.
    pub key_fetches: u64,
}

/// What came of the work.
pub(crate) enum End {
    Completed {
        images: Vec<ImageObject>,
        micro_dollars: u64,
    },
    Failed {
        reason: String,
    },
}

#[derive(Default)]
pub(crate) struct Generations {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    in_order: Vec<Entry>,
    places: HashMap<String, usize>,
}

struct Entry {
    record: GenerationRecord,
    row: &'static V2,
    created: String,
    end: Option<End>,
}

impl Known {
    fn entry(&mut self, id: &str) -> Option<&mut Entry> {
        let place = *self.places.get(id)?;
        self.in_order.get_mut(place)
    }
}

impl Generations {
    pub(crate) fn begin(&self, endpoint: &str, envelope: &Envelope) {
        let id = envelope.generation_id.clone();
        let record = GenerationRecord {
            generation_id: id.clone(),
            endpoint: endpoint.to_owned(),
            later: envelope.later,
            status: GenerationStatus::Pending,
            failure_reason: None,
            submitted_at_us: unix_us(),
            completed_at_us: None,
            seen_at_us: None,
            polls: 0,
            webhooks: Vec::new(),
        };
        let mut known = lock(&self.known);
        let place = known.in_order.len();
        known.in_order.push(Entry {
            record,
            row: envelope.row,
            created: envelope.created.clone(),
            end: None,
        });
        known.places.insert(id, place);
    }

    pub(crate) fn end(&self, id: &str, end: End) {
        let mut known = lock(&self.known);
        if let Some(entry) = known.entry(id) {
            let record = &mut entry.record;
            record.completed_at_us = Some(unix_us());
            match &end {
                End::Completed { .. } => record.status = GenerationStatus::Completed,
                End::Failed { reason } => {
                    record.status = GenerationStatus::Failed;
                    record.failure_reason = Some(reason.clone());
                }
            }
            entry.end = Some(end);
        }
    }

    pub(crate) fn polled(&self, id: &str) {
        if let Some(entry) = lock(&self.known).entry(id) {
            entry.record.polls += 1;
        }
    }

    pub(crate) fn webhook_sent(&self, id: &str, delivery: WebhookDelivery) {
        if let Some(entry) = lock(&self.known).entry(id) {
            entry.record.webhooks.push(delivery);
        }
    }

    /// What a poll says, or `None` if the id is not known, or no more.
    pub(crate) fn answer(&self, state: &State, id: &str) -> Option<Map<String, Value>> {
        let answer = self.look(state, id);
        if let Some(entry) = lock(&self.known).entry(id)
            && answer.is_some()
            && entry.end.is_some()
        {
            entry.record.seen_at_us.get_or_insert_with(unix_us);
        }
        answer
    }

    /// The same, without writing down that it was told.
    pub(crate) fn look(&self, state: &State, id: &str) -> Option<Map<String, Value>> {
        let current = state.current();
        let mut known = lock(&self.known);
        let entry = known.entry(id)?;
        let now = unix_us();
        let lifetime_us = current.completed_lifetime_seconds.saturating_mul(1_000_000);
        let ended = entry.record.completed_at_us;
        if ended.is_some_and(|ended| now >= ended.saturating_add(lifetime_us)) {
            return None;
        }
        Some(match &entry.end {
            None => head(id, entry, "pending"),
            Some(End::Failed { reason }) => {
                let mut answer = head(id, entry, "failed");
                add(&mut answer, "failure_reason", reason.as_str().into());
                answer
            }
            Some(End::Completed {
                images,
                micro_dollars,
            }) => {
                let items = images.iter().map(|image| {
                    if current.fresh_links_on_poll {
                        polled_item(entry.row, &image.linked_anew(state))
                    } else {
                        polled_item(entry.row, image)
                    }
                });
                let mut answer = head(id, entry, "completed");
                add(&mut answer, "response_type", "url".into());
                add(&mut answer, "data", items.collect());
                if current.usage_cost {
                    add(
                        &mut answer,
                        "usage_cost_usd_micros",
                        (*micro_dollars).into(),
                    );
                }
                answer
            }
        })
    }

    /// What a webhook of it says, if one is sent.
    pub(crate) fn webhook_body(&self, state: &State, id: &str) -> Option<String> {
        let of_failures = state.current().webhooks_of_failures;
        let mut known = lock(&self.known);
        let entry = known.entry(id)?;
        match entry.end.as_ref()? {
            End::Completed { images, .. } => Some(webhook_body(id, &entry.created, images)),
            End::Failed { .. } => of_failures.then(|| webhook_body(id, &entry.created, &[])),
        }
    }

    /// What a poll of it would have said while its work went on.
    pub(crate) fn pending(&self, id: &str) -> Option<Map<String, Value>> {
        let mut known = lock(&self.known);
        let entry = known.entry(id)?;
        Some(head(id, entry, "pending"))
    }

    pub(crate) fn records(&self) -> Vec<GenerationRecord> {
        let known = lock(&self.known);
        known
            .in_order
            .iter()
            .map(|entry| entry.record.clone())
            .collect()
    }

    pub(crate) fn forget_all(&self) {
        *lock(&self.known) = Known::default();
    }
}

fn head(id: &str, entry: &Entry, status: &str) -> Map<String, Value> {
    let mut answer = Map::new();
    add(&mut answer, "generation_id", id.into());
    add(&mut answer, "created", entry.created.as_str().into());
    add(&mut answer, "status", status.into());
    answer
}

fn add(answer: &mut Map<String, Value>, name: &str, value: Value) {
    answer.insert(name.to_owned(), value);
}
