//! Takes the host's flags out of a command line, wherever they stand.
//!
//! No command can declare an argument with a name of the host's, so this needs no description.

use clap::Arg;
use encargo_model::Language;

use super::host_flags::host_command;

/// A command line in two parts, each in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// The host's flags with their values.
    pub(crate) host: Vec<String>,
    /// The name and what belongs to it.
    pub(crate) rest: Vec<String>,
}

impl Parts {
    /// The language that is asked for, also where another flag makes no sense.
    pub(crate) fn language(&self) -> Option<Language> {
        let tags = self.host.iter().enumerate().filter_map(|(at, word)| match word.strip_prefix("--lang")? {
            "" => self.host.get(at + 1).map(String::as_str),
            value => value.strip_prefix('='),
        });
        tags.filter_map(Language::from_tag).next()
    }
}

/// Parts a command line; behind `--` nothing is the host's.
pub(crate) fn partition(words: Vec<String>) -> Parts {
    let host = host_command();
    let mut parts = Parts::default();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if word == "--" {
            parts.rest.push(word);
            parts.rest.extend(words);
            break;
        }
        match host.get_arguments().find_map(|flag| names(flag, &word)) {
            None => parts.rest.push(word),
            Some(takes_next) => {
                parts.host.push(word);
                if takes_next {
                    // A flag is no value: clap then says that the value is missing.
                    parts.host.extend(words.next_if(|next| !next.starts_with('-') || next == "-"));
                }
            }
        }
    }
    parts
}

/// Whether a word is this flag, and then whether the next word is its value.
fn names(flag: &Arg, word: &str) -> Option<bool> {
    let takes_value = flag.get_action().takes_values() && !flag.is_require_equals_set();
    if let Some(long) = word.strip_prefix("--") {
        let (name, has_value) = long.split_once('=').map_or((long, false), |(name, _)| (name, true));
        let aliases = flag.get_all_aliases().unwrap_or_default();
        let is_it = flag.get_long() == Some(name) || aliases.contains(&name);
        return is_it.then_some(takes_value && !has_value);
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let is_it = letters.next().is_some_and(|letter| flag.get_short() == Some(letter));
    let has_value = letters.next().is_some();
    (is_it && (takes_value || !has_value)).then_some(takes_value && !has_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_found_beside_what_makes_no_sense() {
        for (line, language) in [
            ("x --timeout soon --lang=es", Some(Language::Es)),
            ("--lang es x --parallel=0", Some(Language::Es)),
            ("x --lang=fr --lang=en", Some(Language::En)),
            ("x --lang", None),
            ("x -- --lang=es", None),
        ] {
            let words = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(partition(words).language(), language, "{line}");
        }
    }

    #[test]
    fn the_hosts_flags_are_found_before_and_after_the_name() {
        for (line, host, rest) in [
            ("--json init_system --only admin", "--json", "init_system --only admin"),
            ("init_system --tenant demo --only=a", "--tenant demo", "init_system --only=a"),
            ("x --tenant=a,b --dry-run --days 3", "--tenant=a,b --dry-run", "x --days 3"),
            ("-v 2 x -v3 -q -h", "-v 2 -v3 -q -h", "x"),
            ("x --resume run --isolated=3", "--resume --isolated=3", "x run"),
            ("x --timeout --days 3", "--timeout", "x --days 3"),
            ("x -- --json", "", "x -- --json"),
            ("x --jsonx -qz --file -", "", "x --jsonx -qz --file -"),
        ] {
            let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(partition(words(line)), Parts { host: words(host), rest: words(rest) }, "{line}");
        }
    }
}
