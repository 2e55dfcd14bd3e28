//! Listens, and serves one connection per task.
//! Holds true: everything speaks HTTP/1.1 on 127.0.0.1; a response that asks for it gets the
//! bare connection.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::edits_v2::V2_EDITS;
use crate::endpoints::ENDPOINTS;
use crate::endpoints_v2::V2_GENERATE;
use crate::generate::generate;
use crate::poll::poll;
use crate::receive::anything_else;
use crate::state::State;
use crate::tasks::Tasks;
use crate::usage::usage;
use crate::wire::Takeover;
use crate::{control, image_host, keys};

/// How long to wait when no connection can be accepted, for example for want of file handles.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(20);

pub(crate) fn router(state: Arc<State>) -> Router {
    let mut router = Router::new();
    for endpoint in ENDPOINTS.iter().chain(V2_GENERATE).chain(V2_EDITS) {
        let answer = |shared: axum::extract::State<Arc<State>>, request: Request| {
            generate(endpoint, shared.0, request)
        };
        router = router.route(endpoint.path, post(answer));
    }
    router
        .route("/v2/generations/{id}", get(poll))
        .route("/v1/generations/{id}", get(poll))
        .route("/v1/.well-known/jwks.json", get(keys::published))
        .route("/v2/account/usage", get(usage))
        .route("/images/{*name}", get(image_host::fetch))
        .merge(control::routes())
        .fallback(anything_else)
        .with_state(state)
}

pub(crate) async fn serve(listener: TcpListener, router: Router, connections: Arc<Tasks>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => connections.spawn(serve_connection(stream, router.clone())),
            Err(_) => sleep(PAUSE_AFTER_FAILURE).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router) {
    // Small pieces of a slow body are to leave when they are written. Failing that, they are late.
    let _outcome = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        let answer = router.call(request);
        async move {
            let Ok(mut response) = answer.await;
            // An error makes the HTTP library stop without writing a response.
            match response.extensions_mut().remove::<Takeover>() {
                Some(takeover) => Err(takeover),
                None => Ok(response),
            }
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else {
        return;
    };
    let takeover = error
        .source()
        .and_then(|cause| cause.downcast_ref::<Takeover>());
    if let Some(takeover) = takeover {
        let stream = connection.into_parts().io.into_inner();
        takeover.clone().carry_out(stream).await;
    }
}
