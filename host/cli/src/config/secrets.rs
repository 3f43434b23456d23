//! A configuration without its secrets, as a backup holds it.

use std::path::Path;

use toml_edit::{DocumentMut, Item, TableLike, Value};

/// Words that make a name that of a secret, as parts of the name: those that commands go by (`sdk/src/secrets.rs`), which no
/// crate of the host can ask.
const WORDS: [&str; 9] =
    ["secret", "password", "passwd", "passphrase", "contraseña", "credential", "token", "private", "signature"];

/// The text of a file, with or without the values that are secrets. What cannot be read has none, and neither has what is
/// no TOML, because nobody can tell what of it is a secret.
pub(crate) fn text_of(file: &Path, include_secrets: bool) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    if include_secrets { Some(text) } else { without_secrets(&text) }
}

fn without_secrets(text: &str) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    strip(document.as_table_mut());
    Some(document.to_string())
}

fn strip(table: &mut dyn TableLike) {
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let Some(item) = table.get_mut(&name) else { continue };
        if is_secret(&name, item) {
            table.remove(&name);
            continue;
        }
        if let Some(tables) = item.as_array_of_tables_mut() {
            tables.iter_mut().for_each(|table| strip(table));
        } else if let Some(inner) = item.as_table_like_mut() {
            strip(inner);
        }
    }
}

/// By its name, or as an address with a password in it.
fn is_secret(name: &str, item: &Item) -> bool {
    let name = name.to_lowercase();
    let mut parts = name.split(|c: char| !c.is_alphanumeric());
    let has_password = |address: &str| {
        let authority = address.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        authority.and_then(|authority| authority.rsplit_once('@')).is_some_and(|(user, _)| user.contains(':'))
    };
    // Of a service's address anything but scheme, host and port may be a secret.
    let may_be_secret = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let is_web = address.starts_with("http") && rest.split_once('/').is_some_and(|(_, path)| !path.is_empty());
        is_web || rest.contains(['@', '?', '#'])
    };
    let value = item.as_value().and_then(Value::as_str);
    name == "url" && value.is_some_and(may_be_secret)
        || WORDS.iter().any(|word| name.contains(word))
        || parts.any(|part| matches!(part, "key" | "keys" | "apikey" | "clave" | "pin" | "pwd"))
        || name.ends_with("key")
        || value.is_some_and(has_password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_service_is_kept_where_nothing_of_it_can_be_a_secret() {
        for (url, is_kept) in [
            ("redis://cache:6379/1", true),
            ("https://api.example.com", true),
            ("redis://me@cache", false),
            ("https://hooks.example.com/services/t/o/k", false),
            ("unix:///run/redis.sock?password=p", false),
        ] {
            let kept = without_secrets(&format!("[services.a]\nurl = '{url}'\ncritical = true\n")).unwrap();
            assert_eq!(kept.contains(url), is_kept, "{kept}");
            assert!(kept.contains("critical"), "{kept}");
        }
    }

    #[test]
    fn secrets_go_by_their_names_and_as_passwords_of_addresses() {
        let text = "# mine\nenvironment = \"test\"\nsmtp_password = \"p\"\n\n[commands.import]\nbatch_size = 500\n\
                    api_key = \"k\"\nurl = \"redis://:hidden@localhost/0\"\nplain = \"https://example.com/a@b:c\"\n\
                    passwd = \"hidden\"\nencryptkey = \"hidden\"\n\
                    inline = { token = \"t\", days = 3 }\nkey_file = \"a\"\n\n[[sites]]\nname = \"a\"\nsecret = 1\n";
        let kept = without_secrets(text).unwrap();
        for secret in ["\"p\"", "\"k\"", "hidden", "\"t\"", "secret"] {
            assert!(!kept.contains(secret), "{secret} in {kept}");
        }
        for rest in ["# mine", "environment", "batch_size", "example.com", "days = 3", "name = \"a\""] {
            assert!(kept.contains(rest), "{rest} is not in {kept}");
        }
        assert_eq!(without_secrets("no = toml = at all"), None);
    }
}
