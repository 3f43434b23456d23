//! The errors file: a CSV line for each thing that is wrong.

use std::io::Write;

use encargo_sdk::error::{Error, ErrorCode, Result};

use crate::problem::Problem;

/// The file's columns.
const HEADER: [&str; 7] = ["file", "line", "record", "column", "code", "value", "message"];

/// An errors file in the making.
pub struct ErrorsFile<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> ErrorsFile<W> {
    /// Begins with the header.
    ///
    /// # Errors
    /// What the writer says.
    pub fn new(writer: W) -> Result<Self> {
        let mut csv = csv::WriterBuilder::new().buffer_capacity(64 << 10).from_writer(writer);
        csv.write_record(HEADER).map_err(of)?;
        Ok(Self { csv })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// What the writer says.
    pub fn add(&mut self, file: &str, problem: &Problem) -> Result<()> {
        let (line, record) = (problem.line.to_string(), problem.record.to_string());
        let cells = [file, &line, &record, &problem.column, problem.code.as_str(), &problem.value, &problem.message];
        self.csv.write_record(cells).map_err(of)
    }

    /// Writes what waits, and gives the writer back.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> Result<W> {
        self.csv.into_inner().map_err(|error| of(csv::Error::from(error.into_error())))
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
    use crate::problem::Code;

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
        let written = String::from_utf8(file.finish().expect("memory can be written")).expect("it is text");
        assert_eq!(
            written,
            "file,line,record,column,code,value,message\nfaq.csv,12,9,título,missing,\"=1, \"\"x\"\"\",it is empty\n"
        );
    }
}
