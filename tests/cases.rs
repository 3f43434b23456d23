//! Runs every case of every command: first as a dry run, which changes nothing, then really, with the same receipt.

mod case;
mod check;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

pub(crate) use case::Case;
use support::{TestHost, checkout};

/// Every case file with the command that it belongs to.
pub(crate) fn cases() -> Vec<(String, PathBuf)> {
    let mut cases = Vec::new();
    for command in fs::read_dir(checkout().join("guest-commands")).expect("the commands can be listed") {
        let command = command.expect("an entry can be read");
        let Ok(files) = fs::read_dir(command.path().join("cases")) else { continue };
        let paths = files.map(|file| file.expect("an entry can be read").path());
        let name = command.file_name().to_string_lossy().into_owned();
        cases.extend(
            paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).map(|path| (name.clone(), path)),
        );
    }
    cases.sort();
    cases
}

#[test]
fn every_case_of_every_command_holds() {
    let template = TestHost::with_tenant();
    let (cases, problems) = (Mutex::new(cases()), Mutex::new(Vec::new()));
    assert!(!cases.lock().expect("no thread has panicked").is_empty());
    let next = || cases.lock().expect("no thread has panicked").pop();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((command, path)) = next() {
                    let text = fs::read_to_string(&path).expect("a case can be read");
                    let outcome = toml::from_str::<Case>(&text).map_err(|error| error.to_string());
                    if let Err(problem) = outcome.and_then(|case| check::check(&command, &case, &template)) {
                        let name = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
                        problems.lock().expect("no thread has panicked").push(format!("{name}: {problem}"));
                    }
                }
            });
        }
    });
    let mut problems = problems.into_inner().expect("no thread has panicked");
    problems.sort();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}
