//! How many records an export has, counted from its text alone: not by reading it, but by what ends or begins a record
//! in what this command writes.

use crate::format::Format;
use encargo_sdk::shape::Shape;

/// Counts the records of a text that comes in pieces.
pub(crate) struct Counting {
    records: u64,
    how: How,
}

enum How {
    /// Rows end with a line break outside quotes; the first is the header.
    Rows { is_quoted: bool },
    /// Lines that begin with this text are the beginning of a record: in no other place does the format have it there.
    Lines { beginning: Vec<u8>, seen: Option<usize> },
}

impl Counting {
    pub(crate) fn new(format: Format, shape: &Shape) -> Self {
        let lines = |beginning: String| How::Lines { beginning: beginning.into_bytes(), seen: Some(0) };
        let how = match format {
            Format::Csv => How::Rows { is_quoted: false },
            Format::Json | Format::Jsonl => lines("{".to_owned()),
            Format::Xml => lines(format!("  <{}>", shape.item)),
        };
        Self { records: 0, how }
    }

    pub(crate) fn take_in(&mut self, text: &[u8]) {
        match &mut self.how {
            How::Rows { is_quoted } => {
                for byte in text {
                    match byte {
                        b'"' => *is_quoted = !*is_quoted,
                        b'\n' if !*is_quoted => self.records += 1,
                        _ => {}
                    }
                }
            }
            How::Lines { beginning, seen } => {
                for byte in text {
                    if *byte == b'\n' {
                        *seen = Some(0);
                    } else if let Some(length) = *seen {
                        *seen = (beginning[length] == *byte).then_some(length + 1);
                        if *seen == Some(beginning.len()) {
                            self.records += 1;
                            *seen = None;
                        }
                    }
                }
            }
        }
    }

    pub(crate) fn records(&self) -> u64 {
        match self.how {
            How::Rows { .. } => self.records.saturating_sub(1),
            How::Lines { .. } => self.records,
        }
    }
}

#[cfg(test)]
mod tests {
    use encargo_sdk::Choice as _;

    use super::*;
    use encargo_sdk::shape::Grouping;
    use encargo_sdk::shape::samples::{GROUPED, grouped};

    #[test]
    fn what_the_formats_write_is_counted_wherever_it_is_cut() {
        let texts =
            [Some("a\n{\r\n  <chat>\n"), Some("\"q\"\r\n"), None, Some("\n  <chat>"), Some(""), Some("\r"), Some("=1")];
        let rows: Vec<_> = [1, 1, 2, 3, 3, 4, 5].into_iter().zip(texts).collect();
        for (format, expected) in [(Format::Csv, 7), (Format::Json, 5), (Format::Jsonl, 5), (Format::Xml, 5)] {
            for count in [0, rows.len()] {
                let (mut text, mut grouping) = (format.writer(&GROUPED, false), Grouping::new(&GROUPED));
                let mut out = Vec::new();
                text.begin(&mut out);
                if count > 0 {
                    text.rows(&grouped(&rows), 0..rows.len(), &mut grouping, &mut out);
                }
                text.close(&mut out);
                text.end(&mut out);
                for size in [1, 2, 3, 7, out.len().max(1)] {
                    let mut counting = Counting::new(format, &GROUPED);
                    out.chunks(size).for_each(|piece| counting.take_in(piece));
                    let expected = if count > 0 { expected } else { 0 };
                    assert_eq!(counting.records(), expected, "{} in pieces of {size}", format.word());
                }
            }
        }
    }
}
