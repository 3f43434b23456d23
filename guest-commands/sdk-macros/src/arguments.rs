//! One field of the struct: an argument of the description.

use serde_json::{Map, Value, json};
use syn::{Error, Field, GenericArgument, PathArguments, Result, Type};

use crate::attributes::{paragraphs, switch, texts, written};

/// A field, and what the description says of it.
pub(crate) struct ArgumentField {
    pub(crate) name: String,
    pub(crate) spec: Value,
}

pub(crate) fn argument(field: &Field) -> Result<ArgumentField> {
    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut name = ident.trim_start_matches("r#").trim_end_matches('_').replace('_', "-");
    let mut spec = Map::new();
    let mut spanish = None;
    let mut kind = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("arg")) {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match key.as_str() {
                "es" => spanish = Some(written(&meta)?),
                "name" => name = written(&meta)?,
                "kind" => kind = Some(written(&meta)?),
                "default" | "min" | "max" | "env" | "settings" => {
                    spec.insert(key, Value::String(written(&meta)?));
                }
                "tuning" | "secret" => {
                    spec.insert(key, Value::Bool(switch(&meta)?));
                }
                "choices" => {
                    let choices = texts(&meta)?.into_iter().map(|value| json!({ "value": value })).collect();
                    spec.insert(key, Value::Array(choices));
                }
                _ => {
                    return Err(meta.error(
                        "an argument has es, default, min, max, env, settings, kind, name, choices, tuning and secret",
                    ));
                }
            }
            Ok(())
        })?;
    }
    let english = paragraphs(&field.attrs).join(" ");
    if english.is_empty() {
        return Err(Error::new_spanned(field, "an argument needs a doc comment: it is its help"));
    }
    let mut help = json!({ "en": english });
    if let Some(spanish) = spanish {
        help["es"] = Value::String(spanish);
    }
    let (derived, optional) = kind_of(&field.ty)?;
    let required = !optional && !spec.contains_key("default");
    spec.insert("name".to_owned(), Value::String(name.clone()));
    spec.insert("help".to_owned(), help);
    spec.insert("kind".to_owned(), Value::String(kind.unwrap_or_else(|| derived.to_owned())));
    if required {
        spec.insert("required".to_owned(), Value::Bool(true));
    }
    Ok(ArgumentField { name, spec: Value::Object(spec) })
}

/// The kind that a type stands for, and whether there may be no value.
fn kind_of(field: &Type) -> Result<(&'static str, bool)> {
    let wrong = || {
        Error::new_spanned(
            field,
            "an argument is a bool, i64, u64, u32, f64, String, Vec<String>, Instant, Duration, InputFile, InputFolder or Output, or an Option of one",
        )
    };
    let Type::Path(path) = field else { return Err(wrong()) };
    let last = path.path.segments.last().ok_or_else(wrong)?;
    Ok(match last.ident.to_string().as_str() {
        "bool" => ("flag", true),
        "i64" | "u64" | "u32" => ("integer", false),
        "f64" => ("real", false),
        "String" => ("text", false),
        "Vec" => ("texts", true),
        "Instant" => ("instant", false),
        "Duration" => ("duration", false),
        "InputFile" => ("input-file", false),
        "InputFolder" => ("input-folder", false),
        "Output" => ("output", false),
        "Option" => match &last.arguments {
            PathArguments::AngleBracketed(inner) => match inner.args.first() {
                Some(GenericArgument::Type(inner)) => (kind_of(inner)?.0, true),
                _ => return Err(wrong()),
            },
            _ => return Err(wrong()),
        },
        _ => return Err(wrong()),
    })
}
