//! Addresses in answers and redirects: none leads anywhere but to Ideogram or the configured origin.

use std::sync::LazyLock;

use domain::source::{SourceHosts, expires};
use url::Url;

pub(crate) const TOKENS: &[&str] = &[
    "https://",
    "http://",
    "ideogram.ai",
    "api.ideogram.ai",
    "localhost:8788",
    ":443",
    "@",
    "//",
    "\\",
    "\t",
    "%2e",
    "\u{3002}",
    "\u{AD}",
    "[::1]",
    "127.1",
    "?exp=",
    "&exp=1795305599",
    "18446744073709551615",
    "blob:",
    "file:",
    "data:",
    "ftp:",
    "ws:",
];

/// Two gateways, as they are configured on a machine and in production.
static GATEWAYS: LazyLock<Vec<(&str, SourceHosts, Url)>> = LazyLock::new(|| {
    ["http://localhost:8788/", "https://api.ideogram.ai/"]
        .into_iter()
        .filter_map(|base| {
            let url = Url::parse(base).ok()?;
            Some((base, SourceHosts::new(&url), url))
        })
        .collect()
});

/// Any text as an address and as a redirect.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    assert_eq!(GATEWAYS.len(), 2);
    for (base, hosts, current) in GATEWAYS.iter() {
        for allowed in [hosts.allows(&text), hosts.follow(current, &text)] {
            let Ok(url) = allowed else {
                continue;
            };
            leads_home(url.as_str(), base);
            assert_eq!(hosts.allows(url.as_str()), Ok(url), "read again");
        }
    }
    if let Some(moment) = expires(&text) {
        assert_eq!(moment.get() % 1000, 0, "whole seconds");
    }
}

/// Read from the text that is sent, without a parser of addresses.
fn leads_home(address: &str, base: &str) {
    if address.starts_with(base) {
        return;
    }
    let host = address
        .strip_prefix("https://")
        .and_then(|rest| rest.split(['/', '?', '#']).next())
        .unwrap_or_default();
    let is_ideogram = host == "ideogram.ai" || host.ends_with(".ideogram.ai");
    // What other readers may take for the end of a host, or for what stands before one.
    let doubtful =
        |character: char| !character.is_ascii_graphic() || "@:\\%[]|<>^".contains(character);
    assert!(is_ideogram && !host.contains(doubtful), "{address:?}");
}
