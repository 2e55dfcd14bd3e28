//! A bare connection to a gateway, for requests that no HTTP library would send.
//! Holds true: what is sent is sent as it is given; an answer is read by its `Content-Length`, so
//! that a connection which stays open holds nothing up.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Answer, Gateway, PATIENCE};

/// The connection.
pub struct Connection(BufReader<TcpStream>);

impl Gateway {
    /// Opens a connection and sends the first bytes on it.
    pub async fn connect(&self, bytes: impl AsRef<[u8]>) -> Connection {
        let address = self.url().trim_start_matches("http://");
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut connection = Connection(BufReader::new(stream));
        connection.send(bytes).await;
        connection
    }
}

impl Connection {
    /// Sends further bytes; whoever has closed the connection meanwhile does not get them.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        drop(self.0.get_mut().write_all(bytes.as_ref()).await);
    }

    /// Says that nothing more will be sent.
    pub async fn end(&mut self) {
        self.0.get_mut().shutdown().await.unwrap();
    }

    /// The next answer.
    pub async fn answer(&mut self) -> Answer {
        let answer = timeout(PATIENCE, self.read()).await;
        answer.expect("an answer in time").expect("a whole answer")
    }

    async fn read(&mut self) -> std::io::Result<Answer> {
        let status_line = self.line().await?;
        let mut words = status_line.split(' ');
        let status = words.nth(1).and_then(|status| status.parse().ok());
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            let name: HeaderName = name.parse().unwrap();
            headers.append(name, HeaderValue::from_str(value).unwrap());
        }
        let length = headers.get("content-length");
        let length = length.map_or(0, |length| length.to_str().unwrap().parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        let status = status.unwrap_or_else(|| panic!("no answer: {status_line}"));
        Ok(Answer::new(status, headers, body))
    }

    async fn line(&mut self) -> std::io::Result<String> {
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        Ok(line.trim_end().to_owned())
    }
}
