//! JSON lines: an object on each line; blank lines are skipped.

use encargo_sdk::text;

use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::format::json::ahead::{Ahead, LOOKED_AT, check_names};
use crate::format::json::extent::Extent;
use crate::format::json::{fill, too_deep};
use crate::problem::{Broken, Code};
use crate::record::{MOST_BYTES, Record, Records};

/// A line.
enum Line {
    /// From this place in the buffer to that one.
    Whole(usize, usize),
    /// It was larger than is read, and passed over.
    TooLarge,
    /// There is none any more.
    End,
}

/// The records of a file with an object on each line.
pub struct Jsonl {
    text: Decoder,
    buffer: Vec<u8>,
    at: usize,
    line: u64,
    ended: bool,
    columns: Columns,
    number: u64,
}

impl Jsonl {
    /// The records of this text.
    pub fn new(text: Decoder, columns: Columns) -> Self {
        Self { text, buffer: Vec::new(), at: 0, line: 0, ended: false, columns, number: 0 }
    }

    /// The next line.
    fn next_line(&mut self) -> Result<Line, Broken> {
        let mut searched = 0;
        loop {
            let start = self.at;
            if let Some(feed) = memchr::memchr(b'\n', &self.buffer[start + searched..]) {
                self.line += 1;
                self.at = start + searched + feed + 1;
                return Ok(Line::Whole(start, self.at - 1));
            }
            searched = self.buffer.len() - start;
            if searched > MOST_BYTES {
                return self.pass_over();
            }
            if self.ended {
                self.line += 1;
                self.at = self.buffer.len();
                return Ok(if searched > 0 { Line::Whole(start, self.at) } else { Line::End });
            }
            self.more(start)?;
        }
    }

    /// Goes behind the line at hand, keeping nothing of it.
    fn pass_over(&mut self) -> Result<Line, Broken> {
        loop {
            self.more(self.buffer.len())?;
            let feed = memchr::memchr(b'\n', &self.buffer);
            if feed.is_some() || self.ended {
                self.line += 1;
                self.at = feed.map_or(self.buffer.len(), |feed| feed + 1);
                return Ok(Line::TooLarge);
            }
        }
    }

    /// Refuses the file when none of its first lines, of which the one at hand is the first, has a title, or none a text.
    /// Answers where that line is now.
    fn refuse_others(&mut self, start: usize, end: usize) -> Result<(usize, usize), Broken> {
        let (length, behind) = (end - start, self.at - start);
        let mut begun = start;
        while self.buffer.len() - begun < LOOKED_AT && !self.ended {
            self.more(begun)?;
            begun = 0;
        }
        self.at = begun + behind;
        let rest = &self.buffer[begun..self.buffer.len().min(begun + LOOKED_AT)];
        let is_all = self.ended && begun + rest.len() == self.buffer.len();
        let whole = if is_all { rest.len() } else { memchr::memrchr(b'\n', rest).unwrap_or(0) };
        let mut ahead = Ahead::default();
        for line in rest[..whole].split(|byte| *byte == b'\n') {
            if !ahead.is_enough() && line.trim_ascii_start().starts_with(b"{") {
                ahead.look(line, self.columns.shaping());
            }
        }
        match ahead.refusal() {
            Some(message) => Err(Broken::new(Code::Shape, self.line, None, message)),
            None => Ok((begun, begun + length)),
        }
    }

    /// Fetches the next chunk behind what is kept from `start` on.
    fn more(&mut self, start: usize) -> Result<(), Broken> {
        let chunk = self.text.next_chunk().map_err(|error| Broken::unreadable(self.line + 1, error))?;
        self.ended = chunk.is_empty();
        self.buffer.drain(..start);
        self.at = 0;
        self.buffer.extend_from_slice(&chunk);
        Ok(())
    }
}

impl Records for Jsonl {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            match self.next_line()? {
                Line::End => return check_names(&self.columns, self.number).map(|()| false),
                Line::TooLarge => {
                    self.number += 1;
                    record.begin(self.number, self.line);
                    record.bytes.clear();
                    let mebibytes = MOST_BYTES >> 20;
                    let message =
                        text!("the line has more than {mebibytes} MiB", "la línea tiene más de {mebibytes} MiB");
                    record.problem(Code::TooLarge, "", String::new(), message);
                }
                Line::Whole(start, end) => {
                    if self.buffer[start..end].trim_ascii().is_empty() {
                        continue;
                    }
                    let (start, end) = if self.number == 0 { self.refuse_others(start, end)? } else { (start, end) };
                    self.number += 1;
                    record.begin(self.number, self.line);
                    let line = &self.buffer[start..end];
                    let mut extent = Extent::default();
                    extent.find(line.trim_ascii_start());
                    if extent.is_too_deep() {
                        record.bytes.clear();
                        record.problem(Code::TooDeep, "", String::new(), too_deep());
                    } else {
                        fill(line, record, &mut self.columns);
                    }
                }
            }
            return Ok(true);
        }
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn text(&self) -> &Decoder {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use encargo_sdk::Choice;

    use super::*;
    use crate::chunks::Pieces;
    use crate::record::Field;

    fn read(text: &str, size: usize) -> Result<Vec<(u64, u64, String)>, Broken> {
        let mut lines = Jsonl::new(Decoder::new(Box::new(Pieces(text.into(), size)), None), Columns::default());
        let (mut record, mut all) = (Record::default(), Vec::new());
        while lines.next(&mut record)? {
            let problem = record.problems.first().map(|problem| format!("{}: ", problem.code.word()));
            all.push((record.number, record.line, problem.unwrap_or_default() + &record.lossy(Field::Title)));
        }
        Ok(all)
    }

    #[test]
    fn each_line_is_a_record_and_a_bad_one_is_its_own_problem() {
        let text = "{\"title\":\"a\"}\r\n\n  \n{\"title\":\"b\"} x\n[]\n{\"title\":\"ñ\"}";
        for size in 1..=text.len() {
            let found = read(text, size).map_err(|broken| broken.error.message);
            let expected = [(1, 1, "a"), (2, 4, "syntax: b"), (3, 5, "type: "), (4, 6, "ñ")];
            assert_eq!(found, Ok(expected.map(|(number, line, title)| (number, line, title.to_owned())).to_vec()));
        }
        assert_eq!(read("", 10).map_err(|broken| broken.error.message), Ok(Vec::new()));
    }

    #[test]
    fn an_absurd_line_is_its_own_problem_and_reading_goes_on_behind_it() {
        let text = format!(
            "{{\"title\":\"a\"}}\n{}\n\"{}\n{{\"title\":\"b\"}}\n{}",
            "[".repeat(50_000),
            "x".repeat(6 << 20),
            "x".repeat(5 << 20)
        );
        let found = read(&text, 64 << 10).map_err(|broken| broken.error.message).expect("it can be read on");
        let expected = [(1, 1, "a"), (2, 2, "too-deep: "), (3, 3, "too-large: "), (4, 4, "b"), (5, 5, "too-large: ")];
        assert_eq!(found, expected.map(|(number, line, title)| (number, line, title.to_owned())));
    }
}
