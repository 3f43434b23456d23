//! Reads one literal: a truth value, a number, a text, a list, a tuple or a dict.

use encargo_model::{Text, text};

use super::cursor::{Cursor, is_name, is_prefix};
use super::{Literal, Place, Value, Wrong};

/// How deep literals may lie in each other: each level takes some of the stack.
const DEEPEST: usize = 32;

impl Cursor<'_> {
    /// The literal that comes next; `depth` is how many brackets it lies in.
    pub(super) fn literal(&mut self, depth: usize) -> Result<Literal, Wrong> {
        self.blanks(depth > 0);
        let place = self.place;
        if depth > DEEPEST {
            return Err(wrong(
                place,
                text!("it lies more than {DEEPEST} brackets deep", "está a más de {DEEPEST} corchetes de profundidad"),
            ));
        }
        let value = match self.peek() {
            Some('{') => self.dict(depth)?,
            Some('[') => self.list(depth, '[', ']')?.0,
            Some('(') => match self.list(depth, '(', ')')? {
                (Value::List(mut one), false) if one.len() == 1 => one.remove(0).value,
                (list, _) => list,
            },
            Some('"' | '\'') => self.texts("", depth)?,
            Some('-' | '+' | '.' | '0'..='9') => self.number()?,
            Some(c) if is_name(c) => {
                let before = (self.rest, self.place);
                let name = self.take_while(is_name);
                match (name, self.peek()) {
                    ("True", _) => Value::Truth(true),
                    ("False", _) => Value::Truth(false),
                    ("None", _) => Value::None,
                    (prefix, Some('"' | '\'')) if is_prefix(prefix) => self.texts(prefix, depth)?,
                    _ => {
                        (self.rest, self.place) = before;
                        return Err(self.not_a_literal());
                    }
                }
            }
            Some(_) => return Err(self.not_a_literal()),
            None => {
                return Err(wrong(
                    place,
                    text!("the file ends where a value is expected", "el archivo acaba donde se espera un valor"),
                ));
            }
        };
        Ok(Literal { value, place })
    }

    /// Texts one behind the other are one.
    fn texts(&mut self, prefix: &str, depth: usize) -> Result<Value, Wrong> {
        let mut all = self.string(prefix)?.ok_or_else(|| self.not_text(prefix))?;
        loop {
            let before = (self.rest, self.place);
            self.blanks(depth > 0);
            let place = self.place;
            let prefix = self.take_while(is_name);
            if !matches!(self.peek(), Some('"' | '\'')) || !(prefix.is_empty() || is_prefix(prefix)) {
                (self.rest, self.place) = before;
                return Ok(Value::Text(all));
            }
            let more = self.string(prefix)?;
            all.push_str(&more.ok_or_else(|| Wrong { place, ..self.not_text(prefix) })?);
        }
    }

    fn not_text(&self, prefix: &str) -> Wrong {
        wrong(
            self.place,
            text!(
                "a literal with `{prefix}` before it is no plain text, and nothing is computed",
                "un literal con `{prefix}` delante no es texto simple, y no se calcula nada"
            ),
        )
    }

    /// The values between two brackets, and whether a comma stands behind the last.
    fn list(&mut self, depth: usize, opening: char, closing: char) -> Result<(Value, bool), Wrong> {
        let place = self.place;
        self.take(opening.encode_utf8(&mut [0; 4]));
        let (mut values, mut comma) = (Vec::new(), false);
        while !self.closes(closing, place)? {
            if !values.is_empty() && !comma {
                return Err(self.not_a_literal());
            }
            values.push(self.literal(depth + 1)?);
            self.blanks(true);
            comma = self.take(",");
        }
        Ok((Value::List(values), comma))
    }

    fn dict(&mut self, depth: usize) -> Result<Value, Wrong> {
        let place = self.place;
        self.take("{");
        let (mut entries, mut comma) = (Vec::<(Literal, Literal)>::new(), true);
        while !self.closes('}', place)? {
            if !comma {
                return Err(self.not_a_literal());
            }
            let key = self.literal(depth + 1)?;
            self.blanks(true);
            if !self.take(":") {
                return Err(wrong(
                    key.place,
                    text!(
                        "a set has no keys; a dict is expected here",
                        "un conjunto no tiene claves; aquí se espera un diccionario"
                    ),
                ));
            }
            if entries.iter().any(|(earlier, _)| earlier.value == key.value) {
                return Err(wrong(key.place, text!("the key stands twice", "la clave está dos veces")));
            }
            let value = self.literal(depth + 1)?;
            entries.push((key, value));
            self.blanks(true);
            comma = self.take(",");
        }
        Ok(Value::Dict(entries))
    }

    /// Whether the bracket that was opened at a place closes here.
    fn closes(&mut self, closing: char, opened: Place) -> Result<bool, Wrong> {
        self.blanks(true);
        match self.peek() {
            Some(next) if next == closing => {
                self.next();
                Ok(true)
            }
            Some(_) => Ok(false),
            None => Err(wrong(opened, text!("the bracket is not closed", "el corchete no se cierra"))),
        }
    }
}

pub(super) fn wrong(place: Place, sentence: Text) -> Wrong {
    Wrong { place, sentence }
}
