//! Reads settings one by one, each by what it takes, and gathers what is wrong. A parser says what is
//! wrong with a value, or nothing where what the setting takes says it all.

use std::fmt::Display;
use std::str::FromStr;

use domain::access::TokenSecret;
use domain::money::MicroDollars;
use domain::policy::{ContentPolicy, InvalidPolicy};
use domain::time::Millis;
use domain::webhook::LONGEST_PUBLIC_URL;
use url::Url;

use super::{HEALTH_BUDGET_USD, HEALTH_PROBE, HealthProbe};
use super::{MODERATION_FAIL, MODERATION_KEY, MODERATION_TIMEOUT_SECONDS, MODERATION_URL};
use super::{Moderation, Setting, WithoutVerdict, WrongSetting};

/// Reads settings one by one and gathers what is wrong.
pub struct Reader<Get> {
    /// Where the values are.
    pub get: Get,
    /// What is wrong so far.
    pub wrong: Vec<WrongSetting>,
}

impl<Get: Fn(&str) -> Option<String>> Reader<Get> {
    /// `parse` may say what is wrong; an empty message means: not what the setting takes.
    pub fn take<T>(
        &mut self,
        setting: Setting,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let value = (self.get)(setting.name);
        let value = value.as_deref().map(str::trim).or(setting.default);
        let parsed = value.map_or(Err(String::new()), parse);
        parsed
            .map_err(|problem| {
                let takes = match problem.as_str() {
                    "" => setting.takes.to_owned(),
                    problem => format!("{}; {problem}", setting.takes),
                };
                self.wrong.push(WrongSetting {
                    setting: setting.name,
                    takes,
                });
            })
            .ok()
    }

    /// The fallback is never used: with anything wrong, there is no configuration.
    pub fn take_or<T>(
        &mut self,
        setting: Setting,
        fallback: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> T {
        self.take(setting, parse).unwrap_or(fallback)
    }

    pub fn moderation(&mut self) -> Option<Moderation> {
        let url = self.take_or(MODERATION_URL, None, |text| match text {
            "" => Ok(None),
            text => base_url(text).map(Some),
        });
        let key = self.take_or(MODERATION_KEY, None, |text| match text {
            "" => Ok(None),
            text => header_value(text).map(Some),
        });
        let time_out = self.seconds(MODERATION_TIMEOUT_SECONDS, 1, 30);
        let without_verdict =
            self.take_or(MODERATION_FAIL, WithoutVerdict::Closed, |text| match text {
                "closed" => Ok(WithoutVerdict::Closed),
                "open" => Ok(WithoutVerdict::Open),
                _ => Err(String::new()),
            });
        url.map(|url| Moderation {
            url: url.into(),
            key,
            time_out,
            without_verdict,
        })
    }

    pub fn health_probe(&mut self) -> HealthProbe {
        let daily_budget = self.take_or(HEALTH_BUDGET_USD, MicroDollars::ZERO, parsed);
        self.take_or(HEALTH_PROBE, HealthProbe::Off, |text| match text {
            "quote" => Ok(HealthProbe::Quote),
            "generate" => Ok(HealthProbe::Generate { daily_budget }),
            "off" => Ok(HealthProbe::Off),
            _ => Err(String::new()),
        })
    }

    pub fn flag(&mut self, setting: Setting) -> bool {
        self.take_or(setting, false, parsed)
    }

    pub fn number<T: FromStr + PartialOrd + Copy>(
        &mut self,
        setting: Setting,
        least: T,
        most: T,
    ) -> T {
        self.take_or(setting, least, |text| {
            let number = text.parse().map_err(|_| String::new())?;
            if number < least || number > most {
                return Err(String::new());
            }
            Ok(number)
        })
    }

    pub fn seconds(&mut self, setting: Setting, least: u64, most: u64) -> Millis {
        Millis::from_seconds(self.number(setting, least, most))
    }
}

pub fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| String::new())
}

pub fn base_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|_| String::new())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let scheme_fits = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if plain && scheme_fits && url.has_host() {
        Ok(url)
    } else {
        Err(String::new())
    }
}

/// Ideogram sends nothing to an address on its own machine (its OpenAPI document, 2026-10); the
/// simulator, which is `local`, sends nothing anywhere else.
pub fn public_url(text: &str, local: bool) -> Result<Option<String>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = base_url(text)?;
    if is_loopback(&url) != local || text.len() > LONGEST_PUBLIC_URL {
        return Err(String::new());
    }
    Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub fn header_value(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(String::new())
    }
}

pub fn content_policy(text: &str) -> Result<Option<ContentPolicy>, String> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|error: InvalidPolicy| error.to_string()),
    }
}

pub fn token_secret(text: &str) -> Result<Option<TokenSecret>, String> {
    match text {
        "" => Ok(None),
        text => TokenSecret::new(text).map(Some).ok_or_else(String::new),
    }
}

pub fn admin_key(text: &str) -> Result<Option<String>, String> {
    const LEAST_CHARS: usize = 16;
    match text.len() {
        0 => Ok(None),
        LEAST_CHARS.. => header_value(text).map(Some),
        _ => Err(String::new()),
    }
}
