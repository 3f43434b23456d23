//! RSS and Atom: an item is an item, its id its guid or link, its tags the categories, its source the link.

use encargo_sdk::text;

use super::elements::{Cells, Element, Elements, too_large};
use super::html;
use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, shown};
use crate::record::{Field, Record, Records};

/// The records of a feed.
pub struct Feed {
    elements: Elements,
    columns: Columns,
    cells: Cells,
    /// The language of all items, where the feed says it.
    language: String,
    number: u64,
    /// The line of the item being read.
    line: u64,
    is_too_large: bool,
    is_html: bool,
}

/// How many names are around what an item has in it.
const RSS: usize = 3;
/// In RDF and Atom.
const FLAT: usize = 2;

impl Feed {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let mut columns = Columns::default();
        columns.speak(Field::Body, "description");
        columns.speak(Field::ExternalId, "guid");
        let (elements, cells, language) = (Elements::new(text), Cells::default(), String::new());
        Self { elements, columns, cells, language, number: 0, line: 0, is_too_large: false, is_html: true }
    }

    /// How many names are around what an item has in it.
    fn depth(&self) -> usize {
        if self.elements.path.first().is_some_and(|root| root == "rss") { RSS } else { FLAT }
    }

    fn is_item(&self) -> bool {
        self.elements.is_at(&["rss", "channel", "item"])
            || self.elements.is_at(&["rdf:RDF", "item"])
            || self.elements.is_at(&["feed", "entry"])
    }

    /// Whether the element at hand is a part of an item.
    fn is_part(&self) -> bool {
        let path = &self.elements.path;
        path.len() == self.depth() + 1 && matches!(path[self.depth() - 1].as_str(), "item" | "entry")
    }
}

impl Records for Feed {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            match self.elements.next()? {
                Element::End => return Ok(false),
                Element::Open(tag) => {
                    let root = self.elements.path.len() == 1;
                    if root && !matches!(tag.name.as_str(), "rss" | "rdf:RDF" | "feed") {
                        let name = shown(&tag.name);
                        return Err(self.elements.events.shape(text!(
                            "`<rss>`, `<rdf:RDF>` or `<feed>` is expected, not `<{name}>`",
                            "se espera `<rss>`, `<rdf:RDF>` o `<feed>`, no `<{name}>`"
                        )));
                    }
                    if let Some(language) = tag.attribute("xml:lang").filter(|_| root) {
                        language.clone_into(&mut self.language);
                    }
                    if self.is_item() {
                        self.cells.clear();
                        self.is_too_large = false;
                        self.line = self.elements.events.began().0;
                        if let Some(language) = tag.attribute("xml:lang") {
                            self.cells.set(Field::Language, language);
                        }
                    } else if self.is_part() {
                        self.elements.take();
                        // Of Atom's texts one that does not say so is no HTML.
                        let kind = tag.attribute("type").unwrap_or_default();
                        self.is_html = self.elements.path[0] != "feed" || kind.contains("html");
                        self.elements.escapes = kind == "xhtml";
                        let is_link = tag.attribute("rel").is_none_or(|rel| rel == "alternate");
                        match (tag.name.as_str(), tag.attribute("href"), tag.attribute("term")) {
                            ("link", Some(link), _) if is_link => self.cells.fill(Field::Source, link),
                            ("category", _, Some(term)) => self.cells.tag(term),
                            _ => {}
                        }
                    } else if self.elements.is_at(&["rss", "channel", "language"]) {
                        self.elements.take();
                    } else if self.elements.path.len() > self.depth() + 1 {
                        // XHTML has its tags as elements: they are put back for the text to be made of.
                        self.elements.escapes = true;
                        self.elements.put(&format!("<{}>", tag.name));
                    }
                }
                Element::Close(name) => {
                    let depth = self.elements.path.len();
                    if depth > self.depth() {
                        self.elements.put(&format!("</{name}>"));
                    } else if depth == self.depth() && self.is_item() {
                        self.part(&name);
                    } else if self.elements.is_at(&["rss", "channel"]) && name == "language" {
                        self.elements.leave();
                        self.elements.taken.trim().clone_into(&mut self.language);
                    } else if depth + 1 == self.depth() && matches!(name.as_str(), "item" | "entry") {
                        self.item(record);
                        return Ok(true);
                    }
                }
            }
        }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn text(&self) -> &Decoder {
        self.elements.events.text()
    }
}

impl Feed {
    /// A part of an item ended.
    fn part(&mut self, name: &str) {
        self.elements.leave();
        self.is_too_large |= self.elements.is_too_large;
        let taken = std::mem::take(&mut self.elements.taken);
        let cells = &mut self.cells;
        let text = || if self.is_html { html::text_of(&taken) } else { taken.trim().to_owned() };
        match name {
            "title" => cells.set(Field::Title, &text()),
            "content:encoded" | "content" => cells.set(Field::Body, &text()),
            "description" | "summary" => cells.fill(Field::Body, &text()),
            "guid" | "id" => cells.set(Field::ExternalId, taken.trim()),
            "link" if !taken.trim().is_empty() => cells.fill(Field::Source, taken.trim()),
            "category" | "dc:subject" if !taken.trim().is_empty() => cells.tag(taken.trim()),
            "dc:language" => cells.set(Field::Language, taken.trim()),
            _ => {}
        }
        self.elements.taken = taken;
    }

    /// An item ended.
    fn item(&mut self, record: &mut Record) {
        self.number += 1;
        record.begin(self.number, self.line);
        let link = self.cells.get(Field::Source).to_owned();
        self.cells.fill(Field::ExternalId, &link);
        if !self.language.is_empty() {
            let language = self.language.clone();
            self.cells.fill(Field::Language, &language);
        }
        self.cells.fill_record(record);
        if self.is_too_large {
            too_large(record);
        }
    }
}
