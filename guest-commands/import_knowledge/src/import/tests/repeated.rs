//! Records that come more than once, and columns that a file lacks.

use super::*;

fn told(notes: &Notes) -> Vec<(u64, u64, &str, Code)> {
    notes.problems.iter().map(|(_, line, record, column, code)| (*line, *record, column.as_str(), *code)).collect()
}

const REPEATED: &str = "id,question,answer\n7,uno,a\n8,dos,b\n7,uno cambiado,c\n";

#[test]
fn one_id_with_two_contents_is_refused_in_strict_and_each_place_is_told() {
    let mut table = Table::default();
    let (imported, notes) = run(&files(&[("a.csv", REPEATED)]), &mut table, true);
    assert!(imported.refused && table.rows.is_empty());
    assert_eq!(told(&notes), [(2, 1, "id", Code::Repeated), (4, 3, "id", Code::Repeated)]);
    assert_eq!(imported.files[0].invalid, 2);
}

#[test]
fn of_one_id_with_two_contents_the_last_stands_in_lenient_and_each_place_is_told() {
    let mut table = Table::default();
    for expected in [[3, 2, 0, 0, 0, 1], [3, 0, 0, 2, 0, 1]] {
        table.written = Written::default();
        let (imported, notes) = run(&files(&[("a.csv", REPEATED)]), &mut table, false);
        assert_eq!(counts(&imported), [expected]);
        assert_eq!(told(&notes).len(), 2);
        assert_eq!((table.rows["7"].title.as_str(), table.rows["8"].title.as_str()), ("uno cambiado", "dos"));
    }
}

#[test]
fn records_equal_but_for_tags_or_source_become_one_with_all_tags() {
    let mut table = Table::default();
    let sources = files(&[
        ("a.csv", "question,answer,tags,source\nq?,a,red,one\nq?,a,blue,two\nq?,a,red,one\n"),
        ("b.jsonl", "{\"title\":\"q?\",\"body\":\"a\",\"tags\":[\"green\"]}"),
    ]);
    for expected in [[[3, 1, 0, 0, 2, 0], [1, 0, 0, 0, 1, 0]], [[3, 0, 0, 1, 2, 0], [1, 0, 0, 0, 1, 0]]] {
        table.written = Written::default();
        let (imported, _) = run(&sources, &mut table, true);
        assert_eq!(counts(&imported), expected);
        assert_eq!(imported.files.iter().map(|file| file.united).collect::<Vec<_>>(), [1, 1]);
        let rows: Vec<_> = table.rows.values().map(|row| (row.tags.as_str(), row.source.as_str())).collect();
        assert_eq!(rows, [(r#"["red","blue","green"]"#, "one")]);
    }
}

#[test]
fn records_equal_but_for_case_are_two() {
    let mut table = Table::default();
    let (imported, _) = run(&files(&[("a.csv", "id,title,body\nA,x,y\na,x,y\n,x,y\n,X,y\n")]), &mut table, true);
    assert_eq!(counts(&imported), [[4, 4, 0, 0, 0, 0]]);
}

#[test]
fn what_a_file_has_no_column_for_stays_and_an_empty_cell_empties() {
    let mut table = Table::default();
    let mut import = |text: &str, name: &str| {
        table.written = Written::default();
        let (imported, _) = run(&files(&[(name, text)]), &mut table, true);
        let row = table.rows["1"].clone();
        ([row.title, row.body, row.language, row.tags, row.source], row.hash, counts(&imported)[0])
    };
    let (_, first, _) = import("id,question,answer,tags,source,lang\n1,uno,a,\"x;y\",web,es\n", "a.csv");
    let kept = |body: &str| ["uno", body, "es", "[\"x\",\"y\"]", "web"].map(str::to_owned);
    let (row, second, _) = import("id,question,answer\n1,uno,a corregida\n", "a.csv");
    assert_eq!(row, kept("a corregida"));
    assert_ne!(first, second);
    assert_eq!(import("id,question,answer\n1,uno,a corregida\n", "a.csv").2, [1, 0, 0, 1, 0, 0]);
    let (row, third, _) = import("{\"id\":1,\"title\":\"uno\",\"body\":\"a\",\"lang\":\"es\"}", "a.jsonl");
    assert_eq!((row, third), (kept("a"), first), "the hash is that of what is stored");
    let (row, ..) = import("id,question,answer,tags,lang\n1,uno,a,,\n", "a.csv");
    assert_eq!(row, ["uno", "a", "", "[]", "web"].map(str::to_owned));
    let (row, ..) = import("{\"id\":1,\"title\":\"uno\",\"body\":\"a\",\"source\":null}", "a.jsonl");
    assert_eq!(row[4], "", "null is a value");
}

#[test]
fn many_items_that_lack_a_column_are_completed_across_batches_and_resumed() {
    let mut table = Table { commit_every: 7, ..Table::default() };
    let full: String = (0..500).map(|id| format!("{id},t{id},b,tag{id},es\n")).collect();
    let _ = run(&files(&[("a.csv", &format!("id,title,body,tags,lang\n{full}"))]), &mut table, true);
    let part: String = (0..600).map(|id| format!("{id},t{id},changed\n")).collect();
    table.written = Written::default();
    let (imported, _) = run(&files(&[("a.csv", &format!("id,title,body\n{part}"))]), &mut table, true);
    assert_eq!(counts(&imported), [[600, 100, 500, 0, 0, 0]]);
    assert_eq!((table.rows["499"].tags.as_str(), table.rows["499"].language.as_str()), ("[\"tag499\"]", "es"));
    assert_eq!((table.rows["599"].tags.as_str(), table.rows["599"].body.as_str()), ("[]", "changed"));
}
