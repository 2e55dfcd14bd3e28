//! Reads the parameters of a query one by one, and refuses it by the name of the first that is
//! wrong, given twice or not known.

use crate::request::InvalidRequest;

/// The query as a whole, where no parameter can be named.
const QUERY: &str = "query";

/// The parameters of a query, and which of them were asked about.
pub(super) struct Parameters<'query> {
    given: &'query [(String, String)],
    known: Vec<&'static str>,
}

impl<'query> Parameters<'query> {
    /// Of names and values, decoded.
    pub fn of(given: &'query [(String, String)]) -> Self {
        let known = vec![];
        Self { given, known }
    }

    /// A parameter that may be left out.
    ///
    /// # Errors
    /// It is given twice, or `parse` does not take it; `takes` is what the caller is told.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, InvalidRequest> {
        self.known.push(name);
        let mut values = self.given.iter().filter(|(given, _)| given == name);
        let Some((_, value)) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(InvalidRequest::new(name, "is given twice"));
        }
        let parsed = parse(value).ok_or_else(|| InvalidRequest::new(name, takes))?;
        Ok(Some(parsed))
    }

    /// Refuses parameters that nobody asked about.
    ///
    /// # Errors
    /// There is one.
    pub fn no_others(self) -> Result<(), InvalidRequest> {
        let known = |name: &String| self.known.contains(&name.as_str());
        if self.given.iter().all(|(name, _)| known(name)) {
            return Ok(());
        }
        let list = self.known.join(", ");
        let complaint = format_args!("has a parameter that is not known; it takes {list}");
        Err(InvalidRequest::new(QUERY, complaint))
    }
}
