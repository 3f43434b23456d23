//! One JSON object as a record that is put together as the caller asked: nested objects have names with dots between
//! them, lists are joined.

use encargo_sdk::text;

use super::object::{self, unite_tags, wrong};
use super::shape::{self, is_json};
use super::walk::{Entry, Walk, text_of};
use crate::columns::{Columns, Named};
use crate::problem::{Code, shown};
use crate::record::{Field, Record};

/// Fills the record with the object in these bytes, as it is or as the caller asked. What is wrong with it becomes its problem.
pub(in crate::format) fn fill(object: &[u8], record: &mut Record, columns: &mut Columns) {
    if !columns.shaping().composes() {
        return object::fill(object, record, columns);
    }
    record.bytes.clear();
    let object = object.trim_ascii();
    if let Err(error) = shape::check(object) {
        return wrong(object, &error, "", record);
    }
    let Some(members) = Walk::object(object, 0) else {
        let value = shown(&String::from_utf8_lossy(object));
        let message = text!("it is no record: an object is expected", "no es un registro: se espera un objeto");
        debug_assert!(is_json(object));
        return record.problem(Code::Type, "", value, message);
    };
    let mut filling = Filling { record, columns, parts: Vec::new() };
    filling.members(members, "");
    let Filling { parts, .. } = filling;
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    record.compose(columns, &parts);
}

struct Filling<'a> {
    record: &'a mut Record,
    columns: &'a mut Columns,
    parts: Vec<(String, String)>,
}

impl Filling<'_> {
    fn members(&mut self, members: Walk<'_>, above: &str) {
        for member in members {
            let name = if above.is_empty() { member.name.clone() } else { format!("{above}.{}", member.name) };
            self.member(&name, &member);
        }
    }

    fn member(&mut self, name: &str, member: &Entry<'_>) {
        if let Some(members) = Walk::object(member.value, 0) {
            // What is under it may have a use of its own, so an object itself is never a field.
            return self.members(members, name);
        }
        let Named { field, place, part } = self.columns.find(name);
        if place.is_some_and(|place| self.record.repeats(place)) {
            let message = text!("the object has this name twice", "el objeto tiene este nombre dos veces");
            return self.record.problem(Code::Repeated, name, String::new(), message);
        }
        let mut is_part = part;
        match field {
            Some(field) if self.record.is_filled(field) && field != Field::Tags => {
                // Of two ids the first is it, and the other is as any field.
                if self.columns.takes_others() { is_part = true } else { self.columns.ignore(name, field) }
            }
            Some(field) => self.cell(field, member.value),
            None => {}
        }
        if is_part {
            self.parts.push((name.to_owned(), joined(member.value)));
        }
    }

    fn cell(&mut self, field: Field, value: &[u8]) {
        let start = self.record.bytes.len();
        let is_array = value.first() == Some(&b'[');
        if field == Field::Tags && is_array {
            self.record.bytes.extend_from_slice(value);
        } else {
            self.record.bytes.extend_from_slice(joined(value).as_bytes());
        }
        if field == Field::Tags && self.record.is_filled(field) {
            unite_tags(self.record, start);
        } else {
            self.record.set(field, start, self.record.bytes.len());
        }
    }
}

/// A value in one line: a list's elements with commas between them, or semicolons where they are objects, of which each
/// member has its name.
fn joined(value: &[u8]) -> String {
    if let Some(elements) = Walk::array(value, 0) {
        let elements: Vec<_> =
            elements.map(|element| (element.value.first() == Some(&b'{'), joined(element.value))).collect();
        let separator = if elements.iter().any(|(is_object, _)| *is_object) { "; " } else { ", " };
        let filled = elements.into_iter().map(|(_, text)| text).filter(|text| !text.is_empty());
        return filled.collect::<Vec<_>>().join(separator);
    }
    if let Some(members) = Walk::object(value, 0) {
        let filled = members.map(|member| (member.name, joined(member.value))).filter(|(_, text)| !text.is_empty());
        return filled.map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>().join(", ");
    }
    text_of(value).unwrap_or_default()
}
