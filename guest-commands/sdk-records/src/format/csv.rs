//! CSV whose first row is a header: rows as records, and rows that do not fit.

mod header;
pub mod row;
pub mod rows;

use encargo_sdk::formula::unescaped;
use encargo_sdk::text;

use crate::columns::Columns;
use crate::encoding::Decoder;
use crate::problem::{Broken, Code, shown};
use crate::record::{Field, MOST_BYTES, Record, Records};
use crate::shaping::Body;
use crate::tags;
use header::Header;
use row::{Fault, MOST_CELLS};
use rows::Rows;

/// The records of a CSV file whose first row is a header.
pub struct Csv {
    rows: Rows,
    columns: Columns,
    header: Header,
    number: u64,
    delimiter: u8,
}

impl Csv {
    /// Tells the delimiter and reads the header.
    ///
    /// # Errors
    /// There is no header, none of its names is a title or a body, or the rows have more cells than it.
    pub fn open(mut text: Decoder, mut columns: Columns) -> Result<Self, Broken> {
        let (beginning, whole) = text.peek().map_err(|error| Broken::unreadable(1, error))?;
        let (delimiter, separator_line) = match header::separator_of(beginning) {
            Some((delimiter, length)) => (delimiter, length),
            None => (header::delimiter_of(beginning), 0),
        };
        let shifted = header::cells_of_every_row(&beginning[separator_line..], delimiter, whole);
        let mut rows = Rows::new(text, delimiter);
        rows.skip_first_line(separator_line)?;
        let mut record = Record::default();
        if !rows.next(&mut record.bytes)? {
            let message = text!("it is empty: there is no header", "está vacío: no hay cabecera");
            return Err(Broken::new(Code::Shape, 1, None, message));
        }
        let header = Header::read(&rows, &record.bytes, &mut columns)?;
        if let Some(cells) = shifted.filter(|&cells| cells > header.names.len()) {
            let names = header.names.len();
            let message = if cells == names + 1 {
                text!(
                    "every row has a cell more than the header, so nobody can tell which is which",
                    "cada fila tiene una celda más que la cabecera, así que nadie puede saber cuál es cuál"
                )
            } else {
                text!(
                    "every row has {cells} cells and the header {names}, so nobody can tell which is which",
                    "cada fila tiene {cells} celdas y la cabecera {names}, así que nadie puede saber cuál es cuál"
                )
            };
            return Err(Broken::new(Code::Columns, rows.begun_on, None, message));
        }
        Ok(Self { rows, columns, header, number: 0, delimiter })
    }

    /// Fills the record with the cells of its row.
    fn fill(&mut self, record: &mut Record) {
        let cells = &self.rows.row.cells;
        for (field, place) in Field::ALL.into_iter().zip(self.header.places) {
            if let Some(&(start, end)) = place.and_then(|place| cells.get(place)) {
                record.set(field, start, end);
            }
        }
        if !self.header.more_tags.is_empty() {
            self.unite_tags(record);
        }
        if self.columns.shaping().body != Body::Known {
            self.compose(record);
        }
        for &place in &self.header.unnamed {
            if cells.get(place).is_some_and(|(start, end)| start < end) {
                self.columns.unnamed(place + 1);
            }
        }
    }

    /// Makes the text of the columns that it was asked to be made of.
    fn compose(&self, record: &mut Record) {
        let (mut texts, mut odd) = (Vec::new(), None);
        for &place in &self.header.parts {
            let Some(&(start, end)) = self.rows.row.cells.get(place) else { continue };
            let name = &self.header.names[place];
            match std::str::from_utf8(&record.bytes[start..end]) {
                Ok(text) => texts.push((name.as_str(), text.to_owned())),
                Err(_) => odd = odd.or(Some((name, String::from_utf8_lossy(&record.bytes[start..end]).into_owned()))),
            }
        }
        if let Some((name, value)) = odd {
            let message = text!(
                "it has bytes that are not UTF-8 or not in its encoding",
                "tiene bytes que no son UTF-8 o no son de su codificación"
            );
            return record.problem(Code::Encoding, name, shown(&value), message);
        }
        let parts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        record.compose(&self.columns, &parts);
    }

    /// Several columns are tags: their union is the record's.
    fn unite_tags(&self, record: &mut Record) {
        let places = self.header.places[Field::Tags as usize].into_iter().chain(self.header.more_tags.iter().copied());
        let cells: Vec<String> = places
            .filter_map(|place| self.rows.row.cells.get(place))
            .map(|&(start, end)| String::from_utf8_lossy(&record.bytes[start..end]).into_owned())
            .collect();
        let united = tags::united(cells.iter().map(String::as_str));
        let start = record.bytes.len();
        record.bytes.extend_from_slice(united.as_bytes());
        record.set(Field::Tags, start, record.bytes.len());
    }

    /// Says what is wrong with a row whose cells are not those of the header.
    fn check_row(&self, record: &mut Record) {
        let row = &self.rows.row;
        let (cells, columns) = (row.cells.len(), self.header.names.len());
        if self.rows.too_large {
            let (mebibytes, line) = (MOST_BYTES >> 20, self.rows.line());
            let message = text!(
                "the row has more than {mebibytes} MiB and goes to line {line}; perhaps a quote is never closed",
                "la fila tiene más de {mebibytes} MiB y llega hasta la línea {line}; quizá una comilla no se cierra"
            );
            record.problem(Code::TooLarge, "", String::new(), message);
        } else if let Some(wrong) = row.wrong {
            let column = self.header.names.get(wrong.cell).map_or("", String::as_str);
            let line = record.bytes.split(|byte| *byte == b'\n').nth(wrong.feeds as usize).unwrap_or_default();
            let value = shown(String::from_utf8_lossy(line).trim_end());
            let (code, message) = match wrong.fault {
                Fault::TextAfterQuote => (
                    Code::Quotes,
                    text!(
                        "there is text behind a closing quote: a quote inside of quotes is written twice",
                        "hay texto detrás de una comilla de cierre: una comilla entre comillas se escribe dos veces"
                    ),
                ),
                Fault::LoneQuote => (
                    Code::Quotes,
                    text!(
                        "a cell has a quote that does not open it: put the cell between quotes and write that one twice",
                        "una celda tiene una comilla que no la abre: ponga la celda entre comillas y escriba esa dos veces"
                    ),
                ),
                Fault::Unclosed => (
                    Code::UnclosedQuote,
                    text!("a quote is opened and never closed", "una comilla se abre y no se cierra"),
                ),
            };
            record.problem(code, column, value, message);
            if let Some(problem) = record.problems.last_mut() {
                problem.line += wrong.feeds;
            }
        } else if row.too_wide {
            let message = text!(
                "the row has more than {MOST_CELLS} cells, the header has {columns}",
                "la fila tiene más de {MOST_CELLS} celdas y la cabecera {columns}"
            );
            record.problem(Code::Columns, "", String::new(), message);
        } else {
            let message = text!(
                "the row has {cells} cells, the header has {columns}",
                "la fila tiene {cells} celdas y la cabecera {columns}"
            );
            record.problem(Code::Columns, "", String::new(), message);
        }
    }
}

impl Records for Csv {
    fn next(&mut self, record: &mut Record) -> Result<bool, Broken> {
        loop {
            if !self.rows.next(&mut record.bytes)? {
                return Ok(false);
            }
            // Spreadsheets leave rows of nothing but delimiters behind: they are no records.
            if self.rows.too_large || !self.rows.row.is_blank() {
                break;
            }
        }
        self.number += 1;
        record.begin(self.number, self.rows.begun_on);
        if self.columns.shaping().escaped {
            for (start, end) in &mut self.rows.row.cells {
                *start = *end - unescaped(&record.bytes[*start..*end]).len();
            }
        }
        let row = &self.rows.row;
        if row.cells.len() == self.header.names.len() && row.wrong.is_none() && !row.too_wide {
            self.fill(record);
        } else {
            self.check_row(record);
        }
        Ok(true)
    }

    fn columns(&self) -> &Columns {
        &self.columns
    }

    fn text(&self) -> &Decoder {
        self.rows.text()
    }

    fn delimiter(&self) -> Option<char> {
        Some(char::from(self.delimiter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chunks::Pieces;

    fn opened(text: &str) -> Result<Csv, Broken> {
        let size = (text.len() / 100).max(9);
        Csv::open(Decoder::new(Box::new(Pieces(text.into(), size)), None), Columns::default())
    }

    #[test]
    fn the_delimiter_is_told_from_the_header() {
        for (text, delimiter) in [
            ("title,body\na;b;c;d;e,f", ','),
            ("título;respuesta;idioma\na,b,c;d", ';'),
            ("title\tbody\n", '\t'),
            ("\n\"title\"|\"a, body\"|body", '|'),
            ("title;body", ';'),
        ] {
            let csv = opened(text).map_err(|broken| broken.error.message);
            assert_eq!(csv.map(|csv| csv.delimiter()), Ok(Some(delimiter)), "{text}");
        }
    }

    #[test]
    fn a_file_without_a_useful_header_is_refused_with_what_it_has() {
        for (text, line, words) in [
            ("", 1, "it is empty"),
            (
                "\n\nquestion,reply\n",
                3,
                "no column for the text (body, answer, content, texto, respuesta): `question`, `reply`",
            ),
            ("a,b\n", 1, "no column for the title (title, question, título, pregunta): `a`, `b`"),
        ] {
            let broken = opened(text).err().expect("it is refused");
            assert_eq!((broken.line, broken.code), (line, Code::Shape), "{text}");
            assert!(broken.error.message.contains(words), "{}", broken.error.message);
        }
    }

    /// Number, line and title of a record, and code, line and message of its first problem.
    type Read = (u64, u64, String, Option<(Code, u64, String)>);

    fn records_of(text: &str) -> Vec<Read> {
        let mut csv = opened(text).map_err(|broken| broken.error.message).expect("it opens");
        let (mut record, mut found) = (Record::default(), Vec::new());
        while csv.next(&mut record).expect("it can be read on") {
            let problem = record.problems.first().map(|problem| (problem.code, problem.line, problem.message.clone()));
            found.push((record.number, record.line, record.lossy(Field::Title), problem));
        }
        found
    }

    #[test]
    fn a_row_with_more_or_fewer_cells_than_the_header_is_a_problem_and_a_blank_one_is_no_record() {
        let text = "title,body,lang\na,b,es\n\nc,d\n,,\ne,f,es,\ng,h,es,x\ni,\"j\nk,l,es";
        let ragged = |line, cells: u32| {
            (String::new(), Some((Code::Columns, line, format!("the row has {cells} cells, the header has 3"))))
        };
        let unclosed = Some((Code::UnclosedQuote, 8, "a quote is opened and never closed".to_owned()));
        let expected = [
            (2, ("a".to_owned(), None)),
            (4, ragged(4, 2)),
            (6, ragged(6, 4)),
            (7, ragged(7, 4)),
            (8, (String::new(), unclosed)),
            (9, ("k".to_owned(), None)),
        ];
        let expected: Vec<_> =
            (1..).zip(expected).map(|(number, (line, (title, problem)))| (number, line, title, problem)).collect();
        assert_eq!(records_of(text), expected);
        let spare = records_of("title,body,,\na,b,,\nc,d\n");
        assert!(spare[0].3.is_none() && spare[1].3.is_some(), "spare cells are fine where the header has them too");
    }

    #[test]
    fn rows_that_all_have_more_cells_than_the_header_are_refused_at_once() {
        for (text, words) in [
            ("dateid,question,answer\n2024,1,q1?,a1\n2024,2,q2?,a2\n", "every row has a cell more than the header"),
            ("question,answer\na,b,c,d\ne,f,g,h", "every row has 4 cells and the header 2, so nobody"),
            ("question,answer\na,b,\nc,d,", "every row has a cell more than the header"),
        ] {
            let broken = opened(text).err().expect("it is refused");
            assert_eq!((broken.line, broken.code), (1, Code::Columns), "{text}");
            assert!(broken.error.message.contains(words), "{}", broken.error.message);
        }
        for text in ["title,body\na,b,c\n", "title,body\na,b,c\nd,e\n", "title,body\na,b,c\nd,e,f,g\n"] {
            assert!(records_of(text)[0].3.is_some(), "{text}");
        }
    }

    #[test]
    fn a_first_line_of_excel_names_the_separator() {
        for text in ["sep=;\r\nquestion;answer\r\nUno;Dos, tres\r\n", "\"SEP=;\"\nquestion;answer\nUno;Dos, tres"] {
            assert_eq!(records_of(text), [(1, 3, "Uno".to_owned(), None)], "{text}");
        }
        assert_eq!(records_of("sep=^\ntitle^body\na,b;c^d")[0].2, "a,b;c");
    }

    #[test]
    fn more_columns_than_are_read_are_named_and_fewer_are_not() {
        let wide =
            |columns: usize| format!("{}title,body\n{}t,b\n", "x,".repeat(columns - 2), "y,".repeat(columns - 2));
        let broken = opened(&wide(4_097)).err().expect("it is refused");
        assert_eq!((broken.code, broken.line), (Code::TooLarge, 1));
        assert!(broken.error.message.contains("more than the 4096 columns"), "{}", broken.error.message);
        assert_eq!(records_of(&wide(4_096)), [(1, 2, "t".to_owned(), None)]);
        let row = format!("title,body\n{}\na,b\n", ",".repeat(5_000) + "x");
        let found = records_of(&row);
        assert!(found[0].3.as_ref().is_some_and(|problem| problem.2.contains("more than 4096 cells")), "{found:?}");
        assert_eq!(found[1].2, "a");
    }

    #[test]
    fn a_record_that_is_too_large_is_its_own_problem_and_reading_goes_on_behind_it() {
        let found = records_of(&format!("title,body\na,b\nbig,\"{}\"\nc,d\n", "x".repeat(5_000_000)));
        assert_eq!(found.iter().map(|record| record.2.as_str()).collect::<Vec<_>>(), ["a", "", "c"]);
        let (code, line, message) = found[1].3.clone().expect("the second is too large");
        assert_eq!((code, line), (Code::TooLarge, 3));
        assert!(message.contains("goes to line 3"), "{message}");
    }

    #[test]
    fn what_is_not_read_is_told() {
        let warnings = |text: &str| {
            let mut csv = opened(text).map_err(|broken| broken.error.message).expect("it opens");
            let mut record = Record::default();
            while csv.next(&mut record).expect("it can be read on") {}
            (record.lossy(Field::Title), record.lossy(Field::Tags), csv.columns().warnings())
        };
        let (title, _, told) = warnings("title,question,answer\na,b,c");
        assert_eq!(
            (title.as_str(), told),
            ("a", vec!["column `question` is not read: `title` is the title already".into()])
        );
        assert_eq!(warnings("title,body,, \na,b,,").2, [""; 0]);
        assert_eq!(
            warnings("title,body,, \na,b,,x").2,
            ["columns without a name that are not read, by their numbers: `4`"]
        );
        let (_, tags, told) = warnings("question,answer,category,tags\nq,a,sales,price;quote");
        assert_eq!((tags.as_str(), told.len()), (r#"["sales","price","quote"]"#, 0));
    }

    #[test]
    fn a_name_that_comes_twice_is_refused() {
        for text in ["title,body,Title\na,b,c", "ti\u{301}tulo,texto,TITULO\na,b,c"] {
            let broken = opened(text).err().expect("it is refused");
            assert_eq!((broken.line, broken.code), (1, Code::Repeated));
            assert!(broken.error.message.contains("twice"), "{}", broken.error.message);
        }
        assert!(opened("x,title,body,x\n").is_ok(), "what is not read may come twice");
    }
}
