//! The whole contract as one text: a change of it is a change for every command there is, and has to be meant.

use std::fmt::Write as _;
use std::fs;

use support::checkout;

/// Every package in one text, in the order of their names.
fn contract() -> String {
    let wit = checkout().join("wit");
    let entries = fs::read_dir(&wit).expect("the contract can be read").filter_map(Result::ok);
    let mut packages: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    packages.sort();
    let mut text = String::new();
    for package in packages {
        let source =
            fs::read_to_string(wit.join(&package).join(format!("{package}.wit"))).expect("a package has its file");
        writeln!(text, "{}\n", source.trim_end()).expect("a text takes what is written");
    }
    text
}

#[test]
fn the_contract_is_as_it_was_reviewed() {
    let snapshot = checkout().join("tests/wit_snapshot.txt");
    let reviewed = fs::read_to_string(&snapshot).unwrap_or_default();
    let now = contract();
    if now == reviewed {
        return;
    }
    let proposed = snapshot.with_extension("txt.new");
    fs::write(&proposed, &now).expect("the proposed snapshot can be written");
    let first = now.lines().zip(reviewed.lines()).position(|(new, old)| new != old);
    let line = first.unwrap_or_else(|| now.lines().count().min(reviewed.lines().count())) + 1;
    panic!(
        "the contract differs from its snapshot, first at line {line}.\n\
         If the change is meant, review it and accept it:\n\
         \x20   diff tests/wit_snapshot.txt tests/wit_snapshot.txt.new\n\
         \x20   mv tests/wit_snapshot.txt.new tests/wit_snapshot.txt"
    );
}
