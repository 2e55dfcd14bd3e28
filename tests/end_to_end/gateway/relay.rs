//! An address for a gateway that is known before the gateway's own is, as `PUBLIC_URL` has to be.
//! Holds true: it passes bytes on as they come, and nothing before it is told where to.

use std::sync::{Arc, Mutex};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running one.
pub struct Relay {
    /// `http://127.0.0.1:PORT`.
    pub url: String,
    target: Arc<Mutex<Option<String>>>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let target = Arc::<Mutex<Option<String>>>::default();
        let told = Arc::clone(&target);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let target = told.lock().unwrap().clone();
                tokio::spawn(pass_on(stream, target));
            }
        });
        Self { url, target, task }
    }

    /// From now on it leads to this address, `http://HOST:PORT`.
    pub fn leads_to(&self, url: &str) {
        let authority = url.trim_start_matches("http://").to_owned();
        *self.target.lock().unwrap() = Some(authority);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass_on(mut stream: TcpStream, target: Option<String>) -> Option<()> {
    let mut onward = TcpStream::connect(target?).await.ok()?;
    copy_bidirectional(&mut stream, &mut onward).await.ok()?;
    Some(())
}
