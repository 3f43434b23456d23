//! Runs lines in Spanish and remembers each English word that was met.

use std::collections::BTreeSet;

use support::{Output, TestHost};

use super::catalogue::Catalogue;

pub(super) struct Listener {
    catalogue: Catalogue,
    /// Words of others, which are quoted as they are.
    quoted: Vec<String>,
    heard: BTreeSet<String>,
}

impl Listener {
    pub(super) fn new() -> Self {
        Self { catalogue: Catalogue::of_the_checkout(), quoted: Vec::new(), heard: BTreeSet::new() }
    }

    /// Passes over these words from now on: the operating system's, SQLite's, wasmtime's or a guest's.
    pub(super) fn quote(&mut self, words: &[&str]) {
        self.quoted.extend(words.iter().map(|&words| words.to_owned()));
    }

    /// Runs a line with `--lang=es` and listens to it.
    #[track_caller]
    pub(super) fn hear(&mut self, host: &TestHost, line: &[&str], exit: i32) -> Output {
        let output = host.run(line.iter().chain(&["--lang=es"])).exits(exit);
        self.listen(&line.join(" "), &output);
        output
    }

    /// Listens to what a process has printed. Data on standard output is no sentence: give it a file to go to.
    pub(super) fn listen(&mut self, line: &str, output: &Output) {
        let (mut in_choices, mut message_at) = (false, None);
        for said in output.stdout.lines().chain(output.stderr.lines()) {
            let mut plain = without_names(&without_choices(message(said, &mut message_at), &mut in_choices));
            for quoted in &self.quoted {
                plain = plain.replace(quoted, "");
            }
            for word in self.catalogue.in_line(&plain) {
                self.heard.insert(format!("`{word}` in `{said}` of `{line}`"));
            }
        }
    }

    /// Fails with every word that was met, its line and its command.
    #[track_caller]
    pub(super) fn ends(self) {
        let heard = self.heard.into_iter().collect::<Vec<_>>();
        assert!(heard.is_empty(), "English words in Spanish:\n{}", heard.join("\n"));
    }
}

/// What the host says of a record that is wrong: the last column of a table of such, whose others are the record's.
fn message<'a>(line: &'a str, at: &mut Option<usize>) -> &'a str {
    if line.is_empty() {
        *at = None;
    }
    if line.starts_with("archivo") && line.ends_with("mensaje") {
        *at = Some(line.chars().count() - "mensaje".len());
    }
    let start = at.and_then(|at| line.char_indices().nth(at)).map_or(0, |(start, _)| start);
    &line[start..]
}

/// A line without what may be chosen, which a help lists in brackets, over several lines where there is much.
fn without_choices(line: &str, is_inside: &mut bool) -> String {
    let mut plain = String::new();
    let mut rest = line;
    loop {
        let (sign, keeps) = if *is_inside { (']', false) } else { ('[', true) };
        let (part, behind) = rest.split_once(sign).unwrap_or((rest, ""));
        let enters = keeps && behind.starts_with("uno de:");
        plain.push_str(if keeps { part } else { "" });
        if part.len() == rest.len() {
            return plain;
        }
        *is_inside = enters;
        plain.push(' ');
        rest = behind;
    }
}

/// A line without the lines to type in it, the key of a setting, and the word that an entry of a help begins with.
fn without_names(line: &str) -> String {
    let said = line.split_once("encargo ").map_or(line, |(before, _)| before);
    if let Some((_, value)) = said.split_once(" = ") {
        return value.to_owned();
    }
    match said.strip_prefix("  ").and_then(|entry| entry.split_once("  ")) {
        Some((name, text)) if !name.contains(' ') => text.to_owned(),
        _ => said.to_owned(),
    }
}
