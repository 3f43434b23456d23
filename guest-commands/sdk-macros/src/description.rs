//! `#[command(..)]`: all of the description but its arguments.

use serde_json::{Map, Value, json};
use syn::meta::ParseNestedMeta;
use syn::{DeriveInput, Error, Result};

use crate::attributes::{first_and_pairs, paragraphs, switch, texts, written};

pub(crate) fn description(input: &DeriveInput, arguments: Vec<Value>) -> Result<Value> {
    let mut paragraphs = paragraphs(&input.attrs).into_iter();
    let summary = paragraphs.next();
    let summary =
        summary.ok_or_else(|| Error::new_spanned(&input.ident, "a command needs a doc comment: it is its help"))?;
    let details = paragraphs.collect::<Vec<_>>().join("\n\n");
    let mut reading = Reading { all: Map::new(), es: None, details_es: None };
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("command")) {
        attribute.parse_nested_meta(|meta| reading.key(&meta))?;
    }
    let Reading { mut all, es, details_es } = reading;
    all.insert("schema".to_owned(), json!(1));
    all.insert("name".to_owned(), cargo("CARGO_PKG_NAME"));
    all.insert("version".to_owned(), cargo("CARGO_PKG_VERSION"));
    all.insert("summary".to_owned(), text(&summary, es));
    if !details.is_empty() {
        all.insert("details".to_owned(), text(&details, details_es));
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

fn text(en: &str, es: Option<String>) -> Value {
    es.map_or_else(|| json!({ "en": en }), |es| json!({ "en": en, "es": es }))
}

fn both(pairs: Vec<(String, String)>) -> Value {
    Value::Object(pairs.into_iter().map(|(key, value)| (key, Value::String(value))).collect())
}

struct Reading {
    all: Map<String, Value>,
    es: Option<String>,
    details_es: Option<String>,
}

impl Reading {
    fn key(&mut self, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        let json_key = key.replace('_', "-");
        match key.as_str() {
            "es" => self.es = Some(written(meta)?),
            "details_es" => self.details_es = Some(written(meta)?),
            "scope" | "without_tenant" | "criticality" | "effect" => {
                self.all.insert(json_key, Value::String(written(meta)?));
            }
            "idempotent" | "takes_new_tenant" => {
                self.all.insert(json_key, Value::Bool(switch(meta)?));
            }
            "permissions" => {
                self.all.insert(json_key, json!(texts(meta)?));
            }
            "conflicts" | "requires" => self.push("constraints", json!({ key: texts(meta)? })),
            "host_flag" => {
                let (flag, pairs) = first_and_pairs(meta)?;
                self.all.entry("host-flags").or_insert_with(|| json!({}))[flag] = both(pairs);
            }
            "example" => {
                let (line, pairs) = first_and_pairs(meta)?;
                self.push("examples", json!({ "line": line, "text": both(pairs) }));
            }
            "exit" => {
                let (code, pairs) = first_and_pairs(meta)?;
                let code: u8 = code.parse().map_err(|_| meta.error("an exit code is a number up to 255"))?;
                self.push("exit-codes", json!({ "code": code, "meaning": both(pairs) }));
            }
            _ => {
                return Err(meta.error(
                    "a command has es, details_es, scope, without_tenant, takes_new_tenant, criticality, effect, idempotent, permissions, conflicts, requires, host_flag, example and exit",
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
