//! The redaction held against prompts that nobody wrote with its rules in mind: every
//! `redaction/*.tsv` has a language, a theme and a prompt on each line, and in the prompt each piece
//! of personal data is marked as `{{kind|text}}`. A prompt without a mark is clean.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use domain::redaction::{Kind, Span, find};

/// How well one kind, one language or everything was found.
#[derive(Default, Clone, Copy)]
struct Score {
    marked: u32,
    found: u32,
    false_finds: u32,
}

impl Score {
    /// The part of the marked pieces that was found.
    fn recall(self) -> f64 {
        share(self.found, self.marked)
    }

    /// The part of the finds that was marked.
    fn precision(self) -> f64 {
        share(self.found, self.found + self.false_finds)
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        1.0
    } else {
        f64::from(part) / f64::from(whole)
    }
}

/// A piece of personal data in a prompt.
struct Piece {
    kind: Kind,
    start: usize,
    end: usize,
}

/// The prompt without marks, and what was marked; nothing if a mark is not as it should be.
fn unmarked(marked: &str) -> Option<(String, Vec<Piece>)> {
    let mut prompt = String::new();
    let mut pieces = Vec::new();
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after.split_once('|')?;
        let (text, after) = after.split_once("}}")?;
        let kind = serde_json::from_value(name.into()).ok()?;
        prompt.push_str(before);
        let start = prompt.len();
        prompt.push_str(text);
        let end = prompt.len();
        pieces.push(Piece { kind, start, end });
        rest = after;
    }
    prompt.push_str(rest);
    Some((prompt, pieces))
}

fn overlaps(piece: &Piece, span: &Span) -> bool {
    span.start < piece.end && piece.start < span.end
}

fn is_found(prompt: &str, piece: &Piece, spans: &[Span]) -> bool {
    let characters = prompt
        .get(piece.start..piece.end)
        .unwrap_or_default()
        .char_indices();
    let mut significant = characters.filter(|(_, character)| character.is_alphanumeric());
    let has_kind = |span: &Span| span.kind == piece.kind && overlaps(piece, span);
    spans.iter().any(has_kind)
        && significant.all(|(offset, _)| {
            let at = piece.start + offset;
            spans
                .iter()
                .any(|span| (span.start..span.end).contains(&at))
        })
}

/// All scores and what went wrong.
#[derive(Default)]
struct Report {
    by_kind: BTreeMap<&'static str, Score>,
    by_language: BTreeMap<String, Score>,
    overall: Score,
    clean_prompts: u32,
    clean_with_a_find: u32,
}

impl Report {
    fn count(&mut self, language: &str, kind: Kind, change: fn(&mut Score)) {
        change(self.by_kind.entry(kind.name()).or_default());
        change(self.by_language.entry(language.to_owned()).or_default());
        change(&mut self.overall);
    }

    fn add_prompt(&mut self, place: &str, language: &str, prompt: &str, pieces: &[Piece]) {
        let spans = find(prompt);
        for piece in pieces {
            self.count(language, piece.kind, |score| score.marked += 1);
            if is_found(prompt, piece, &spans) {
                self.count(language, piece.kind, |score| score.found += 1);
            } else {
                let text = prompt.get(piece.start..piece.end).unwrap_or_default();
                println!(
                    "{place}: missed {} {text:?} in {prompt:?}",
                    piece.kind.name()
                );
            }
        }
        for span in &spans {
            if !pieces.iter().any(|piece| overlaps(piece, span)) {
                self.count(language, span.kind, |score| score.false_finds += 1);
                let text = prompt.get(span.start..span.end).unwrap_or_default();
                println!("{place}: false {} {text:?} in {prompt:?}", span.kind.name());
            }
        }
        if pieces.is_empty() {
            self.clean_prompts += 1;
            self.clean_with_a_find += u32::from(!spans.is_empty());
        }
    }

    fn print(&self) {
        println!("{:20} marked found false recall precision", "");
        for (name, score) in &self.by_kind {
            print_score(name, *score);
        }
        for (name, score) in &self.by_language {
            print_score(name, *score);
        }
        print_score("overall", self.overall);
        println!(
            "{} of {} clean prompts have a find",
            self.clean_with_a_find, self.clean_prompts
        );
    }
}

fn print_score(name: &str, score: Score) {
    println!(
        "{name:20} {:6} {:5} {:5} {:6.3} {:9.3}",
        score.marked,
        score.found,
        score.false_finds,
        score.recall(),
        score.precision()
    );
}

#[test]
fn redaction_finds_personal_data_and_leaves_clean_prompts_alone() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redaction");
    let mut report = Report::default();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let lines = fs::read_to_string(&path).unwrap();
        for (number, line) in lines.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{file}:{}", number + 1);
            let mut columns = line.splitn(3, '\t');
            let language = columns.next().unwrap();
            let prompt = columns
                .nth(1)
                .unwrap_or_else(|| panic!("{place}: three columns"));
            let (prompt, pieces) =
                unmarked(prompt).unwrap_or_else(|| panic!("{place}: a bad mark"));
            report.add_prompt(&place, language, &prompt, &pieces);
        }
    }
    report.print();
    assert!(report.overall.marked > 0, "there are no prompts");
    assert!(report.overall.recall() >= 0.98, "recall");
    assert!(report.overall.precision() >= 0.98, "precision");
}
