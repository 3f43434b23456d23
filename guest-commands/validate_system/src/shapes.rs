//! The shapes that texts of the tables are to have: JSON, tags, language tags, media types, hashes.

use serde::de::IgnoredAny;

/// Whether it is a JSON object.
pub(crate) fn is_object(text: &str) -> bool {
    text == "{}" || (text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok())
}

/// Whether it is JSON.
pub(crate) fn is_json(text: &str) -> bool {
    text == "{}" || serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Whether it is a JSON list of texts.
pub(crate) fn is_texts(text: &str) -> bool {
    text == "[]" || serde_json::from_str::<Vec<String>>(text).is_ok()
}

/// Whether it is written as a language tag: `es`, `en-GB`, `zh-Hant-TW`.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let is_first = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_more = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    parts.next().is_some_and(is_first) && parts.all(is_more)
}

/// Whether it is written as a media type, with or without parameters.
pub(crate) fn is_media_type(text: &str) -> bool {
    let bare = text.split(';').next().unwrap_or_default().trim();
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    bare.split_once('/').is_some_and(|(kind, of)| is_part(kind) && is_part(of))
}

/// Whether it is a SHA-256 in hexadecimal.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a command can read a setting of this name.
pub(crate) fn is_setting_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}

/// Whether a file of a named root can have this name: roots are flat.
pub(crate) fn is_file_name(text: &str) -> bool {
    !text.is_empty() && text != "." && text != ".." && !text.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a shape takes the first texts and refuses the others.
    fn tells(shape: fn(&str) -> bool, takes: &[&str], refuses: &[&str]) {
        for text in takes {
            assert!(shape(text), "{text}");
        }
        for text in refuses {
            assert!(!shape(text), "{text}");
        }
    }

    #[test]
    fn shapes_take_what_is_written_so_and_nothing_else() {
        tells(is_object, &["{}", " {\"a\": [1]}"], &["", "[]", "{", "{a: 1}", "{} x", "null"]);
        tells(is_json, &["{}", "[1]", "\"a\"", "null"], &["", "{", "a", "{} x"]);
        tells(is_texts, &["[]", "[\"a\", \"b\\n\"]"], &["", "[1]", "\"a\"", "[\"a\"", "{}", "null"]);
        tells(
            is_language,
            &["es", "en-GB", "zh-Hant-TW", "pt_BR", "es-419"],
            &["", "e", "Spanish language", "es-", "12", "español"],
        );
        tells(
            is_media_type,
            &["text/plain", "application/vnd.api+json; charset=utf-8"],
            &["", "pdf", "/", "text/", "a b/c"],
        );
        tells(is_sha256, &[&"0aF9".repeat(16)], &["", "xyz", &"g".repeat(64)]);
        tells(is_setting_name, &["a.b-c_1"], &["", "a b", "año"]);
        tells(is_file_name, &["a.pdf", ".hidden", "año 1"], &["", "..", "a/b", "a\0"]);
    }
}
