//! The English words that the project itself says, found in its sources and descriptions: none may be met in Spanish.

use std::collections::BTreeSet;

use encargo_model::{Description, RELATIONS, ROOTS, SERVICES, Text};
use encargo_pack::describe;
use serde::Deserialize as _;
use serde_json::Value;
use support::{packaged_components, sources};

/// What stands before the two forms of a sentence, one behind the other.
const BEFORE: [&str; 4] = ["text!(", "Text::both(", "=> ", "=> ("];

/// English words that are names in the Spanish texts too, each for its reason.
const NAMES: [&str; 15] = [
    // The product, and the tenant and the administrator that `init_system` makes.
    "encargo",
    "demo",
    "administrator", // What is counted: a key, as in JSON.
    "services",
    "knowledge",
    "analytics", // Names of files and streams.
    "stdout",
    "stderr",
    "directory", // Values of settings, environments and states that are written by their codes.
    "development",
    "production",
    "strict",
    "lenient",
    "missing",
    "ok",
];

/// The words of the English halves that no Spanish half has.
pub(super) struct Catalogue(BTreeSet<String>);

impl Catalogue {
    /// Reads the sources of the host, the SDK and the commands, and the descriptions of the packaged commands.
    pub(super) fn of_the_checkout() -> Self {
        let (mut english, mut spanish) = (BTreeSet::new(), BTreeSet::new());
        let mut take = |en: &str, es: &str| {
            english.extend(words(en));
            spanish.extend(words(es));
        };
        sources().iter().for_each(|(_, source)| pairs(source, &mut take));
        let mut names: BTreeSet<String> = NAMES.into_iter().map(str::to_owned).collect();
        names.extend([&RELATIONS[..], &ROOTS, &SERVICES].concat().into_iter().map(str::to_owned));
        for description in descriptions() {
            in_both(&serde_json::to_value(&description).expect("a description is JSON"), &mut take);
            for argument in description.arguments {
                names.extend(argument.choices.into_iter().map(|choice| choice.value));
            }
        }
        english.retain(|word| !spanish.contains(word) && !names.contains(word));
        Self(english)
    }

    /// Which of its words a line has, outside of what is quoted and of names.
    pub(super) fn in_line<'a>(&'a self, line: &str) -> Vec<&'a String> {
        words(line).filter_map(|word| self.0.get(&word)).collect()
    }
}

/// What the packaged commands say of themselves.
fn descriptions() -> Vec<Description> {
    let components = packaged_components().into_iter();
    components.map(|(_, component)| describe(&component).expect("a packaged command has a description")).collect()
}

/// Every text in both languages in a description.
fn in_both(value: &Value, take: &mut impl FnMut(&str, &str)) {
    if let Ok(Text { en, es: Some(es) }) = Text::deserialize(value) {
        return take(&en, &es);
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| in_both(value, take)),
        Value::Object(fields) => fields.values().for_each(|value| in_both(value, take)),
        _ => {}
    }
}

/// Every two literals one behind the other that are a sentence in both languages.
fn pairs(source: &str, take: &mut impl FnMut(&str, &str)) {
    let mut rest = source;
    while let Some(at) = rest.find('"') {
        let said = BEFORE.iter().any(|before| rest[..at].trim_end().ends_with(before.trim_end()));
        let Some((first, behind)) = literal(&rest[at..]) else { return };
        rest = behind;
        let second = behind.trim_start().strip_prefix(',').map(str::trim_start).and_then(literal);
        if let (true, Some((second, behind))) = (said, second) {
            take(first, second);
            rest = behind;
        }
    }
}

/// The literal that a text begins with, and what stands behind it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut is_escaped = false;
    let end = inside.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    })?;
    Some((&inside[..end], &inside[end + 1..]))
}

/// The words of a text in small letters: what is between backquotes or in braces is a name or a value, and so is what
/// has a sign or a digit in it, or is written large.
fn words(text: &str) -> impl Iterator<Item = String> {
    let plain: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let outside = plain.split('{').map(|part| part.split_once('}').map_or(part, |(_, behind)| behind));
    let words: Vec<_> = outside.flat_map(str::split_whitespace).filter_map(word).collect();
    words.into_iter()
}

fn word(written: &str) -> Option<String> {
    let word = written.trim_matches(|c: char| c.is_ascii_punctuation() && c != '-' || "¿¡…“”".contains(c));
    let is_word = word.chars().all(char::is_alphabetic) && word.chars().nth(1).is_some();
    (is_word && word.chars().any(char::is_lowercase)).then(|| word.to_lowercase())
}

#[test]
fn what_is_quoted_is_no_sentence_of_the_hosts_own() {
    let catalogue = Catalogue::of_the_checkout();
    for (path, source) in sources() {
        for quoted in source.split("Text::quoted(").skip(1) {
            let written = literal(quoted.trim_start().trim_start_matches("format!(").trim_start());
            let english = written.map(|(text, _)| catalogue.in_line(text)).unwrap_or_default();
            assert!(english.is_empty(), "{path}: {english:?} has no Spanish; say it by `text!`");
        }
    }
}

#[test]
fn the_catalogue_knows_what_was_english_for_long() {
    let catalogue = Catalogue::of_the_checkout();
    for line in ["there is no command", "at least `1` is expected", "another run is writing", "error: está been"] {
        assert!(!catalogue.in_line(line).is_empty(), "{line}");
    }
    for line in ["no existe el comando `there is`", "chats  14 leídos", "--which=where", "NAME: en is/there"] {
        assert_eq!(catalogue.in_line(line), Vec::<&String>::new(), "{line}");
    }
}
