//! Real inputs, where they are: `$ENCARGO_TEST_DATA`, else `../shared/data`.

use std::path::PathBuf;

use serde_json::Value;
use support::{TestHost, real_data, skip};

/// One of the inputs; its absence counts as a skip.
fn input(name: &str) -> Option<PathBuf> {
    let found = real_data().map(|folder| folder.join(name)).filter(|path| path.is_file());
    if found.is_none() {
        skip("the larger real inputs are not here: set ENCARGO_TEST_DATA to their folder");
    }
    found
}

#[test]
fn questions_about_covid_are_imported_once() {
    let Some(file) = input("knowledge/covid_faq_en.csv") else { return };
    let host = TestHost::with_tenant();
    let import = || host.run(["import_knowledge", "--json", "--file", &file.display().to_string()]).exits(0);
    let counts = |actions: [&str; 4]| {
        let output = import();
        actions.map(|action| output.count("knowledge_items", action))
    };
    let actions = ["read", "created", "unchanged", "duplicate"];
    assert_eq!(counts(actions), [213, 210, 0, 3]);
    assert_eq!(counts(actions), [213, 0, 210, 3]);
}

#[test]
fn one_bad_row_keeps_a_real_file_out_and_lenient_takes_the_rest() {
    let Some(file) = input("knowledge/covid_faq_en.csv") else { return };
    let host = TestHost::with_tenant();
    let mut text = std::fs::read_to_string(&file).expect("the input is UTF-8");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let line = text.lines().count() + 1;
    let columns = text.lines().next().expect("the input has a header").split(',').count();
    let bad = host.file("bad.csv", text + &",".repeat(columns - 1).replacen(',', "x,", 1) + "\n");
    let import = |level: &str| {
        let file = bad.display().to_string();
        host.run(["import_knowledge", "--json", "--errors=errors.csv", "--file", &file, "--validation-level", level])
    };
    let strict = import("strict").exits(1);
    assert_eq!(strict.count("knowledge_items", "created"), 0);
    let errors = std::fs::read_to_string(host.folder().join("errors.csv")).expect("the errors are listed");
    assert!(errors.lines().nth(1).is_some_and(|row| row.starts_with(&format!("bad.csv,{line},"))), "{errors}");
    assert_eq!(import("lenient").exits(3).count("knowledge_items", "created"), 210);
}

#[test]
fn questions_of_squad_and_a_page_of_mediawiki_are_imported_once() {
    for (name, items) in [("knowledge/mediawiki_pear.xml", 1), ("knowledge/xquad_es.json", 1_190)] {
        let Some(file) = input(name) else { return };
        let host = TestHost::with_tenant();
        let import = || host.run(["import_knowledge", "--json", "--file", &file.display().to_string()]).exits(0);
        let (first, again) = (import(), import());
        let counts = ["read", "created", "unchanged"].map(|action| first.count("knowledge_items", action));
        assert_eq!(counts, [items, items, 0], "{name}");
        assert_eq!(again.count("knowledge_items", "unchanged"), items, "{name}");
    }
}

#[test]
fn a_cut_file_of_another_system_changes_nothing_and_is_refused_with_the_place() {
    for name in ["knowledge/mediawiki_pear.xml", "knowledge/xquad_es.json"] {
        let Some(file) = input(name) else { return };
        let host = TestHost::with_tenant();
        let text = std::fs::read(&file).expect("the input can be read");
        let end = if name.ends_with("json") { "cut.json" } else { "cut.xml" };
        let cut = host.file(end, &text[..text.len() * 2 / 3]);
        let output = host.run(["import_knowledge", "--json", "--file", &cut.display().to_string()]).exits(1);
        assert_eq!(output.count("knowledge_items", "created"), 0, "{name}");
        let place = format!("{end}:");
        let named = |line: &Value| line["message"].as_str().is_some_and(|message| message.starts_with(&place));
        assert!(output.json_lines().iter().any(named), "{name}: {}", output.stdout);
    }
}

#[test]
fn what_a_real_file_lacks_is_deleted_after_a_yes_alone() {
    let Some(file) = input("knowledge/xquad_es.json") else { return };
    let host = TestHost::with_tenant();
    let one = host.file("one.csv", "id,title,body\n1,a,b\n").display().to_string();
    let _ = host.run(["import_knowledge", "--file", &file.display().to_string()]).exits(0);
    let import = |more: &[&str]| {
        let line = ["import_knowledge", "--json", "--delete-missing", "--file", &one];
        host.run(line.iter().chain(more).copied().collect::<Vec<_>>())
    };
    assert_eq!(import(&[]).exits(13).count("knowledge_items", "created"), 0);
    let output = import(&["--yes"]).exits(0);
    assert_eq!(["created", "deleted"].map(|action| output.count("knowledge_items", action)), [1, 1_190]);
}
