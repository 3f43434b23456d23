//! The Spanish texts of a description, from a TOML file that lies beside a command's source.
//!
//! Its keys are `summary` and `details`, and the tables `arguments` (by name), `choices.ARGUMENT` (by word), `exit-codes` (by
//! code) and `examples` (by line).

use std::collections::BTreeMap;

use encargo_model::{Description, text};

use crate::PackError;
use crate::wording::{Place, missing_spanish, texts, texts_mut};

/// Spanish texts, each for its place.
#[derive(Debug)]
pub struct Spanish(BTreeMap<Place, String>);

impl Spanish {
    /// Reads a file's contents. The lines of a paragraph are joined, as those of a doc comment are.
    ///
    /// # Errors
    /// Not TOML, or a value that is neither a text nor a table of them.
    pub fn parse(toml: &str) -> Result<Self, PackError> {
        let table: toml::Table = toml.parse()?;
        let mut texts = BTreeMap::new();
        collect(&Place(Vec::new()), table, &mut texts)?;
        Ok(Self(texts))
    }

    /// Gives a description its Spanish texts.
    ///
    /// # Errors
    /// A text of the description without Spanish, a place that it does not have or that says something else already.
    pub(crate) fn merge(mut self, description: &mut Description) -> Result<(), PackError> {
        let mut problems = Vec::new();
        for (place, text) in texts_mut(description) {
            let Some(spanish) = self.0.get(&place) else { continue };
            match &text.es {
                Some(es) if es != spanish => problems
                    .push(text!("`{place}` has another one in the component", "`{place}` tiene otro en el componente")),
                _ => text.es = Some(spanish.clone()),
            }
        }
        problems
            .extend(missing_spanish(description).iter().map(|place| text!("`{place}` has none", "`{place}` no tiene")));
        for (place, _) in texts(description) {
            self.0.remove(&place);
        }
        problems.extend(
            self.0.keys().map(|place| text!("the description has no `{place}`", "la descripción no tiene `{place}`")),
        );
        if problems.is_empty() { Ok(()) } else { Err(PackError::Spanish(problems)) }
    }
}

fn collect(above: &Place, table: toml::Table, texts: &mut BTreeMap<Place, String>) -> Result<(), PackError> {
    for (key, value) in table {
        let place = Place(above.0.iter().cloned().chain([key]).collect());
        match value {
            toml::Value::String(text) => {
                texts.insert(place, joined(&text));
            }
            toml::Value::Table(table) => collect(&place, table, texts)?,
            other => {
                return Err(PackError::Spanish(vec![
                    text!("`{place}` is not a text but {}", "`{place}` no es un texto sino {}"; other.type_str()),
                ]));
            }
        }
    }
    Ok(())
}

/// Paragraphs, which empty lines keep apart, with their lines joined.
fn joined(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| lines.join(" ")).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WHOLE: &str = r#"
        summary = "Saluda."
        details = """
            Con educación,
            siempre.

            Y nada más.
        """
        [arguments]
        tone = "El tono."
        [choices.tone]
        warm = "Cálido."
        [exit-codes]
        3 = "Algunos."
        [examples]
        "hello --tone=warm" = "Saluda con calor."
    "#;

    fn description() -> Description {
        serde_json::from_value(json!({
            "schema": 1, "name": "hello", "version": "1", "scope": "tenant", "effect": "read-only", "idempotent": true,
            "summary": {"en": "Greet.", "es": "Saluda."},
            "details": {"en": "Politely."},
            "arguments": [{"name": "tone", "help": {"en": "Tone."}, "kind": "text", "choices": [
                {"value": "warm", "help": {"en": "Warm."}}, {"value": "cold"}
            ]}],
            "exit-codes": [{"code": 3, "meaning": {"en": "Some."}}],
            "examples": [{"line": "hello --tone=warm", "text": {"en": "Greet warmly."}}]
        }))
        .unwrap()
    }

    fn merged(toml: &str) -> Result<Description, PackError> {
        let mut description = description();
        Spanish::parse(toml)?.merge(&mut description)?;
        Ok(description)
    }

    #[test]
    fn every_text_gets_its_spanish() {
        let description = merged(WHOLE).unwrap();
        let spanish: Vec<_> = texts(&description).into_iter().map(|(_, text)| text.es.clone().unwrap()).collect();
        assert_eq!(
            spanish,
            [
                "Saluda.",
                "Con educación, siempre.\n\nY nada más.",
                "El tono.",
                "Cálido.",
                "Algunos.",
                "Saluda con calor."
            ]
        );
    }

    #[test]
    fn each_place_that_does_not_fit_is_named() {
        let other = WHOLE.replace("Saluda.", "Dice hola.").replace("\"Cálido.\"", "\" \"").replace("3 =", "4 =");
        assert_eq!(
            merged(&format!("{other}\"hello\" = \"Saluda.\"")).unwrap_err().to_string(),
            "the Spanish texts do not fit the description: `summary` has another one in the component; \
             `choices.tone.warm` has none; `exit-codes.3` has none; the description has no `examples.hello`; \
             the description has no `exit-codes.4`"
        );
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_place() {
        for (toml, problem) in [
            ("[arguments]\ntone = 3", "`arguments.tone` is not a text but integer"),
            ("summary = [\"a\"]", "`summary` is not a text but array"),
            ("summary = 'a'\nsummary = 'b'", "line 2"),
        ] {
            let refused = Spanish::parse(toml).unwrap_err().to_string();
            assert!(refused.contains(problem), "{refused}");
        }
    }
}
