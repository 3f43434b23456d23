//! Files made to harm, or cut: refused with their place, and what is too large is its own problem.

use proptest::prelude::*;

use super::*;
use crate::plain_readers::{mutated, mutations};
use crate::problem::Code;

#[test]
fn bombs_and_cut_files_are_refused_with_line_and_byte() {
    let deep = |open: &str, close: &str, times: usize| format!("{}{}", open.repeat(times), close.repeat(times));
    let laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;\">]>\n<rss><channel/></rss>";
    let utf7 = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>\n<rss>+ADw-item+AD4-</rss>";
    let nested = format!("<rss><channel><item><title>{}</title></item></channel></rss>", deep("<b>", "</b>", 100));
    let value = format!("{{\"data\":[{{\"paragraphs\":[],\"qas\":1}}],\"x\":{}}}", deep("[", "]", 100_000));
    for (name, text, line, code) in [
        ("a.xml", laughs, 1, Code::Doctype),
        ("a.rss", utf7, 1, Code::Encoding),
        ("a.rss", "<rss><channel>\n<item><title>&a;</title>", 2, Code::Entity),
        ("a.rss", &nested, 1, Code::TooDeep),
        ("a.rss", "<rss><channel>\n", 2, Code::Shape),
        ("a.rss", "<rss><channel>\n<item><title>x", 2, Code::Shape),
        ("a.rss", "<rss></rss>\nmore", 1, Code::Shape),
        ("a.rss", "<rss></rss>\n<rss/>", 2, Code::Shape),
        ("a.xml", "<mediawiki><page><revision><text>a<b/></text>", 1, Code::TooDeep),
        ("a.xml", "<posts>\n<row Title=\"&a;\"/>", 2, Code::Entity),
        ("a.xml", "<posts>\n<row Title=\"a\" Title=\"b\"/>", 2, Code::Syntax),
        ("a.json", "{\"data\":[{\"paragraphs\":[{\"qas\":[\n", 2, Code::Syntax),
        ("a.json", "{\"data\":[{\"paragraphs\":[{\"qas\":[]}]}\n}", 2, Code::Syntax),
        ("a.json", "{\"data\":[{\"paragraphs\":[{\"qas\":[]}]},\n]}", 2, Code::Syntax),
        ("a.json", "{\"data\":[{\"paragraphs\":[{\"qas\":[],}]}]}", 1, Code::Syntax),
        ("a.json", "{\"data\":[{\"paragraphs\":[{\"qas\":[]}]}]}\n{}", 2, Code::Syntax),
        ("a.json", &value, 1, Code::Syntax),
    ] {
        let broken = read(name, text.as_bytes(), 64 << 10).expect_err("it is refused");
        let shown = &text[..text.len().min(90)];
        assert_eq!((broken.line, broken.code), (line, code), "{shown}: {}", broken.error.message);
    }
}

#[test]
fn a_record_that_is_too_large_is_its_own_problem_and_reading_goes_on_behind_it() {
    let large = "x".repeat(5 << 20);
    let amps = "&amp;".repeat(5 << 20);
    for text in [&large, &amps] {
        let wiki = format!(
            "<mediawiki><page><title>a</title><id>1</id><revision><text>{text}</text></revision></page>\n\
             <page><title>b</title><id>2</id><revision><text>c</text></revision></page></mediawiki>"
        );
        let rss = format!(
            "<rss><channel><item><title>a</title><description>{text}</description></item>\n\
             <item><title>b</title><description>c</description></item></channel></rss>"
        );
        for (name, text) in [("a.xml", &wiki), ("a.rss", &rss)] {
            let (records, _) = read(name, text.as_bytes(), 64 << 10).unwrap_or_else(|broken| panic!("{broken:?}"));
            assert_eq!(records.len(), 2, "{name}");
            assert_eq!((records[0].1.as_slice(), records[1].1.as_slice()), (&["too-large"][..], &[][..]), "{name}");
            assert_eq!((records[1].0[1].as_str(), records[1].0[2].as_str()), ("b", "c"));
        }
    }
    let squad = format!(
        "{{\"data\":[{{\"paragraphs\":[{{\"context\":\"{large}\",\"qas\":[]}}]}},\
         {{\"paragraphs\":[{{\"context\":\"\",\"qas\":[{{\"id\":\"1\",\"question\":\"q\",\"answers\":[{{\"text\":\"a\"}}]}}]}}]}}]}}"
    );
    let (records, _) = read("a.json", squad.as_bytes(), 64 << 10).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert_eq!((records[0].1[0], records[1].0[1].as_str()), ("too-large", "q"));
}

#[test]
fn a_text_behind_very_many_questions_is_refused() {
    let question = r#"{"id":"1","question":"q","answers":[{"text":"a"}]}"#;
    let questions = vec![question; 1_000].join(",");
    let context = "x".repeat(1 << 20);
    let squad = format!("{{\"data\":[{{\"paragraphs\":[{{\"context\":\"{context}\",\"qas\":[{questions}]}}]}}]}}");
    let (records, _) = read("a.json", squad.as_bytes(), 64 << 10).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert_eq!((records.len(), records[64].1.as_slice()), (65, &["too-large"][..]));
}

/// Whether what is read is well-formed, as another reader of XML sees it.
fn is_xml(text: &[u8]) -> bool {
    let mut reader = quick_xml::Reader::from_reader(text);
    let (mut buffer, mut open, mut roots) = (Vec::new(), 0_i32, 0);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(quick_xml::events::Event::Start(_)) => {
                roots += i32::from(open == 0);
                open += 1;
            }
            Ok(quick_xml::events::Event::Empty(_)) => roots += i32::from(open == 0),
            Ok(quick_xml::events::Event::End(_)) => open -= 1,
            Ok(quick_xml::events::Event::Eof) => return open == 0 && roots == 1,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// The questions with answers of a SQuAD file, as serde_json sees them; none where it refuses it.
fn plain_squad(text: &[u8]) -> Option<Vec<String>> {
    let document: serde_json::Value = serde_json::from_slice(text).ok()?;
    let list = |value: &serde_json::Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let mut titles = Vec::new();
    for article in list(&document, "data") {
        for paragraph in list(&article, "paragraphs") {
            let questions = list(&paragraph, "qas");
            let answered = questions.iter().filter(|question| !list(question, "answers").is_empty());
            titles.extend(answered.map(|question| question["question"].as_str().unwrap_or_default().to_owned()));
        }
    }
    Some(titles)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn mutated_squad_is_what_a_plain_reader_says_or_is_refused(mutations in mutations(), size in 1_usize..90) {
        let text = mutated(SQUAD.as_bytes(), &mutations);
        let Ok(mut opened) = opened("a.json", &text, size, Some(Format::Squad)) else { return Ok(()) };
        let (mut record, mut titles, mut wrong) = (Record::default(), Vec::new(), false);
        loop {
            match opened.records.next(&mut record) {
                Ok(true) => {
                    wrong |= !record.problems.is_empty();
                    titles.push(record.lossy(Field::Title));
                }
                Ok(false) => break,
                Err(_) => return Ok(()),
            }
        }
        let plain = plain_squad(&text);
        prop_assert!(plain.is_some(), "taken, and a plain reader refuses it: {}", String::from_utf8_lossy(&text));
        if !wrong && opened.records.notes().iter().all(|note| note.ends_with(": 1")) {
            prop_assert_eq!(Some(titles), plain, "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn mutated_xml_is_read_alike_however_it_is_cut_or_is_refused(which in 0_usize..4, mutations in mutations(), size in 1_usize..90) {
        let (text, format) = [
            (RSS, Format::Rss), (ATOM, Format::Atom), (WIKI, Format::Mediawiki), (POSTS, Format::Stackexchange),
        ][which];
        let text = mutated(text.as_bytes(), &mutations);
        if std::str::from_utf8(&text).is_err() {
            // It is read as another encoding, and the plain reader knows none.
            return Ok(());
        }
        let all = |size| {
            let mut opened = opened("a", &text, size, Some(format)).ok()?;
            let (mut record, mut all) = (Record::default(), Vec::new());
            loop {
                match opened.records.next(&mut record) {
                    Ok(true) => all.push((record.line, Field::ALL.map(|field| record.lossy(field)), record.problems.clone())),
                    Ok(false) => return Some(all),
                    Err(_) => return None,
                }
            }
        };
        let found = all(size);
        prop_assert_eq!(&found, &all(1 << 20), "{}", String::from_utf8_lossy(&text));
        prop_assert!(found.is_none() || is_xml(&text), "{}", String::from_utf8_lossy(&text));
    }
}
