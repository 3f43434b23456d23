//! `#[command(..)]`: all of the description but its arguments.

use serde_json::{Map, Value, json};
use syn::meta::ParseNestedMeta;
use syn::{DeriveInput, Error, Result};

use crate::attributes::{first_and_pairs, paragraphs, switch, texts, two, written};

pub(crate) fn description(input: &DeriveInput, arguments: Vec<Value>) -> Result<Value> {
    let mut paragraphs = paragraphs(&input.attrs).into_iter();
    let summary = paragraphs.next();
    let summary =
        summary.ok_or_else(|| Error::new_spanned(&input.ident, "a command needs a doc comment: it is its help"))?;
    let details = paragraphs.collect::<Vec<_>>().join("\n\n");
    let mut reading = Reading { all: Map::new() };
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("command")) {
        attribute.parse_nested_meta(|meta| reading.key(&meta))?;
    }
    let Reading { mut all } = reading;
    all.insert("schema".to_owned(), json!(1));
    all.insert("name".to_owned(), cargo("CARGO_PKG_NAME"));
    all.insert("version".to_owned(), cargo("CARGO_PKG_VERSION"));
    all.insert("summary".to_owned(), json!({ "en": summary }));
    if !details.is_empty() {
        all.insert("details".to_owned(), json!({ "en": details }));
    }
    all.insert("arguments".to_owned(), Value::Array(arguments));
    for needed in ["scope", "effect", "idempotent"] {
        if !all.contains_key(needed) {
            return Err(Error::new_spanned(
                &input.ident,
                format!("a command says its {needed} in #[command({needed} = ..)]"),
            ));
        }
    }
    Ok(Value::Object(all))
}

#[expect(clippy::disallowed_methods, reason = "cargo tells a macro the package it expands in through the environment")]
fn cargo(variable: &str) -> Value {
    Value::String(std::env::var(variable).unwrap_or_default())
}

/// Every verb before the colon with every name behind it: `read,delete:chats,messages` is four permissions.
fn permissions(written: &str) -> Vec<String> {
    let (verbs, names) = written.split_once(':').unwrap_or((written, ""));
    let of = |name: &str| verbs.split(',').map(|verb| format!("{}:{}", verb.trim(), name.trim())).collect::<Vec<_>>();
    names.split(',').flat_map(of).collect()
}

struct Reading {
    all: Map<String, Value>,
}

impl Reading {
    fn key(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let json_key = key.replace('_', "-");
        match key.as_str() {
            "scope" | "without_tenant" | "criticality" | "effect" => {
                self.all.insert(json_key, Value::String(written(meta)?));
            }
            "idempotent" | "takes_new_tenant" => {
                self.all.insert(json_key, Value::Bool(switch(meta)?));
            }
            "permissions" => {
                let all: Vec<_> = texts(meta)?.iter().flat_map(|written| permissions(written)).collect();
                self.all.insert(json_key, json!(all));
            }
            "changes_with" => {
                self.all.insert(json_key, json!(texts(meta)?));
            }
            "conflicts" | "requires" => self.push("constraints", json!({ key: texts(meta)? })),
            "host_flag" => {
                let (flag, pairs) = first_and_pairs(meta)?;
                self.all.entry("host-flags").or_insert_with(|| json!({}))[flag] =
                    pairs.into_iter().map(|(key, value)| (key, Value::String(value))).collect();
            }
            "example" => {
                let [line, text] = two(meta)?;
                self.push("examples", json!({ "line": line, "text": { "en": text } }));
            }
            "exit" => {
                let [code, meaning] = two(meta)?;
                let code: u8 = code.parse().map_err(|_| meta.error("an exit code is a number up to 255"))?;
                self.push("exit-codes", json!({ "code": code, "meaning": { "en": meaning } }));
            }
            _ => {
                return Err(meta.error(
                    "a command has scope, without_tenant, takes_new_tenant, criticality, effect, changes_with, idempotent, permissions, conflicts, requires, host_flag, example and exit",
                ));
            }
        }
        Ok(())
    }

    fn push(&mut self, list: &str, value: Value) {
        if let Value::Array(values) = self.all.entry(list).or_insert_with(|| json!([])) {
            values.push(value);
        }
    }
}
