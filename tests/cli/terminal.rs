//! Whatever a command, a file or a record says reaches the terminal as text, and never as a line of the host's.

use support::{Output, TestHost};

/// Escape sequences, controls of both kinds, marks of direction, separators, and lines like the host's own.
const HOSTILE: &str = "a\u{1b}[2J\u{9b}31m\u{7}b\rc\u{202e}d\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}\u{200b}\u{feff}\nerror: forged\nhint: run this";

/// Characters that a terminal does not show as themselves.
fn unfit(text: &str) -> Vec<char> {
    let is_unfit = |c: &char| *c != '\n' && (c.is_control() || (!c.is_ascii() && HOSTILE.contains(*c)));
    text.chars().filter(is_unfit).collect()
}

#[track_caller]
fn is_text(output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        assert_eq!(unfit(stream), Vec::<char>::new(), "{stream:?}");
        let forged = |line: &str| line.starts_with("error: forged") || line.starts_with("hint: run this");
        assert!(!stream.lines().any(forged), "{stream}");
    }
}

fn host() -> TestHost {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    host
}

#[test]
fn what_a_command_says_is_shown_as_text_while_it_runs_and_from_its_record() {
    let host = host();
    let say = format!("--say={HOSTILE}");
    for (more, exit) in [(&[][..], 0), (&["--panic"], 1), (&["--ask"], 13)] {
        for how in [&[][..], &["--json"], &["-v", "3"], &["--traceback"]] {
            let run = ["misbehave", "--tenant=demo", &say, "--progress=plain"];
            let output = host.run(run.iter().chain(more).chain(how)).exits(exit);
            is_text(&output);
            assert!(
                how == ["--json"] || output.stderr.contains("a\\u{1b}[2J\\u{9b}31m\\u{7}b\\rc\\u{202e}d"),
                "{}",
                output.stderr
            );
        }
        let from_record = [&["runs", "show", "latest"][..], &["runs", "logs", "latest"], &["runs", "list"]];
        for words in from_record {
            for json in [&[][..], &["--json"], &["--force-color"]] {
                let output = host.run(words.iter().chain(json)).exits(0);
                if json == ["--force-color"] {
                    assert!(!output.stdout.contains("\u{1b}[2J"), "{}", output.stdout);
                } else {
                    is_text(&output);
                }
            }
        }
    }
}

#[test]
fn json_has_the_very_text_that_a_command_said() {
    let host = host();
    let output = host.run(["misbehave", "--tenant=demo", "--json", &format!("--say={HOSTILE}")]).exits(0);
    assert_eq!(output.summary()["summary"], HOSTILE);
    assert_eq!(output.summary()["notes"][0], HOSTILE);
}

#[test]
fn the_name_of_a_file_is_shown_as_text() {
    let host = host();
    host.file(&format!("encargo-data/commands/{HOSTILE}.wasm"), b"no component");
    for words in [&["doctor"][..], &["commands", "list"], &["doctor", "--json"]] {
        is_text(&host.run(words));
    }
    is_text(&host.run(["import_knowledge", &format!("--file={HOSTILE}")]));
    is_text(&host.run(["import_knowledge", &format!("--{HOSTILE}")]));
    is_text(&host.run([HOSTILE]));
}
