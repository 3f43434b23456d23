//! Rows against expectations, against the csv crate and against csv-spectrum.

use proptest::prelude::*;
use serde_json::Value;

use super::super::row::Fault;
use super::*;
use crate::chunks::Pieces;
use crate::plain_readers::{csv_rows, mutated, mutations};

/// Each row with the line on which it begins, read in pieces of this size.
fn rows_of(text: &[u8], size: usize) -> Vec<(u64, Vec<String>)> {
    let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text.to_vec(), size)), None), b',');
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

/// What is wrong, in which cell and on which line; and rows with the line on which each begins.
type Judged = (Option<(Fault, usize, u64)>, Vec<(u64, Vec<String>)>);

/// What is wrong with the first row of a text that has something wrong, and its rows that are right.
fn judged(text: &str, size: usize) -> Judged {
    let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text.into(), size)), None), b',');
    let (mut output, mut right, mut first) = (Vec::new(), Vec::new(), None);
    while rows.next(&mut output).expect("the row can be read") {
        if let Some(wrong) = rows.row.wrong {
            assert!(rows.row.cells.is_empty());
            first.get_or_insert((wrong.fault, wrong.cell, rows.begun_on + wrong.feeds));
            continue;
        }
        let cell = |&(start, end): &(usize, usize)| String::from_utf8_lossy(&output[start..end]).into_owned();
        right.push((rows.begun_on, rows.row.cells.iter().map(cell).collect()));
    }
    (first, right)
}

#[test]
fn wrong_quotes_are_told_with_their_line_and_the_rows_after_them_are_found_again() {
    for (text, wrong, right) in [
        ("a,\"b\" c\nd,e\n", (Fault::TextAfterQuote, 1, 1), &["2 d|e"][..]),
        ("1,\"x \"\"y\"\" z\n2,\"c\"\n3,d\n", (Fault::Unclosed, 1, 1), &["2 2|c", "3 3|d"]),
        ("1,\"\"All-weather, round\",\"Made\",\n2,b", (Fault::TextAfterQuote, 1, 1), &["2 2|b"]),
        ("1,\"see 5\" pipe\"\n2,b", (Fault::TextAfterQuote, 1, 1), &["2 2|b"]),
        ("1,Hello\"\n2,b", (Fault::LoneQuote, 1, 1), &["2 2|b"]),
        ("1, \"a\"\n2,b", (Fault::LoneQuote, 1, 1), &["2 2|b"]),
        ("\"p\nq\",\"a\nb\"c\n2,b", (Fault::TextAfterQuote, 1, 3), &["4 2|b"]),
        ("x,y\na,\"b\nc,d\n", (Fault::Unclosed, 1, 2), &["1 x|y", "3 c|d"]),
        ("a,\"", (Fault::Unclosed, 1, 1), &[]),
        ("a,\"b\"\"\r\nc,d", (Fault::Unclosed, 1, 1), &["2 c|d"]),
        ("a,\"b\rc,\"d\"\re,f", (Fault::Unclosed, 1, 1), &["2 c|d", "3 e|f"]),
    ] {
        for size in 1..=text.len() {
            let (found, rows) = judged(text, size);
            assert_eq!(found, Some(wrong), "{text:?} by {size}");
            let rows: Vec<_> = rows.into_iter().map(|(line, cells)| format!("{line} {}", cells.join("|"))).collect();
            assert_eq!(rows, right, "{text:?} by {size}");
        }
    }
    let inches = "a,5\" pipe,the \"x\" one";
    assert_eq!(judged(inches, 3), (None, vec![(1, vec!["a".into(), "5\" pipe".into(), "the \"x\" one".into()])]));
}

#[test]
fn a_row_that_is_too_large_is_passed_over() {
    let large = "x".repeat(5 << 20);
    for (text, lines) in [
        (format!("a\nb,\"{large}\ny\"\nc,d\n"), (2, 3, 4)),
        (format!("a\nb,{large}\r\nc,d\n"), (2, 2, 3)),
        (format!("a\nb,\"{large}\n1,\"z\"\nc,d\n"), (2, 3, 4)),
    ] {
        let mut rows = Rows::new(Decoder::new(Box::new(Pieces(text.into(), 64 << 10)), None), b',');
        let mut output = Vec::new();
        assert!(rows.next(&mut output).expect("the first row can be read") && !rows.too_large);
        assert!(rows.next(&mut output).expect("the second is passed over") && rows.too_large && output.is_empty());
        assert_eq!((rows.begun_on, rows.line()), (lines.0, lines.1));
        assert!(rows.next(&mut output).expect("the third row can be read") && !rows.too_large);
        assert_eq!((rows.begun_on, output.as_slice()), (lines.2, &b"c,d"[..]));
        assert!(rows.chunk.len() <= MOST_BYTES * 2, "{}", rows.chunk.len());
    }
    let wide = format!("{}\na,b", ",".repeat(100_000));
    let mut rows = Rows::new(Decoder::new(Box::new(Pieces(wide.into(), 1_000)), None), b',');
    let mut output = Vec::new();
    assert!(rows.next(&mut output).expect("the row can be read") && rows.row.too_wide);
    assert!(rows.next(&mut output).expect("the row can be read") && !rows.row.too_wide && rows.begun_on == 2);
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
    fn any_text_is_read_as_the_plain_reader_reads_it_or_is_wrong(text in "[ab,\"\r\n é]{0,40}", size in 1_usize..50) {
        let (wrong, rows) = judged(&text, size);
        match csv_rows(&text) {
            Some(expected) => {
                prop_assert_eq!(wrong, None);
                prop_assert_eq!(rows.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), expected);
            }
            None => prop_assert!(wrong.is_some()),
        }
    }
}

proptest! {
    #[test]
    fn data_mutated_files_of_csv_spectrum_are_read_as_the_plain_reader_reads_them(mutations in mutations(), size in 1_usize..90) {
        for text in spectrum() {
            let Ok(text) = String::from_utf8(mutated(text, &mutations)) else { continue };
            let (wrong, rows) = judged(&text, size);
            let rows: Vec<_> = rows.into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!((wrong.is_none()).then_some(rows), csv_rows(&text), "{}", text);
        }
    }
}

/// The files of csv-spectrum, where they are.
fn spectrum() -> &'static [Vec<u8>] {
    static FILES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    FILES.get_or_init(|| {
        let Some(data) = crate::test_data::folder() else { return Vec::new() };
        let files = std::fs::read_dir(data.join("csv-spectrum/csvs")).expect("the folder can be listed");
        files.map(|file| std::fs::read(file.expect("it is listed").path()).expect("it can be read")).collect()
    })
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
                header.iter().cloned().zip(row.into_iter().map(Value::from)).collect::<serde_json::Map<_, _>>().into()
            });
            assert_eq!(Value::Array(objects.collect()), twin, "{name} by {size}");
        }
        read += 1;
    }
    assert!(read >= 12, "only {read} files were there");
}
