//! What makes two runs the same work.

use encargo_model::{ArgumentKind, Description, ResolvedArgument};
use sha2::{Digest, Sha256};

/// A hash over the command, the tenant, the arguments that change the work, and the digest of the input.
pub(crate) fn resume_key(
    description: &Description,
    tenant: Option<&str>,
    arguments: &[ResolvedArgument],
    input: &str,
) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    part(&description.name);
    part(tenant.unwrap_or(""));
    for argument in arguments {
        let changes_the_work = description
            .argument(&argument.name)
            .is_some_and(|spec| !spec.tuning && !spec.secret && spec.kind != ArgumentKind::Output);
        if changes_the_work {
            part(&argument.name);
            part(&argument.written);
        }
    }
    part(input);
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use encargo_model::Origin;
    use serde_json::json;

    use super::*;

    fn description(name: &str) -> Description {
        let spec = |name: &str, kind: &str, besides: &str| {
            let mut spec = json!({"name": name, "help": {"en": "."}, "kind": kind});
            spec[besides] = true.into();
            spec
        };
        let mut arguments = vec![json!({"name": "type", "help": {"en": "."}, "kind": "text"})];
        arguments.push(spec("batch", "integer", "tuning"));
        arguments.push(spec("token", "text", "secret"));
        arguments.push(json!({"name": "output", "help": {"en": "."}, "kind": "output"}));
        let whole = json!({
            "schema": 1, "name": name, "version": "1.0.0", "summary": {"en": "."}, "scope": "tenant",
            "effect": "changes", "idempotent": true, "arguments": arguments,
        });
        serde_json::from_value(whole).unwrap()
    }

    /// The key of one run: its command, its tenant, its input and its arguments.
    fn key(name: &str, tenant: Option<&str>, input: &str, arguments: &[(&str, &str)]) -> String {
        let argument = |&(name, written): &(&str, &str)| ResolvedArgument {
            name: name.to_owned(),
            value: None,
            origin: Origin::Given,
            written: written.to_owned(),
        };
        resume_key(&description(name), tenant, &arguments.iter().map(argument).collect::<Vec<_>>(), input)
    }

    #[test]
    fn what_changes_the_work_changes_the_key_and_nothing_else_does() {
        let usual = key("cleanup", Some("a"), "in", &[("type", "logs")]);
        assert_eq!((usual.len(), usual.bytes().all(|digit| digit.is_ascii_hexdigit())), (32, true));
        for same in [
            key("cleanup", Some("a"), "in", &[("type", "logs")]),
            key("cleanup", Some("a"), "in", &[("type", "logs"), ("batch", "9")]),
            key("cleanup", Some("a"), "in", &[("token", "x"), ("type", "logs")]),
            key("cleanup", Some("a"), "in", &[("type", "logs"), ("output", "/x"), ("unknown", "x")]),
        ] {
            assert_eq!(same, usual);
        }
        let others = [
            key("import", Some("a"), "in", &[("type", "logs")]),
            key("cleanup", Some("b"), "in", &[("type", "logs")]),
            key("cleanup", None, "in", &[("type", "logs")]),
            key("cleanup", Some("a"), "other", &[("type", "logs")]),
            key("cleanup", Some("a"), "in", &[("type", "chats")]),
            key("cleanup", Some("a"), "in", &[]),
            // The parts do not run into each other.
            key("cleanupa", None, "in", &[("type", "logs")]),
            key("cleanup", Some("a"), "logsin", &[("type", "")]),
        ];
        let mut different = others.to_vec();
        different.push(usual);
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), others.len() + 1);
    }
}
