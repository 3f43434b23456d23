//! The import over files in memory and into a table in memory.

mod modes;
mod plain_records;
mod plainly;
mod repeated;

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::sink::Stored;
use encargo_sdk::knowledge::Identity;
use encargo_sdk_records::chunks::{Chunks, Pieces};

/// Files in memory; each opening of one takes the next of its contents, the last one stays.
struct Memory {
    names: Vec<String>,
    contents: Vec<RefCell<Vec<Vec<u8>>>>,
}

fn files(files: &[(&str, &str)]) -> Memory {
    Memory {
        names: files.iter().map(|(name, _)| (*name).to_owned()).collect(),
        contents: files.iter().map(|(_, content)| RefCell::new(vec![content.as_bytes().to_vec()])).collect(),
    }
}

impl Sources for Memory {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&self, index: usize) -> Result<Box<dyn Chunks>> {
        let mut contents = self.contents[index].borrow_mut();
        let content = if contents.len() > 1 { contents.remove(0) } else { contents[0].clone() };
        let size = (content.len() / 100).max(100);
        Ok(Box::new(Pieces(content, size)))
    }
}

/// A row of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Row {
    hash: String,
    title: String,
    body: String,
    language: String,
    tags: String,
    source: String,
}

/// A table in memory that commits every so many items and can be killed after so many commits.
#[derive(Default)]
struct Table {
    rows: BTreeMap<String, Row>,
    waiting: Vec<(String, Row)>,
    written: Written,
    commit_every: usize,
    commits_left: Option<usize>,
    since_commit: usize,
    checkpoint: Option<String>,
}

impl KnowledgeSink for Table {
    fn has_items(&mut self) -> Result<bool> {
        Ok(!self.rows.is_empty())
    }

    fn stored(&mut self, ids: &[&str]) -> Result<BTreeMap<String, Stored>> {
        let stored = |id: &&str| {
            let row = self.rows.get(*id)?;
            let [language, tags, source] = [&row.language, &row.tags, &row.source].map(Clone::clone);
            let stored = Stored { language, tags, source };
            Some(((*id).to_owned(), stored))
        };
        Ok(ids.iter().filter_map(stored).collect())
    }

    fn write(&mut self, item: &Item<'_>, identity: &Identity<'_>) -> Result<()> {
        let row = Row {
            hash: identity.content_hash.to_owned(),
            title: item.title.to_owned(),
            body: item.body.to_owned(),
            language: item.language.to_owned(),
            tags: item.tags.to_owned(),
            source: item.source.to_owned(),
        };
        self.waiting.push((identity.external_id.to_owned(), row));
        self.since_commit += 1;
        Ok(())
    }

    fn skip(&mut self) {
        self.written.skipped += 1;
    }

    fn ids(&mut self, after: &str) -> Result<Vec<String>> {
        Ok(self.rows.keys().filter(|id| id.as_str() > after).take(3).cloned().collect())
    }

    fn delete(&mut self, ids: &[&str], checkpoint: &Checkpoint) -> Result<()> {
        self.rows.retain(|id, _| !ids.contains(&id.as_str()));
        self.checkpoint = Some(serde_json::to_string(checkpoint).expect("it is JSON"));
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.since_commit >= self.commit_every
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    fn written(&self) -> Written {
        let mut written = self.written;
        for (id, row) in &self.waiting {
            match self.rows.get(id) {
                None => written.created += 1,
                Some(known) if known.hash == row.hash => written.unchanged += 1,
                Some(_) => written.updated += 1,
            }
        }
        written
    }

    fn commit(&mut self, checkpoint: &Checkpoint) -> Result<()> {
        if self.commits_left == Some(0) {
            return Err(Error::new(ErrorCode::Cancelled, "killed"));
        }
        self.commits_left = self.commits_left.map(|left| left - 1);
        self.written = self.written();
        self.rows.extend(self.waiting.drain(..));
        self.since_commit = 0;
        self.checkpoint = Some(serde_json::to_string(checkpoint).expect("it is JSON"));
        Ok(())
    }
}

#[derive(Default)]
struct Notes {
    problems: Vec<(String, u64, u64, String, Code)>,
    cancel_after: Option<u64>,
    /// Each with the number of records that was said to be there.
    phases: Vec<(Phase, Option<u64>)>,
    /// How many of how many were to be deleted.
    asked: Option<(u64, u64)>,
}

impl Watcher for Notes {
    fn problem(&mut self, file: &str, problem: &Problem) -> Result<()> {
        let (line, record, column) = (problem.line, problem.record, problem.column.clone());
        self.problems.push((file.to_owned(), line, record, column, problem.code));
        Ok(())
    }

    fn progress(&mut self, phase: Phase, done: u64, total: Option<u64>) -> Result<()> {
        if self.phases.last() != Some(&(phase, total)) {
            self.phases.push((phase, total));
        }
        match self.cancel_after {
            Some(after) if done >= after && phase == Phase::Importing => {
                Err(Error::new(ErrorCode::Cancelled, "enough"))
            }
            _ => Ok(()),
        }
    }

    fn confirm(&mut self, missing: u64, stored: u64) -> Result<()> {
        self.asked = Some((missing, stored));
        Ok(())
    }
}

fn run(sources: &Memory, table: &mut Table, strict: bool) -> (Imported, Notes) {
    let options = Options { strict, ..Options::default() };
    let mut notes = Notes::default();
    let imported = import(sources, table, &mut notes, &options).expect("the import ends by itself");
    (imported, notes)
}

/// read, created, updated, unchanged, duplicate, invalid of each file.
fn counts(imported: &Imported) -> Vec<[u64; 6]> {
    let of = |file: &FileResult| {
        let Written { created, updated, unchanged, .. } = file.written;
        [file.read, created, updated, unchanged, file.duplicate, file.invalid]
    };
    imported.files.iter().map(of).collect()
}

#[test]
fn a_second_import_changes_nothing_and_a_changed_tag_is_an_update() {
    let mut table = Table::default();
    let first = files(&[("faq.csv", "id,title,body,tags\n1,a,x,\n2,b,y,old\n,c,z,t\n2,b,y,old\n,c,z,t\n")]);
    assert_eq!(counts(&run(&first, &mut table, true).0), [[5, 3, 0, 0, 2, 0]]);
    let rows = table.rows.clone();
    table.written = Written::default();
    assert_eq!(counts(&run(&first, &mut table, true).0), [[5, 0, 0, 3, 2, 0]]);
    assert_eq!(table.rows, rows);
    table.written = Written::default();
    let second = files(&[("faq.csv", "id,title,body,tags\n1,a,x,\n2,b,y,new\n,c,z,other\n")]);
    assert_eq!(counts(&run(&second, &mut table, true).0), [[3, 0, 2, 1, 0, 0]]);
    assert_eq!((table.rows.len(), table.rows["2"].tags.as_str()), (3, "[\"new\"]"));
}

#[test]
fn records_are_counted_while_they_are_checked_and_known_from_then_on() {
    let checked = (Phase::Checking, None);
    let phases = |text: &str| run(&files(&[("faq.csv", text)]), &mut Table::default(), true).1.phases;
    let known = |phase| (phase, Some(2));
    assert_eq!(phases("title,body\na,x\nb,y\n"), [checked, known(Phase::Importing)]);
    assert_eq!(phases("title,body\na,x\na,x\n"), [checked, known(Phase::Comparing), known(Phase::Importing)]);
    assert_eq!(phases("title,body\na,x\na,\n"), [checked], "a strict import of what is wrong");
}

const BAD: &str = "título;respuesta;idioma\nbien;sí;es\n;no;es\n\"dos\nlíneas\";sí;es\nmal;no;???\n";

#[test]
fn strict_changes_nothing_and_lists_every_bad_record() {
    let mut table = Table::default();
    let sources = files(&[("a.csv", "title,body\na,b\n"), ("b.csv", BAD), ("c.json", "[{\"title\": \"x\"}")]);
    let (imported, notes) = run(&sources, &mut table, true);
    assert!(imported.refused && table.rows.is_empty() && table.checkpoint.is_none());
    let expected = [
        ("b.csv", 3, 2, "título", Code::Missing),
        ("b.csv", 6, 4, "idioma", Code::Language),
        ("c.json", 1, 1, "body", Code::Missing),
        ("c.json", 1, 2, "", Code::Syntax),
    ];
    let expected =
        expected.map(|(file, line, record, column, code)| (file.to_owned(), line, record, column.to_owned(), code));
    assert_eq!(notes.problems, expected);
}

#[test]
fn lenient_imports_the_others_and_goes_on_with_the_next_file() {
    let mut table = Table::default();
    let sources =
        files(&[("b.csv", BAD), ("c.xml", "<!DOCTYPE x>"), ("d.jsonl", "{\"title\":\"d\",\"body\":\"e\"}\n{")]);
    let (imported, notes) = run(&sources, &mut table, false);
    assert!(!imported.refused);
    assert_eq!(counts(&imported), [[4, 2, 0, 0, 0, 2], [0; 6], [2, 1, 0, 0, 0, 1]]);
    assert_eq!(imported.files.iter().map(|file| file.broken.is_some()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!((table.rows.len(), notes.problems.len()), (3, 4));
    assert_eq!(imported.files[0].delimiter, Some(';'));
}

#[test]
fn duplicates_are_found_across_files() {
    let mut table = Table::default();
    let sources =
        files(&[("a.csv", "id,title,body\n1,a,b\n"), ("b.jsonl", "{\"id\":1,\"title\":\"a\",\"body\":\"b\"}")]);
    assert_eq!(counts(&run(&sources, &mut table, true).0), [[1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 1, 0]]);
    assert_eq!(table.rows["1"].title, "a");
}

#[test]
fn a_killed_import_is_resumed_to_the_same_rows_and_counts() {
    let row = |index: usize| {
        format!("{},title {},body,{}\n", index % 40, index % 40 % 7, if index == 33 { "?" } else { "es" })
    };
    let table_of = |from, to| (from..to).map(row).collect::<String>();
    let header = "id,title,body,lang\n";
    let sources = files(&[
        ("a.csv", &format!("{header}{}", table_of(0, 25))),
        ("b.csv", header),
        ("c.csv", &format!("{header}{}", table_of(20, 60))),
        ("d.csv", &format!("{header}{}", table_of(58, 70))),
    ]);
    let mut undisturbed = Table { commit_every: 7, ..Table::default() };
    let (expected, _) = run(&sources, &mut undisturbed, false);
    let mut resumed_runs = 0;
    for commits in 0..20 {
        let mut killed = Table { commit_every: 7, commits_left: Some(commits), ..Table::default() };
        let options = Options::default();
        if import(&sources, &mut killed, &mut Notes::default(), &options).is_ok() {
            continue;
        }
        let resume = killed.checkpoint.as_deref().map(|text| serde_json::from_str(text).expect("it is a checkpoint"));
        let mut table = Table { rows: killed.rows, commit_every: 7, ..Table::default() };
        let options = Options { resume, ..options };
        let imported = import(&sources, &mut table, &mut Notes::default(), &options).expect("it ends");
        assert_eq!(table.rows, undisturbed.rows, "after {commits} commits");
        assert_eq!(counts(&imported), counts(&expected), "after {commits} commits");
        resumed_runs += 1;
    }
    assert!(resumed_runs > 5, "only {resumed_runs} runs were killed");
}

#[test]
fn a_strict_import_does_not_write_what_it_did_not_check() {
    let sources = files(&[("a.csv", "title,body\na,b\n")]);
    sources.contents[0].borrow_mut().push(b"title,body\na,b\n,c\n".to_vec());
    let options = Options { strict: true, ..Options::default() };
    let error = import(&sources, &mut Table::default(), &mut Notes::default(), &options).expect_err("it changed");
    assert_eq!((error.code(), error.message.as_str()), (ErrorCode::Invalid, "`a.csv` changed while it was imported"));
}

#[test]
fn a_checkpoint_of_other_files_is_refused() {
    let resume = Some(Checkpoint { file: "gone.csv".to_owned(), items: 3, ..Checkpoint::default() });
    let options = Options { resume, ..Options::default() };
    let sources = files(&[("a.csv", "title,body\na,b\n")]);
    let error = import(&sources, &mut Table::default(), &mut Notes::default(), &options).expect_err("it is refused");
    assert!(error.message.contains("`gone.csv`"), "{}", error.message);
}

#[test]
fn a_cancelled_import_ends_between_records_and_keeps_its_checkpoint() {
    let rows: String = (0..5_000).map(|index| format!("{index},t,b\n")).collect();
    let sources = files(&[("a.csv", &format!("id,title,body\n{rows}"))]);
    let mut table = Table { commit_every: 300, ..Table::default() };
    let mut notes = Notes { cancel_after: Some(2_000), ..Notes::default() };
    let error = import(&sources, &mut table, &mut notes, &Options::default()).expect_err("it is cancelled");
    assert_eq!((error.code(), table.rows.len()), (ErrorCode::Cancelled, 1_800));
    let checkpoint: Checkpoint = serde_json::from_str(&table.checkpoint.expect("it committed")).expect("it is one");
    assert_eq!((checkpoint.items, checkpoint.written.created), (1_800, 1_800));
}

#[test]
fn data_the_covid_faq_has_213_records_of_which_3_are_duplicates() {
    let Some(data) = crate::test_data::folder() else { return };
    let text = std::fs::read_to_string(data.join("knowledge/covid_faq_en.csv")).expect("it can be read");
    let sources = files(&[("covid_faq_en.csv", &text)]);
    let mut table = Table::default();
    let (imported, _) = run(&sources, &mut table, true);
    assert_eq!(counts(&imported), [[213, 210, 0, 0, 3, 0]]);
    assert_eq!(
        imported.files[0].warnings,
        ["columns that are not read: `answer_html`, `link`, `name`, `country`, `region`, `city`, `last_update`"]
    );
    table.written = Written::default();
    assert_eq!(counts(&run(&sources, &mut table, true).0), [[213, 0, 0, 210, 3, 0]]);
}
