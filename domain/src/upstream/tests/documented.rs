//! `docs/upstream.md` tells of every way, and of every endpoint that has none.

use crate::request::Endpoint;
use crate::upstream::V2_PATHS;
use crate::upstream::table::{self, WAYS};

const DOCUMENT: &str = include_str!("../../../../docs/upstream.md");

#[test]
fn every_way_has_its_line_in_the_document() {
    for way in WAYS {
        for from in way.from {
            let told = DOCUMENT.lines().filter(|line| line.starts_with('|'));
            let mut told = told.filter(|line| line.contains(&format!("`{from}`")));
            let is_told = told.any(|line| line.contains(&format!("`{}`", way.to)));
            assert!(is_told, "no line has both {from} and {}", way.to);
        }
    }
}

#[test]
fn every_endpoint_without_a_way_is_named_with_why() {
    let (_, without) = DOCUMENT
        .split_once("\n## What goes where it came to\n")
        .unwrap();
    let older = Endpoint::all().filter(|endpoint| !endpoint.path().starts_with(V2_PATHS));
    for endpoint in older.filter(|endpoint| table::from(endpoint.path()).next().is_none()) {
        assert!(
            without.contains(&format!("`{}`", endpoint.path())),
            "{endpoint:?}"
        );
    }
}
