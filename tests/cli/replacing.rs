//! A file that is there is lost to no command.

use std::fs;

use support::TestHost;

use super::refused;

fn names(host: &TestHost, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(host.folder().join(folder)).expect("the folder is there");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn an_export_into_a_folder_replaces_what_it_wrote_before_and_nothing_else() {
    let host = TestHost::with_tenant();
    let export = ["export_data", "--type=knowledge", "--output=out/"];
    let _ = host.run(export).exits(0);
    let files = names(&host, "out");
    assert_eq!(files.len(), 1, "{files:?}");
    let path = host.folder().join("out").join(&files[0]);
    let first = fs::read(&path).expect("it was written");
    let _ = host.run(export).exits(0);
    fs::write(&path, "edited").expect("it can be written");
    let output = refused(&host, &export, 1, &files[0]);
    assert!(output.stderr.contains("--overwrite"), "{}", output.stderr);
    let mut dry = export.to_vec();
    dry.push("--dry-run");
    let _ = host.run(&dry).exits(1);
    assert_eq!(fs::read(&path).expect("it is there"), b"edited");
    let mut overwriting = export.to_vec();
    overwriting.push("--overwrite");
    let _ = host.run(&overwriting).exits(0);
    assert_eq!((fs::read(&path).expect("it is there"), names(&host, "out")), (first, files));
}

#[test]
fn a_file_that_the_caller_named_is_replaced_as_he_said() {
    let host = TestHost::with_tenant();
    host.file("one.csv", "there before");
    let _ = host.run(["export_data", "--type=knowledge", "--output=one.csv"]).exits(0);
    assert_ne!(fs::read(host.folder().join("one.csv")).expect("it is there"), b"there before");
}

#[test]
fn what_a_killed_run_left_in_the_making_goes_with_the_next_export() {
    let host = TestHost::with_tenant();
    host.file("out/.encargo-killed.tmp", "left");
    let _ = host.run(["export_data", "--type=knowledge", "--output=out/"]).exits(0);
    assert!(!names(&host, "out").contains(&".encargo-killed.tmp".to_owned()));
}

#[test]
fn outputs_past_their_limit_are_refused_and_the_receipt_says_what_was_used() {
    let host = TestHost::with_tenant();
    host.file("encargo.toml", "[limits]\noutput_bytes = 10\n");
    let output = host.run(["export_data", "--type=knowledge", "--output=one.csv"]).exits(14);
    assert!(output.stderr.contains("`output_bytes`"), "{}", output.stderr);
    host.file("encargo.toml", "");
    let _ = host.run(["export_data", "--type=knowledge", "--output=one.csv"]).exits(0);
    let record = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0);
    let limits = record["receipt"]["limits"].as_array().expect("limits are a list").clone();
    let written = fs::metadata(host.folder().join("one.csv")).expect("it is there").len();
    assert!(limits.iter().any(|limit| limit["name"] == "output" && limit["used"] == written), "{limits:?}");
}
