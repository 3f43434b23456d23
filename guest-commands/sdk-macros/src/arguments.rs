//! One field of the struct: an argument of the description.

use serde_json::{Map, Value, json};
use syn::{Error, Field, GenericArgument, PathArguments, Result, Type};

use crate::args::PLACE;
use crate::attributes::{paragraphs, switch, texts, written};

/// A field, and what the description says of it.
pub(crate) struct ArgumentField {
    pub(crate) name: String,
    pub(crate) spec: Value,
    /// The type that lists its choices.
    pub(crate) choices: Option<Type>,
}

pub(crate) fn argument(field: &Field) -> Result<ArgumentField> {
    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut name = ident.trim_start_matches("r#").trim_end_matches('_').replace('_', "-");
    let mut spec = Map::new();
    let mut kind = None;
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("arg")) {
        attribute.parse_nested_meta(|meta| {
            let key = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            match key.as_str() {
                "name" => name = written(&meta)?,
                "kind" => kind = Some(written(&meta)?),
                "default" | "min" | "max" | "env" | "settings" => {
                    spec.insert(key, Value::String(written(&meta)?));
                }
                "position" => {
                    let position: u32 = written(&meta)?.parse().map_err(|_| meta.error("a position is 1, 2, ..."))?;
                    spec.insert(key, position.into());
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
                        "an argument has default, min, max, env, settings, kind, name, position, choices, tuning and secret",
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
    let derived = kind_of(&field.ty)?;
    if derived.choices.is_some() {
        spec.insert("choices".to_owned(), Value::String(PLACE.to_owned()));
    }
    if let (Some(default), false) = (derived.default, spec.contains_key("default")) {
        spec.insert("default".to_owned(), Value::String(default.to_owned()));
    }
    let required = !derived.optional && !spec.contains_key("default");
    spec.insert("name".to_owned(), Value::String(name.clone()));
    spec.insert("help".to_owned(), json!({ "en": english }));
    spec.insert("kind".to_owned(), Value::String(kind.unwrap_or_else(|| derived.kind.to_owned())));
    if required {
        spec.insert("required".to_owned(), Value::Bool(true));
    }
    Ok(ArgumentField { name, spec: Value::Object(spec), choices: derived.choices })
}

/// What a field's type says of its argument.
struct Derived {
    kind: &'static str,
    /// Whether there may be no value.
    optional: bool,
    default: Option<&'static str>,
    /// The type that lists its choices.
    choices: Option<Type>,
}

fn kind_of(field: &Type) -> Result<Derived> {
    let wrong = || {
        Error::new_spanned(
            field,
            "an argument is a bool, i64, u64, u32, f64, String, Vec<String>, Instant, Duration, InputFile, InputFolder, Output, Repository, an enum with derive(Choice) or Choices of one, or an Option of one of these",
        )
    };
    let Type::Path(path) = field else { return Err(wrong()) };
    let last = path.path.segments.last().ok_or_else(wrong)?;
    let is = |kind, optional| Ok(Derived { kind, optional, default: None, choices: None });
    match last.ident.to_string().as_str() {
        "bool" => is("flag", true),
        "i64" | "u64" | "u32" => is("integer", false),
        "f64" => is("real", false),
        "String" => is("text", false),
        "Vec" => is("texts", true),
        "Instant" => is("instant", false),
        "Duration" => is("duration", false),
        "InputFile" => is("input-file", false),
        "InputFolder" => is("input-folder", false),
        "Output" => is("output", false),
        "Repository" => is("repository", false),
        "Option" => match &last.arguments {
            PathArguments::AngleBracketed(inner) => match inner.args.first() {
                Some(GenericArgument::Type(inner)) => Ok(Derived { optional: true, ..kind_of(inner)? }),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        },
        "Choices" => Ok(Derived { kind: "texts", optional: false, default: Some("all"), choices: Some(field.clone()) }),
        _ => Ok(Derived { kind: "text", optional: false, default: None, choices: Some(field.clone()) }),
    }
}
