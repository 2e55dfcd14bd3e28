//! Where a picture may be fetched from. The address stands in an answer from outside, so it is
//! checked before it is followed, and so is every address it redirects to: Ideogram's own hosts
//! over https, or the very origin the gateway is configured to call.

use std::fmt;

use url::{Origin, Url};

use crate::time::UnixMillis;

/// How many redirects are followed for one picture.
pub const MAX_REDIRECTS: u32 = 3;

const IDEOGRAM: &str = "ideogram.ai";
const HTTPS_PORT: u16 = 443;

/// The hosts pictures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceHosts {
    configured: Origin,
}

/// Why a picture is not fetched. The address itself is left out: its signature is a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceRefused {
    /// It is no absolute address, or a redirect that leads nowhere.
    NotAnAddress,
    /// It carries a user name or a password.
    UserInformation,
    /// It is none of Ideogram's hosts over https, nor the configured origin.
    NotAnAllowedOrigin,
}

impl fmt::Display for SourceRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAnAddress => "the picture's address is not a URL",
            Self::UserInformation => "the picture's address carries a user name or a password",
            Self::NotAnAllowedOrigin => {
                "the picture's address is neither https on ideogram.ai nor the configured origin"
            }
        })
    }
}

impl std::error::Error for SourceRefused {}

impl SourceHosts {
    /// Ideogram's hosts and the origin of the address the gateway is configured to call.
    #[must_use]
    pub fn new(base_url: &Url) -> Self {
        Self {
            configured: base_url.origin(),
        }
    }

    /// The address, if a picture may be fetched from it.
    ///
    /// # Errors
    /// When it is no address or one that is not allowed.
    pub fn allows(&self, url: &str) -> Result<Url, SourceRefused> {
        self.check(Url::parse(url).map_err(|_| SourceRefused::NotAnAddress)?)
    }

    /// Where a redirect from `current` with this `Location` leads, by the same rule.
    ///
    /// # Errors
    /// When that is no address or one that is not allowed.
    pub fn follow(&self, current: &Url, location: &str) -> Result<Url, SourceRefused> {
        let next = current.join(location);
        self.check(next.map_err(|_| SourceRefused::NotAnAddress)?)
    }

    fn check(&self, url: Url) -> Result<Url, SourceRefused> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SourceRefused::UserInformation);
        }
        // A blob has the origin of the page it belongs to.
        let is_configured = url.scheme() != "blob" && url.origin() == self.configured;
        if is_configured || is_ideogram(&url) {
            Ok(url)
        } else {
            Err(SourceRefused::NotAnAllowedOrigin)
        }
    }
}

fn is_ideogram(url: &Url) -> bool {
    let host_is_ideogram = url.domain().is_some_and(|host| {
        host.strip_suffix(IDEOGRAM)
            .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    url.scheme() == "https" && host_is_ideogram && url.port_or_known_default() == Some(HTTPS_PORT)
}

/// When an address of Ideogram's stops working: its `exp` parameter, in seconds since 1970. None if
/// it does not say.
#[must_use]
pub fn expires(url: &str) -> Option<UnixMillis> {
    let url = Url::parse(url).ok()?;
    let (_, seconds) = url.query_pairs().find(|(name, _)| name == "exp")?;
    let millis = seconds.parse::<u64>().ok()?.checked_mul(1000)?;
    Some(UnixMillis::new(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(base_url: &str) -> SourceHosts {
        SourceHosts::new(&Url::parse(base_url).unwrap())
    }

    #[test]
    fn pictures_come_from_ideogram_over_https_and_from_the_configured_origin() {
        let hosts = hosts("http://localhost:8788/some/path");
        for url in [
            "https://ideogram.ai/api/images/ephemeral/x.png?exp=1795000000&sig=0f",
            "https://IDEOGRAM.ai:443/x",
            "https://cdn.img.ideogram.ai/x",
            "http://localhost:8788/images/1.png",
        ] {
            assert!(hosts.allows(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn every_other_address_is_refused() {
        let hosts = hosts("http://localhost:8788");
        for url in [
            "http://ideogram.ai/x",
            "https://ideogram.ai:8443/x",
            "https://ideogram.ai./x",
            "https://ideogram.ai.example.com/x",
            "https://notideogram.ai/x",
            "https://example.com/ideogram.ai",
            "https://127.0.0.1/x",
            "https://[::1]/x",
            "http://localhost/x",
            "http://localhost:8789/x",
            "https://localhost:8788/x",
            "file:///etc/passwd",
            "data:image/png;base64,AAAA",
            "blob:http://localhost:8788/x",
            "blob:https://ideogram.ai/x",
        ] {
            assert_eq!(
                hosts.allows(url),
                Err(SourceRefused::NotAnAllowedOrigin),
                "{url}"
            );
        }
        for url in [
            "",
            "/images/1.png",
            "//ideogram.ai/x",
            "https://",
            "ideogram.ai/x",
        ] {
            assert_eq!(hosts.allows(url), Err(SourceRefused::NotAnAddress), "{url}");
        }
        for url in [
            "https://ideogram.ai@example.com/x",
            "https://user@ideogram.ai/x",
            "https://:password@ideogram.ai/x",
            "http://user@localhost:8788/x",
        ] {
            assert_eq!(
                hosts.allows(url),
                Err(SourceRefused::UserInformation),
                "{url}"
            );
        }
    }

    #[test]
    fn an_address_on_this_machine_or_around_it_is_refused_in_any_spelling() {
        for base in ["https://api.ideogram.ai", "http://127.0.0.1:8788"] {
            let hosts = hosts(base);
            let current = Url::parse("https://ideogram.ai/a.png").unwrap();
            for host in [
                "127.0.0.1",
                "127.1",
                "127.0.0.2",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "localhost",
                "localhost.",
                "0.0.0.0",
                "0",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[64:ff9b::7f00:1]",
                "10.0.0.1",
                "172.16.0.1",
                "192.168.0.1",
                "100.64.0.1",
                "169.254.169.254",
                "2852039166",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "metadata.google.internal",
                "ideogram.ai.localhost",
                "127.0.0.1\\.ideogram.ai",
                "127.0.0.1?.ideogram.ai",
                "127.0.0.1#.ideogram.ai",
                "127.0.0.1/.ideogram.ai",
            ] {
                for scheme in ["http", "https", "ftp", "ws"] {
                    for port in ["", ":80", ":443", ":8789"] {
                        let url = format!("{scheme}://{host}{port}/x.png");
                        let refused = Err(SourceRefused::NotAnAllowedOrigin);
                        assert_eq!(hosts.allows(&url), refused, "{url}");
                        assert_eq!(hosts.follow(&current, &url), refused, "{url}");
                        let elsewhere = format!("//{host}{port}/x.png");
                        assert_eq!(hosts.follow(&current, &elsewhere), refused, "{elsewhere}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_redirect_is_resolved_and_checked_by_the_same_rule() {
        let hosts = hosts("https://api.ideogram.ai");
        let current = hosts.allows("https://ideogram.ai/a/b?exp=1").unwrap();
        let next = hosts.follow(&current, "../c.png").unwrap();
        assert_eq!(next.as_str(), "https://ideogram.ai/c.png");
        for location in [
            "http://ideogram.ai/x",
            "//example.com/x",
            "https://[::ffff:7f00:1]/",
        ] {
            assert_eq!(
                hosts.follow(&current, location),
                Err(SourceRefused::NotAnAllowedOrigin),
                "{location}"
            );
        }
        assert_eq!(
            hosts.follow(&current, "https://["),
            Err(SourceRefused::NotAnAddress)
        );
    }

    #[test]
    fn an_address_says_when_it_expires() {
        let stated = expires("https://ideogram.ai/x.png?sig=0f&exp=1795305599");
        assert_eq!(stated, Some(UnixMillis::new(1_795_305_599_000)));
        for url in [
            "",
            "https://ideogram.ai/x.png",
            "https://ideogram.ai/x.png?exp=",
            "https://ideogram.ai/x.png?exp=soon",
            "https://ideogram.ai/x.png?exp=-1",
            "https://ideogram.ai/x.png?exp=18446744073709551615",
        ] {
            assert_eq!(expires(url), None, "{url}");
        }
    }
}
