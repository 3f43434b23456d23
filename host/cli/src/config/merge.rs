//! Puts settings of Django's `MANAGEMENT_COMMANDS` into the text of an `encargo.toml`, of which everything else stays.

use encargo_model::{Text, text};
use toml_edit::{Array, DocumentMut, Item, Table, Value as Toml};

use super::python::{Literal, Place, Value, Wrong};

/// What becomes of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It was not there.
    Added,
    /// It takes the place of another value.
    Changed,
    /// It is there as it is.
    Unchanged,
    /// It is `None`, which TOML does not have and which means the default.
    LeftOut,
}

/// A setting of the dict, and what becomes of it.
#[derive(Debug, Clone)]
pub(crate) struct Merged {
    /// The table: `cleanup`.
    pub(crate) table: String,
    /// The key as it stands in `encargo.toml`.
    pub(crate) key: String,
    /// The value as TOML has it; none of what is left out.
    pub(crate) value: Option<Toml>,
    /// The value that was there.
    pub(crate) before: Option<Toml>,
    pub(crate) change: Change,
    /// Where it stands in the Python file.
    pub(crate) place: Place,
}

/// Puts each setting of a dict of dicts into its table, in the order of the dict.
pub(crate) fn merge(document: &mut DocumentMut, settings: &Literal) -> Result<Vec<Merged>, Wrong> {
    let mut merged = Vec::new();
    for (name, table) in entries(settings)? {
        for (key, literal) in entries(table)? {
            merged.push(set(document, text_of(name)?, text_of(key)?, literal)?);
        }
    }
    Ok(merged)
}

fn set(document: &mut DocumentMut, table: &str, key: &str, literal: &Literal) -> Result<Merged, Wrong> {
    let value = value(literal)?;
    let implicit = || {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    };
    let commands = document.entry("commands").or_insert_with(implicit).as_table_like_mut();
    let own = commands
        .and_then(|commands| commands.entry(table).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut());
    let Some(own) = own else {
        return Err(wrong(
            literal.place,
            text!("`encargo.toml` has no table of commands there", "`encargo.toml` no tiene ahí una tabla de comandos"),
        ));
    };
    // One key may be written with `-` and with `_`.
    let there =
        own.iter().map(|(key, _)| key.to_owned()).find(|there| there.replace('-', "_") == key.replace('-', "_"));
    let key = there.clone().unwrap_or_else(|| key.to_owned());
    let before = there.and_then(|there| own.get(&there)?.as_value().cloned());
    let change = match (&before, &value) {
        (_, None) => Change::LeftOut,
        (None, Some(_)) => Change::Added,
        (Some(before), Some(value)) if is_same(before, value) => Change::Unchanged,
        (Some(_), Some(_)) => Change::Changed,
    };
    if let (Change::Added | Change::Changed, Some(value)) = (change, &value) {
        let mut value = value.clone();
        if let Some(before) = &before {
            *value.decor_mut() = before.decor().clone();
        }
        own.insert(&key, Item::Value(value));
    }
    // The comment behind a value is not a part of it.
    let before = before.map(|before| before.decorated("", ""));
    Ok(Merged { table: table.to_owned(), key, value, before, change, place: literal.place })
}

fn entries(literal: &Literal) -> Result<&[(Literal, Literal)], Wrong> {
    match &literal.value {
        Value::Dict(entries) => Ok(entries),
        _ => Err(wrong(
            literal.place,
            text!(
                "a dict is expected here: of commands, and for each its settings",
                "aquí se espera un diccionario: de comandos, y para cada uno sus ajustes"
            ),
        )),
    }
}

pub(crate) fn text_of(literal: &Literal) -> Result<&str, Wrong> {
    match &literal.value {
        Value::Text(said) if !said.is_empty() => Ok(said),
        _ => Err(wrong(
            literal.place,
            text!(
                "a key is expected here, a text that is not empty",
                "aquí se espera una clave, un texto que no esté vacío"
            ),
        )),
    }
}

/// As TOML has it; none for `None`.
fn value(literal: &Literal) -> Result<Option<Toml>, Wrong> {
    Ok(Some(match &literal.value {
        Value::None => return Ok(None),
        Value::Truth(truth) => (*truth).into(),
        Value::Integer(integer) => (*integer).into(),
        Value::Real(real) => (*real).into(),
        Value::Text(said) => said.as_str().into(),
        Value::List(values) => {
            let mut array = Array::new();
            for literal in values {
                match value(literal)? {
                    Some(value) => array.push(value),
                    None => return Err(no_setting(literal.place)),
                }
            }
            array.into()
        }
        Value::Dict(_) => return Err(no_setting(literal.place)),
    }))
}

fn no_setting(place: Place) -> Wrong {
    wrong(
        place,
        text!(
            "a setting is a number, a text, a truth value or a list of such",
            "un ajuste es un número, un texto, un valor lógico o una lista de ellos"
        ),
    )
}

fn wrong(place: Place, sentence: Text) -> Wrong {
    Wrong { place, sentence }
}

/// Whether two values say the same, however they are written.
fn is_same(one: &Toml, other: &Toml) -> bool {
    match (one, other) {
        (Toml::Integer(one), Toml::Integer(other)) => one.value() == other.value(),
        (Toml::Float(one), Toml::Float(other)) => one.value().to_bits() == other.value().to_bits(),
        (Toml::Boolean(one), Toml::Boolean(other)) => one.value() == other.value(),
        (Toml::String(one), Toml::String(other)) => one.value() == other.value(),
        (Toml::Array(one), Toml::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::python::assigned;

    fn merged(toml: &str, python: &str) -> Result<(String, Vec<(String, Change)>), Wrong> {
        let mut document: DocumentMut = toml.parse().expect("it is TOML");
        let settings = assigned(&format!("X = {python}"), "X")?.expect("it is assigned");
        let merged = merge(&mut document, &settings)?;
        let told = merged.into_iter().map(|its| (format!("{}.{}", its.table, its.key), its.change)).collect();
        Ok((document.to_string(), told))
    }

    #[test]
    fn what_is_there_stays_with_its_comments_and_its_way_of_writing() {
        let toml = "# ours\nenvironment = 'x' # why\n\n[commands.cleanup] # here\nbatch-size = 0x10 # few\ndays = 3\n\n[runs]\nkeep_days = 5\n";
        let python =
            "{'cleanup': {'batch_size': 16, 'days': 30, 'type': None}, 'import': {'validation_level': 'strict'}}";
        let (text, changes) = merged(toml, python).expect("all of it are literals");
        let expected = "# ours\nenvironment = 'x' # why\n\n[commands.cleanup] # here\nbatch-size = 0x10 # few\ndays = 30\n\n[commands.import]\nvalidation_level = \"strict\"\n\n[runs]\nkeep_days = 5\n";
        assert_eq!(text, expected);
        let change = |key: &str, change| (key.to_owned(), change);
        assert_eq!(
            changes,
            [
                change("cleanup.batch-size", Change::Unchanged),
                change("cleanup.days", Change::Changed),
                change("cleanup.type", Change::LeftOut),
                change("import.validation_level", Change::Added),
            ]
        );
        assert_eq!(merged(&text, python).expect("again").0, text, "a second time changes nothing");
    }

    #[test]
    fn tables_may_be_written_in_any_way() {
        for (toml, expected) in [
            ("commands = { cleanup = { days = 3 } }\n", "commands = { cleanup = { days = 3 , days_more = [1, 2] } }\n"),
            ("commands.cleanup.days = 3\n", "commands.cleanup.days = 3\ncommands.cleanup.days_more = [1, 2]\n"),
        ] {
            let (text, _) = merged(toml, "{'cleanup': {'days_more': (1, 2)}}").expect("all of it are literals");
            let read = |text: &str| text.parse::<toml::Table>().expect("it is TOML");
            assert_eq!(read(&text), read(expected), "{text}");
        }
        let (text, _) = merged("", "{'backup': {'compression': True, 'level': 1.5}}").expect("all of it are literals");
        assert_eq!(text, "[commands.backup]\ncompression = true\nlevel = 1.5\n");
    }

    #[test]
    fn what_is_no_setting_is_refused_with_its_place() {
        for (python, column) in [
            ("[]", 5),
            ("{'a': 3}", 11),
            ("{3: {}}", 5),
            ("{'a': {'b': {}}}", 17),
            ("{'a': {'b': [None]}}", 18),
            ("{'a': {'': 1}}", 12),
        ] {
            let wrong = merged("", python);
            assert_eq!(
                wrong.map_err(|wrong| wrong.place.column).err(),
                if python == "{3: {}}" { None } else { Some(column) },
                "{python}"
            );
        }
        assert!(merged("", "{3: {'a': 1}}").is_err());
    }
}
