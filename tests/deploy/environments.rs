//! An environment of wrangler's inherits no bindings, so each repeats them.
//! Holds true: environments differ in what they are called by Cloudflare, and in vars, alone.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// What an environment has from the top of the file, unless it says otherwise, or is about the
/// developer's own machine.
const INHERITED: &[&str] = &[
    "assets",
    "build",
    "compatibility_date",
    "env",
    "main",
    "migrations",
    "name",
];
/// What an environment calls its own.
const OWN: &[&str] = &["bucket_name", "id", "namespace_id"];

fn wrangler_toml() -> Table {
    include_str!("../../wrangler.toml").parse().unwrap()
}

fn environments(all: &Table) -> Vec<(&String, &Table)> {
    let environments = all["env"].as_table().unwrap().iter();
    environments
        .map(|(name, environment)| (name, environment.as_table().unwrap()))
        .collect()
}

/// The same without names of its own, which go to `own`.
fn without_own_names(value: &mut Value, own: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for name in OWN {
                own.extend(table.remove(*name).map(|value| value.to_string()));
            }
            for (_, value) in table.iter_mut() {
                without_own_names(value, own);
            }
        }
        Value::Array(values) => {
            for value in values {
                without_own_names(value, own);
            }
        }
        _ => {}
    }
}

/// Everything that has to be the same, and the names that must not be.
fn compared(table: &Table) -> (Value, Vec<String>) {
    let mut table = table.clone();
    for name in INHERITED {
        table.remove(*name);
    }
    table.remove("vars");
    let mut own = vec![];
    let mut value = Value::Table(table);
    without_own_names(&mut value, &mut own);
    (value, own)
}

#[test]
fn there_is_an_environment_to_try_things_in_and_one_that_counts() {
    let all = wrangler_toml();
    let names: Vec<_> = environments(&all)
        .into_iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["production", "staging"]);
}

#[test]
fn all_environments_have_the_same_bindings_and_crons_under_names_of_their_own() {
    let all = wrangler_toml();
    let (here, mut names) = compared(&all);
    for (name, environment) in environments(&all) {
        let (there, own) = compared(environment);
        assert_eq!(there, here, "{name} differs from the top of wrangler.toml");
        names.extend(own);
    }
    let different: BTreeSet<_> = names.iter().collect();
    assert_eq!(different.len(), names.len(), "a name is used twice");
}

#[test]
fn what_is_inherited_is_said_once() {
    let all = wrangler_toml();
    for (name, environment) in environments(&all) {
        for inherited in INHERITED {
            assert!(
                !environment.contains_key(*inherited),
                "{inherited} in {name}"
            );
        }
    }
}

#[test]
fn nothing_of_the_developers_own_machine_is_deployed() {
    let all = wrangler_toml();
    for (name, environment) in environments(&all) {
        let vars = environment["vars"].as_table().unwrap();
        for local in all["vars"].as_table().unwrap().keys() {
            assert!(!vars.contains_key(local), "{local} in {name}");
        }
    }
}
