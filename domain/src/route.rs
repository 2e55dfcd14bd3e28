//! Every path of the gateway, with the methods it takes: the one table of them. The endpoints of
//! Ideogram's have a table of their own (`request`), and are all asked with POST.

use crate::request::Endpoint;

/// Declares the places once: each with its path and its methods. The first that fits a path counts.
macro_rules! places {
    ($($(#[doc = $doc:literal])+ $place:ident = $path:literal, $($method:literal)+;)+) => {
        /// A path of the gateway's own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Place {
            $($(#[doc = $doc])+ $place,)+
        }

        impl Place {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$place,)+];

            /// The path, with a name in braces for what differs from request to request.
            #[must_use]
            pub const fn path(self) -> &'static str {
                match self { $(Self::$place => $path,)+ }
            }

            /// The methods it takes.
            #[must_use]
            pub const fn methods(self) -> &'static [&'static str] {
                match self { $(Self::$place => &[$($method,)+],)+ }
            }
        }
    };
}

places! {
    /// What happens to a generation, as it happens.
    Events = "/generations/{id}/events", "GET";
    /// The final picture for a draft.
    Finalize = "/generations/{id}/finalize", "POST";
    /// Where a generation stands.
    Generation = "/generations/{id}", "GET" "HEAD" "DELETE";
    /// The same in the words of Ideogram's v2 API.
    V2Generation = "/v2/generations/{id}", "GET" "HEAD";
    /// A kept picture; its key has slashes.
    Image = "/images/{key}", "GET" "HEAD";
    /// A picture that stands in for another while generation is off.
    Placeholder = "/placeholders/{name}", "GET" "HEAD";
    /// Pictures in OpenAI's words.
    OpenAiImages = "/v1/images/generations", "POST";
    /// All models in OpenAI's words.
    OpenAiModels = "/v1/models", "GET" "HEAD";
    /// One model in OpenAI's words.
    OpenAiModel = "/v1/models/{id}", "GET" "HEAD";
    /// Tokens for pages.
    Tokens = "/tokens", "POST";
    /// Where Ideogram tells that a generation has ended.
    Webhook = "/ideogram/webhook", "POST";
    /// How the gateway is.
    Health = "/health", "GET" "HEAD";
    /// Whether pictures may be made.
    Mode = "/admin/mode", "GET" "PUT";
    /// All clients' keys.
    Keys = "/admin/keys", "GET" "POST";
    /// One client's key.
    Key = "/admin/keys/{id}", "DELETE";
    /// Money, places, queue and breaker now.
    Status = "/admin/status", "GET";
    /// What was spent and saved.
    Costs = "/admin/costs", "GET";
    /// The history of generations.
    History = "/admin/generations", "GET";
    /// The history, to be made again from the pictures.
    Restore = "/admin/restore", "POST";
    /// What Prometheus reads.
    Metrics = "/metrics", "GET";
    /// A generation, to be erased.
    Erase = "/admin/generations/{id}", "DELETE";
    /// What was found of Ideogram's health.
    Probes = "/admin/probes", "GET";
    /// The gateway checks itself.
    Preflight = "/admin/preflight", "POST";
    /// What somebody should hear of.
    Alerts = "/admin/alerts", "GET";
    /// Ideogram's account of each day against the ledger's.
    Reconciliations = "/admin/reconciliations", "GET" "POST";
}

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route<'path> {
    /// To an endpoint of Ideogram's.
    Make(Endpoint),
    /// To a place of the gateway's own, with what the path has for the name in braces.
    To(Place, &'path str),
}

impl<'path> Route<'path> {
    /// Where this path leads; none if there is nothing.
    #[must_use]
    pub fn of(path: &'path str) -> Option<Self> {
        let endpoint = Endpoint::at(path);
        let place = || {
            let mut places = Place::ALL.iter();
            places.find_map(|place| Some(Self::To(*place, place.named_in(path)?)))
        };
        endpoint.map(Self::Make).or_else(place)
    }

    /// Every path with its methods.
    pub fn all() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
        let endpoints = Endpoint::all().map(Self::Make);
        let places = Place::ALL.iter().map(|place| Self::To(*place, ""));
        let all = endpoints.chain(places);
        all.map(|route| (route.path(), route.methods()))
    }

    /// The path as the table has it, without what differs from request to request.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Make(endpoint) => endpoint.path(),
            Self::To(place, _) => place.path(),
        }
    }

    /// The methods it takes.
    #[must_use]
    pub const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::Make(_) => &["POST"],
            Self::To(place, _) => place.methods(),
        }
    }
}

impl Place {
    /// Whether it takes the operator's key.
    #[must_use]
    pub fn is_the_operators(self) -> bool {
        self == Self::Metrics || self.path().starts_with("/admin/")
    }

    /// What `path` has for the name in braces, or nothing where there is none; none if it is another
    /// path.
    fn named_in(self, path: &str) -> Option<&str> {
        let Some((before, named)) = self.path().split_once('{') else {
            return (path == self.path()).then_some("");
        };
        let (_, after) = named.split_once('}')?;
        path.strip_prefix(before)?.strip_suffix(after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_the_table_leads_to_its_own_row() {
        for place in Place::ALL {
            let path = place
                .path()
                .replace("{id}", "x")
                .replace("{key}", "x")
                .replace("{name}", "x");
            let named = if path == place.path() { "" } else { "x" };
            assert_eq!(Route::of(&path), Some(Route::To(*place, named)), "{path}");
        }
        let generate = Route::Make(Endpoint::GENERATE);
        assert_eq!(Route::of("/generate"), Some(generate));
        assert_eq!(generate.methods(), ["POST"]);
    }

    #[test]
    fn other_paths_lead_nowhere_and_a_key_may_have_slashes() {
        for path in [
            "",
            "/",
            "/generate/",
            "/images",
            "/healthy",
            "/admin",
            "/admin/keysx",
        ] {
            assert_eq!(Route::of(path), None, "{path}");
        }
        let picture = Route::of("/images/2026/11/21/x.png");
        assert_eq!(picture, Some(Route::To(Place::Image, "2026/11/21/x.png")));
    }

    #[test]
    fn no_path_is_there_twice() {
        let paths: std::collections::BTreeSet<_> = Route::all().map(|(path, _)| path).collect();
        assert_eq!(paths.len(), Route::all().count());
    }
}
