//! The Worker: I/O around the rules of `domain`.
//!
//! `routes` parse, call and render, one file an endpoint; `access` says who is calling,
//! `screening` whether a prompt may be asked for. A miss goes
//! to `objects`: the Generation object runs the job, the Ledger object holds money and places.
//! `ideogram` is the upstream, `storage` is KV and R2, `watch` is what the clock strikes for,
//! `preflight` checks all of it. `config` has every setting, `error` renders every error, `log` writes
//! every line, `gathered` counts for the metrics.

mod access;
mod clock;
mod config;
mod deadline;
mod error;
mod gathered;
mod ideogram;
mod log;
mod objects;
mod preflight;
mod routes;
mod screening;
mod storage;
mod watch;

use worker::{Context, Env, Request, Response, ScheduleContext, ScheduledEvent, event};

#[event(start)]
fn start() {
    // The platform layer's own hook marks the instance as broken; ours only adds the trace.
    let platform = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        console_error_panic_hook::hook(panic);
        platform(panic);
    }));
}

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> worker::Result<Response> {
    clock::set_by(&env);
    routes::handle(request, env, context).await
}

#[event(scheduled)]
async fn scheduled(event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    clock::set_by(&env);
    watch::strike(&event.cron(), &env).await;
}
