//! SQuAD: a question with its answers is an item, the text that they are found in stands behind them.
//!
//! An article is in memory at a time. A question that has no answer there is counted and left out.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use encargo_sdk::text;

use super::shape;
use super::walk::{Entry, Walk, text_of};
use super::window::{Value, Window};
use super::{too_deep, too_large};
use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, Record, Records};

/// The most bytes that the texts of one paragraph become, written behind each of its questions.
const MOST_WRITTEN: usize = 64 << 20;

/// Where in the file the next byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    /// Among the members of the document.
    Members,
    /// Among the articles.
    Articles,
    After,
}

/// What waits to be handed over.
struct Question {
    line: u64,
    id: Option<String>,
    title: String,
    answers: String,
    context: Rc<str>,
    source: Rc<str>,
    /// What is wrong with the article or the paragraph that stands for it.
    problem: Option<(Code, String)>,
}

/// The records of a SQuAD file.
pub struct Squad {
    window: Window,
    place: Place,
    /// Whether a comma may come next, and whether it did.
    came_value: bool,
    came_comma: bool,
    has_data: bool,
    waiting: VecDeque<Question>,
    columns: Columns,
    number: u64,
    unanswered: u64,
}

impl Squad {
    /// The records of this text.
    pub fn new(text: Decoder) -> Self {
        let mut columns = Columns::default();
        for (field, name) in
            [(Field::ExternalId, "id"), (Field::Title, "question"), (Field::Body, "answers"), (Field::Source, "title")]
        {
            columns.speak(field, name);
        }
        Self {
            window: Window::new(text),
            place: Place::Outside,
            came_value: false,
            came_comma: false,
            has_data: false,
            waiting: VecDeque::new(),
            columns,
            number: 0,
            unanswered: 0,
        }
    }

    fn enter(&mut self, place: Place) {
        self.window.advance(1);
        (self.place, self.came_value, self.came_comma) = (place, false, false);
    }

    fn leave(&mut self, place: Place) {
        self.enter(place);
        self.came_value = true;
    }

    /// Goes on by one token; false at the end.
    fn step(&mut self) -> Result<bool, Broken> {
        let byte = self.window.peek()?;
        match (self.place, byte) {
            (Place::Outside, Some(b'{')) => self.enter(Place::Members),
            (Place::After, None) if self.has_data => return Ok(false),
            (Place::Outside, _) | (Place::After, None) => {
                let message = text!(
                    "SQuAD is an object with an array `data` of articles, and this is none",
                    "SQuAD es un objeto con una lista `data` de artículos, y esto no lo es"
                );
                return Err(self.window.broken(Code::Shape, message));
            }
            (Place::Members, Some(b'}')) if !self.came_comma => self.leave(Place::After),
            (Place::Articles, Some(b']')) if !self.came_comma => self.leave(Place::Members),
            (Place::Members | Place::Articles, Some(b',')) if self.came_value => {
                self.window.advance(1);
                (self.came_value, self.came_comma) = (false, true);
            }
            (Place::Members, Some(b'"')) if !self.came_value => self.member()?,
            (Place::Articles, Some(byte)) if !self.came_value && !matches!(byte, b',' | b':' | b']' | b'}') => {
                self.article()?;
                (self.came_value, self.came_comma) = (true, false);
            }
            _ => return Err(self.window.unexpected(byte)),
        }
        Ok(true)
    }

    fn member(&mut self) -> Result<(), Broken> {
        let name = self.window.key()?;
        let first = self.window.peek()?;
        if name == "data" && first == Some(b'[') {
            if self.has_data {
                let message = text!("the object has `data` twice", "el objeto tiene `data` dos veces");
                return Err(self.window.broken(Code::Repeated, message));
            }
            self.has_data = true;
            self.enter(Place::Articles);
            return Ok(());
        }
        match self.window.value()? {
            Value::Whole(length) | Value::TooDeep(length) => {
                shape::check(self.window.bytes(length)).map_err(|error| self.window.not_json(&error))?;
                self.window.advance(length);
            }
            Value::TooLarge => return Err(self.window.broken(Code::TooLarge, too_large())),
            Value::Cut => return Err(self.window.cut()),
        }
        (self.came_value, self.came_comma) = (true, false);
        Ok(())
    }

    fn article(&mut self) -> Result<(), Broken> {
        let line = self.window.line;
        match self.window.value()? {
            Value::Whole(length) => {
                let article = self.window.bytes(length);
                shape::check(article).map_err(|error| self.window.not_json(&error))?;
                let mut questions = Questions { article, line, at: 0, waiting: &mut self.waiting, unanswered: 0 };
                questions.of_article();
                self.unanswered += questions.unanswered;
                self.window.advance(length);
            }
            Value::TooDeep(length) => {
                self.window.advance(length);
                self.waiting.push_back(Question::wrong(line, Code::TooDeep, too_deep()));
            }
            Value::TooLarge => {
                self.window.skip()?;
                self.waiting.push_back(Question::wrong(line, Code::TooLarge, too_large()));
            }
            Value::Cut => return Err(self.window.cut()),
        }
        Ok(())
    }
}

/// Reads the questions of an article.
struct Questions<'a> {
    article: &'a [u8],
    /// The line at `at` in it.
    line: u64,
    at: usize,
    waiting: &'a mut VecDeque<Question>,
    unanswered: u64,
}

impl<'a> Questions<'a> {
    fn of_article(&mut self) {
        let Some(members) = Walk::object(self.article, 0) else {
            return self
                .wrong(0, text!("it is no article: an object is expected", "no es un artículo: se espera un objeto"));
        };
        let (mut title, mut paragraphs): (Rc<str>, _) = (Rc::from(""), None);
        for member in members {
            match member.name.as_str() {
                "title" => title = text_of(member.value).unwrap_or_default().into(),
                "paragraphs" => paragraphs = Some(member),
                _ => {}
            }
        }
        let paragraphs = paragraphs.and_then(|member| Walk::array(member.value, member.at));
        let Some(paragraphs) = paragraphs else {
            let message = text!("the article has no array `paragraphs`", "el artículo no tiene una lista `paragraphs`");
            return self.wrong(0, message);
        };
        for paragraph in paragraphs {
            self.of_paragraph(&paragraph, &title);
        }
    }

    fn of_paragraph(&mut self, paragraph: &Entry<'a>, source: &Rc<str>) {
        let (mut context, mut questions): (Rc<str>, _) = (Rc::from(""), None);
        for member in Walk::object(paragraph.value, paragraph.at).into_iter().flatten() {
            match member.name.as_str() {
                "context" => context = text_of(member.value).unwrap_or_default().into(),
                "qas" => questions = Walk::array(member.value, member.at),
                _ => {}
            }
        }
        let Some(questions) = questions else {
            let message = text!(
                "the paragraph has no array `qas` of questions",
                "el párrafo no tiene una lista `qas` de preguntas"
            );
            return self.wrong(paragraph.at, message);
        };
        let mut written = 0;
        for question in questions {
            written += context.len();
            if written > MOST_WRITTEN {
                let mebibytes = MOST_WRITTEN >> 20;
                let message = text!(
                    "the text of the paragraph, behind each of its questions, has more than {mebibytes} MiB",
                    "el texto del párrafo, detrás de cada una de sus preguntas, tiene más de {mebibytes} MiB"
                );
                let line = self.line_of(question.at);
                return self.waiting.push_back(Question::wrong(line, Code::TooLarge, message));
            }
            self.question(&question, &context, source);
        }
    }

    fn question(&mut self, question: &Entry<'a>, context: &Rc<str>, source: &Rc<str>) {
        let Some(members) = Walk::object(question.value, question.at) else {
            let message = text!("it is no question: an object is expected", "no es una pregunta: se espera un objeto");
            return self.wrong(question.at, message);
        };
        let (mut id, mut title, mut answers, mut has_answers) = (None, String::new(), Vec::new(), false);
        for member in members {
            match member.name.as_str() {
                "id" => id = text_of(member.value),
                "question" => title = text_of(member.value).unwrap_or_default(),
                "answers" => {
                    for answer in Walk::array(member.value, member.at).into_iter().flatten() {
                        has_answers = true;
                        let mut members = Walk::object(answer.value, answer.at).into_iter().flatten();
                        let text =
                            members.find(|member| member.name == "text").and_then(|member| text_of(member.value));
                        answers.extend(text.filter(|text| !text.is_empty()));
                    }
                }
                _ => {}
            }
        }
        if !has_answers {
            self.unanswered += 1;
            return;
        }
        // Several people gave them, and many say the same.
        let mut told = BTreeSet::new();
        let once: Vec<&str> = answers.iter().map(String::as_str).filter(|answer| told.insert(*answer)).collect();
        let answers = once.join("\n");
        let line = self.line_of(question.at);
        let (context, source) = (Rc::clone(context), Rc::clone(source));
        self.waiting.push_back(Question { line, id, title, answers, context, source, problem: None });
    }

    fn wrong(&mut self, at: usize, message: String) {
        let line = self.line_of(at);
        self.waiting.push_back(Question::wrong(line, Code::Type, message));
    }

    /// The line of a place that is not before the last one asked for.
    fn line_of(&mut self, at: usize) -> u64 {
        if at > self.at {
            self.line += memchr::memchr_iter(b'\n', &self.article[self.at..at]).count() as u64;
            self.at = at;
        }
        self.line
    }
}

impl Question {
    fn wrong(line: u64, code: Code, message: String) -> Self {
        let (context, source): (Rc<str>, Rc<str>) = (Rc::from(""), Rc::from(""));
        let problem = Some((code, message));
        Self { line, id: None, title: String::new(), answers: String::new(), context, source, problem }
    }

    fn fill(self, record: &mut Record) {
        record.bytes.clear();
        if let Some((code, message)) = self.problem {
            return record.problem(code, "", shown(&self.title), message);
        }
        let mut body = self.answers;
        // A question whose answers are all empty lacks one, however long the text is.
        if !body.is_empty() && !self.context.is_empty() {
            body.push_str("\n\n");
            body.push_str(&self.context);
        }
        let source = Some(self.source.to_string()).filter(|source| !source.is_empty());
        for (field, cell) in [
            (Field::ExternalId, self.id),
            (Field::Title, Some(self.title)),
            (Field::Body, Some(body)),
            (Field::Source, source),
        ] {
            if let Some(cell) = cell {
                let start = record.bytes.len();
                record.bytes.extend_from_slice(cell.as_bytes());
                record.set(field, start, record.bytes.len());
            }
        }
    }
}

impl Records for Squad {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            if let Some(question) = self.waiting.pop_front() {
                self.number += 1;
                record.begin(self.number, question.line);
                question.fill(record);
                return Ok(true);
            }
            if !self.step()? {
                return Ok(false);
            }
        }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn text(&self) -> &Decoder {
        &self.window.source
    }

    fn notes(&self) -> Vec<String> {
        let unanswered = self.unanswered;
        let note = || {
            text!(
                "questions without an answer, which are not imported: {unanswered}",
                "preguntas sin respuesta, que no se importan: {unanswered}"
            )
        };
        (unanswered > 0).then(note).into_iter().collect()
    }
}
