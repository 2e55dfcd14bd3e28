//! Runs the simulator for people and for tests in other languages.
//! Holds true: one line when ready, then silence until interrupted or terminated.

use std::error::Error;
use std::process::ExitCode;

use lexopt::prelude::{Long, Short, ValueExt};
use simulator::{Settings, Simulator};
use tokio::signal::unix::{SignalKind, signal};

const USAGE: &str = "\
Usage: simulator [options]

  --port NUMBER                   port on 127.0.0.1, 0 for a free one (8788)
  --latency-ms NUMBER             milliseconds per request, half for turbo models (2500)
  --jitter-percent NUMBER         how far latency strays to either side (20)
  --api-key TEXT                  the key to accept (simulator-key)
  --credits-micro-dollars NUMBER  balance in micro-dollars (never runs out)
";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let Some(settings) = settings_from(lexopt::Parser::from_env())? else {
        print!("{USAGE}");
        return Ok(());
    };
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let simulator = Simulator::start(settings).await?;
    println!(
        "simulator ready on {} (Api-Key: {})",
        simulator.base_url(),
        simulator.api_key()
    );
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    Ok(())
}

/// `None` when help is asked for.
fn settings_from(mut arguments: lexopt::Parser) -> Result<Option<Settings>, lexopt::Error> {
    let mut settings = Settings {
        port: 8788,
        latency_ms: 2_500,
        jitter_percent: 20,
        ..Settings::default()
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => settings.port = arguments.value()?.parse()?,
            Long("latency-ms") => settings.latency_ms = arguments.value()?.parse()?,
            Long("jitter-percent") => settings.jitter_percent = arguments.value()?.parse()?,
            Long("api-key") => settings.api_key = arguments.value()?.string()?,
            Long("credits-micro-dollars") => {
                settings.credits_micro_dollars = Some(arguments.value()?.parse()?);
            }
            Long("help") | Short('h') => return Ok(None),
            _ => return Err(argument.unexpected()),
        }
    }
    Ok(Some(settings))
}
