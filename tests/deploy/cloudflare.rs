//! Stand-ins for what the scripts talk to: a wrangler that writes down what it is asked and keeps what
//! is deployed in a file, and a gateway that answers as the version does that a request would meet.
//! Holds true: a version that is not deployed is never met, as at Cloudflare.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

pub const KEY: &str = "the-operators-own-key";
pub const OLD: &str = "11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa";
pub const NEW: &str = "22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb";
const WORKER: &str = "ideogram-gateway-production";

/// Answers as wrangler 4.86 does, in words and in the file that it writes of what it has done.
const WRANGLER: &str = r#"#!/usr/bin/env bash
set -euo pipefail
cd "$STAND_IN"
echo "$*" >>asked
deploy() { echo "$*" >>traffic; }
report() { echo "$1" >>"$WRANGLER_OUTPUT_FILE_PATH"; }
case "$*" in
"deploy --dry-run"*) ;;
"deployments status --json"*)
    if [ ! -e traffic ]; then
        echo "A request failed. This Worker does not exist on your account. [code: 10007]" >&2
        exit 1
    fi
    tail -n 1 traffic | tr ' ' '\n' | sed -E 's/(.*)@(.*)%/{"version_id": "\1", "percentage": \2}/' |
        paste -sd, | sed 's/.*/{"versions": [&]}/'
    ;;
"versions view"*) cat bindings ;;
"versions upload"*)
    if [ -e migration ]; then
        echo "Version upload failed. Migrations must be fully applied. [code: 10211]" >&2
        exit 1
    fi
    report "{\"type\": \"version-upload\", \"worker_name\": \"$NAME\", \"version_id\": \"$NEW\"}"
    ;;
"versions deploy"*)
    specs=()
    for word in "$@"; do if [[ $word == *@*% ]]; then specs+=("$word"); fi; done
    deploy "${specs[@]}"
    ;;
"deploy"*)
    deploy "$NEW@100%"
    report "{\"type\": \"deploy\", \"worker_name\": \"$NAME\", \"version_id\": \"$NEW\", \"targets\": []}"
    ;;
"rollback"*) deploy "$OLD@100%" ;;
"triggers deploy"*) ;;
*)
    echo "Unknown command: $*" >&2
    exit 1
    ;;
esac
"#;

/// When a version's preflight fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    Never,
    Always,
    /// Only once it has all traffic, and with it the objects.
    WithTraffic,
}

/// What a script run left behind.
pub struct Ran {
    pub ok: bool,
    pub said: String,
    /// What wrangler was asked, in order.
    pub asked: Vec<String>,
    /// Each deployment there was, in order.
    pub traffic: Vec<String>,
}

pub struct Cloudflare {
    dir: TempDir,
    url: String,
}

impl Cloudflare {
    /// With the old version serving all traffic, and this one to come.
    pub fn new(new_version: Fails) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let wrangler = dir.path().join("wrangler");
        fs::write(&wrangler, WRANGLER).unwrap();
        fs::set_permissions(&wrangler, fs::Permissions::from_mode(0o755)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let traffic = Arc::new(dir.path().join("traffic"));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                answer(connection, &traffic, new_version);
            }
        });
        let cloudflare = Self { dir, url };
        cloudflare.put("traffic", &format!("{OLD}@100%\n"));
        cloudflare.put_bindings(&["kv_namespace", "durable_object_namespace"]);
        cloudflare
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn put(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// What the deployed version is bound to.
    pub fn put_bindings(&self, types: &[&str]) {
        let bindings: Vec<_> = types.iter().map(|name| json!({"type": name})).collect();
        let version = json!({"resources": {"bindings": bindings}});
        self.put("bindings", &version.to_string());
    }

    /// No Worker at all.
    pub fn without_worker(self) -> Self {
        fs::remove_file(self.path("traffic")).unwrap();
        self
    }

    fn lines(&self, name: &str) -> Vec<String> {
        let text = fs::read_to_string(self.path(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Runs a script of `bin/` for production.
    pub fn run(&self, script: &str, settings: &[(&str, &str)]) -> Ran {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(root.join("bin").join(script));
        command
            .env("ENV", "production")
            .env("WRANGLER", self.path("wrangler"))
            .env("STAND_IN", self.dir.path())
            .env("NAME", WORKER)
            .env("OLD", OLD)
            .env("NEW", NEW)
            .env("URL", &self.url)
            .env("ADMIN_KEY", KEY)
            .envs(settings.iter().copied());
        for unset in ["GENERATE", "VERSION", "WORKER", "MIGRATION", "GATEWAY_URL"] {
            if !settings.iter().any(|(name, _)| *name == unset) {
                command.env_remove(unset);
            }
        }
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        Ran {
            ok: output.status.success(),
            said: String::from_utf8(said).unwrap(),
            asked: self.lines("asked"),
            traffic: self.lines("traffic"),
        }
    }
}

/// Answers one request for a preflight.
fn answer(mut connection: TcpStream, traffic: &Path, new_version: Fails) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let mut headers = BTreeMap::new();
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "POST /admin/preflight HTTP/1.1");
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    assert_eq!(headers["api-key"], KEY);

    let deployed = fs::read_to_string(traffic).unwrap();
    let deployed: Vec<_> = deployed.lines().last().unwrap().split(' ').collect();
    let has_all = |version: &str| deployed.contains(&format!("{version}@100%").as_str());
    let led_to = headers.get("cloudflare-workers-version-overrides");
    let is_led = led_to == Some(&format!("{WORKER}=\"{NEW}\""));
    let is_there = deployed.iter().any(|spec| spec.starts_with(NEW));
    let version = if is_there && (is_led || has_all(NEW)) {
        NEW
    } else {
        OLD
    };
    let ok = match new_version {
        _ if version == OLD => true,
        Fails::Never => true,
        Fails::Always => false,
        Fails::WithTraffic => !has_all(NEW),
    };
    let check = json!({"name": "ledger", "ok": ok, "ms": 3, "details": "as the test has it"});
    let answer = json!({"ok": ok, "version_id": version, "checks": [check]}).to_string();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let length = answer.len();
    write!(
        connection,
        "{head}\r\ncontent-length: {length}\r\n\r\n{answer}"
    )
    .unwrap();
}
