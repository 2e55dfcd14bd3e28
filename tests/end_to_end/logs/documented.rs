//! What `docs/logs.md` says of the lines of the log, read from its tables.
//! Holds true: a line that it does not describe fails the test that shows it.

use std::collections::BTreeMap;

use serde_json::Value;

/// The fields of each kind of line, those that every line has included.
pub struct Documented(BTreeMap<&'static str, Vec<Field>>);

#[derive(Clone)]
struct Field {
    name: &'static str,
    kind: &'static str,
    is_always_there: bool,
}

impl Documented {
    /// Reads the document.
    pub fn read() -> Self {
        let (common, events) = include_str!("../../../docs/logs.md")
            .split_once("\n## `")
            .expect("an event");
        let common: Vec<_> = fields(common).collect();
        let sections = events.split("\n## ");
        let events = sections.filter_map(|section| {
            let (name, rest) = section.trim_start_matches('`').split_once("`\n")?;
            Some((name, common.iter().cloned().chain(fields(rest)).collect()))
        });
        Self(events.collect())
    }

    /// The kinds of lines.
    pub fn events(&self) -> Vec<&'static str> {
        self.0.keys().copied().collect()
    }

    /// Holds that a line is as the document says.
    pub fn assert_describes(&self, line: &Value) {
        let event = line["event"].as_str().unwrap_or_default();
        let fields = self.0.get(event);
        let fields = fields.unwrap_or_else(|| panic!("no such event is documented: {line}"));
        for (name, value) in line.as_object().expect("an object") {
            let field = fields.iter().find(|field| field.name == name);
            let field = field.unwrap_or_else(|| panic!("{name} is not documented: {line}"));
            assert!(field.fits(value), "{name} is no {}: {line}", field.kind);
        }
        for field in fields.iter().filter(|field| field.is_always_there) {
            assert!(
                line.get(field.name).is_some(),
                "no {} in {line}",
                field.name
            );
        }
    }
}

impl Field {
    fn fits(&self, value: &Value) -> bool {
        match self.kind {
            "text" => value.is_string(),
            "whole number" => value.is_u64(),
            "number" => value.is_number(),
            "true or false" => value.is_boolean(),
            "object" => value.is_object(),
            "list" => value.is_array(),
            other => panic!("the document has a type of its own: {other}"),
        }
    }
}

fn fields(section: &'static str) -> impl Iterator<Item = Field> {
    section.lines().filter_map(|line| {
        let (name, rest) = line.strip_prefix("| `")?.split_once("` | ")?;
        let (kind, rest) = rest.split_once(" | ")?;
        Some(Field {
            name,
            kind,
            is_always_there: rest.starts_with("always |"),
        })
    })
}
