//! The events of an XML file, each with its place, and what no shape of XML takes: document type definitions, entities of
//! their own, encodings that the bytes do not tell.

use encargo_sdk::text;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::window::{Place, Window, too_large};
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};

/// What one event asks for. It no longer borrows the event's buffer.
pub(super) enum Step {
    /// An element begins.
    Open(Tag),
    /// An element that has nothing in it.
    Leaf(Tag),
    /// The innermost element ends.
    Close,
    /// Nothing more than its text, which was taken.
    Nothing,
    /// The file ends.
    End,
}

/// A start tag.
pub(super) struct Tag {
    /// Its name, with its prefix.
    pub(super) name: String,
    /// Its attributes, with what their references stand for.
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What takes text; it answers why there may be none.
pub(super) type Take<'t> = dyn FnMut(&str) -> Result<(), String> + 't;

/// The events of an XML file.
pub(super) struct Events {
    reader: Reader<Window>,
    buffer: Vec<u8>,
}

impl Events {
    pub(super) fn new(text: Decoder) -> Self {
        Self { reader: Reader::from_reader(Window::new(text)), buffer: Vec::new() }
    }

    /// Reads one event; its text is handed to `take`.
    pub(super) fn step(&mut self, take: &mut Take<'_>) -> Result<Step, Broken> {
        self.buffer.clear();
        let place = self.reader.get_mut().begin();
        let broken = |code, message| Broken::new(code, place.0, Some(place.1), message);
        let step = match self.reader.read_event_into(&mut self.buffer) {
            Ok(Event::Start(tag)) => Step::Open(tag_of(&tag).map_err(|(code, message)| broken(code, message))?),
            Ok(Event::Empty(tag)) => Step::Leaf(tag_of(&tag).map_err(|(code, message)| broken(code, message))?),
            Ok(Event::End(_)) => Step::Close,
            Ok(Event::Text(text)) => {
                take(&text.xml10_content()).map_err(|message| broken(Code::Shape, message))?;
                Step::Nothing
            }
            Ok(Event::CData(text)) => {
                take(&text.xml10_content()).map_err(|message| broken(Code::Shape, message))?;
                Step::Nothing
            }
            Ok(Event::GeneralRef(reference)) => {
                let name: &str = &reference;
                let character = resolved(name).ok_or_else(|| broken(Code::Entity, no_entity(name)))?;
                take(character.encode_utf8(&mut [0; 4])).map_err(|message| broken(Code::Shape, message))?;
                Step::Nothing
            }
            Ok(Event::DocType(_)) => {
                let message = text!("document type definitions are not read", "las definiciones DTD no se leen");
                return Err(broken(Code::Doctype, message));
            }
            Ok(Event::Decl(declaration)) => match declaration.encoding() {
                Some(Ok(label)) if !is_told_by_the_bytes(&label) => {
                    let label = shown(&label);
                    let message = text!(
                        "the encoding `{label}` is not read: save it as UTF-8",
                        "la codificación `{label}` no se lee: guárdelo como UTF-8"
                    );
                    return Err(broken(Code::Encoding, message));
                }
                _ => Step::Nothing,
            },
            Ok(Event::Comment(_) | Event::PI(_)) => Step::Nothing,
            Ok(Event::Eof) => Step::End,
            Err(error) => {
                let failure = self.reader.get_mut().failure.take();
                let not_xml = || broken(Code::Syntax, text!("not XML: {error}", "no es XML: {error}"));
                return Err(failure.unwrap_or_else(not_xml));
            }
        };
        Ok(step)
    }

    /// Where the last event began.
    pub(super) fn began(&self) -> Place {
        self.reader.get_ref().began()
    }

    /// Whether the last text had more than is read, and was cut.
    pub(super) fn was_cut(&self) -> bool {
        self.reader.get_ref().was_cut()
    }

    /// The last text has more than is read.
    pub(super) fn too_large(&self) -> Broken {
        too_large(self.began())
    }

    /// Something is wrong with the shape where the last event began.
    pub(super) fn shape(&self, message: String) -> Broken {
        let (line, column) = self.began();
        Broken::new(Code::Shape, line, Some(column), message)
    }

    /// The file ends before its root does.
    pub(super) fn cut(&self) -> Broken {
        self.shape(text!("the file ends in the middle", "el archivo termina a la mitad"))
    }

    pub(super) fn text(&self) -> &Decoder {
        self.reader.get_ref().text()
    }
}

fn no_entity(name: &str) -> String {
    let name = shown(name);
    text!("the entity `&{name};` is not read", "la entidad `&{name};` no se lee")
}

/// The character that a reference stands for: one of the five names of XML, or a number.
fn resolved(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix('x') {
                Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

/// Whether a declared encoding is one that the text's own bytes tell.
fn is_told_by_the_bytes(label: &str) -> bool {
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes());
    encoding.is_some_and(|encoding| [UTF_8, WINDOWS_1252, UTF_16LE, UTF_16BE].contains(&encoding))
}

/// Reads a start tag.
fn tag_of(tag: &BytesStart<'_>) -> Result<Tag, (Code, String)> {
    let name: String = tag.name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| (Code::Syntax, text!("not XML: {error}", "no es XML: {error}")))?;
        let key: &str = attribute.key.as_ref();
        attributes.push((key.to_owned(), value_of(&attribute.value)?));
    }
    Ok(Tag { name, attributes })
}

/// An attribute's value: white space is blanks, and references are what they stand for.
fn value_of(written: &str) -> Result<String, (Code, String)> {
    let mut value = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(['&', '\t', '\r', '\n']) {
        value.push_str(&rest[..at]);
        let reference = &rest[at + 1..];
        if rest.as_bytes()[at] != b'&' {
            value.push(' ');
            rest = reference;
            continue;
        }
        let end = reference.find(';').unwrap_or_default();
        let name = &reference[..end];
        value.push(resolved(name).ok_or_else(|| (Code::Entity, no_entity(name)))?);
        rest = &reference[end + 1..];
    }
    value.push_str(rest);
    Ok(value)
}
