//! XML as it is exported, and what is refused of others.

use encargo_sdk::Choice;

use super::*;
use crate::chunks::Pieces;

fn read(text: &[u8], size: usize) -> Result<Vec<(u64, [String; 3])>, Broken> {
    let mut xml = Xml::new(Decoder::new(Box::new(Pieces(text.to_vec(), size)), None), Columns::default());
    let (mut record, mut all) = (Record::default(), Vec::new());
    while xml.next(&mut record)? {
        let problem = record.problems.first().map_or("", |problem| problem.code.word()).to_owned();
        all.push((record.line, [record.lossy(Field::Title), record.lossy(Field::Body), problem]));
    }
    Ok(all)
}

fn items(inside: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<knowledge_items>\n  {inside}\n</knowledge_items>\n")
}

#[test]
fn an_export_comes_back_exactly() {
    for (fields, title, body) in [
        ("<title>a</title><body>=1+1 &amp; &lt;b&gt; ñ 😀</body>", "a", "=1+1 & <b> ñ 😀"),
        ("<title> a&#13;\n\tb </title><body>\"'&quot;&apos;</body>", " a\r\n\tb ", "\"'\"'"),
        ("<title>a\r\nb\rc</title><body>&#x1F600;</body>", "a\nb\nc", "😀"),
        ("<title encoding=\"base64\">AWE=</title><body><![CDATA[<x>&amp;]]></body>", "\u{1}a", "<x>&amp;"),
        ("<pregunta>a</pregunta>\n<!-- no --><respuesta/><more>x</more>", "a", ""),
        ("<body></body><title>a</title><question>b</question>", "a", ""),
        ("<title lang=\"en\">a</title><body><!-- no -->b<?no?></body>", "a", "b"),
    ] {
        let text = items(&format!("<knowledge_item>{fields}</knowledge_item>"));
        for size in [1, 2, 5, 1_000] {
            let found = read(text.as_bytes(), size).map_err(|broken| broken.error.message);
            assert_eq!(found, Ok(vec![(3, [title.to_owned(), body.to_owned(), String::new()])]), "{fields} by {size}");
        }
    }
    assert_eq!(read(b"<knowledge_items/>", 9).map_err(|broken| broken.error.message), Ok(Vec::new()));
    assert_eq!(read(items("<knowledge_item/>").as_bytes(), 9).map(|records| records.len()).ok(), Some(1));
    let bad = items("<knowledge_item><title encoding=\"base64\">?</title></knowledge_item>");
    assert_eq!(read(bad.as_bytes(), 9).map(|records| records[0].1[2].clone()).ok(), Some("base64".to_owned()));
}

#[test]
fn bombs_and_other_shapes_are_refused_with_line_and_byte() {
    let item = |inside: &str| items(&format!("<knowledge_item>{inside}</knowledge_item>"));
    let huge = item(&format!("<title>{}</title>", "x".repeat(6 << 20)));
    let amps = item(&format!("<title>{}</title>", "&amp;".repeat(5 << 20)));
    let wide = format!("<knowledge_items a=\"{}", "x".repeat(6 << 20));
    for (text, place, code, words) in [
        ("<!DOCTYPE x [<!ENTITY a \"b\">]>\n<knowledge_items/>", (1, 1), Code::Doctype, "document type"),
        (&item("<title>\n&a;</title>"), (4, 1), Code::Entity, "`&a;`"),
        (&item("<title>&#xD800;</title>"), (3, 26), Code::Entity, "`&#xD800;`"),
        (&item("<title><b>x</b></title>"), (3, 26), Code::TooDeep, "`<b>` is too deep"),
        (&item("x"), (3, 19), Code::Shape, "text outside of a field: `x`"),
        ("<mediawiki>\n</mediawiki>", (1, 1), Code::Shape, "`<knowledge_items>` is expected, not `<mediawiki>`"),
        (&items("<item/>"), (3, 3), Code::Shape, "`<knowledge_item>` is expected"),
        ("<knowledge_items>", (1, 18), Code::Shape, "ends in the middle"),
        ("", (1, 1), Code::Shape, "ends in the middle"),
        ("<knowledge_items></knowledge_items>\n<more/>", (2, 1), Code::Shape, "not `<more>`"),
        (&item("<title></body>"), (3, 26), Code::Syntax, "not XML"),
        (&item("<title encoding=\"rot13\">x</title>"), (3, 19), Code::Shape, "other than base64"),
        ("<?xml version=\"1.0\" encoding=\"koi8-r\"?><knowledge_items/>", (1, 1), Code::Encoding, "`koi8-r`"),
        (&huge, (3, 26), Code::TooLarge, "more than 4 MiB"),
        (&amps, (3, 0), Code::TooLarge, "more than 4 MiB"),
        (&wide, (1, 1), Code::TooLarge, "more than 4 MiB"),
    ] {
        let broken = read(text.as_bytes(), 64 << 10).expect_err("it is refused");
        let shown = &text[..text.len().min(120)];
        assert_eq!((broken.line, broken.column.unwrap_or(0), broken.code), (place.0, place.1, code), "{shown}");
        assert!(broken.error.message.contains(words), "{shown}: {}", broken.error.message);
    }
}

#[test]
fn elements_that_come_twice_are_refused_and_tags_are_united() {
    let record_of = |inside: &str| {
        let text = items(&format!("<knowledge_item>{inside}</knowledge_item>"));
        let mut xml = Xml::new(Decoder::new(Box::new(Pieces(text.into(), 9)), None), Columns::default());
        let mut record = Record::default();
        assert!(xml.next(&mut record).expect("it can be read"), "{inside}");
        let code = record.problems.first().map(|problem| problem.code);
        (code, record.lossy(Field::Tags), xml.columns().warnings())
    };
    assert_eq!(record_of("<title>a</title><title>b</title>").0, Some(Code::Repeated));
    assert_eq!(record_of("<tags>a;b</tags><title/><tags>[\"c\"]</tags>").1, r#"["a","b","c"]"#);
    let (code, _, warnings) = record_of("<title lang=\"en\" xml:space=\"preserve\">a</title><more>x</more>");
    assert_eq!((code, warnings), (None, vec!["columns that are not read: `title/@lang`, `more`".to_owned()]));
}
