//! JSON lines: an object on each line; blank lines are skipped.

use encargo_sdk::text;

use crate::columns::Columns;
use crate::encoding::{Decoder, Encoding};
use crate::format::json::extent::{End, Extent, MOST_DEPTH};
use crate::format::json::object;
use crate::problem::{Broken, Code};
use crate::record::{MOST_BYTES, Record, Records};

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
    pub fn new(text: Decoder) -> Self {
        Self { text, buffer: Vec::new(), at: 0, line: 0, ended: false, columns: Columns::default(), number: 0 }
    }

    /// Where the next line is in the buffer; none at the end.
    fn next_line(&mut self) -> Result<Option<(usize, usize)>, Broken> {
        let mut searched = 0;
        loop {
            let start = self.at;
            if let Some(feed) = memchr::memchr(b'\n', &self.buffer[start + searched..]) {
                self.line += 1;
                self.at = start + searched + feed + 1;
                return Ok(Some((start, self.at - 1)));
            }
            searched = self.buffer.len() - start;
            if searched > MOST_BYTES {
                let mebibytes = MOST_BYTES >> 20;
                let message = text!("the line has more than {mebibytes} MiB", "la línea tiene más de {mebibytes} MiB");
                return Err(Broken::new(Code::TooLarge, self.line + 1, None, message));
            }
            if self.ended {
                self.line += 1;
                self.at = self.buffer.len();
                return Ok((searched > 0).then_some((start, self.at)));
            }
            let chunk = self.text.next_chunk().map_err(|error| Broken::unreadable(self.line + 1, error))?;
            self.ended = chunk.is_empty();
            self.buffer.drain(..start);
            self.at = 0;
            self.buffer.extend_from_slice(&chunk);
        }
    }
}

impl Records for Jsonl {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        while let Some((start, end)) = self.next_line()? {
            let line = &self.buffer[start..end];
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let End::TooDeep(byte) = Extent::default().find(line.trim_ascii_start()) {
                let message = text!(
                    "it is nested deeper than the {MOST_DEPTH} levels that are read",
                    "está anidado a más de los {MOST_DEPTH} niveles que se leen"
                );
                return Err(Broken::new(Code::TooDeep, self.line, Some(byte as u64 + 1), message));
            }
            self.number += 1;
            record.begin(self.number, self.line);
            object::fill(line, record, &mut self.columns);
            return Ok(true);
        }
        Ok(false)
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn encoding(&self) -> Encoding {
        self.text.encoding
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;
    use crate::record::Field;

    fn read(text: &str, size: usize) -> Result<Vec<(u64, u64, String)>, Broken> {
        let mut lines = Jsonl::new(Decoder::new(Box::new(Pieces(text.into(), size))));
        let (mut record, mut all) = (Record::default(), Vec::new());
        while lines.next(&mut record)? {
            let problem = record.problems.first().map(|problem| format!("{}: ", problem.code.as_str()));
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
    fn absurd_lines_are_refused_with_their_place() {
        let broken = read(&format!("{{}}\n{}", "[".repeat(50_000)), 1_000).expect_err("it is too deep");
        assert_eq!((broken.line, broken.column, broken.code), (2, Some(17), Code::TooDeep));
        let broken = read(&format!("{{}}\n\"{}", "x".repeat(6 << 20)), 64 << 10).expect_err("it is too large");
        assert_eq!((broken.line, broken.code), (2, Code::TooLarge));
    }
}
