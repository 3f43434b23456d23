//! What is taken for a secret: a name that speaks of one. It is left behind unless it was asked for.

use serde_json::Value;

/// Words that make a name that of a secret, as parts of the name.
const WORDS: [&str; 9] =
    ["secret", "password", "passwd", "passphrase", "contraseña", "credential", "token", "private", "signature"];

/// Whether a setting or a member of this name holds a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    // A key is a secret, and a keyboard is none.
    let mut parts = name.split(|c: char| !c.is_alphanumeric());
    WORDS.iter().any(|word| name.contains(word))
        || parts.any(|part| matches!(part, "key" | "keys" | "apikey" | "clave" | "pin" | "pwd"))
        || name.ends_with("key")
}

/// A configuration without the members that hold secrets, at any depth; none where it has none. What is not JSON is taken
/// for one secret, because nobody can tell what it holds.
pub fn without_secrets(configuration: &str) -> Option<String> {
    let Ok(mut value) = serde_json::from_str::<Value>(configuration) else { return Some("{}".to_owned()) };
    strip(&mut value).then(|| value.to_string())
}

/// Whether a setting holds a secret: by its name, or by a member of the JSON that its value is.
pub fn is_secret_setting(name: &str, value: &str) -> bool {
    is_secret(name) || serde_json::from_str(value).is_ok_and(|mut value| strip(&mut value))
}

fn strip(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => {
            let before = members.len();
            members.retain(|name, _| !is_secret(name));
            let mut changed = members.len() != before;
            for member in members.values_mut() {
                changed |= strip(member);
            }
            changed
        }
        Value::Array(elements) => elements.iter_mut().fold(false, |changed, element| strip(element) | changed),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_speak_of_secrets_are_told_from_others() {
        for name in
            ["api_key", "apiKey", "SMTP_PASSWORD", "token", "oauth.client-secret", "clave", "private_pem", "keys"]
        {
            assert!(is_secret(name), "{name}");
        }
        for name in ["theme", "keyboard", "monkeys", "retention_days", "language", "keynote"] {
            assert!(!is_secret(name), "{name}");
        }
    }

    #[test]
    fn a_setting_is_secret_by_its_name_or_by_what_is_in_it() {
        for (name, value) in [("api_key", "k"), ("smtp", r#"{"host":"h","password":"p"}"#), ("list", r#"[{"pin":1}]"#)]
        {
            assert!(is_secret_setting(name, value), "{name}");
        }
        for (name, value) in [("theme", "password"), ("smtp", r#"{"host":"h"}"#), ("days", "30"), ("text", "{\"pin\":")]
        {
            assert!(!is_secret_setting(name, value), "{name}");
        }
    }

    #[test]
    fn secrets_are_taken_out_at_any_depth_and_all_else_stays() {
        let configuration = r#"{"url":"https://x","auth":{"token":"t","user":"u"},"list":[{"api_key":"k","n":1}]}"#;
        let expected = r#"{"auth":{"user":"u"},"list":[{"n":1}],"url":"https://x"}"#;
        let stripped: Value = serde_json::from_str(&without_secrets(configuration).unwrap()).unwrap();
        assert_eq!(stripped, serde_json::from_str::<Value>(expected).unwrap());
        assert_eq!(without_secrets(expected), None);
        assert_eq!(without_secrets("{}"), None);
        assert_eq!(without_secrets("token=abc").as_deref(), Some("{}"));
    }
}
