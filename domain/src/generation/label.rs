//! The label of a kept picture: what lies beside it in storage, so that a picture says by itself
//! where it comes from, and a history that was lost can be made again from the pictures.
//!
//! A label holds the sanitised prompt only. It always fits: the other fields are small by
//! themselves, options that do not fit are left out, and of a long prompt the beginning stays.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::job::Job;
use super::pictures::Picture;
use super::words::{Record, StoringReport};
use crate::answer::AnsweredImage;
use crate::ids::ClientId;
use crate::money::MicroDollars;
use crate::picture_key::{PictureFolder, PictureKey};
use crate::time::UnixMillis;

/// The most that a label weighs. R2 takes 8,192 bytes (Cloudflare's documentation, 2026), its stand-in
/// on the developer's machine 2,048.
const MOST: usize = 2048;
/// The most of it that the options get.
const MOST_OF_OPTIONS: usize = 400;
/// The most of what Ideogram calls style or resolution; its own names have a fifth of it.
const MOST_OF_A_NAME: usize = 100;

const PROMPT: &str = "prompt";
const MODEL: &str = "model";
const STYLE: &str = "style";
const SEED: &str = "seed";
const RESOLUTION: &str = "resolution";
const GENERATION: &str = "generation";
const CREATED: &str = "created";
const CLIENT: &str = "client";
const ENDPOINT: &str = "endpoint";
const IMAGES: &str = "images";
const COST: &str = "cost_micro_usd";
const SEEDS: &str = "seeds";
const OPTIONS: &str = "options";
/// Names what is not there as it was.
const CUT: &str = "cut";

/// A label, by the names of its fields.
pub type Label = BTreeMap<String, String>;

impl Job {
    /// The label of one of its pictures, which was made from `seed`.
    #[must_use]
    pub fn label(&self, picture: &Picture, seed: u64) -> Label {
        let result = self.result();
        let mut items = result.iter().flat_map(|result| result.answer.items());
        let item = items.find(|item| item.index() == picture.index);
        let style = item.and_then(AnsweredImage::style_type);
        let resolution = item.and_then(AnsweredImage::resolution);
        let seeds: Vec<_> = result
            .iter()
            .flat_map(|result| result.answer.items())
            .filter_map(AnsweredImage::seed)
            .collect();
        let terms = self.terms();
        let cost = result.map_or(terms.cost, |result| result.cost);
        let name = |text| head(text, MOST_OF_A_NAME).to_owned();
        let fields = [
            (MODEL, Some(terms.model)),
            (STYLE, style.or(self.request().style()).map(name)),
            (SEED, Some(seed.to_string())),
            (RESOLUTION, resolution.map(name)),
            (GENERATION, Some(self.id().to_string())),
            (CREATED, Some(self.created_at().to_rfc3339())),
            (CLIENT, Some(terms.client.as_str().to_owned())),
            (ENDPOINT, Some(terms.endpoint)),
            (IMAGES, Some(terms.images.to_string())),
            (COST, Some(cost.get().to_string())),
            (SEEDS, serde_json::to_string(&seeds).ok()),
        ];
        let fields = fields.into_iter();
        let label = fields.filter_map(|(name, value)| Some((name.to_owned(), value?)));
        with_texts(label.collect(), self)
    }
}

/// Adds what may be long, as far as there is room.
fn with_texts(mut label: Label, job: &Job) -> Label {
    let mut cut = vec![];
    let options = serde_json::to_string(job.request().options()).unwrap_or_default();
    if weight(&options) <= MOST_OF_OPTIONS {
        label.insert(OPTIONS.to_owned(), options);
    } else {
        cut.push(OPTIONS);
    }
    let told: usize = label
        .iter()
        .map(|(name, value)| weight(name) + weight(value))
        .sum();
    let still_to_tell = [PROMPT, CUT, PROMPT, ",", OPTIONS]
        .map(weight)
        .iter()
        .sum::<usize>();
    let whole = job.request().prompt();
    let prompt = head(whole, MOST.saturating_sub(told + still_to_tell));
    if prompt != whole {
        cut.push(PROMPT);
    }
    label.insert(PROMPT.to_owned(), prompt.to_owned());
    if !cut.is_empty() {
        label.insert(CUT.to_owned(), cut.join(","));
    }
    label
}

/// What a text takes of a label: its bytes; the stand-in counts two for each UTF-16 unit of a text
/// that has a character outside Latin-1.
fn weight(text: &str) -> usize {
    text.chars().map(weigh(text)).sum()
}

fn weigh(text: &str) -> impl Fn(char) -> usize {
    let is_wide = text.chars().any(|character| character > '\u{ff}');
    move |character| {
        if is_wide {
            character.len_utf8().max(2 * character.len_utf16())
        } else {
            character.len_utf8()
        }
    }
}

/// The longest beginning of a text that weighs no more than this.
fn head(text: &str, most: usize) -> &str {
    let weigh = weigh(text);
    let mut sum = 0;
    let end = text.char_indices().find(|(_, character)| {
        sum += weigh(*character);
        sum > most
    });
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// A generation as one of its pictures tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// What the history had of it; of its pictures this one alone.
    pub record: Record,
    /// Who paid.
    pub client: ClientId,
    /// The model, by its name.
    pub model: String,
    /// The path of the endpoint it was asked for at.
    pub endpoint: String,
    /// How many pictures were asked for.
    pub images: u32,
    /// What it cost.
    pub cost: MicroDollars,
}

impl Remembered {
    /// The pictures of it that this tells of, by their place in Ideogram's answer.
    #[must_use]
    pub fn keys(&self) -> &[PictureKey] {
        let storing = self.record.storing.as_ref();
        storing.map_or(&[], |storing| &storing.keys)
    }

    /// Takes in what another of its pictures tells.
    pub fn take(&mut self, other: Self) {
        self.record.latency = self.record.latency.max(other.record.latency);
        let told = other.record.storing.unwrap_or_default().keys;
        let storing = self.record.storing.get_or_insert_default();
        storing.keys.extend(told);
        storing.keys.sort_by_key(PictureKey::index);
        storing.keys.dedup();
    }

    /// Reads a label; none if the picture is not named as one of the gateway's, or its label says too
    /// little. How long the generation took is taken from when the picture was kept.
    #[must_use]
    pub fn read(key: &str, label: &Label, kept_at: UnixMillis) -> Option<Self> {
        let key: PictureKey = key.parse().ok()?;
        let field = |name: &str| label.get(name).map(String::as_str);
        let created_at = UnixMillis::from_rfc3339(field(CREATED)?)?;
        let options = field(OPTIONS).map_or(Some(BTreeMap::new()), |options| {
            serde_json::from_str(options).ok()
        });
        let record = Record {
            id: field(GENERATION)?.parse().ok()?,
            prompt: field(PROMPT)?.to_owned(),
            options: options?,
            seeds: serde_json::from_str(field(SEEDS)?).ok()?,
            pictures: Some(PictureFolder::of(&key)),
            storing: Some(StoringReport {
                keys: vec![key],
                ..StoringReport::default()
            }),
            outcome: Record::DONE.to_owned(),
            latency: kept_at.since(created_at),
            created_at,
        };
        Some(Self {
            record,
            client: ClientId::new(field(CLIENT)?.to_owned()),
            model: field(MODEL)?.to_owned(),
            endpoint: field(ENDPOINT)?.to_owned(),
            images: field(IMAGES)?.parse().ok()?,
            cost: MicroDollars::new(field(COST)?.parse().ok()?),
        })
    }
}
