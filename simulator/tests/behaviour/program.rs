//! The simulator as a program.
//! Holds true: it says one line when ready and ends in good order when told to.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use crate::caller::get;

fn program(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

#[tokio::test]
async fn it_serves_from_its_ready_line_until_it_is_told_to_end() {
    for signal in ["-TERM", "-INT"] {
        let mut child = program(&["--port", "0", "--latency-ms", "0"]);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut ready = String::new();
        output.read_line(&mut ready).unwrap();
        let base_url = ready
            .split_whitespace()
            .find(|word| word.starts_with("http://127.0.0.1:"));
        let bill = get(&format!("{}/control/bill", base_url.unwrap())).await;
        assert_eq!(bill.status(), 200);
        let told = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
        assert!(child.wait().unwrap().success());
        let mut rest = String::new();
        output.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn it_turns_down_options_it_does_not_know() {
    for arguments in [
        &["--prot", "1"][..],
        &["--port", "http"],
        &["--port", "70000"],
    ] {
        let output = program(arguments).wait_with_output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("simulator: "));
    }
}
