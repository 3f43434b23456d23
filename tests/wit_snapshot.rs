//! The whole contract as one text: a change of it is a change for every command there is, and has to be meant.

use std::fs;

use support::checkout;

/// Every package in one text, in the order of their names.
fn contract() -> String {
    support::contract().iter().map(|(_, source)| format!("{}\n\n", source.trim_end())).collect()
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

/// Whether a line of the contract declares something that a reader has to know the meaning of.
fn declares(line: &str) -> bool {
    let is_braces = |line: &str| line.starts_with('}') || line.starts_with("use ") || line.starts_with("package ");
    let in_world = |line: &str| line.starts_with("import ") || line.starts_with("export ");
    !(line.is_empty() || line.starts_with("///") || is_braces(line) || in_world(line))
}

#[test]
fn every_item_of_the_contract_is_documented() {
    let contract = contract();
    let mut before = "";
    let mut bare = Vec::new();
    for line in contract.lines().map(str::trim) {
        if declares(line) && !before.starts_with("///") {
            bare.push(line);
        }
        before = line;
    }
    assert_eq!(bare, Vec::<&str>::new(), "without a `///` above them");
}
