//! What the command line answers to bad input: one sentence, its exit code, and everything left as it was.

pub(crate) mod added;
mod completions;
pub(crate) mod component;
mod configuration;
mod django;
mod host_log;
pub(crate) mod hostile;
mod import_settings;
mod input;
pub(crate) mod installation;
mod lost_files;
mod progress;
mod replacing;
mod streams;
mod tenants_own;
mod terminal;
mod tour;
mod unwritable;

use support::{Output, TestHost, platform_state, settle};

/// Runs a line that is refused: it ends with this code, one sentence names the subject, and the platform is as before.
#[track_caller]
fn refused(host: &TestHost, arguments: &[&str], exit: i32, subject: &str) -> Output {
    settle(&host.data());
    let before = platform_state(&host.data());
    let output = host.run(arguments).exits(exit);
    one_sentence(&output, subject);
    // What is wrong inside a file is also listed, record by record.
    assert!(exit == 1 || output.errors().len() == 1, "{}", output.stderr);
    assert_eq!(platform_state(&host.data()), before, "something has changed");
    output
}

/// The last `error:` line names the subject, begins small and ends without a full stop, and no trace of a panic.
#[track_caller]
fn one_sentence(output: &Output, subject: &str) {
    let error = output.error();
    assert!(error.contains(subject), "`{error}` does not name `{subject}`");
    assert!(!error.ends_with('.'), "`{error}` ends with a full stop");
    assert!(!error.chars().next().is_some_and(char::is_uppercase), "`{error}` begins with a capital");
    assert!(!output.stderr.contains("panicked"), "{}", output.stderr);
}
