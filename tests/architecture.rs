//! The rules of the house that a compiler does not keep.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use support::{checkout, rust_files};

/// Which crate of the host may use which (DESIGN §3); `cli` may use all of them.
const EDGES: [(&str, &[&str]); 7] = [
    ("model", &[]),
    ("pack", &["model"]),
    ("store", &["model"]),
    ("backends", &["model"]),
    ("engine", &["model", "backends"]),
    ("catalog", &["model", "pack", "store", "engine"]),
    ("runs", &["model", "store", "engine", "catalog"]),
];

/// Which dependencies belong to one layer, and the crates of the host that may name them.
const HOLDERS: [(&str, &[&str]); 5] = [
    ("wasmtime", &["engine"]),
    ("wasmtime-wasi", &["engine"]),
    ("sqlx", &["store"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
];

/// The dependencies of every package of the workspace, those for tests left out.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut cargo = Command::new("cargo");
    cargo.args(["metadata", "--no-deps", "--format-version=1", "--offline"]).current_dir(checkout());
    let output = cargo.output().expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let name = |value: &Value| value["name"].as_str().expect("a package has a name").to_owned();
    let of = |package: &Value| {
        let all = package["dependencies"].as_array().expect("a list").iter();
        all.filter(|dependency| dependency["kind"] != "dev").map(name).collect()
    };
    metadata["packages"].as_array().expect("a list").iter().map(|package| (name(package), of(package))).collect()
}

#[test]
fn crates_of_the_host_use_only_the_layers_below_them() {
    let packages = dependencies();
    let in_host = |package: &str| package.strip_prefix("encargo-").map(str::to_owned);
    for folder in folders("host") {
        let used = &packages[&format!("encargo-{folder}")];
        let used_crates: BTreeSet<String> = used.iter().filter_map(|name| in_host(name)).collect();
        if folder == "cli" {
            continue;
        }
        let (_, allowed) =
            EDGES.iter().find(|(name, _)| *name == folder).unwrap_or_else(|| panic!("`{folder}` has no row in EDGES"));
        for name in used_crates {
            assert!(allowed.contains(&name.as_str()), "`{folder}` may not use `{name}`");
        }
    }
}

#[test]
fn each_layer_keeps_its_dependency_to_itself() {
    let packages = dependencies();
    for folder in folders("host") {
        let used = &packages[&format!("encargo-{folder}")];
        for (dependency, holders) in HOLDERS {
            assert!(
                !used.contains(dependency) || holders.contains(&folder.as_str()),
                "`{folder}` may not use `{dependency}`"
            );
        }
    }
}

#[test]
fn commands_use_the_sdk_and_no_crate_of_the_host() {
    let packages = dependencies();
    for command in commands() {
        for dependency in &packages[&command] {
            let allowed = dependency.starts_with("encargo-sdk") || !dependency.starts_with("encargo-");
            assert!(allowed, "`{command}` may not use `{dependency}`");
        }
    }
}

#[test]
fn only_the_wiring_of_the_cli_names_the_types_of_backends() {
    for path in rust_files() {
        let name = path.strip_prefix(checkout()).expect("it is in the checkout").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a source can be read");
        if name.starts_with("host/cli/src") && text.contains("encargo_backends::") {
            assert_eq!(name, "host/cli/src/wiring.rs", "`{name}` names a type of `backends`");
        }
    }
}

#[test]
fn every_source_says_what_lives_in_it_and_is_not_long() {
    let mut problems = Vec::new();
    for path in rust_files() {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let lines = text.lines().count();
        if !text.starts_with("//!") {
            problems.push(format!("{} does not begin with `//!`", path.display()));
        }
        if lines > 400 {
            problems.push(format!("{} has {lines} lines; 400 is the most", path.display()));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn no_module_is_named_after_nothing_in_particular() {
    for path in rust_files() {
        let name = path.file_stem().and_then(|name| name.to_str()).expect("sources have names");
        for empty in ["util", "utils", "common", "helper", "helpers", "manager", "misc", "mod"] {
            assert_ne!(name, empty, "{}: name it after its noun", path.display());
        }
    }
}

#[test]
fn every_command_has_a_case() {
    for command in commands() {
        let cases = checkout().join("guest-commands").join(&command).join("cases");
        let found = fs::read_dir(&cases).map(|entries| {
            entries
                .filter_map(Result::ok)
                .filter(|entry| entry.path().extension().is_some_and(|end| end == "toml"))
                .count()
        });
        assert!(found.is_ok_and(|found| found > 0), "{} has no case", cases.display());
    }
}

#[test]
fn every_capability_has_its_file_in_each_layer() {
    for package in folders("wit") {
        if ["types", "command"].contains(&package.as_str()) {
            continue;
        }
        // The SDK speaks of logging as its macros do.
        let in_sdk = if package == "logging" { "log" } else { &package };
        for file in [
            format!("wit/{package}/{package}.wit"),
            format!("wit/command/deps/{package}/{package}.wit"),
            format!("host/engine/src/capabilities/{package}.rs"),
            format!("guest-commands/sdk/src/{in_sdk}.rs"),
        ] {
            assert!(checkout().join(&file).is_file(), "the capability `{package}` has no `{file}`");
        }
    }
}

fn commands() -> Vec<String> {
    folders("guest-commands").into_iter().filter(|name| name != "sdk" && !name.starts_with("sdk-")).collect()
}

fn folders(of: &str) -> Vec<String> {
    let entries = fs::read_dir(checkout().join(of)).expect("a folder of the checkout can be read");
    let folders = entries.filter_map(Result::ok).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
