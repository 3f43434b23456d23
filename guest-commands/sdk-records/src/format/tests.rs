//! The shapes of other systems: what becomes a record, what is refused with its place, however the bytes are cut.

mod hostile;
mod shaped;

use super::*;
use crate::chunks::Pieces;
use crate::record::{FIELDS, Field, Record};

/// The cells of a record and the words of its problems.
type Read = ([String; FIELDS], Vec<&'static str>);

fn opened(name: &str, text: &[u8], size: usize, format: Option<Format>) -> Result<Opened, Broken> {
    open(name, Decoder::new(Box::new(Pieces(text.to_vec(), size)), None), format, &Shaping::default())
}

/// All records of a file, and its notes.
fn read(name: &str, text: &[u8], size: usize) -> Result<(Vec<Read>, Vec<String>), Broken> {
    let mut opened = opened(name, text, size, None)?;
    let (mut record, mut all) = (Record::default(), Vec::new());
    while opened.records.next(&mut record)? {
        let problems = record.problems.iter().map(|problem| problem.code.word()).collect();
        all.push((Field::ALL.map(|field| record.lossy(field)), problems));
    }
    Ok((all, opened.records.notes()))
}

/// Holds a file against records without problems, in pieces of several sizes.
fn reads(name: &str, text: &str, expected: &[[&str; FIELDS]]) -> Vec<String> {
    let mut notes = Vec::new();
    for size in [1, 7, 100, 1 << 20] {
        let (records, told) = read(name, text.as_bytes(), size).unwrap_or_else(|broken| panic!("{broken:?}"));
        let expected: Vec<Read> = expected.iter().map(|cells| (cells.map(str::to_owned), vec![])).collect();
        assert_eq!(records, expected, "{name} by {size}");
        notes = told;
    }
    notes
}

const SQUAD: &str = r#"{"version": "2.0", "data": [
 {"title": "Pear", "paragraphs": [
  {"context": "A pear is a fruit.", "qas": [
   {"question": "What is it?", "id": "a1", "answers": [{"text": "a fruit", "answer_start": 10}, {"text": "a fruit"}, {"text": "fruit"}]},
   {"question": "Why?", "id": "a2", "is_impossible": true, "answers": [], "plausible_answers": [{"text": "x"}]}]}]},
 {"paragraphs": [{"qas": [{"id": 7, "question": "Who?", "answers": [{"text": "you"}]}], "context": ""}]}], "x": [1]}"#;

#[test]
fn a_question_of_squad_is_an_item_with_its_answers_and_its_text() {
    let notes = reads(
        "train.json",
        SQUAD,
        &[
            ["a1", "What is it?", "a fruit\nfruit\n\nA pear is a fruit.", "", "", "Pear"],
            ["7", "Who?", "you", "", "", ""],
        ],
    );
    assert_eq!(notes, ["questions without an answer, which are not imported: 1"]);
}

#[test]
fn a_question_of_squad_knows_its_line() {
    let mut opened = opened("a.json", SQUAD.as_bytes(), 9, None).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert_eq!(opened.format, Format::Squad);
    let (mut record, mut lines) = (Record::default(), Vec::new());
    while opened.records.next(&mut record).unwrap_or_else(|broken| panic!("{broken:?}")) {
        lines.push(record.line);
    }
    assert_eq!(lines, [4, 6]);
}

const RSS: &str = r#"<?xml version="1.0"?>
<!-- of a shop --><rss version="2.0" xmlns:content="c"><channel><title>Shop</title><language>es-MX</language>
<item><title>Env&#237;os &amp; m&amp;aacute;s</title><link>https://x/1</link><guid isPermaLink="false">g1</guid>
 <category>env&#237;os</category><category><![CDATA[a;b]]></category><author>no</author>
 <description>&lt;p&gt;Uno&lt;/p&gt;&lt;p&gt;dos &amp;lt; 3&lt;/p&gt;</description></item>
<item><content:encoded><![CDATA[<b>largo</b>]]></content:encoded><description>corto</description><title>B</title><link>https://x/2</link></item>
</channel></rss>"#;

const RDF: &str = r#"<rdf:RDF xmlns:rdf="r"><channel><title>no</title></channel>
<item><title>A</title><link>https://x</link><description>b</description><dc:language>en</dc:language></item></rdf:RDF>"#;

const ATOM: &str = r#"<feed xmlns="a" xml:lang="en"><title>no</title><author><name>no</name></author>
<entry><id>urn:1</id><title>A &lt;b></title><link rel="self" href="https://no"/><link href="https://yes"/>
 <category term="x"/><category term="y"/><summary>short</summary>
 <content type="xhtml"><div><p>One &lt;i></p><p>two<br/>three</p></div></content></entry>
<entry xml:lang="fr"><id>urn:2</id><title type="html">&lt;i>B&lt;/i></title><summary>s</summary></entry></feed>"#;

#[test]
fn an_item_of_a_feed_is_an_item() {
    reads(
        "feed.xml",
        RSS,
        &[
            ["g1", "Envíos & más", "Uno\ndos < 3", "es-MX", r#"["envíos","a;b"]"#, "https://x/1"],
            ["https://x/2", "B", "largo", "es-MX", "", "https://x/2"],
        ],
    );
    reads("a.rss", RDF, &[["https://x", "A", "b", "en", "", "https://x"]]);
    reads(
        "-",
        ATOM,
        &[
            ["urn:1", "A <b>", "One <i>\ntwo\nthree", "en", r#"["x","y"]"#, "https://yes"],
            ["urn:2", "B", "s", "fr", "", ""],
        ],
    );
}

const WIKI: &str = r#"<mediawiki xml:lang="en"><siteinfo><sitename>Wiki</sitename><namespaces>
<namespace key="0"/><namespace key="1">Talk</namespace><namespace key="12">Help</namespace></namespaces></siteinfo>
<page><title>Pear</title><id>7</id>
 <revision><id>70</id><timestamp>2020-01-02T00:00:00Z</timestamp><text xml:space="preserve">[[new]] &amp; kept</text></revision>
 <revision><id>71</id><timestamp>2019-01-01T00:00:00Z</timestamp><text>old</text></revision></page>
<page><title>Talk:Pear</title><id>8</id><revision><text>x</text></revision></page>
<page><title>Help:Me</title><ns>12</ns><id>9</id><revision><text>h1</text></revision><revision><text>h2</text></revision></page>
<page><title>P</title><ns>0</ns><id>10</id><redirect title="Pear"/><revision><text>x</text></revision></page>
<page><title>Q</title><ns>0</ns><id>11</id><revision><text>#REDIRECCIÓN [[Pear]]</text></revision></page></mediawiki>"#;

#[test]
fn of_a_page_of_mediawiki_the_latest_revision_is_an_item() {
    let notes = reads(
        "dump.xml",
        WIKI,
        &[["7", "Pear", "[[new]] & kept", "en", "", "Wiki"], ["9", "Help:Me", "h2", "en", "", "Wiki"]],
    );
    assert!(notes.len() == 1 && notes[0].ends_with("not imported: 3"), "{notes:?}");
}

const POSTS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<posts>
 <row Id="1" PostTypeId="1" AcceptedAnswerId="4" Title="A &amp;amp; b?" Body="&lt;p&gt;q&lt;/p&gt;" Tags="&lt;x&gt;&lt;y&gt;" />
 <row Id="2" PostTypeId="1" Title="Open" />
 <row Id="3" PostTypeId="2" ParentId="1" Body="worse" />
 <row Id="4" PostTypeId="2" ParentId="1" Body="&lt;p&gt;One&lt;/p&gt;&#xA;&lt;p&gt;two&lt;/p&gt;" />
 <row Id="5" PostTypeId="5" Body="wiki" />
</posts>"#;

#[test]
fn a_question_of_stackexchange_and_its_accepted_answer_are_an_item() {
    let notes = reads("Posts.xml", POSTS, &[["1", "A & b?", "One\ntwo", "", "x;y", ""]]);
    assert!(notes[0].ends_with("imported: 1") && notes[1].ends_with("imported: 2"), "{notes:?}");
    let lost = POSTS.replace("Id=\"4\" PostTypeId", "Id=\"6\" PostTypeId");
    let (records, _) = read("Posts.xml", lost.as_bytes(), 9).unwrap_or_else(|broken| panic!("{broken:?}"));
    assert_eq!(records[0].1, ["missing"], "the accepted answer is not there");
}

#[test]
fn a_shape_that_was_asked_for_is_held_to() {
    for (format, text, words) in [
        (Format::Rss, "<posts/>", "`<rss>`, `<rdf:RDF>` or `<feed>` is expected, not `<posts>`"),
        (Format::Mediawiki, "<rss/>", "`<mediawiki>` is expected"),
        (Format::Stackexchange, "<users/>", "`Posts.xml` is read"),
        (Format::Squad, "[]", "SQuAD is an object with an array `data`"),
        (Format::Squad, "{\"a\":1}", "SQuAD is an object with an array `data`"),
        (Format::Xml, "<rss/>", "by `--format`"),
    ] {
        let mut opened =
            opened("a.xml", text.as_bytes(), 9, Some(format)).unwrap_or_else(|broken| panic!("{broken:?}"));
        let broken = opened.records.next(&mut Record::default()).expect_err("it is refused");
        assert!(broken.error.message.contains(words), "{}", broken.error.message);
    }
}
