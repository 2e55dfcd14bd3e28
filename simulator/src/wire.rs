//! Ends of a connection that HTTP has no words for.
//! Holds true: a response made here never reaches the caller as such; the server takes the
//! bare connection back from the HTTP library and does this with it instead.

use std::{fmt, io};

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::fault::RawAnswer;

/// Travels in a response's extensions to the server.
#[derive(Clone, Debug)]
pub(crate) enum Takeover {
    /// TCP reset without a byte.
    Reset,
    /// These bytes, then the end of the connection.
    Send {
        start: Bytes,
        /// Before the end comes this, until the caller goes away.
        repeated: Bytes,
    },
}

pub(crate) fn reset() -> Response {
    marked(Takeover::Reset)
}

/// A 200 that declares one length and sends these bytes, then the end of the connection.
pub(crate) fn misdeclared(content_type: &str, declared_length: u64, bytes: &[u8]) -> Response {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {declared_length}\r\n\r\n"
    );
    raw(RawAnswer {
        start: [head.as_bytes(), bytes].concat(),
        repeated: Vec::new(),
    })
}

pub(crate) fn raw(answer: RawAnswer) -> Response {
    marked(Takeover::Send {
        start: answer.start.into(),
        repeated: answer.repeated.into(),
    })
}

/// A 200 with the right length that ends after half of the bytes.
pub(crate) fn half(content_type: &str, bytes: &[u8]) -> Response {
    let (first_half, _) = bytes.split_at(bytes.len() / 2);
    misdeclared(content_type, bytes.len() as u64, first_half)
}

fn marked(takeover: Takeover) -> Response {
    let mut response = ().into_response();
    response.extensions_mut().insert(takeover);
    response
}

impl Takeover {
    pub(crate) async fn carry_out(self, connection: TcpStream) {
        // The caller may be gone already; then there is nobody left to surprise.
        let _outcome = match self {
            // Closing with no linger time sends a reset instead of an orderly end.
            Self::Reset => connection.set_zero_linger(),
            Self::Send { start, repeated } => send(connection, &start, &repeated).await,
        };
    }
}

async fn send(mut connection: TcpStream, start: &[u8], repeated: &[u8]) -> io::Result<()> {
    connection.write_all(start).await?;
    while !repeated.is_empty() {
        connection.write_all(repeated).await?;
    }
    connection.shutdown().await
}

impl fmt::Display for Takeover {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the connection is taken over by a scripted fault")
    }
}

impl std::error::Error for Takeover {}
