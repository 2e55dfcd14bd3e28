//! What the documents say of this repository is true: tests they name exist, links lead somewhere,
//! and every alert has its section in the runbook.

#![expect(clippy::panic, reason = "a test that panics has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use domain::alert::Rule;

/// Documents for people, by their path from the root of the repository.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "RUNBOOK.md",
    "docs/clients.md",
    "docs/deploy.md",
    "docs/faults.md",
    "docs/logs.md",
    "docs/openai.md",
    "docs/production.md",
    "docs/upstream.md",
    "docs/webhooks.md",
];

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = repository().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands in backquotes on lines that are no code.
fn quoted(document: &str) -> impl Iterator<Item = &str> {
    let prose = document.split("\n```").step_by(2);
    prose.flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

/// The anchors of a document's headings, as they are made of them.
fn anchors(document: &str) -> BTreeSet<String> {
    let headings = document.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let text = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = |character: &char| character.is_alphanumeric() || "-_ ".contains(*character);
        text.chars()
            .filter(kept)
            .collect::<String>()
            .replace(' ', "-")
    };
    headings.map(anchor).collect()
}

#[test]
fn the_checklist_names_tests_that_there_are() {
    let checklist = read("docs/production.md");
    let mut named = 0;
    for name in quoted(&checklist).filter(|name| name.contains("::")) {
        let (file, test) = name.split_once("::").unwrap();
        let paths = [
            format!("tests/end_to_end/{file}.rs"),
            format!("tests/end_to_end/{file}/mod.rs"),
            format!("tests/deploy/{file}.rs"),
        ];
        let paths = paths.map(|path| repository().join(path));
        let path = paths.iter().find(|path| path.exists());
        let path = path.unwrap_or_else(|| panic!("no file of tests is called {file}"));
        let test = format!("fn {test}()");
        assert!(
            read(path).contains(&test),
            "{} has no {test}",
            path.display()
        );
        named += 1;
    }
    assert!(named > 40, "only {named} tests are named");
}

#[test]
fn the_checklist_names_files_settings_and_places_that_there_are() {
    let readme = read("README.md");
    let checklist = read("docs/production.md");
    for name in quoted(&checklist) {
        let first = name.split([' ', '=']).next().unwrap();
        if let Some((_, path)) = name.split_once(" /") {
            assert!(
                readme.contains(&format!("/{path}")),
                "README has no /{path}"
            );
        } else if name.starts_with("src/") || name.starts_with("domain/") {
            assert!(repository().join(name).exists(), "there is no {name}");
        } else if is_setting(first) {
            assert!(
                readme.contains(&format!("| `{first}` |")),
                "README has no {first}"
            );
        }
    }
}

fn is_setting(name: &str) -> bool {
    let spelled = |character: char| character.is_ascii_uppercase() || character == '_';
    name.contains('_') && name.chars().all(spelled)
}

#[test]
fn every_alert_has_its_section_in_the_runbook() {
    let runbook = read("RUNBOOK.md");
    let sections = anchors(&runbook);
    for rule in Rule::ALL.iter().map(|rule| rule.as_str()) {
        assert!(sections.contains(rule), "RUNBOOK.md has no section {rule}");
        let section = runbook.split(&format!("\n## {rule}\n")).nth(1).unwrap();
        let section = section.split("\n## ").next().unwrap();
        for part in ["**P", "Do: ", "Over: "] {
            assert!(section.contains(part), "{rule} does not say {part:?}");
        }
    }
}

#[test]
fn every_link_within_the_documents_leads_somewhere() {
    for document in DOCUMENTS {
        let folder = Path::new(document).parent().unwrap();
        let text = read(document);
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = match path {
                "" => PathBuf::from(document),
                path => folder.join(path),
            };
            assert!(repository().join(&target).exists(), "{document}: {link}");
            let is_document = target
                .extension()
                .is_some_and(|extension| extension == "md");
            if is_document && !anchor.is_empty() {
                assert!(
                    anchors(&read(&target)).contains(anchor),
                    "{document}: {link}"
                );
            }
        }
    }
}
