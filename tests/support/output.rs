//! What an `encargo` process left behind.

use std::process;

use serde_json::Value;

/// How a process ended and what it wrote.
#[derive(Debug)]
#[must_use]
pub struct Output {
    /// The exit code; 128 and the signal's number when a signal ended it.
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a process to its end.
#[track_caller]
pub fn finished(command: &mut process::Command) -> Output {
    Output::of(&command.output().expect("the process can be started"))
}

impl Output {
    /// What a process left behind that has been waited for.
    pub fn of(output: &process::Output) -> Self {
        use std::os::unix::process::ExitStatusExt;
        Self {
            exit: output.status.code().or_else(|| Some(128 + output.status.signal()?)).expect("a process has ended"),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The notes of the last line's report.
    #[track_caller]
    pub fn notes(&self) -> Vec<String> {
        let summary = self.summary();
        let notes = summary["notes"].as_array().unwrap_or_else(|| panic!("no notes in {summary}"));
        notes.iter().map(|note| note.as_str().expect("a note is a text").to_owned()).collect()
    }

    /// What stands on stderr beside the note that a component is being compiled, which comes on a busy machine and not on
    /// another.
    pub fn remarks(&self) -> String {
        let is_remark = |line: &&str| !line.starts_with("compiling `") && !line.starts_with("compilando `");
        self.stderr.split_inclusive('\n').filter(is_remark).collect()
    }

    /// The output itself, once it ended with this code.
    #[track_caller]
    pub fn exits(self, exit: i32) -> Self {
        assert_eq!(self.exit, exit, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Every line of a `--json` run.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in `{line}`"));
        self.stdout.lines().map(parse).collect()
    }

    /// The last line of a `--json` run, which is always a summary.
    #[track_caller]
    pub fn summary(&self) -> Value {
        let last = self.json_lines().pop().unwrap_or_else(|| panic!("no JSON; stderr:\n{}", self.stderr));
        assert_eq!(last["type"], "summary", "{last}");
        assert_eq!(last["exit_code"], self.exit, "{last}");
        last
    }

    /// The n of a count in the summary; 0 when it is not there.
    #[track_caller]
    pub fn count(&self, subject: &str, action: &str) -> u64 {
        let summary = self.summary();
        let counts = summary["counts"].as_array().unwrap_or_else(|| panic!("no counts in {summary}"));
        let found = counts.iter().find(|count| count["subject"] == subject && count["action"] == action);
        found.map_or(0, |count| count["n"].as_u64().expect("n is a number"))
    }

    /// The sentences on standard error that begin with `error:`, without the word; a run's last one says why it ended.
    pub fn errors(&self) -> Vec<&str> {
        self.stderr.lines().filter_map(|line| line.strip_prefix("error: ")).collect()
    }

    /// The last of them.
    #[track_caller]
    pub fn error(&self) -> &str {
        self.errors().pop().unwrap_or_else(|| panic!("an error is expected in:\n{}", self.stderr))
    }
}
