//! What shells are told to offer, asked the way in which each of them asks.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use super::one_sentence;
use support::{Output, TestHost, binary, platform_state, settle, skip};

/// A host with two tenants and a placed command, and a folder with `encargo` in it.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=shop"]).exits(0);
    host.place("misbehave");
    fs::create_dir(host.folder().join("bin")).expect("a folder can be made");
    symlink(binary(), host.folder().join("bin/encargo")).expect("a link can be made");
    host.file("some rows.csv", "");
    host
}

/// A shell in the host's folder that finds `encargo`; none when it is not installed.
fn shell(host: &TestHost, program: &str) -> Option<Command> {
    let path = format!("{}/bin:/usr/local/bin:/usr/bin:/bin", host.folder().display());
    let found = path.split(':').any(|folder| fs::exists(format!("{folder}/{program}")).unwrap_or(false));
    let mut command = Command::new(program);
    host.prepare(&mut command).env("PATH", path);
    found.then_some(command)
}

/// What bash's function offers for a line up to the cursor, which bash splits at blanks and around `=`.
#[track_caller]
fn offered_by_bash(host: &TestHost, line: &str) -> Vec<String> {
    let apart = line.replace('=', " = ");
    let mut words: Vec<_> = apart.split_whitespace().collect();
    if line.ends_with(' ') {
        words.push("");
    }
    let current = words.last().copied().filter(|word| *word != "=").unwrap_or_default();
    let script = "source <(encargo completions bash) && current=$1 && shift && COMP_WORDS=(\"$@\") &&
        COMP_CWORD=$(($# - 1)) && _encargo_completions encargo \"$current\" && printf '%s\\n' \"${COMPREPLY[@]}\"";
    let mut bash = shell(host, "bash").expect("scripts/test is a script for bash");
    let bash = bash.args(["--norc", "-c", script, "bash", current]).args(words);
    let output = Output::of(&bash.output().expect("bash can be started")).exits(0);
    assert_eq!(output.stderr, "", "{line}");
    output.stdout.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_tenants_and_choices_and_changes_nothing() {
    let host = host();
    settle(&host.data());
    let before = platform_state(&host.data());
    for (line, expected) in [
        ("encargo clea", &["cleanup_old_data"][..]),
        ("encargo misb", &["misbehave"]),
        ("encargo run he", &["health_check"]),
        ("encargo cleanup_old_data --ty", &["--type"]),
        ("encargo cleanup_old_data --type=ch", &["chats"]),
        ("encargo cleanup_old_data --type ch", &["chats"]),
        ("encargo export_data --format=", &["csv", "json", "jsonl", "xml"]),
        ("encargo export_data --tenant ", &["demo", "shop", "all"]),
        ("encargo export_data --tenant=demo,s", &["demo,shop"]),
        ("encargo --data-dir=nowhere export_data --tenant=s", &[]),
        ("encargo tenants forget s", &["shop"]),
        ("encargo runs show l", &["latest"]),
        ("encargo import_knowledge --file=so", &[]),
    ] {
        assert_eq!(offered_by_bash(&host, line), expected, "{line}");
    }
    let all = offered_by_bash(&host, "encargo ");
    assert!(
        ["import_knowledge", "doctor", "completions"].iter().all(|word| all.contains(&(*word).to_owned())),
        "{all:?}"
    );
    assert_eq!(platform_state(&host.data()), before, "something has changed");
    assert!(!fs::exists(host.folder().join("nowhere")).expect("it can be looked for"));
}

#[test]
fn a_tab_at_a_terminal_completes_the_line() {
    let host = host();
    let Some(mut terminal) = shell(&host, "script") else { return skip("`script` gives no terminal to a shell") };
    // The line is typed with tabs and shown as what was run; readline's own completion of files comes last.
    let typed = "source <(encargo completions bash)\n\
        encargo() { printf '<%s>' \"$@\"; echo; }\n\
        encargo cleanup_o\t--typ\tcha\t--tenant=sh\t\n\
        encargo import_k\t--file=so\t\n\
        exit\n";
    let terminal = terminal.args(["-qec", "bash --norc --noprofile -i", "/dev/null"]).env("TERM", "dumb");
    let mut terminal = terminal.stdin(Stdio::piped()).spawn().expect("a terminal can be had");
    let mut keys = terminal.stdin.take().expect("the input is piped");
    std::io::Write::write_all(&mut keys, typed.as_bytes()).expect("it can be typed");
    let shown = Output::of(&terminal.wait_with_output().expect("the terminal ends")).exits(0).stdout;
    drop(keys);
    for line in ["<cleanup_old_data><--type><chats><--tenant=shop>", "<import_knowledge><--file=some rows.csv>"] {
        assert!(shown.contains(line), "`{line}` is not in {shown}");
    }
}

/// Each shell, its program, and how that reads a script without running it.
const READERS: [(&str, &str, &[&str]); 5] = [
    ("bash", "bash", &["--norc", "-n"]),
    ("zsh", "zsh", &["-f", "-n"]),
    ("fish", "fish", &["--no-config", "--no-execute"]),
    ("elvish", "elvish", &["-norc", "-compileonly"]),
    ("powershell", "pwsh", &["-NoProfile", "-File"]),
];

#[test]
fn every_shell_has_a_script_which_those_that_are_here_can_read() {
    let host = host();
    let mut read = Vec::new();
    for (name, program, check) in READERS {
        let script = host.run(["completions", name]).exits(0).stdout;
        assert!(script.contains("ENCARGO_COMPLETE") && script.contains("encargo"), "{name}: {script}");
        let path = host.file("script.ps1", &script);
        if let Some(mut shell) = shell(&host, program) {
            let output = Output::of(&shell.args(check).arg(path).output().expect("the shell can be started")).exits(0);
            assert_eq!(output.stderr, "", "{name}");
            read.push(name);
        }
    }
    assert!(read.contains(&"bash"), "{read:?}");
}

#[test]
fn a_shell_that_is_not_known_is_named() {
    let host = TestHost::new();
    one_sentence(&host.run(["completions", "tcsh"]).exits(2), "tcsh");
}
