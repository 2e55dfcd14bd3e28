//! The name of a stored picture, `images/2026/11/21/{32 hex digits}/{index}-seed-{seed}.png`.
//! A fingerprint can be computed by whoever guesses a prompt, so the name carries randomness of its
//! own. One picture has one spelling: any other text is no name, so a path from outside can be
//! looked up without further care.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::picture::PictureFormat;
use crate::time::Day;

/// What the names of all kept pictures begin with.
pub const PICTURES_PREFIX: &str = "images/";
const SECRET_BYTES: usize = 16;

/// What makes the names of one generation's pictures impossible to guess: sixteen bytes, drawn once
/// and stored before the first picture is. In JSON it is 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureSecret([u8; SECRET_BYTES]);

impl PictureSecret {
    /// From bytes drawn by the caller from a cryptographic source.
    #[must_use]
    pub const fn new(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }
}

impl fmt::Display for PictureSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl From<PictureSecret> for String {
    fn from(secret: PictureSecret) -> Self {
        secret.to_string()
    }
}

impl TryFrom<String> for PictureSecret {
    type Error = NotAPictureKey;

    fn try_from(text: String) -> Result<Self, NotAPictureKey> {
        let mut bytes = [0; SECRET_BYTES];
        hex::decode_to_slice(&text, &mut bytes).map_err(|_| NotAPictureKey)?;
        let secret = Self(bytes);
        if secret.to_string() == text {
            Ok(secret)
        } else {
            Err(NotAPictureKey)
        }
    }
}

/// What the names of one generation's pictures begin with: `images/2026/11/21/{32 hex digits}/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PictureFolder(String);

impl PictureFolder {
    /// Of a generation that was asked for on `day`.
    #[must_use]
    pub fn new(day: Day, secret: PictureSecret) -> Self {
        let day = day.to_string().replace('-', "/");
        Self(format!("{PICTURES_PREFIX}{day}/{secret}/"))
    }

    /// The one in which a picture is.
    #[must_use]
    pub fn of(key: &PictureKey) -> Self {
        Self::new(key.day, key.secret)
    }

    /// As the gateway stored it.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of one picture in storage, and with a slash before it the path it is served under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PictureKey {
    day: Day,
    secret: PictureSecret,
    index: u32,
    seed: u64,
    format: PictureFormat,
}

impl PictureKey {
    /// The name of picture number `index` (from 0) of a generation of `day`, made from `seed`.
    #[must_use]
    pub const fn new(
        day: Day,
        secret: PictureSecret,
        index: u32,
        seed: u64,
        format: PictureFormat,
    ) -> Self {
        Self {
            day,
            secret,
            index,
            seed,
            format,
        }
    }

    /// Its place in Ideogram's answer, from 0.
    #[must_use]
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// The format the name says the picture has.
    #[must_use]
    pub const fn format(&self) -> PictureFormat {
        self.format
    }

    /// The name in `path`, which has no slash before it; none if `path` is anything else.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix(PICTURES_PREFIX)?.split('/');
        let day = day(parts.next()?, parts.next()?, parts.next()?)?;
        let secret = PictureSecret::try_from(parts.next()?.to_owned()).ok()?;
        let (stem, extension) = parts.next()?.split_once('.')?;
        let (index, seed) = stem.split_once("-seed-")?;
        let key = Self {
            day,
            secret,
            index: index.parse().ok()?,
            seed: seed.parse().ok()?,
            format: PictureFormat::from_extension(extension)?,
        };
        // Leading zeros, signs, upper-case digits and further parts are other spellings.
        (key.to_string() == path).then_some(key)
    }
}

fn day(year: &str, month: &str, day: &str) -> Option<Day> {
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let since_epoch = date.signed_duration_since(DateTime::UNIX_EPOCH.date_naive());
    u64::try_from(since_epoch.num_days()).ok().map(Day::new)
}

impl fmt::Display for PictureKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            day,
            secret,
            index,
            seed,
            format,
        } = self;
        let folder = PictureFolder::new(*day, *secret).0;
        let extension = format.extension();
        write!(formatter, "{folder}{index}-seed-{seed}.{extension}")
    }
}

/// The text is not the name of a stored picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAPictureKey;

impl fmt::Display for NotAPictureKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not the name of a stored picture")
    }
}

impl std::error::Error for NotAPictureKey {}

impl FromStr for PictureKey {
    type Err = NotAPictureKey;

    fn from_str(path: &str) -> Result<Self, NotAPictureKey> {
        Self::parse(path).ok_or(NotAPictureKey)
    }
}

impl From<PictureKey> for String {
    fn from(key: PictureKey) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for PictureKey {
    type Error = NotAPictureKey;

    fn try_from(path: String) -> Result<Self, NotAPictureKey> {
        path.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "images/2026/11/21/000102030405060708090a0b0c0d0eff/3-seed-2147483647.png";

    #[test]
    fn a_key_says_day_randomness_index_seed_and_format() {
        let mut random = [0; SECRET_BYTES];
        for (byte, value) in random.iter_mut().zip(0_u8..) {
            *byte = value;
        }
        random[15] = 0xff;
        let secret = PictureSecret::new(random);
        let seed = 2_147_483_647;
        let key = PictureKey::new(Day::new(20_778), secret, 3, seed, PictureFormat::Png);
        assert_eq!(key.to_string(), KEY);
        assert_eq!(PictureKey::parse(KEY), Some(key));
    }

    #[test]
    fn any_other_spelling_is_no_key() {
        for (part, other) in [
            ("images/", "/images/"),
            ("images/", "Images/"),
            ("images/", "images/../images/"),
            ("images/", ""),
            ("2026/", "02026/"),
            ("2026/", "+2026/"),
            ("2026/", "1969/"),
            ("/11/", "/13/"),
            ("/11/21/", "/2/30/"),
            ("/11/21/", "/02/30/"),
            ("/21/", "/21//"),
            ("eff/", "EFF/"),
            ("eff/", "ef/"),
            ("eff/", "eff0/"),
            ("/3-", "/03-"),
            ("/3-", "/+3-"),
            ("/3-", "/-3-"),
            ("/3-", "/3-3-"),
            ("-seed-", "-Seed-"),
            ("-seed-2", "-seed-02"),
            ("-seed-2147483647", "-seed-"),
            ("-seed-2147483647", "-seed-18446744073709551616"),
            (".png", ".PNG"),
            (".png", ".jpeg"),
            (".png", ".png.png"),
            (".png", ".png/"),
            (".png", ".png?x"),
            (".png", ".png\n"),
            (".png", ""),
        ] {
            let path = KEY.replacen(part, other, 1);
            assert_ne!(path, KEY);
            assert_eq!(PictureKey::parse(&path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn every_key_survives_its_text_and_json(
            // Until the year 9999, the last one with four digits.
            days in 0..2_932_896_u64,
            random in any::<[u8; SECRET_BYTES]>(),
            index in any::<u32>(),
            seed in any::<u64>(),
            format in proptest::sample::select(PictureFormat::ALL.to_vec()),
        ) {
            let secret = PictureSecret::new(random);
            let key = PictureKey::new(Day::new(days), secret, index, seed, format);
            prop_assert_eq!(PictureKey::parse(&key.to_string()), Some(key.clone()));
            let json = serde_json::to_string(&key).unwrap();
            prop_assert_eq!(serde_json::from_str::<PictureKey>(&json).unwrap(), key);
        }

        #[test]
        fn no_text_is_a_key_unless_it_is_the_keys_own_spelling(
            day in "[0-9]{4}/[0-9]{1,2}/[0-9]{2}",
            name in "[0-9]{1,3}-seed-[0-9]{1,4}.(png|jpg|webp|gif)",
        ) {
            let path = format!("images/{day}/{}/{name}", "0a".repeat(SECRET_BYTES));
            if let Some(key) = PictureKey::parse(&path) {
                prop_assert_eq!(key.to_string(), path);
            }
        }
    }
}
