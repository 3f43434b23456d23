//! What the objects at hand have, before any is read as a record: a file of which none has a title, or none a text, is
//! refused at once with the options that would take it, and not record by record.

use encargo_sdk::text;

use super::extent::{End, Extent};
use super::shape::{self, Shape};
use super::walk::Walk;
use super::window::{Value, Window};
use crate::columns::{Columns, listed};
use crate::problem::{Broken, Code};
use crate::shaping::{Shaping, proposal, with_proposal};

/// How many bytes are looked at.
pub(in crate::format) const LOOKED_AT: usize = 64 << 10;

/// How many names are remembered.
const MOST_NAMES: usize = 64;

/// The names in an object, with dots for what is in objects in it; none of what is no JSON.
pub(super) fn names_of(object: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    if shape::check(object).is_ok() {
        add_names(object, "", &mut names);
    }
    names
}

/// Those in the object at hand, where it is whole in memory.
pub(super) fn names_at_hand(window: &mut Window) -> Result<Vec<String>, Broken> {
    Ok(match window.value()? {
        Value::Whole(length) => names_of(window.bytes(length)),
        _ => Vec::new(),
    })
}

fn add_names(object: &[u8], above: &str, names: &mut Vec<String>) {
    for member in Walk::object(object, 0).into_iter().flatten() {
        if names.len() == MOST_NAMES {
            return;
        }
        let name = if above.is_empty() { member.name } else { format!("{above}.{}", member.name) };
        if member.value.first() == Some(&b'{') { add_names(member.value, &name, names) } else { names.push(name) }
    }
}

/// What is missing in all of some objects.
#[derive(Debug, Default)]
pub(in crate::format) struct Ahead {
    title: bool,
    body: bool,
    names: Vec<String>,
}

impl Ahead {
    /// Looks at an object.
    pub(in crate::format) fn look(&mut self, object: &[u8], shaping: &Shaping) {
        let shape = Shape::of(object, shaping);
        self.title |= shape.title;
        self.body |= shape.body;
        if self.names.is_empty() {
            self.names = names_of(object);
        }
    }

    /// Whether nothing is missing in all.
    pub(in crate::format) fn is_enough(&self) -> bool {
        self.title && self.body
    }

    /// What to say where none has a title, or none a text. Where nothing is known of them it is left to the records.
    pub(in crate::format) fn refusal(&self) -> Option<String> {
        if self.is_enough() {
            return None;
        }
        proposal(&self.names)?;
        let names = listed(&self.names);
        let message = if self.title {
            text!(
                "no record has a text (body, answer, content, texto, respuesta): {names}",
                "ningún registro tiene texto (body, answer, content, texto, respuesta): {names}"
            )
        } else {
            text!(
                "no record has a title (title, question, título, pregunta): {names}",
                "ningún registro tiene título (title, question, título, pregunta): {names}"
            )
        };
        Some(with_proposal(message, &self.names))
    }
}

/// Refuses the array at hand when none of its elements, as far as they are in memory, has a title, or none a text.
pub(super) fn refuse_others(window: &mut Window, columns: &Columns) -> Result<(), Broken> {
    let (mut ahead, mut rest) = (Ahead::default(), window.ahead(LOOKED_AT)?);
    while !ahead.is_enough()
        && let [b' ' | b'\t' | b'\r' | b'\n' | b',' | b'[', more @ ..] = rest
    {
        if !matches!(more.first(), Some(b'{' | b'n')) {
            rest = more;
            continue;
        }
        let End::At(length) = Extent::default().find(more) else { break };
        if length == 0 {
            break;
        }
        if more[0] == b'{' {
            ahead.look(&more[..length], columns.shaping());
        }
        rest = &more[length..];
    }
    ahead.refusal().map_or(Ok(()), |message| Err(window.broken(Code::Shape, message)))
}

/// At the end of a file with records: the names that were asked for must have come.
pub(in crate::format) fn check_names(columns: &Columns, records: u64) -> Result<(), Broken> {
    let Some(missing) = columns.missing().filter(|_| records > 0 && columns.has_names()) else { return Ok(()) };
    let message =
        text!("no record has {missing}, which was asked for", "ningún registro tiene {missing}, que se pidió");
    Err(Broken::new(Code::Shape, 1, None, message))
}
