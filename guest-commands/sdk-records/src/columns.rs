//! Which column of a file is which field: names in English and Spanish, and what is worth a warning.

use encargo_sdk::text;

use crate::problem::shown;
use crate::record::{FIELDS, Field};
use crate::shaping::{Body, Shaping, Use};

/// The most names that are remembered; a file of objects may have a new one in each.
const MOST_NAMES: usize = 256;

/// The names that each field goes by, in the form of `plain`.
const NAMES: [(Field, &[&str]); FIELDS] = [
    (Field::ExternalId, &["external_id", "id", "code", "key", "identificador", "codigo", "clave"]),
    (Field::Title, &["title", "question", "titulo", "pregunta"]),
    (Field::Body, &["body", "answer", "content", "text", "cuerpo", "respuesta", "contenido", "texto"]),
    (Field::Language, &["language", "lang", "locale", "idioma", "lengua"]),
    (Field::Tags, &["tags", "tag", "category", "categories", "etiqueta", "etiquetas", "categoria", "categorias"]),
    (Field::Source, &["source", "origin", "fuente", "origen"]),
];

/// A name in lower case, without accents however they are written, with `_` between words.
pub fn plain(name: &str) -> String {
    name.trim_matches(|character: char| character.is_whitespace() || character == '\u{FEFF}')
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|character| !('\u{300}'..='\u{36F}').contains(character))
        .map(|character| match character {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            ' ' | '-' => '_',
            other => other,
        })
        .collect()
}

/// The field that a column of this name is for.
pub fn field_of(name: &str) -> Option<Field> {
    let plain = plain(name);
    NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(field, _)| *field)
}

/// What a column's name was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// The field that it is for.
    pub field: Option<Field>,
    /// Its place among the names that are remembered.
    pub place: Option<usize>,
    /// Whether the text is made of it.
    pub part: bool,
}

/// What a file's columns are.
#[derive(Debug, Default)]
pub struct Columns {
    known: Vec<(String, Use)>,
    shaping: Shaping,
    /// Which of the names that were asked for came.
    met: Vec<bool>,
    spoken: [Option<String>; FIELDS],
    unread: Vec<String>,
    /// Numbers of the columns without a name that have something in them.
    unnamed: Vec<usize>,
    ignored: Vec<(String, Field)>,
    at: usize,
}

impl Columns {
    /// Of records that become items as the caller asked.
    pub fn shaped(shaping: Shaping) -> Self {
        let met = shaping.names().map(|_| false).collect();
        Self { shaping, met, ..Self::default() }
    }

    /// What the caller asked for.
    pub fn shaping(&self) -> &Shaping {
        &self.shaping
    }

    /// Whether the text is made of every field that is nothing else.
    pub fn takes_others(&self) -> bool {
        self.shaping.body == Body::Others
    }

    /// The names that were asked for and did not come.
    pub fn missing(&self) -> Option<String> {
        let missing: Vec<String> =
            self.shaping.names().zip(&self.met).filter(|(_, met)| !**met).map(|(name, _)| name.to_owned()).collect();
        (!missing.is_empty()).then(|| listed(&missing))
    }

    /// Whether any name came.
    pub fn has_names(&self) -> bool {
        !self.known.is_empty()
    }

    /// The names of what is not read and is not in an object of its own.
    pub fn unread_plain(&self) -> Vec<String> {
        self.unread.iter().filter(|name| !name.contains('.')).cloned().collect()
    }

    fn meet(&mut self, name: &str) {
        if self.met.is_empty() {
            return;
        }
        let name = plain(name);
        for (asked, met) in self.shaping.names().zip(&mut self.met) {
            let asked = plain(asked);
            *met |= name == asked || name.strip_prefix(asked.as_str()).is_some_and(|rest| rest.starts_with('.'));
        }
    }

    /// The field that a column of this name is for. A name that is none is noted.
    pub fn find(&mut self, name: &str) -> Named {
        // Objects of one file have their members in one order, so the next name is nearly always the expected one.
        if self.known.get(self.at).is_none_or(|(known, _)| known != name) {
            match self.known.iter().position(|(known, _)| known == name) {
                Some(place) => self.at = place,
                None if self.known.len() < MOST_NAMES => self.at = self.learn(name),
                None => {
                    self.meet(name);
                    let Use { field, part } = self.shaping.use_of(name);
                    if let Some(field) = field {
                        self.spoken[field as usize].get_or_insert_with(|| name.to_owned());
                    }
                    return Named { field, place: None, part };
                }
            }
        }
        let (place, Use { field, part }) = (self.at, self.known[self.at].1);
        self.at = if self.at + 1 < self.known.len() { self.at + 1 } else { 0 };
        Named { field, place: Some(place), part }
    }

    fn learn(&mut self, name: &str) -> usize {
        self.meet(name);
        let its = self.shaping.use_of(name);
        match its.field {
            Some(field) => {
                self.spoken[field as usize].get_or_insert_with(|| name.to_owned());
            }
            None if name.trim().is_empty() || its.part => {}
            None => self.unread(name),
        }
        self.known.push((name.to_owned(), its));
        self.known.len() - 1
    }

    /// Notes that something of this name is not read.
    pub fn unread(&mut self, name: &str) {
        if self.unread.len() < MOST_NAMES && !self.unread.iter().any(|unread| unread == name) {
            self.unread.push(name.to_owned());
        }
    }

    /// Notes that a column without a name has something in it.
    pub fn unnamed(&mut self, number: usize) {
        if self.unnamed.len() < MOST_NAMES && !self.unnamed.contains(&number) {
            self.unnamed.push(number);
        }
    }

    /// Notes that a column was left out because another one is its field already.
    pub fn ignore(&mut self, name: &str, field: Field) {
        if self.ignored.len() < MOST_NAMES && !self.ignored.iter().any(|(ignored, _)| ignored == name) {
            self.ignored.push((name.to_owned(), field));
        }
    }

    /// Says what a field is called in a format that has its own names.
    pub fn speak(&mut self, field: Field, name: &str) {
        self.spoken[field as usize] = Some(name.to_owned());
    }

    /// The name that the file has for a field, else the table's.
    pub fn name(&self, field: Field) -> &str {
        self.spoken[field as usize].as_deref().unwrap_or(field.name())
    }

    /// The names of what is not read, if there are any.
    pub fn unread_names(&self) -> Option<String> {
        (!self.unread.is_empty()).then(|| listed(&self.unread))
    }

    /// One sentence for each kind of thing that a person should know.
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if !self.unread.is_empty() {
            let names = listed(&self.unread);
            warnings.push(text!("columns that are not read: {names}", "columnas que no se leen: {names}"));
        }
        if !self.unnamed.is_empty() {
            let numbers: Vec<_> = self.unnamed.iter().map(usize::to_string).collect();
            let numbers = listed(&numbers);
            warnings.push(text!(
                "columns without a name that are not read, by their numbers: {numbers}",
                "columnas sin nombre que no se leen, por su número: {numbers}"
            ));
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
pub fn listed(names: &[String]) -> String {
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
            ("ti\u{301}tulo", Some(Field::Title)),
            ("C\u{f3}digo", Some(Field::ExternalId)),
            ("\u{feff}CO\u{301}DIGO", Some(Field::ExternalId)),
            ("last_update", None),
            ("", None),
        ] {
            assert_eq!(columns.find(name).field, field, "{name}");
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
            assert_eq!(columns.find(name).field, expected.map(|(_, field)| *field), "{name}");
        }
        assert_eq!(columns.warnings(), ["columns that are not read: `x`"]);
    }

    #[test]
    fn endless_new_names_take_no_memory_and_hide_no_field() {
        let mut columns = Columns::default();
        for index in 0..10_000 {
            assert_eq!(columns.find(&format!("column {index}")).field, None);
        }
        assert_eq!(columns.find("respuesta").field, Some(Field::Body));
        assert_eq!(columns.name(Field::Body), "respuesta");
        assert_eq!(columns.known.len(), MOST_NAMES);
        assert!(columns.warnings()[0].ends_with("`column 11`, …"));
    }
}
