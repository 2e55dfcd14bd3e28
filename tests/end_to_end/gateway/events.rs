//! Server-sent events, read as they come.
//! Holds true: comments are no events; each event is whole and its data is JSON.

use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;

use super::Gateway;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What it says.
    pub data: Value,
    /// Its number, if it has one.
    pub id: Option<u32>,
}

/// An answer that goes on.
pub struct EventStream {
    response: Response,
    unread: String,
}

impl Gateway {
    /// Follows a generation, from after the event of this number if one is given.
    pub async fn follow(&self, id: &str, last: Option<&str>) -> EventStream {
        EventStream::of(self.events(id, last)).await
    }

    /// The request for the events of a generation.
    pub fn events(&self, id: &str, last: Option<&str>) -> RequestBuilder {
        let request = self.request(Method::GET, &format!("/generations/{id}/events"));
        match last {
            Some(last) => request.header("last-event-id", last),
            None => request,
        }
    }

    /// Asks for a picture and follows how it is made.
    pub async fn generate_and_follow(&self, fields: &Value) -> EventStream {
        let request = self.generation(fields);
        EventStream::of(request.header("accept", "text/event-stream")).await
    }
}

impl EventStream {
    /// Sends a request that has to be answered with events.
    pub async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let stream = Self {
            response,
            unread: String::new(),
        };
        assert_eq!(stream.response.status(), 200);
        assert_eq!(stream.header("content-type"), "text/event-stream");
        assert_eq!(stream.header("cache-control"), "no-store");
        stream
    }

    /// The value of a header that has to be there.
    pub fn header(&self, name: &str) -> &str {
        let value = self.response.headers().get(name);
        value
            .unwrap_or_else(|| panic!("no {name}"))
            .to_str()
            .unwrap()
    }

    /// The next event; none at the end of the stream, or where its connection was lost.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let event = event(block);
                self.unread = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let chunk = self.response.chunk().await.ok()??;
            self.unread.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event of this name, whatever comes before it.
    pub async fn until(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await;
            let event = event.unwrap_or_else(|| panic!("the stream ended before {name}"));
            if event.name == name {
                return event;
            }
        }
    }

    /// All events up to the end.
    pub async fn rest(mut self) -> Vec<Event> {
        let mut events = vec![];
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

/// The events of an answer that was read to its end.
pub fn parse(body: &[u8]) -> Vec<Event> {
    let text = std::str::from_utf8(body).unwrap();
    text.split("\n\n").filter_map(event).collect()
}

fn event(block: &str) -> Option<Event> {
    let field = |name: &str| {
        let lines = block.lines();
        let mut values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let value = values.next();
        assert_eq!(values.next(), None, "twice: {block}");
        value
    };
    let data = field("data")?;
    Some(Event {
        name: field("event")?.to_owned(),
        data: serde_json::from_str(data).expect("JSON on one line"),
        id: field("id").map(|id| id.parse().unwrap()),
    })
}
