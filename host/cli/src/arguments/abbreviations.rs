//! Options as they may be shortened, as Django's are: the beginning of one name, and `_` for `-`.

use encargo_model::{Description, text};

use super::host_flags::host_command;
use crate::error::Problem;

/// The words behind a command's name with every option in full; `None` when all of them are already, or are no
/// beginning of a name.
///
/// # Errors
/// The beginning of more than one name.
pub(crate) fn in_full(description: &Description, words: &[String]) -> Result<Option<Vec<String>>, Problem> {
    let host = host_command();
    let of_host = host.get_arguments().filter(|flag| !flag.is_hide_set()).filter_map(|flag| flag.get_long());
    let names: Vec<_> = description.arguments.iter().map(|argument| argument.name.as_str()).chain(of_host).collect();
    let end = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let mut full = words.to_vec();
    for word in &mut full[..end] {
        if let Some(name) = meant(word, &names)? {
            *word = name;
        }
    }
    Ok((full != words).then_some(full))
}

fn meant(word: &str, names: &[&str]) -> Result<Option<String>, Problem> {
    let Some(written) = word.strip_prefix("--").filter(|written| !written.is_empty()) else { return Ok(None) };
    let (written, value) = written.split_once('=').map_or((written, ""), |(name, _)| (name, &word[2 + name.len()..]));
    let plain = written.replace('_', "-");
    if names.contains(&plain.as_str()) {
        return Ok(Some(format!("--{plain}{value}")));
    }
    match names.iter().filter(|name| name.starts_with(&plain)).collect::<Vec<_>>()[..] {
        [] => Ok(None),
        [only] => Ok(Some(format!("--{only}{value}"))),
        ref several => {
            let several: Vec<_> = several.iter().map(|name| format!("`--{name}`")).collect();
            Err(Problem::usage(text!(
                "`--{written}` could be {}",
                "`--{written}` podría ser {}";
                several.join(" / ")
            ))
            .hint(text!("write more of its name", "escriba más de su nombre")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::samples::description;

    #[test]
    fn the_beginning_of_one_name_stands_for_it() {
        let full = |line: &str| {
            let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            in_full(&description(), &words).map(|full| full.map(|words| words.join(" ")))
        };
        for (line, expected) in [
            ("--day 3 --skip", Some("--days 3 --skip")),
            ("--da=3 --out=x=y", None),
            ("--password_file=a_b", Some("--password-file=a_b")),
            ("--dry --tenan=a_b", Some("--dry-run --tenant=a_b")),
            ("--days=3 --type=logs -- --da", None),
            ("--dayz=3 -v 2 -", None),
        ] {
            let found = full(line);
            match line {
                // `--da` could be `--days` or `--data-dir`.
                "--da=3 --out=x=y" => {
                    let problem = found.expect_err("it could be two");
                    assert_eq!(problem.message.en, "`--da` could be `--days` / `--data-dir`");
                }
                _ => assert_eq!(found, Ok(expected.map(str::to_owned)), "{line}"),
            }
        }
    }
}
