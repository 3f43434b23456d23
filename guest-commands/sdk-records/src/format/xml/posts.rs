//! A dump of StackExchange (`Posts.xml`): a question with the answer that was accepted is an item.
//!
//! Posts come in the order of their ids, an answer behind its question, so what is kept are the titles of the questions
//! whose accepted answer is still to come.

use std::collections::BTreeMap;

use encargo_sdk::text;

use super::elements::{Cells, Element, Elements};
use super::events::Tag;
use super::html;
use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, Record, Records};

/// The most bytes of questions that wait.
const MOST_WAITING: usize = 32 << 20;
/// What a question that waits takes beside its texts.
const EACH: usize = 128;

/// A question whose answer is still to come.
struct Question {
    id: String,
    title: String,
    tags: String,
    line: u64,
}

/// The records of a dump.
pub struct Posts {
    elements: Elements,
    columns: Columns,
    cells: Cells,
    /// By the id of the accepted answer.
    waiting: BTreeMap<String, Question>,
    waiting_bytes: usize,
    number: u64,
    /// Questions without an accepted answer.
    unanswered: u64,
    /// Posts that are neither a question nor an accepted answer.
    others: u64,
}

impl Posts {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let mut columns = Columns::default();
        for (field, name) in
            [(Field::ExternalId, "Id"), (Field::Title, "Title"), (Field::Body, "Body"), (Field::Tags, "Tags")]
        {
            columns.speak(field, name);
        }
        Self {
            elements: Elements::new(text),
            columns,
            cells: Cells::default(),
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
            number: 0,
            unanswered: 0,
            others: 0,
        }
    }

    /// Looks at a post; whether it completes a record.
    fn post(&mut self, tag: &Tag, record: &mut Record) -> Result<bool, Broken> {
        let cell = |name| tag.attribute(name).unwrap_or_default();
        match (cell("PostTypeId"), cell("AcceptedAnswerId")) {
            ("1", "") => self.unanswered += 1,
            ("1", accepted) => {
                let (id, title) = (cell("Id").to_owned(), cell("Title").to_owned());
                let tags = cell("Tags").replace("><", ";").replace('|', ";");
                let tags = tags.trim_matches(['<', '>', ';']).to_owned();
                self.waiting_bytes += id.len() + title.len() + tags.len() + accepted.len() + EACH;
                if self.waiting_bytes > MOST_WAITING {
                    let mebibytes = MOST_WAITING >> 20;
                    let message = text!(
                        "more than {mebibytes} MiB of questions wait for their accepted answers: split the file into parts with questions and their answers",
                        "más de {mebibytes} MiB de preguntas esperan su respuesta aceptada: divida el archivo en partes con preguntas y sus respuestas"
                    );
                    return Err(Broken { code: Code::TooLarge, ..self.elements.events.shape(message) });
                }
                let line = self.elements.events.began().0;
                let before = self.waiting.insert(accepted.to_owned(), Question { id, title, tags, line });
                if let Some(before) = before {
                    return Ok(self.lost(accepted, &before, record));
                }
            }
            ("2", _) => match self.waiting.remove(cell("Id")) {
                Some(question) => {
                    let Question { id, title, tags, line } = question;
                    self.waiting_bytes -= id.len() + title.len() + tags.len() + cell("Id").len() + EACH;
                    self.number += 1;
                    record.begin(self.number, line);
                    self.cells.clear();
                    self.cells.set(Field::ExternalId, &id);
                    self.cells.set(Field::Title, &html::text_of(&title));
                    self.cells.set(Field::Body, &html::text_of(cell("Body")));
                    self.cells.set(Field::Tags, &tags);
                    self.cells.fill_record(record);
                    return Ok(true);
                }
                None => self.others += 1,
            },
            _ => self.others += 1,
        }
        Ok(false)
    }

    /// A question whose accepted answer did not come.
    fn lost(&mut self, accepted: &str, question: &Question, record: &mut Record) -> bool {
        self.number += 1;
        record.begin(self.number, question.line);
        record.bytes.clear();
        let accepted = shown(accepted);
        let message = text!(
            "its accepted answer, post {accepted}, does not come behind it, or is that of another question too",
            "su respuesta aceptada, la publicación {accepted}, no viene detrás, o lo es también de otra pregunta"
        );
        record.problem(Code::Missing, "AcceptedAnswerId", shown(&question.title), message);
        true
    }
}

impl Records for Posts {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            match self.elements.next()? {
                Element::End => {
                    let Some((accepted, question)) = self.waiting.pop_first() else { return Ok(false) };
                    return Ok(self.lost(&accepted, &question, record));
                }
                Element::Open(tag) if self.elements.path.len() == 1 && tag.name != "posts" => {
                    let name = shown(&tag.name);
                    return Err(self.elements.events.shape(text!(
                        "`<posts>` is expected, not `<{name}>`: of a dump of StackExchange `Posts.xml` is read",
                        "se espera `<posts>`, no `<{name}>`: de un volcado de StackExchange se lee `Posts.xml`"
                    )));
                }
                Element::Open(tag) if self.elements.is_at(&["posts", "row"]) => {
                    if self.post(&tag, record)? {
                        return Ok(true);
                    }
                }
                Element::Open(_) | Element::Close(_) => {}
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
        let (unanswered, others) = (self.unanswered, self.others);
        let of_questions = text!(
            "questions without an accepted answer, which are not imported: {unanswered}",
            "preguntas sin respuesta aceptada, que no se importan: {unanswered}"
        );
        let of_others = text!(
            "other answers and posts, which are not imported: {others}",
            "otras respuestas y publicaciones, que no se importan: {others}"
        );
        [(unanswered, of_questions), (others, of_others)]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(_, note)| note)
            .collect()
    }
}
