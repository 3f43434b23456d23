//! Every text for people in a description, with its place.

use encargo_model::{Description, Text};

/// The places of texts that have no Spanish, which a packaged command must have.
pub fn missing_spanish(description: &Description) -> Vec<String> {
    let spoken = texts(description).into_iter();
    spoken.filter(|(_, text)| text.es.as_ref().is_none_or(|es| es.trim().is_empty())).map(|(place, _)| place).collect()
}

/// Every text with its place, in the order of the description.
pub(crate) fn texts(description: &Description) -> Vec<(String, &Text)> {
    let mut texts = vec![("summary".to_owned(), &description.summary)];
    texts.extend(description.details.iter().map(|text| ("details".to_owned(), text)));
    for argument in &description.arguments {
        texts.push((format!("arguments.{}.help", argument.name), &argument.help));
        for choice in &argument.choices {
            let place = format!("arguments.{}.choices.{}", argument.name, choice.value);
            texts.extend(choice.help.iter().map(|help| (place.clone(), help)));
        }
    }
    texts.extend(description.exit_codes.iter().map(|note| (format!("exit-codes.{}", note.code), &note.meaning)));
    let examples = description.examples.iter().enumerate();
    texts.extend(examples.map(|(at, example)| (format!("examples.{}", at + 1), &example.text)));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_is_named_by_its_place() {
        let description: Description = serde_json::from_value(serde_json::json!({
            "schema": 1, "name": "hello", "version": "1", "scope": "tenant", "effect": "read-only", "idempotent": true,
            "summary": {"en": "Greet.", "es": "Saluda."},
            "details": {"en": "Politely.", "es": " "},
            "arguments": [{"name": "tone", "help": {"en": "Tone."}, "kind": "text", "choices": [
                {"value": "warm", "help": {"en": "Warm."}}, {"value": "cold"}
            ]}],
            "exit-codes": [{"code": 3, "meaning": {"en": "Some."}}],
            "examples": [{"line": "hello", "text": {"en": "Greet.", "es": "Saluda."}}]
        }))
        .unwrap();
        assert_eq!(
            missing_spanish(&description),
            ["details", "arguments.tone.help", "arguments.tone.choices.warm", "exit-codes.3"]
        );
    }
}
