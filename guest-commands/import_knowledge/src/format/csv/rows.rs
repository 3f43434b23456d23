//! The rows of a CSV file as it is found: any line break, rows that chunks cut, quotes that are never closed.

use encargo_sdk::text;

use super::row::{MOST_CELLS, Row, Unfinished};
use crate::encoding::{Decoder, Encoding};
use crate::problem::{Broken, Code};
use crate::record::MOST_BYTES;

/// Rows one after the other, and the physical line of each.
pub struct Rows {
    text: Decoder,
    delimiter: u8,
    chunk: Vec<u8>,
    at: usize,
    ended: bool,
    /// The line of the next byte.
    line: u64,
    after_return: bool,
    /// The line on which the last row begins.
    pub begun_on: u64,
    /// The last row.
    pub row: Row,
}

impl Rows {
    /// The rows of this text.
    pub fn new(text: Decoder, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            chunk: Vec::new(),
            at: 0,
            ended: false,
            line: 1,
            after_return: false,
            begun_on: 1,
            row: Row::default(),
        }
    }

    /// What the text was found to be written in so far.
    pub fn encoding(&self) -> Encoding {
        self.text.encoding
    }

    /// Reads the next row over the output; false at the end.
    ///
    /// # Errors
    /// The text cannot be read, or the row is too large.
    pub fn next(&mut self, output: &mut Vec<u8>) -> Result<bool, Broken> {
        if !self.skip_line_breaks()? {
            return Ok(false);
        }
        self.begun_on = self.line;
        let length = loop {
            match self.row.find(&self.chunk[self.at..], self.delimiter, self.ended) {
                Ok(length) => break length,
                Err(Unfinished::Short) if self.chunk.len() - self.at <= MOST_BYTES => self.more()?,
                Err(_) => return Err(self.too_large()),
            }
        };
        self.row.copy(&self.chunk[self.at..self.at + length], output);
        self.line += self.row.feeds;
        self.at += length;
        Ok(true)
    }

    /// Goes past line breaks, which end a row or are blank lines; false at the end of the text.
    fn skip_line_breaks(&mut self) -> Result<bool, Broken> {
        loop {
            match self.chunk.get(self.at) {
                Some(b'\n') if self.after_return => self.after_return = false,
                Some(b'\n') => self.line += 1,
                Some(b'\r') => {
                    self.line += 1;
                    self.after_return = true;
                }
                Some(_) => {
                    self.after_return = false;
                    return Ok(true);
                }
                None if self.ended => return Ok(false),
                None => {
                    self.more()?;
                    continue;
                }
            }
            self.at += 1;
        }
    }

    /// Fetches the next chunk behind what is left of this one.
    fn more(&mut self) -> Result<(), Broken> {
        let next = self.text.next_chunk().map_err(|error| Broken::unreadable(self.line, error))?;
        self.ended = next.is_empty();
        if self.at == self.chunk.len() {
            self.chunk = next;
        } else {
            self.chunk.drain(..self.at);
            self.chunk.extend_from_slice(&next);
        }
        self.at = 0;
        Ok(())
    }

    fn too_large(&self) -> Broken {
        let mebibytes = MOST_BYTES >> 20;
        let message = text!(
            "the row that begins here has more than {mebibytes} MiB or {MOST_CELLS} cells; perhaps a quote is never closed",
            "la fila que empieza aquí tiene más de {mebibytes} MiB o {MOST_CELLS} celdas; quizá una comilla no se cierra"
        );
        Broken::new(Code::TooLarge, self.begun_on, None, message)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::chunks::Pieces;

    /// Each row with the line on which it begins, read in pieces of this size.
    fn rows_of(text: &[u8], size: usize) -> Vec<(u64, Vec<String>)> {
        let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text.to_vec(), size))), b',');
        let (mut output, mut all) = (Vec::new(), Vec::new());
        while rows.next(&mut output).expect("the row can be read") {
            let cell = |&(start, end): &(usize, usize)| String::from_utf8_lossy(&output[start..end]).into_owned();
            all.push((rows.begun_on, rows.row.cells.iter().map(cell).collect()));
        }
        all
    }

    #[test]
    fn a_row_knows_the_physical_line_on_which_it_begins() {
        for (text, expected) in [
            ("a,b\nc,d", &[(1, "a|b"), (2, "c|d")][..]),
            ("a,b\r\nc,d\r\n", &[(1, "a|b"), (2, "c|d")]),
            ("a,b\rc,d\re,f", &[(1, "a|b"), (2, "c|d"), (3, "e|f")]),
            ("\n\na\n\r\n\nb\n", &[(3, "a"), (6, "b")]),
            ("a,\"x\r\ny\nz\"\r\nb,c\r\n", &[(1, "a|x\r\ny\nz"), (4, "b|c")]),
            ("\"a \"\"q\"\"\",\"\"\n,\n", &[(1, "a \"q\"|"), (2, "|")]),
            ("", &[]),
            ("\r\n", &[]),
            ("\"a\"", &[(1, "a")]),
        ] {
            for size in 1..=text.len() + 1 {
                let found: Vec<_> =
                    rows_of(text.as_bytes(), size).into_iter().map(|(line, cells)| (line, cells.join("|"))).collect();
                let expected: Vec<_> = expected.iter().map(|&(line, cells)| (line, cells.to_owned())).collect();
                assert_eq!(found, expected, "{text:?} by {size}");
            }
        }
    }

    #[test]
    fn a_quote_that_is_never_closed_is_noticed() {
        for (text, last) in [("a,\"b\nc,d\n", "b\nc,d\n"), ("a,\"", ""), ("a,\"b\"\"", "b\"")] {
            let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text.into(), 100))), b',');
            let mut output = Vec::new();
            assert!(rows.next(&mut output).expect("the row can be read") && rows.row.unclosed, "{text:?}");
            let (start, end) = rows.row.cells[1];
            assert_eq!(String::from_utf8_lossy(&output[start..end]), last, "{text:?}");
            assert!(!rows.next(&mut output).expect("the file ends"));
        }
    }

    #[test]
    fn a_row_without_end_is_refused_where_it_begins() {
        let text = [b"a\nb,\"".to_vec(), vec![b'x'; 6 << 20]].concat();
        let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text, 64 << 10))), b',');
        let mut output = Vec::new();
        assert!(rows.next(&mut output).expect("the first row can be read"));
        let broken = rows.next(&mut output).expect_err("the second cannot");
        assert_eq!((broken.code, broken.line), (Code::TooLarge, 2));
        assert!(rows.chunk.len() <= MOST_BYTES * 2, "{}", rows.chunk.len());
        let wide = ",".repeat(100_000);
        let mut rows = Rows::new(Decoder::new(Box::new(Pieces(wide.into(), 1_000))), b',');
        assert_eq!(rows.next(&mut output).expect_err("there are too many cells").code, Code::TooLarge);
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back_however_it_is_cut(
            table in proptest::collection::vec(proptest::collection::vec("[a-c,;\"\r\n é😀]{0,6}", 2..4), 0..8),
            crlf: bool,
            size in 1_usize..40,
        ) {
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new().flexible(true).terminator(terminator).from_writer(Vec::new());
            for row in &table {
                writer.write_record(row).expect("memory can be written");
            }
            let text = writer.into_inner().expect("memory can be written");
            let found: Vec<_> = rows_of(&text, size).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(found, table);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_the_csv_crate_reads_it(text in "[ab,\"\r\n é]{0,40}", size in 1_usize..50) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.expect("it takes anything").iter().map(str::to_owned).collect())
                .collect();
            let found: Vec<_> = rows_of(text.as_bytes(), size).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn data_every_csv_spectrum_file_parses_to_its_json_twin() {
        let Some(data) = crate::test_data::folder() else { return };
        let spectrum = data.join("csv-spectrum");
        let mut read = 0;
        for entry in std::fs::read_dir(spectrum.join("csvs")).expect("the folder can be listed") {
            let path = entry.expect("the folder can be listed").path();
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            let mut text = std::fs::read(&path).expect("the file can be read");
            let twin = std::fs::read(spectrum.join("json").join(format!("{name}.json"))).expect("it has a twin");
            let mut twin: Value = serde_json::from_slice(&twin).expect("the twin is JSON");
            if name == "newlines_crlf" && !text.contains(&b'\r') {
                // A checkout that turned line breaks into line feeds; its twin still has what the name says.
                text = String::from_utf8(text).expect("it is text").replace('\n', "\r\n").into_bytes();
            }
            if name == "location_coordinates" {
                // The published twin is one object and has another telephone number than its file.
                twin["Contact Phone Number"] = Value::from("2095257564");
                twin = Value::Array(vec![twin]);
            }
            for size in [1, 7, 1 << 16] {
                let mut rows = rows_of(&text, size).into_iter().map(|(_, cells)| cells);
                let header = rows.next().expect("there is a header");
                let objects = rows.map(|row| {
                    header
                        .iter()
                        .cloned()
                        .zip(row.into_iter().map(Value::from))
                        .collect::<serde_json::Map<_, _>>()
                        .into()
                });
                assert_eq!(Value::Array(objects.collect()), twin, "{name} by {size}");
            }
            read += 1;
        }
        assert!(read >= 12, "only {read} files were there");
    }
}
