//! Every text for people in a description, with its place.

use std::fmt;

use encargo_model::{ArgumentSpec, Description, Text};

/// Where a text stands: the keys that lead to it in a file of translations, such as `choices.tone.warm`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(pub(crate) Vec<String>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bare = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        for (at, key) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "." })?;
            if is_bare(key) { f.write_str(key)? } else { write!(f, "{key:?}")? }
        }
        Ok(())
    }
}

/// The places of texts that have no Spanish, which a packaged command must have.
pub fn missing_spanish(description: &Description) -> Vec<Place> {
    let spoken = texts(description).into_iter();
    spoken.filter(|(_, text)| text.es.as_ref().is_none_or(|es| es.trim().is_empty())).map(|(place, _)| place).collect()
}

/// One walk, for reading and for writing.
macro_rules! walk {
    ($(#[$doc:meta])* $name:ident, $iter:ident $(, $mut:tt)?) => {
        $(#[$doc])*
        pub(crate) fn $name(description: &$($mut)? Description) -> Vec<(Place, &$($mut)? Text)> {
            let Description { summary, details, arguments, exit_codes, examples, .. } = description;
            let place = |keys: &[&str]| Place(keys.iter().map(|&key| key.to_owned()).collect());
            let mut texts = vec![(place(&["summary"]), summary)];
            texts.extend(details.$iter().map(|text| (place(&["details"]), text)));
            for ArgumentSpec { name, help, choices, .. } in arguments.$iter() {
                texts.push((place(&["arguments", name]), help));
                for choice in choices.$iter() {
                    let place = place(&["choices", name, &choice.value]);
                    texts.extend(choice.help.$iter().map(|help| (place.clone(), help)));
                }
            }
            for note in exit_codes.$iter() {
                texts.push((place(&["exit-codes", &note.code.to_string()]), &$($mut)? note.meaning));
            }
            texts.extend(examples.$iter().map(|example| (place(&["examples", &example.line]), &$($mut)? example.text)));
            texts
        }
    };
}

walk! {
    /// Every text with its place, in the order of the description.
    texts, iter
}

walk! {
    /// Every text with its place, to be written to.
    texts_mut, iter_mut, mut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_is_named_by_its_place() {
        let mut description: Description = serde_json::from_value(serde_json::json!({
            "schema": 1, "name": "hello", "version": "1", "scope": "tenant", "effect": "read-only", "idempotent": true,
            "summary": {"en": "Greet.", "es": "Saluda."},
            "details": {"en": "Politely.", "es": " "},
            "arguments": [{"name": "tone", "help": {"en": "Tone."}, "kind": "text", "choices": [
                {"value": "warm", "help": {"en": "Warm."}}, {"value": "cold"}
            ]}],
            "exit-codes": [{"code": 3, "meaning": {"en": "Some."}}],
            "examples": [{"line": "hello", "text": {"en": "Greet.", "es": "Saluda."}}, {"line": "hello --x", "text": {"en": "x"}}]
        }))
        .unwrap();
        let missing: Vec<_> = missing_spanish(&description).iter().map(ToString::to_string).collect();
        let expected = ["details", "arguments.tone", "choices.tone.warm", "exit-codes.3", "examples.\"hello --x\""];
        assert_eq!(missing, expected);

        let places = |texts: Vec<(Place, &mut Text)>| texts.into_iter().map(|(place, _)| place).collect::<Vec<_>>();
        let written = places(texts_mut(&mut description));
        assert_eq!(written, texts(&description).into_iter().map(|(place, _)| place).collect::<Vec<_>>());
    }
}
