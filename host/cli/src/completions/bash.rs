//! bash: it takes `--type=chats` for three words, and inserts a candidate as it is.

use std::ffi::OsString;
use std::io::{self, Write};

use clap_complete::engine::complete;

use super::line;
use crate::config::Environment;

/// The place of the word to complete among the others.
const INDEX: &str = "ENCARGO_COMPLETE_INDEX";

/// The script that asks this program, by its path. Names of files are bash's own to complete, with its quotes.
pub(super) fn script(variable: &str, program: &str) -> String {
    let program = program.replace('\'', "'\\''");
    format!(
        r#"_encargo_completions() {{
    local words=("${{COMP_WORDS[@]}}")
    words[COMP_CWORD]=$2
    mapfile -t COMPREPLY < <({variable}=bash {INDEX}=$COMP_CWORD '{program}' -- "${{words[@]}}" 2>/dev/null)
}}
complete -o default -o bashdefault -F _encargo_completions encargo
"#
    )
}

/// Writes the candidates, one a line.
pub(super) fn answer(words: Vec<OsString>, environment: &Environment, out: &mut impl Write) -> io::Result<()> {
    let index = environment.get(INDEX).and_then(|index| index.parse().ok()).unwrap_or(usize::MAX);
    let (words, index) = without_equals(words, index);
    let mut line = line::command(&words, false, environment);
    for candidate in complete(&mut line, words, index, None)? {
        writeln!(out, "{}", candidate.get_value().to_string_lossy())?;
    }
    Ok(())
}

/// The same line with a blank for each `=` behind an option, which bash makes a word of its own.
fn without_equals(words: Vec<OsString>, index: usize) -> (Vec<OsString>, usize) {
    let (mut kept, mut at) = (Vec::with_capacity(words.len()), index);
    for (place, word) in words.into_iter().enumerate() {
        let is_of_option = kept.last().is_some_and(|last: &OsString| last.to_string_lossy().starts_with("--"));
        if word == "=" && is_of_option && place != index {
            at -= usize::from(place < index);
        } else {
            kept.push(word);
        }
    }
    (kept, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equals_sign_behind_an_option_is_a_blank() {
        for (line, index, expected, at) in [
            ("encargo x --type = ch", 4, "encargo x --type ch", 3),
            ("encargo --lang = es x --type = ch --days = 3", 7, "encargo --lang es x --type ch --days 3", 5),
            ("encargo x = ch", 3, "encargo x = ch", 3),
            ("encargo x --type ch", 3, "encargo x --type ch", 3),
        ] {
            let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(without_equals(words(line), index), (words(expected), at), "{line}");
        }
    }
}
