//! What becomes of known, new and missing items.

use super::*;

const KNOWN: &str = "id,title,body,tags\n1,a,x,old\n2,b,y,old\n3,c,z,old\n";

/// A table with three items, and what an import with these options makes of it.
fn imported(text: &str, options: &Options) -> (Table, Imported, Notes) {
    let mut table = Table::default();
    let _ = run(&files(&[("a.csv", KNOWN)]), &mut table, true);
    table.written = Written::default();
    let mut notes = Notes::default();
    let imported = import(&files(&[("b.csv", text)]), &mut table, &mut notes, options).expect("it ends by itself");
    (table, imported, notes)
}

fn told(table: &Table) -> Vec<String> {
    table.rows.iter().map(|(id, row)| format!("{id} {} {}", row.body, row.tags)).collect()
}

#[test]
fn a_mode_says_what_becomes_of_known_and_new_items() {
    let text = "id,title,body\n2,b,new\n4,d,new\n";
    let old = |body: &str, id: u8| format!("{id} {body} [\"old\"]");
    for (mode, second, fourth, skipped) in [
        (Mode::Upsert, old("new", 2), Some("4 new []"), 0),
        (Mode::Update, old("new", 2), None, 1),
        (Mode::Replace, "2 new []".to_owned(), Some("4 new []"), 0),
    ] {
        let (table, imported, _) = imported(text, &Options { strict: true, mode, ..Options::default() });
        let mut expected = vec![old("x", 1), second, old("z", 3)];
        expected.extend(fourth.map(str::to_owned));
        assert_eq!((told(&table), imported.files[0].written.skipped), (expected, skipped), "{mode:?}");
    }
}

#[test]
fn what_no_file_has_is_deleted_when_that_is_asked_for_and_everything_was_read() {
    let options = Options { strict: true, delete_missing: true, ..Options::default() };
    let (table, done, notes) = imported("id,title,body\n2,b,y\n4,d,new\n", &options);
    assert_eq!(table.rows.keys().collect::<Vec<_>>(), ["2", "4"]);
    assert_eq!((done.deleted, notes.asked), (Some(2), Some((2, 3))));
    let lenient = Options { strict: false, ..options };
    let (table, kept, notes) = imported("id,title,body\n2,b,y\n3,,\n", &lenient);
    assert_eq!((table.rows.len(), kept.deleted, notes.asked), (3, None, None));
}

#[test]
fn files_without_an_item_delete_nothing() {
    let mut table = Table::default();
    let _ = run(&files(&[("a.csv", KNOWN)]), &mut table, true);
    let options = Options { strict: true, delete_missing: true, ..Options::default() };
    let refused = import(&files(&[("b.csv", "id,title,body\n")]), &mut table, &mut Notes::default(), &options);
    assert!(refused.is_err_and(|error| error.message.contains("would delete all 3")));
    assert_eq!(table.rows.len(), 3);
}

#[test]
fn more_wrong_records_than_are_allowed_change_nothing() {
    for (most, text, refused) in [
        (MostErrors::Number(1), "id,title,body\n2,b,new\n3,,\n", false),
        (MostErrors::Number(0), "id,title,body\n2,b,new\n3,,\n", true),
        (MostErrors::Percent(40.0), "id,title,body\n2,b,new\n3,,\n", true),
        (MostErrors::Number(9), "id,title,body\n2,b,\"new", false),
    ] {
        let options = Options { most_errors: Some(most), ..Options::default() };
        let (table, imported, _) = imported(text, &options);
        assert_eq!(imported.refused, refused, "{most:?}");
        assert!(!refused || table.rows["2"].body == "y");
    }
    let cut = files(&[("b.json", "[{\"title\":\"a\",\"body\":\"b\"},")]);
    let options = Options { most_errors: Some(MostErrors::Number(9)), ..Options::default() };
    let imported = import(&cut, &mut Table::default(), &mut Notes::default(), &options).expect("it ends by itself");
    assert!(imported.refused, "nobody knows how many records a cut file lacks");
}
