//! The errors file: a CSV line for each thing that is wrong, up to so many of a kind; the others are counted.

use std::collections::BTreeMap;
use std::io::Write;

use encargo_sdk::Choice;
use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;

use encargo_sdk_records::problem::{Code, Problem};

/// The file's columns.
const HEADER: [&str; 7] = ["file", "line", "record", "column", "code", "value", "message"];

/// How many problems of a kind have a line each: 3 MB of `{}` would make a file of 90 MB.
const MOST_OF_A_KIND: u64 = 10_000;

/// An errors file in the making.
pub struct ErrorsFile<W: Write> {
    csv: csv::Writer<W>,
    /// How many problems there were of each kind.
    kinds: BTreeMap<Code, u64>,
}

impl<W: Write> ErrorsFile<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(writer: W) -> Result<Self> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(64 << 10).from_writer(writer);
        csv.write_record(HEADER).map_err(of)?;
        Ok(Self { csv, kinds: BTreeMap::new() })
    }

    /// Adds a line, unless there are enough of its kind.
    ///
    /// # Errors
    /// What the writer says.
    pub fn add(&mut self, file: &str, problem: &Problem) -> Result<()> {
        let times = self.kinds.entry(problem.code).or_default();
        *times += 1;
        if *times > MOST_OF_A_KIND {
            return Ok(());
        }
        let (line, record) = (problem.line.to_string(), problem.record.to_string());
        let cells = [file, &line, &record, &problem.column, problem.code.word(), &problem.value, &problem.message];
        self.csv.write_record(cells).map_err(of)
    }

    /// Writes what waits and a line for each kind of which there were more, and gives the writer back and how many
    /// problems have no line of their own.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(mut self) -> Result<(W, u64)> {
        let mut counted = 0;
        for (code, times) in self.kinds.into_iter().filter(|(_, times)| *times > MOST_OF_A_KIND) {
            let more = times - MOST_OF_A_KIND;
            counted += more;
            let message = text!("{more} more problems of this kind", "{more} problemas más de esta clase");
            self.csv.write_record(["", "", "", "", code.word(), "", &message]).map_err(of)?;
        }
        let writer = self.csv.into_inner().map_err(|error| of(csv::Error::from(error.into_error())))?;
        Ok((writer, counted))
    }
}

fn of(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Error::new(ErrorCode::Internal, format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_file_line_record_column_code_value_and_message() {
        let problem = Problem {
            line: 12,
            record: 9,
            column: "título".to_owned(),
            code: Code::Missing,
            value: "=1, \"x\"".to_owned(),
            message: "it is empty".to_owned(),
        };
        let mut file = ErrorsFile::new(Vec::new()).expect("memory can be written");
        file.add("faq.csv", &problem).expect("memory can be written");
        let (written, counted) = file.finish().expect("memory can be written");
        assert_eq!(
            (String::from_utf8_lossy(&written).into_owned(), counted),
            (
                "file,line,record,column,code,value,message\nfaq.csv,12,9,título,missing,\"=1, \"\"x\"\"\",it is empty\n"
                    .to_owned(),
                0
            )
        );
    }

    #[test]
    fn past_ten_thousand_problems_of_a_kind_the_others_are_counted() {
        let problem = |code| Problem {
            line: 1,
            record: 1,
            column: String::new(),
            code,
            value: String::new(),
            message: String::new(),
        };
        let mut file = ErrorsFile::new(Vec::new()).expect("memory can be written");
        for _ in 0..1_000_000 {
            file.add("a.jsonl", &problem(Code::Missing)).expect("memory can be written");
        }
        for _ in 0..10_000 {
            file.add("a.jsonl", &problem(Code::Syntax)).expect("memory can be written");
        }
        let (written, counted) = file.finish().expect("memory can be written");
        let written = String::from_utf8_lossy(&written);
        assert_eq!((written.lines().count(), counted), (20_002, 990_000));
        assert!(written.ends_with("\n,,,,missing,,990000 more problems of this kind\n"));
    }
}
