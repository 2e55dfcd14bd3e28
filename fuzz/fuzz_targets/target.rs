//! libFuzzer's way in: the target that `FUZZ_TARGET` names. Built without cargo-fuzz, it says what
//! there is: `target` prints the names, `target NAME` that target's dictionary, in libFuzzer's form.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
mod libfuzzer {
    use std::sync::LazyLock;

    use fuzz::Target;
    use libfuzzer_sys::fuzz_target;

    static TARGET: LazyLock<Option<&Target>> = LazyLock::new(|| {
        let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
        fuzz::target(&name)
    });

    fuzz_target!(|data: &[u8]| {
        let target = TARGET.as_ref();
        assert!(target.is_some(), "FUZZ_TARGET has to name a target");
        if let Some(target) = target {
            (target.check)(data);
        }
    });
}

#[cfg(not(fuzzing))]
fn main() {
    match std::env::args().nth(1) {
        None => {
            for target in fuzz::TARGETS {
                println!("{}", target.name);
            }
        }
        Some(name) => {
            let tokens = fuzz::target(&name).map_or(&[][..], |target| target.tokens);
            for token in tokens {
                let bytes = token.bytes().map(|byte| format!("\\x{byte:02X}"));
                println!("\"{}\"", bytes.collect::<String>());
            }
        }
    }
}
