//! Tags as they were written and as they should be.

use serde_json::Value;

/// A text without blanks at its ends and with single ones within.
pub(crate) fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The texts of a JSON array of texts; none where it is another thing.
pub(crate) fn read(tags: &str) -> Option<Vec<String>> {
    let Ok(Value::Array(elements)) = serde_json::from_str(tags) else { return None };
    elements.into_iter().map(|element| if let Value::String(tag) = element { Some(tag) } else { None }).collect()
}

fn written(tags: Vec<String>) -> String {
    Value::Array(tags.into_iter().map(Value::String).collect()).to_string()
}

/// A list of tags as a JSON array of texts: what is one stays as it is, what stands between semicolons, or else commas, is
/// parted, and numbers and such become texts.
pub(crate) fn as_array(tags: &str) -> String {
    if read(tags).is_some() {
        return tags.to_owned();
    }
    let parted = match serde_json::from_str(tags) {
        Ok(Value::Array(elements)) => elements.iter().map(shown).collect(),
        Ok(Value::Null) => Vec::new(),
        _ => {
            let separator = if tags.contains(';') { ';' } else { ',' };
            tags.trim().trim_matches('"').split(separator).map(str::to_owned).collect::<Vec<_>>()
        }
    };
    written(parted.iter().map(|tag| single_blanks(tag)).filter(|tag| !tag.is_empty()).collect())
}

fn shown(element: &Value) -> String {
    match element {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Tags in lower case with single blanks, each once; and the source that one of them names, which is no tag then, where
/// one is looked for.
pub(crate) fn normalised(tags: &str, looks_for_source: bool) -> (String, Option<String>) {
    let (mut kept, mut source) = (Vec::<String>::new(), None);
    for tag in read(tags).unwrap_or_default() {
        let named = single_blanks(&tag);
        if looks_for_source
            && source.is_none()
            && let Some((name, value)) = named.split_once(':')
            && matches!(name.to_lowercase().trim(), "source" | "fuente")
            && !value.trim().is_empty()
        {
            source = Some(value.trim().to_owned());
            continue;
        }
        let tag = named.to_lowercase();
        if !tag.is_empty() && !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    (written(kept), source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_shapes_become_arrays() {
        for (list, array) in [
            (r#"["a", "b"]"#, r#"["a", "b"]"#),
            ("[]", "[]"),
            ("", "[]"),
            ("null", "[]"),
            ("pagos; envíos ;", r#"["pagos","envíos"]"#),
            ("a, b,,c", r#"["a","b","c"]"#),
            ("[1, \"x\", null, true]", r#"["1","x","true"]"#),
            ("\"one\"", r#"["one"]"#),
        ] {
            assert_eq!(as_array(list), array, "{list}");
        }
    }

    #[test]
    fn tags_are_normalised_and_one_names_the_source() {
        let tags = r#"[" Pagos ","PAGOS","Primeros  pasos","fuente: Centro de ayuda",""]"#;
        let expected = r#"["pagos","primeros pasos"]"#;
        assert_eq!(normalised(tags, true), (expected.to_owned(), Some("Centro de ayuda".to_owned())));
        let kept = r#"["pagos","primeros pasos","fuente: centro de ayuda"]"#;
        assert_eq!(normalised(tags, false), (kept.to_owned(), None));
        assert_eq!(normalised(kept, false).0, kept, "what is normalised stays as it is");
    }
}
