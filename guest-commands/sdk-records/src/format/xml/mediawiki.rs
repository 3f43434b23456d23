//! MediaWiki's export: of each page its latest revision, as it is written. Redirects, and pages that are not read by
//! people looking something up, are counted and left out.

use encargo_sdk::text;

use super::elements::{Cells, Element, Elements, too_large};
use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, Record, Records};

/// The most namespaces whose names are remembered.
const MOST_NAMES: usize = 256;

/// The records of an export.
pub struct MediaWiki {
    elements: Elements,
    columns: Columns,
    cells: Cells,
    language: String,
    site: String,
    /// The names of the namespaces that are left out: older exports say it in the title alone.
    left_out_names: Vec<String>,
    /// The latest revision so far, and when it was made.
    latest: Option<(String, String)>,
    time: String,
    text: String,
    page: Page,
    number: u64,
    left_out: u64,
}

/// What is known of the page being read.
#[derive(Default)]
struct Page {
    line: u64,
    is_redirect: bool,
    is_left_out: bool,
    /// Whether the text of the latest revision is larger than is read.
    is_too_large: bool,
    /// Whether that of the one being read is.
    is_large: bool,
}

const PAGE: [&str; 2] = ["mediawiki", "page"];
const REVISION: [&str; 3] = ["mediawiki", "page", "revision"];

impl MediaWiki {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let mut columns = Columns::default();
        columns.speak(Field::Body, "text");
        columns.speak(Field::ExternalId, "id");
        Self {
            elements: Elements::new(text),
            columns,
            cells: Cells::default(),
            language: String::new(),
            site: String::new(),
            left_out_names: Vec::new(),
            latest: None,
            time: String::new(),
            text: String::new(),
            page: Page::default(),
            number: 0,
            left_out: 0,
        }
    }

    fn open(&mut self, name: &str, attribute: impl Fn(&str) -> Option<String>) -> Result<(), Broken> {
        let elements = &mut self.elements;
        let depth = elements.path.len();
        match (depth, name) {
            (1, "mediawiki") => self.language = attribute("xml:lang").unwrap_or_default(),
            (1, _) => {
                let name = shown(name);
                return Err(elements.events.shape(text!(
                    "`<mediawiki>` is expected, not `<{name}>`",
                    "se espera `<mediawiki>`, no `<{name}>`"
                )));
            }
            (2, "page") => {
                self.cells.clear();
                self.latest = None;
                self.page = Page { line: elements.events.began().0, ..Page::default() };
            }
            (3, "redirect") => self.page.is_redirect = true,
            (3, "revision") if elements.path[..2] == PAGE => {
                self.time.clear();
                self.text.clear();
                self.page.is_large = false;
            }
            (3, "title" | "id" | "ns" | "sitename") | (4, "text" | "timestamp") => elements.take(),
            (4, "namespace") => {
                let key = attribute("key").and_then(|key| key.parse::<i64>().ok());
                let is_left_out = key.is_some_and(|key| !is_taken(key));
                if is_left_out && self.left_out_names.len() < MOST_NAMES {
                    elements.take();
                }
            }
            (5, _) if elements.path[3] == "text" => {
                let name = shown(name);
                let message = text!(
                    "`<{name}>` is too deep: a revision's text has only text",
                    "`<{name}>` está a demasiada profundidad: el texto de una revisión solo tiene texto"
                );
                return Err(Broken { code: Code::TooDeep, ..elements.events.shape(message) });
            }
            _ => {}
        }
        Ok(())
    }

    /// An element ended; whether it was a page.
    fn close(&mut self, name: &str) -> bool {
        let is_page = self.elements.is_at(&["mediawiki"]) && name == "page";
        let elements = &mut self.elements;
        let taken = &elements.taken;
        match name {
            "sitename" if elements.path.len() == 2 => taken.trim().clone_into(&mut self.site),
            "namespace" if elements.path.len() == 3 && !taken.trim().is_empty() => {
                self.left_out_names.push(taken.trim().to_owned());
            }
            "title" if elements.is_at(&PAGE) => {
                let space = taken.split_once(':').map_or("", |(space, _)| space.trim());
                self.page.is_left_out |= self.left_out_names.iter().any(|name| name == space);
                self.cells.set(Field::Title, taken.trim());
            }
            "ns" if elements.is_at(&PAGE) => {
                self.page.is_left_out = taken.trim().parse().is_ok_and(|space: i64| !is_taken(space));
            }
            "id" if elements.is_at(&PAGE) => self.cells.set(Field::ExternalId, taken.trim()),
            "timestamp" if elements.is_at(&REVISION) => taken.trim().clone_into(&mut self.time),
            "text" if elements.is_at(&REVISION) => {
                std::mem::swap(&mut self.text, &mut elements.taken);
                self.page.is_large = elements.is_too_large;
            }
            // Times are written so that their order is that of their texts; of equal ones the last stands.
            "revision" if elements.is_at(&PAGE) && self.latest.as_ref().is_none_or(|(time, _)| *time <= self.time) => {
                self.latest = Some((std::mem::take(&mut self.time), std::mem::take(&mut self.text)));
                self.page.is_too_large = self.page.is_large;
            }
            _ => {}
        }
        // What an element left is that of no other one.
        elements.leave();
        elements.taken.clear();
        is_page
    }

    /// A page ended; whether it is a record.
    fn page(&mut self, record: &mut Record) -> bool {
        let (_, text) = self.latest.take().unwrap_or_default();
        if self.page.is_redirect || self.page.is_left_out || is_redirect(&text) {
            self.left_out += 1;
            return false;
        }
        self.number += 1;
        record.begin(self.number, self.page.line);
        self.cells.set(Field::Body, &text);
        for (field, cell) in [(Field::Language, &self.language), (Field::Source, &self.site)] {
            if !cell.is_empty() {
                self.cells.set(field, cell);
            }
        }
        self.cells.fill_record(record);
        if self.page.is_too_large {
            too_large(record);
        }
        true
    }
}

/// Whether pages of a namespace are for people who look something up: articles, those about the wiki, help, and what a
/// wiki has of its own. Those of odd numbers are talk.
fn is_taken(space: i64) -> bool {
    matches!(space, 0 | 4 | 12) || (space >= 100 && space % 2 == 0 && space != 828)
}

/// Whether a text only leads to another page.
fn is_redirect(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(9).collect();
    start.eq_ignore_ascii_case("#redirect") || start.to_lowercase().starts_with("#redirecc")
}

impl Records for MediaWiki {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            match self.elements.next()? {
                Element::End => return Ok(false),
                Element::Open(tag) => self.open(&tag.name, |name| tag.attribute(name).map(str::to_owned))?,
                Element::Close(name) => {
                    if self.close(&name) && self.page(record) {
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

    fn notes(&self) -> Vec<String> {
        let left_out = self.left_out;
        let note = || {
            text!(
                "redirects and pages that are no articles and no help, which are not imported: {left_out}",
                "redirecciones y páginas que no son artículos ni ayuda, que no se importan: {left_out}"
            )
        };
        (left_out > 0).then(note).into_iter().collect()
    }
}
