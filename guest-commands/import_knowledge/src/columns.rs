//! Which column of a file is which field: names in English and Spanish, and what is worth a warning.

use encargo_sdk::text;

use crate::problem::shown;
use crate::record::{FIELDS, Field};

/// The most names that are remembered; a file of objects may have a new one in each.
const MOST_NAMES: usize = 256;

/// The names that each field goes by, in lower case with `_` between words.
const NAMES: [(Field, &[&str]); FIELDS] = [
    (Field::ExternalId, &["external_id", "id", "code", "key", "identificador", "codigo", "código", "clave"]),
    (Field::Title, &["title", "question", "titulo", "título", "pregunta"]),
    (Field::Body, &["body", "answer", "content", "text", "cuerpo", "respuesta", "contenido", "texto"]),
    (Field::Language, &["language", "lang", "locale", "idioma", "lengua"]),
    (
        Field::Tags,
        &[
            "tags",
            "tag",
            "category",
            "categories",
            "etiqueta",
            "etiquetas",
            "categoria",
            "categoría",
            "categorias",
            "categorías",
        ],
    ),
    (Field::Source, &["source", "origin", "fuente", "origen"]),
];

/// What a file's columns are.
#[derive(Debug, Default)]
pub struct Columns {
    known: Vec<(String, Option<Field>)>,
    spoken: [Option<String>; FIELDS],
    unread: Vec<String>,
    ignored: Vec<(String, Field)>,
    at: usize,
}

impl Columns {
    /// The field that a column of this name is for. A name that is none is noted.
    pub(crate) fn field(&mut self, name: &str) -> Option<Field> {
        // Objects of one file have their members in one order, so the next name is nearly always the expected one.
        if self.known.get(self.at).is_none_or(|(known, _)| known != name) {
            self.at = self.known.iter().position(|(known, _)| known == name).unwrap_or_else(|| self.learn(name));
        }
        let field = self.known.get(self.at).and_then(|(_, field)| *field);
        self.at = if self.at + 1 < self.known.len() { self.at + 1 } else { 0 };
        field
    }

    fn learn(&mut self, name: &str) -> usize {
        if self.known.len() == MOST_NAMES {
            return MOST_NAMES;
        }
        let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
        let field = NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field);
        match field {
            Some(field) => {
                self.spoken[field as usize].get_or_insert_with(|| name.to_owned());
            }
            None if plain.is_empty() => {}
            None => self.unread.push(name.to_owned()),
        }
        self.known.push((name.to_owned(), field));
        self.known.len() - 1
    }

    /// Notes that a column was left out because another one is its field already.
    pub(crate) fn ignore(&mut self, name: &str, field: Field) {
        if self.ignored.len() < MOST_NAMES && !self.ignored.iter().any(|(ignored, _)| ignored == name) {
            self.ignored.push((name.to_owned(), field));
        }
    }

    /// The name that the file has for a field, else the table's.
    pub fn name(&self, field: Field) -> &str {
        self.spoken[field as usize].as_deref().unwrap_or(field.name())
    }

    /// One sentence for each kind of thing that a person should know.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.unread.is_empty() {
            let names = listed(&self.unread);
            warnings.push(text!("columns that are not read: {names}", "columnas que no se leen: {names}"));
        }
        for (name, field) in &self.ignored {
            let (name, used, field) = (shown(name), self.name(*field), field.name());
            warnings.push(text!(
                "column `{name}` is not read: `{used}` is the {field} already",
                "la columna `{name}` no se lee: `{used}` ya es {field}"
            ));
        }
        warnings
    }
}

/// Names in a row, the first twelve of them.
pub(crate) fn listed(names: &[String]) -> String {
    let mut listed = names.iter().take(12).map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        listed.push_str(", …");
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_in_english_and_spanish_name_the_fields() {
        let mut columns = Columns::default();
        for (name, field) in [
            ("Pregunta", Some(Field::Title)),
            ("answer", Some(Field::Body)),
            ("External ID", Some(Field::ExternalId)),
            ("TÍTULO", Some(Field::Title)),
            ("external-id", Some(Field::ExternalId)),
            (" idioma ", Some(Field::Language)),
            ("Categoría", Some(Field::Tags)),
            ("fuente", Some(Field::Source)),
            ("last_update", None),
            ("", None),
        ] {
            assert_eq!(columns.field(name), field, "{name}");
        }
        assert_eq!(columns.name(Field::Title), "Pregunta");
        assert_eq!(columns.name(Field::Body), "answer");
        assert_eq!(columns.warnings(), ["columns that are not read: `last_update`"]);
    }

    #[test]
    fn a_name_is_found_again_in_any_order() {
        let mut columns = Columns::default();
        for name in ["title", "x", "body", "title", "x", "body", "body", "x", "title"] {
            let expected = [("title", Field::Title), ("body", Field::Body)].iter().find(|(known, _)| *known == name);
            assert_eq!(columns.field(name), expected.map(|(_, field)| *field), "{name}");
        }
        assert_eq!(columns.warnings(), ["columns that are not read: `x`"]);
    }

    #[test]
    fn endless_new_names_take_no_memory() {
        let mut columns = Columns::default();
        for index in 0..10_000 {
            assert_eq!(columns.field(&format!("column {index}")), None);
        }
        assert_eq!(columns.known.len(), MOST_NAMES);
        assert!(columns.warnings()[0].ends_with("`column 11`, …"));
    }
}
