//! The kinds of personal and secret data, in one table: what each is called in JSON and what stands
//! in a text in its place. Counts of kinds are all that is ever told about what was found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Writes [`Kind`] and all that follows from its table.
macro_rules! kinds {
    ($($variant:ident $name:literal $placeholder:literal $about:literal,)+) => {
        /// A kind of personal or secret data. The order is that of precedence: where two finds
        /// overlap, the kind that comes first keeps what both cover.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Kind {
            $(#[doc = $about] #[serde(rename = $name)] $variant,)+
        }

        impl Kind {
            /// Every kind, in order of precedence.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// Its name in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What a redacted text has in its place.
            #[must_use]
            pub const fn placeholder(self) -> &'static str {
                match self { $(Self::$variant => $placeholder,)+ }
            }
        }
    };
}

kinds! {
    UrlCredentials "url_credentials" "[url credentials]" "A URL with a user or a password in it.",
    CryptoWallet "crypto_wallet" "[crypto wallet]" "An address of Bitcoin, Ethereum and the like.",
    Iban "iban" "[iban]" "An account number (ISO 13616).",
    PaymentCard "payment_card" "[payment card]" "A card number (ISO/IEC 7812).",
    DateOfBirth "date_of_birth" "[date of birth]" "A date that is said to be of a birth.",
    Passport "passport" "[passport]" "A number that is said to be a passport's.",
    DrivingLicence "driving_licence" "[driving licence]" "A number that is said to be a driving licence's.",
    FrInsee "fr_insee" "[fr insee]" "French social security number (NIR).",
    CnResidentId "cn_resident_id" "[cn resident id]" "Chinese resident identity number.",
    ItCodiceFiscale "it_codice_fiscale" "[it codice fiscale]" "Italian tax code.",
    BrCnpj "br_cnpj" "[br cnpj]" "Brazilian company number, often a person's own business.",
    BrCpf "br_cpf" "[br cpf]" "Brazilian taxpayer number.",
    KrRrn "kr_rrn" "[kr rrn]" "Korean resident registration number.",
    FiHetu "fi_hetu" "[fi hetu]" "Finnish personal identity code.",
    SePersonnummer "se_personnummer" "[se personnummer]" "Swedish personal identity number.",
    BeNationalNumber "be_national_number" "[be national number]" "Belgian national register number.",
    PlPesel "pl_pesel" "[pl pesel]" "Polish population register number.",
    DeTaxId "de_tax_id" "[de tax id]" "German tax identification number.",
    InAadhaar "in_aadhaar" "[in aadhaar]" "Indian identity number.",
    EsNie "es_nie" "[es nie]" "Spanish number of a foreigner.",
    EsDni "es_dni" "[es dni]" "Spanish identity number.",
    UkNino "uk_nino" "[uk nino]" "British national insurance number.",
    UkNhs "uk_nhs" "[uk nhs]" "Number of a patient of the National Health Service.",
    UsSsn "us_ssn" "[us ssn]" "Social security number of the United States.",
    NlBsn "nl_bsn" "[nl bsn]" "Dutch citizen service number.",
    CaSin "ca_sin" "[ca sin]" "Canadian social insurance number.",
    AuTfn "au_tfn" "[au tfn]" "Australian tax file number.",
    MacAddress "mac_address" "[mac address]" "Hardware address of a network card.",
    IpAddress "ip_address" "[ip address]" "Internet address, version 4 or 6.",
    Coordinates "coordinates" "[coordinates]" "A place on earth by latitude and longitude.",
    Email "email" "[email]" "E-mail address.",
    Secret "secret" "[secret]" "A key, a token or a password.",
    Phone "phone" "[phone]" "Telephone number.",
    StreetAddress "street_address" "[street address]" "House number and street, with what follows.",
}

/// How many of each kind were found; never what they were. In JSON an object of name and count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Findings(BTreeMap<Kind, u32>);

impl Findings {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As callers are told: `[{"kind", "count"}]`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let one = |(kind, count): (Kind, u32)| json!({"kind": kind.name(), "count": count});
        self.iter().map(one).collect()
    }

    /// How many of one kind.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u32 {
        self.0.get(&kind).copied().unwrap_or(0)
    }

    /// Each kind that was found and how often, in order of precedence.
    pub fn iter(&self) -> impl Iterator<Item = (Kind, u32)> {
        self.0.iter().map(|(&kind, &count)| (kind, count))
    }

    /// Counts what was found elsewhere too.
    pub(crate) fn add_all(&mut self, others: &Self) {
        for (kind, more) in others.iter() {
            let count = self.0.entry(kind).or_default();
            *count = count.saturating_add(more);
        }
    }

    pub(super) fn add(&mut self, kind: Kind) {
        let count = self.0.entry(kind).or_default();
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_its_name_in_json_and_its_placeholder_is_the_name_in_brackets() {
        for &kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            let words = kind.name().replace('_', " ");
            assert_eq!(kind.placeholder(), format!("[{words}]"));
        }
    }

    #[test]
    fn findings_are_names_and_counts_in_json() {
        let mut findings = Findings::default();
        for kind in [Kind::Phone, Kind::Email, Kind::Phone] {
            findings.add(kind);
        }
        let json = serde_json::to_string(&findings).unwrap();
        assert_eq!(json, r#"{"email":1,"phone":2}"#);
        assert_eq!(serde_json::from_str::<Findings>(&json).unwrap(), findings);
        assert_eq!(findings.count(Kind::Phone), 2);
        assert_eq!(findings.count(Kind::Iban), 0);
        let told = json!([{"kind": "email", "count": 1}, {"kind": "phone", "count": 2}]);
        assert_eq!(findings.to_json(), told);
    }
}
