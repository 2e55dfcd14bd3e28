//! Tables as RFC 4180 has them: lines end with CR and LF, and a field with a comma, a quote or an end
//! of line is quoted.
//! Holds true: no text becomes a formula where the table is opened. Spreadsheets take what begins with
//! `=`, `+`, `-` or `@` for one, quoted or not, so an apostrophe goes before it.

const BEGIN_FORMULAS: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// A table's lines, one after another.
#[derive(Debug, Default)]
pub(super) struct Csv(String);

impl Csv {
    /// Adds a line. Its texts are whatever somebody once wrote; numbers are told as they are.
    pub fn line(
        &mut self,
        texts: impl Iterator<Item = String>,
        numbers: impl Iterator<Item = String>,
    ) {
        let fields = texts.map(|text| field(&text)).chain(numbers);
        let fields: Vec<_> = fields.collect();
        self.0.push_str(&fields.join(","));
        self.0.push_str("\r\n");
    }

    /// All of it.
    pub fn into_text(self) -> String {
        self.0
    }
}

fn field(text: &str) -> String {
    let guard = if text.starts_with(BEGIN_FORMULAS) {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_would_be_a_formula_is_a_text() {
        for (text, expected) in [
            ("shop", "shop"),
            ("", ""),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("a=1", "a=1"),
            ("a, b", "\"a, b\""),
            ("=\"a\"", "\"'=\"\"a\"\"\""),
            ("a\r\nb", "\"a\r\nb\""),
        ] {
            assert_eq!(field(text), expected);
        }
    }

    /// A reader of its own: what a line's fields say.
    fn read(table: &str) -> Vec<String> {
        let mut fields = vec![String::new()];
        let mut quoted = false;
        let mut characters = table.strip_suffix("\r\n").unwrap().chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if quoted && characters.peek() == Some(&'"') => {
                    characters.next();
                    fields.last_mut().unwrap().push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(String::new()),
                other => fields.last_mut().unwrap().push(other),
            }
        }
        fields
    }

    proptest! {
        #[test]
        fn every_text_is_read_back_and_begins_no_formula(texts in proptest::collection::vec(any::<String>(), 1..5)) {
            let mut table = Csv::default();
            table.line(texts.iter().cloned(), std::iter::empty());
            let fields = read(&table.into_text());
            prop_assert_eq!(fields.len(), texts.len());
            for (field, text) in fields.iter().zip(&texts) {
                prop_assert!(!field.starts_with(['=', '+', '-', '@']));
                prop_assert!(field == text || field.strip_prefix('\'') == Some(text));
            }
        }
    }
}
