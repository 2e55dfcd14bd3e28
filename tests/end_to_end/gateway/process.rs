//! `wrangler dev` with the built Worker.
//! Holds true: it runs on a copy of `build/`, made once for each directory, so that a build meanwhile
//! changes nothing, not even after a restart; all its files are in the directory it is given; all
//! its processes end when it is dropped or killed, and also when the tests themselves are, because
//! a shell that waits for them ends the group.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use serde_json::json;

use super::waiting::eventually;

const READY: &str = "Ready on ";
/// Runs its arguments as a command; when that ends, or standard input does, ends the whole group.
const UNTIL_INPUT_ENDS: &str =
    r#"{ "$@"; echo "ended: $?"; kill -KILL 0; } & cat > /dev/null; kill -KILL 0"#;
/// What that writes before the status with which the command ended.
const ENDED: &str = "ended: ";

/// All processes of one `wrangler dev`.
pub struct Process {
    /// Where it listens.
    pub url: String,
    output: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
    shell: Child,
}

impl Process {
    /// Starts it in `dir`, on whatever storage is there, and waits until it listens.
    pub async fn start(dir: &Path, vars: &BTreeMap<String, String>) -> Self {
        prepare(dir, vars);
        let mut shell = command(dir).spawn().expect("a shell");
        let output = Arc::default();
        let readers = vec![
            read(shell.stdout.take().unwrap(), &output),
            read(shell.stderr.take().unwrap(), &output),
        ];
        let mut process = Self {
            url: String::new(),
            output,
            readers,
            shell,
        };
        process.url = eventually("wrangler listens", async || {
            let ended = process.readers.iter().any(JoinHandle::is_finished);
            let output = process.output();
            assert!(!ended, "wrangler ended:\n{output}");
            let line = output.lines().find(|line| line.contains(READY))?;
            let (_, url) = line.split_once(READY)?;
            Some(url.trim().to_owned())
        })
        .await;
        process
    }

    /// What it has written to standard output and standard error.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }
}

/// Ends all its processes and waits until they are gone.
impl Drop for Process {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // Whatever fails here, the test that is ending has its own outcome.
        drop(self.shell.wait());
        for reader in self.readers.drain(..) {
            // Its end means that no process is left that could write.
            drop(reader.join());
        }
    }
}

fn read(stream: impl Read + Send + 'static, output: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let output = Arc::clone(output);
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap();
            output.push_str(&line);
            output.push('\n');
        }
    })
}

/// Lays out `dir`: the configuration, the Worker, and what keeps wrangler from looking for updates.
fn prepare(dir: &Path, vars: &BTreeMap<String, String>) {
    for name in ["build", "home", "tmp/update-check"] {
        fs::create_dir_all(dir.join(name)).unwrap();
    }
    let checked = json!({"latest": "0.0.0", "lastUpdate": 9_000_000_000_000_000_u64});
    let note = dir.join("tmp/update-check/wrangler-latest.json");
    fs::write(note, checked.to_string()).unwrap();
    copy_worker(&dir.join("build"));
    copy_assets(&dir.join("public"));
    let text = fs::read_to_string(repository().join("wrangler.toml")).unwrap();
    let mut config: toml::Table = text.parse().unwrap();
    config.remove("build");
    let settings = config.get_mut("vars").and_then(toml::Value::as_table_mut);
    let vars = vars.iter();
    settings
        .expect("vars in wrangler.toml")
        .extend(vars.map(|(name, value)| (name.clone(), value.as_str().into())));
    fs::write(dir.join("wrangler.toml"), config.to_string()).unwrap();
}

fn copy_worker(to: &Path) {
    let build = repository().join("build");
    assert!(
        build.join("index.js").exists(),
        "build/index.js is missing: run `make build` first"
    );
    for name in ["index.js", "index_bg.wasm"] {
        if !to.join(name).exists() {
            fs::copy(build.join(name), to.join(name)).unwrap();
        }
    }
}

fn copy_assets(to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(repository().join("public")).unwrap() {
        let file = entry.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

/// Puts a content policy into the KV of the storage in `dir`.
pub fn put_policy(dir: &Path, policy: &str) {
    fs::write(dir.join("policy.json"), policy).unwrap();
    let mut command = Command::new(wrangler());
    command
        .args([
            "kv",
            "key",
            "put",
            "content-policy",
            "--path",
            "policy.json",
        ])
        .args(["--binding", "CONFIG", "--local", "--persist-to", "state"]);
    let output = environment(&mut command, dir).output().expect("wrangler");
    assert!(output.status.success(), "{output:?}");
}

/// What became of a program.
pub struct Ran {
    /// Whether it ended well.
    pub succeeded: bool,
    /// What it wrote to standard output.
    pub output: String,
    /// What it wrote to standard error.
    pub errors: String,
}

/// Runs a command to its end; with the tests it ends in any case.
pub async fn run_to_end(command: Command) -> Ran {
    let mut shell = until_input_ends(&command).spawn().expect("a shell");
    // As long as this is held, the command runs.
    let input = shell.stdin.take();
    let output = tokio::task::spawn_blocking(move || shell.wait_with_output());
    let output = output.await.unwrap().expect("its output");
    drop(input);
    let text = String::from_utf8_lossy(&output.stdout);
    let (said, status) = text.rsplit_once(ENDED).expect("the shell's last word");
    Ran {
        succeeded: status == "0\n",
        output: said.to_owned(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn command(dir: &Path) -> Command {
    let mut command = Command::new(wrangler());
    command
        .args(["dev", "--ip", "127.0.0.1", "--port", "0"])
        .args([
            "--inspector-port",
            "0",
            "--persist-to",
            "state",
            "--test-scheduled",
        ]);
    environment(&mut command, dir);
    until_input_ends(&command)
}

/// The same command under a shell that ends it with all it has started.
fn until_input_ends(command: &Command) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell
        .args(["-c", UNTIL_INPUT_ENDS, "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    if let Some(dir) = command.get_current_dir() {
        shell.current_dir(dir);
    }
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell
}

fn wrangler() -> PathBuf {
    repository().join("node_modules/.bin/wrangler")
}

fn environment<'command>(command: &'command mut Command, dir: &Path) -> &'command mut Command {
    command
        .current_dir(dir)
        .env("HOME", dir.join("home"))
        .env("XDG_CONFIG_HOME", dir.join("home"))
        .env("TMPDIR", dir.join("tmp"))
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("WRANGLER_SEND_METRICS", "false")
        .env("CI", "1")
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
