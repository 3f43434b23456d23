//! `config import`: Django's `MANAGEMENT_COMMANDS` becomes tables of `encargo.toml`; the file is never run.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use support::{TestHost, in_namespace, skip};

use super::installation::NO_MOUNTS;
use super::one_sentence;

/// As the brief has it, with what stands around it in a file of settings.
const SETTINGS: &str = "import os
from .base import *

# MANAGEMENT_COMMANDS = {}
DEBUG = os.environ.get('DEBUG', f'{1 + 1}') == \"MANAGEMENT_COMMANDS\"

# Configuración para comandos de gestión
MANAGEMENT_COMMANDS = {
    'backup': {
        'retention_days': 30,
        'compression': True,
        'encryption': True,
    },
    'cleanup': {
        'batch_size': 1000,
        'concurrent_jobs': 4,
    },
    'import': {
        'batch_size': 500,
        'validation_level': 'strict',
    }
}
";

fn toml(host: &TestHost) -> String {
    fs::read_to_string(host.folder().join("encargo.toml")).unwrap_or_default()
}

fn settings(output: &support::Output) -> Vec<Value> {
    output.json_lines().into_iter().filter(|line| line["type"] == "setting").collect()
}

#[test]
fn the_dict_of_the_brief_is_in_force_afterwards() {
    let host = TestHost::with_tenant();
    host.file("settings.py", SETTINGS);
    let dry = host.run(["config", "import", "settings.py", "--dry-run"]).exits(0);
    assert!(dry.stdout.contains("7 settings would be taken over"), "{}", dry.stdout);
    assert!(!host.folder().join("encargo.toml").exists());

    let dry = host.run(["config", "import", "settings.py", "--dry-run", "--json"]).exits(0);
    assert_eq!(dry.summary()["dry_run"], true);

    let taken = settings(&host.run(["config", "import", "settings.py", "--json"]).exits(0));
    let first = json!({"type": "setting", "key": "commands.backup.retention_days", "value": 30, "before": null,
        "change": "added", "origin": "settings.py:10:27"});
    assert_eq!((taken.len(), &taken[0]), (7, &first));
    let expected = "[commands.backup]\nretention_days = 30\ncompression = true\nencryption = true\n\n[commands.cleanup]
batch_size = 1000\nconcurrent_jobs = 4\n\n[commands.import]\nbatch_size = 500\nvalidation_level = \"strict\"\n";
    assert_eq!(toml(&host), expected);
    let shown = host.run(["config", "show", "--origin"]).exits(0).stdout;
    assert!(shown.contains("commands.cleanup_old_data.batch_size = 1000  # encargo.toml"), "{shown}");
    let _ = host.run(["cleanup_old_data", "--dry-run"]).exits(0);

    let again = host.run(["config", "import", "settings.py"]).exits(0);
    assert!(again.stdout.contains("nothing to take over"), "{}", again.stdout);
    assert_eq!(toml(&host), expected);
}

#[test]
fn what_is_there_stays_and_another_value_is_replaced_only_when_that_is_asked_for() {
    let host = TestHost::with_tenant();
    host.file("settings.py", SETTINGS);
    let before =
        "# ours\nenvironment = 'development' # not production\n\n[commands.cleanup]\nbatch-size = 50 # small\n";
    host.file("encargo.toml", before);
    let refused = host.run(["config", "import", "settings.py"]).exits(13);
    one_sentence(&refused, "`commands.cleanup.batch-size` is `50`");
    assert!(refused.stderr.contains("--overwrite"), "{}", refused.stderr);
    let dry = settings(&host.run(["config", "import", "settings.py", "--dry-run", "--json"]).exits(0));
    let changed: Vec<_> = dry.iter().filter(|line| line["change"] == "changed").collect();
    assert!(changed.len() == 1 && changed[0]["before"] == 50 && changed[0]["value"] == 1000, "{changed:?}");
    assert_eq!(toml(&host), before);
    let _ = host.run(["config", "import", "settings.py", "--overwrite"]).exits(0);
    let after = toml(&host);
    let (kept, _) = before.split_once("50").expect("it is there");
    assert!(after.starts_with(kept) && after.contains("batch-size = 1000 # small\nconcurrent_jobs = 4\n"), "{after}");
}

#[test]
fn what_is_no_literal_or_no_setting_is_refused_with_its_line_and_column() {
    let host = TestHost::with_tenant();
    for (source, exit, words) in [
        (
            "MANAGEMENT_COMMANDS = {\n  'cleanup': {\n    'days': 30 * 2,\n  },\n}",
            2,
            "line 3, column 16: `*` is no literal",
        ),
        ("MANAGEMENT_COMMANDS = dict(cleanup={})", 2, "line 1, column 23: `dict` is no literal"),
        ("MANAGEMENT_COMMANDS = {}\nMANAGEMENT_COMMANDS['cleanup'] = {}", 2, "line 2, column 1"),
        (
            "MANAGEMENT_COMMANDS = {'cleanup': {'dayz': 3}}",
            2,
            "line 1, column 44: `cleanup_old_data` has no setting `dayz`",
        ),
        ("MANAGEMENT_COMMANDS = {'clenup': {'days': 3}}", 2, "line 1, column 43: there is no command `clenup`"),
        ("MANAGEMENT_COMMANDS = {'cleanup': {'days': {}}}", 2, "line 1, column 44: a setting is a number"),
        ("MANAGEMENT_COMMANDS = 3", 2, "line 1, column 23: a dict is expected"),
        ("OTHER = 3\n", 10, "assigns nothing to `MANAGEMENT_COMMANDS`"),
        ("MANAGEMENT_COMMANDS = {'cleanup': {'days': 3}, 'x': {'y': 10 ** 9}}", 2, "line 1, column 62"),
    ] {
        host.file("settings.py", source);
        let refused = host.run(["config", "import", "settings.py"]).exits(exit);
        one_sentence(&refused, words);
        assert_eq!(toml(&host), "", "{source}: nothing half done");
    }
    host.file("bytes.py", [0xff, 0xfe]);
    for (file, exit) in [("gone.py", 10), (".", 2), ("bytes.py", 2), ("/dev/zero", 2)] {
        assert_eq!(host.run(["config", "import", file]).exits(exit).errors().len(), 1);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_as_it_was() {
    let host = TestHost::with_tenant();
    host.file("settings.py", SETTINGS);
    host.file("etc/encargo.toml", "# ours\n");
    let script = "mount --bind etc etc; mount -o remount,ro,bind etc
        exec \"$encargo\" config import settings.py --config=etc/encargo.toml";
    let Some(output) = in_namespace(&host, script) else { return skip(NO_MOUNTS) };
    one_sentence(&output.exits(2), "it is as it was");
    let names = fs::read_dir(host.folder().join("etc")).expect("it can be read").count();
    assert_eq!(
        (names, fs::read_to_string(host.folder().join("etc/encargo.toml")).unwrap_or_default().as_str()),
        (1, "# ours\n")
    );
}

/// Literals as people write them, whose values Python itself tells.
const LITERALS: &str = r#"1_000|0xFf|0o17|-0b101|+-3|00|1.|.5e2|-1_0.5E-3|True|'a' "b"|('é' '\x41\u00f1\101\q\'\n')|r'\d\''|'''a
b\
c'''|[1, 2.5, 'x',]|(1,)|("a")|"\N"[0:0] or ''|u'\U0001F600'|'\0'|[(), [],]|['a' 'b' , r"\n" # c
]|-(3)|1e5|'tab\there'|"it's"|'\7\18'"#;

#[test]
fn python_says_the_same_of_every_literal_that_is_read() {
    let host = TestHost::with_tenant();
    let (mut read, mut refused) = (0, 0);
    for literal in LITERALS.split('|') {
        let mut source = String::new();
        writeln!(source, "MANAGEMENT_COMMANDS = {{'generate_reports': {{'tz': {literal}}}}}").expect("a text grows");
        host.file("settings.py", &source);
        let script =
            "import json; from settings import *; print(json.dumps(MANAGEMENT_COMMANDS['generate_reports']['tz']))";
        let python = Command::new("python3").args(["-c", script]).current_dir(host.folder()).output();
        let Ok(python) = python else { return skip("there is no python3") };
        let output = host.run(["config", "import", "settings.py", "--dry-run", "--json"]);
        if output.exit != 0 {
            // What is computed, and what Python refuses, too.
            refused += 1;
            continue;
        }
        let said: Value = serde_json::from_slice(&python.stdout).unwrap_or_else(|_| panic!("Python refuses {literal}"));
        assert_eq!(settings(&output)[0]["value"], said, "{literal}");
        read += 1;
    }
    assert!(read >= 24 && refused <= 4, "{read} were read, {refused} refused");
}
