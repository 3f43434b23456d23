//! `validate_system` over planted faults: all are found, none is invented, and a look changes nothing.

mod deadline;
mod mending;
mod plants;

use std::collections::BTreeSet;
use std::fs;

use rusqlite::Connection;
use serde_json::Value;
use support::{Output, TestHost, platform_state, rows, settle, tenant_database};

use mending::MENDABLE;
use plants::{Plant, WELL, plants};

/// SHA-256 of `text`, and one of nothing here.
const TEXT: &str = "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1";
const OTHER: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An issue, the relation and the key of one of its faults.
type Fault = (String, String, String);

/// A tenant with everything in it that a plain installation has, and more; all of it is well.
fn host() -> TestHost {
    let host = TestHost::new();
    let _ = host.run(["init_system"]).exits(0);
    host.file("faq.csv", "id,title,body,language,tags\nfaq-101,¿Cómo?,Así,es,a;b\n,Sin id,Texto,es,\n");
    let _ = host.run(["import_knowledge", "--file=faq.csv"]).exits(0);
    plant(&host, WELL);
    plant(&host, &format!("UPDATE files SET sha256 = '{TEXT}'"));
    host.file("encargo-data/media/1/well.txt", "text");
    host
}

/// Runs SQL in the tenant's file, past its references and rules, as data from elsewhere comes.
#[track_caller]
fn plant(host: &TestHost, sql: &str) {
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file can be opened");
    let sql = sql.replace("{sha}", OTHER).replace("{text}", TEXT);
    let sql = format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {sql}");
    database.execute_batch(&sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// What a run found, each fault by itself.
fn faults(output: &Output) -> BTreeSet<Fault> {
    let summary = output.summary();
    let details: Value = match &summary["details"] {
        Value::String(text) => serde_json::from_str(text).expect("details are JSON"),
        details => details.clone(),
    };
    assert_eq!(details["crashes"], Value::Array(Vec::new()), "{details}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let issues = details["issues"].as_array().expect("a list of issues").iter();
    let places = |issue: &Value| -> Vec<Fault> {
        let sample = issue["sample"].as_array().expect("a list of places");
        // What the host counts has one place for all.
        assert!(issue["n"].as_u64() >= Some(sample.len() as u64), "{issue}");
        sample.iter().map(|place| (text(&issue["issue"]), text(&place["relation"]), text(&place["id"]))).collect()
    };
    issues.flat_map(places).collect()
}

fn look(host: &TestHost, more: &[&str]) -> Output {
    host.run(["validate_system", "--json", "--contents", "--sample=1000"].iter().chain(more))
}

#[test]
fn a_plain_installation_has_no_problems() {
    let output = look(&host(), &["--fail-level=debug"]).exits(0);
    assert_eq!(faults(&output), BTreeSet::new());
}

#[test]
fn knowledge_in_another_version_of_its_format_has_no_problems() {
    let host = host();
    host.file("more.csv", "title,body\n  ¿Dónde   está? ,En la página de inicio de su cuenta\n");
    let _ = host.run(["import_knowledge", "--file=more.csv"]).exits(0);
    for version in ["2.1", "1.0", "2.0"] {
        let _ = host.run(["migrate_knowledge_base", &format!("--version={version}")]).exits(0);
        let output = look(&host, &["--fail-level=debug"]).exits(0);
        assert_eq!(faults(&output), BTreeSet::new(), "{version}");
    }
}

#[test]
fn every_planted_fault_is_found_and_none_is_invented() {
    let host = host();
    let mut planted = BTreeSet::new();
    for Plant { issue, relation, key, sql } in plants() {
        plant(&host, sql);
        planted.insert([issue, relation, key].map(str::to_owned).into());
    }
    for (name, content) in [
        ("unknown", "a"),
        ("short", "text"),
        ("other", "other"),
        ("orphan", "text"),
        ("unhashed", "text"),
        ("crossed", "text"),
        ("aÃ±o", "text"),
    ] {
        host.file(&format!("encargo-data/media/1/{name}.txt"), content);
    }
    host.file("encargo-data/commands/broken.wasm", "text");
    let _ = host.run(["commands", "revoke", "cleanup_old_data", "read:chats"]).exits(0);
    let engine = Connection::open(host.data().join("engine.db")).expect("the store can be opened");
    let grant = "INSERT INTO grants (command, permission, granted, changed_at) VALUES ('gone', 'read:chats', 1, 1)";
    engine.execute(grant, []).expect("a grant can be planted");
    for (issue, subject) in
        [("commands.E001", "broken.wasm"), ("commands.W002", "gone"), ("commands.I003", "cleanup_old_data")]
    {
        planted.insert((issue.to_owned(), subject.to_owned(), String::new()));
    }
    // An item that is planted for something else is hashed as it should be.
    rehash(&host, "knowledge_items.id BETWEEN 202 AND 299");
    let found = faults(&look(&host, &[]).exits(4));
    let (missed, invented): (Vec<_>, Vec<_>) =
        (planted.difference(&found).collect(), found.difference(&planted).collect());
    let right = planted.intersection(&found).count();
    println!(
        "planted {}, found {}: recall {:.3}, precision {:.3}",
        planted.len(),
        found.len(),
        right as f64 / planted.len() as f64,
        right as f64 / found.len() as f64
    );
    assert!(missed.is_empty() && invented.is_empty(), "missed {missed:?}\ninvented {invented:?}");
    let planted: BTreeSet<_> = planted.into_iter().map(|(issue, ..)| issue).collect();
    let never: Vec<_> = looked_for(&host).into_iter().filter(|issue| !planted.contains(issue)).collect();
    assert_eq!(never, ["storage.C009"], "are planted by nobody here");
}

#[test]
fn faults_that_another_command_plants_by_a_key_are_found_and_no_others() {
    let host = TestHost::with_tenant();
    let made = ["create_test_data", "--tenant=demo", "--chats=60", "--messages=600"];
    for scenario in ["normal", "edge_cases"] {
        let _ = host.run(made.iter().copied().chain([format!("--scenario={scenario}").as_str()])).exits(0);
        assert_eq!(faults(&look(&host, &["--fail-level=debug"]).exits(0)), BTreeSet::new(), "{scenario}");
    }
    let _ = host.run(["create_test_data", "--tenant=demo", "--scenario=faults", "--answers=key.jsonl"]).exits(0);
    let key = fs::read_to_string(host.folder().join("key.jsonl")).expect("there is a key");
    let answers = key.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let text = |answer: &Value, of: &str| answer[of].as_str().expect("a text").to_owned();
    let planted: BTreeSet<Fault> = answers
        .filter(|answer| answer["command"] == "validate_system")
        .map(|answer| ["issue", "relation", "id"].map(|of| text(&answer, of)).into())
        .collect();
    assert!(planted.len() > 100, "{planted:?}");
    let found = faults(&look(&host, &[]).exits(4));
    let missed: Vec<_> = planted.difference(&found).collect();
    let invented: Vec<_> = found.difference(&planted).collect();
    println!("planted by a key {}, found {}", planted.len(), found.len());
    assert!(missed.is_empty() && invented.is_empty(), "missed {missed:?}\ninvented {invented:?}");
}

/// Every issue that there is, as the report for machines lists them.
fn looked_for(host: &TestHost) -> BTreeSet<String> {
    let _ = host.run(["validate_system", "--output=all.xml", "--overwrite"]).exits(4);
    let xml = fs::read_to_string(host.folder().join("all.xml")).expect("it is written");
    let names = xml.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next());
    names.filter(|name| name.contains('.')).map(str::to_owned).collect()
}

/// Gives items the content hash of what they say.
fn rehash(host: &TestHost, which: &str) {
    use encargo_sdk::knowledge::{Absent, Hasher, Item};
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("the file can be opened");
    let sql = format!("SELECT id, title, body, language, tags, source FROM knowledge_items WHERE {which}");
    let mut statement = database.prepare(&sql).expect("the items can be read");
    let row = |row: &rusqlite::Row<'_>| {
        let texts: rusqlite::Result<Vec<String>> = (1..6).map(|column| row.get(column)).collect();
        Ok((row.get::<_, i64>(0)?, texts?))
    };
    let items: Vec<_> = statement.query_map([], row).expect("rows").map(|row| row.expect("a row")).collect();
    for (id, texts) in items {
        let [title, body, language, tags, source] = &texts[..] else { panic!("five texts") };
        let item = Item { external_id: "x", title, body, language, tags, source, absent: Absent::default() };
        let (mut hasher, sql) = (Hasher::default(), "UPDATE knowledge_items SET content_hash = ?2 WHERE id = ?1");
        database.execute(sql, (id, hasher.identity(&item).content_hash)).expect("an item can be hashed");
    }
}

/// Whether a run left every byte as it was.
#[track_caller]
fn changes_nothing(host: &TestHost, exit: i32, arguments: &[&str]) {
    settle(&host.data());
    let before = platform_state(&host.data());
    let _ = host.run(arguments).exits(exit);
    assert_eq!(platform_state(&host.data()), before, "{arguments:?}");
}

#[test]
fn a_look_changes_no_byte_whatever_it_may_and_needs_no_permission_to_write() {
    let host = host();
    plants().iter().for_each(|fault| plant(&host, fault.sql));
    changes_nothing(&host, 4, &["validate_system", "--contents"]);
    let shown = host.run(["commands", "show", "validate_system", "--json"]).exits(0);
    let writing = shown.stdout.split('"').filter(|text| is_writing(text)).map(str::to_owned).collect::<BTreeSet<_>>();
    assert!(writing.contains("update:chats") && writing.contains("insert:journals"), "{writing:?}");
    for permission in &writing {
        let _ = host.run(["commands", "revoke", "validate_system", permission]).exits(0);
    }
    changes_nothing(&host, 4, &["validate_system", "--contents"]);
}

fn is_writing(text: &str) -> bool {
    ["insert:", "update:", "delete:"].iter().any(|verb| text.starts_with(verb))
}

#[test]
fn a_check_that_crashes_is_told_as_crashed_and_the_others_go_on() {
    let host = host();
    plant(&host, "INSERT INTO settings (name, value, updated_at) VALUES ('bare', 'dark', 1)");
    plant(&host, "ALTER TABLE logs RENAME COLUMN context TO renamed");
    let output = host.run(["validate_system", "--json", "--module=logs,settings", "--fail-level=critical"]).exits(4);
    let details = &output.summary()["details"];
    assert_eq!(details["crashes"][0]["module"], "logs", "{details}");
    assert_eq!(details["issues"][0]["issue"], "settings.E001", "{details}");
}

#[test]
fn reports_for_machines_can_be_read_by_their_parsers() {
    let host = host();
    plant(&host, MENDABLE);
    plant(&host, "INSERT INTO settings (name, value, updated_at) VALUES ('<a & \"b\">', 'dark', 1)");
    let silence = r#"[{"issue": "knowledge.E001", "reason": "known <since> & forever", "until": "2999-01-01"}]"#;
    plant(&host, &format!("INSERT INTO settings VALUES (1, 'validate_system.silences', '{silence}', 1)"));
    for file in ["report.xml", "report.sarif", "report.json", "report.txt"] {
        let _ = host.run(["validate_system", &format!("--output={file}")]).exits(4);
    }
    let read = |name: &str| fs::read_to_string(host.folder().join(name)).expect("it is written");

    let xml = read("report.xml");
    let mut reader = quick_xml::Reader::from_str(&xml);
    reader.config_mut().check_end_names = true;
    let (mut cases, mut outcomes) = (0, Vec::new());
    loop {
        match reader.read_event().expect("the XML is well-formed") {
            quick_xml::events::Event::Eof => break,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let name = tag.name();
                let name: &str = name.as_ref();
                let name = name.to_owned();
                tag.attributes().for_each(|attribute| drop(attribute.expect("an attribute is whole")));
                match name.as_str() {
                    "testcase" => cases += 1,
                    "failure" | "skipped" | "error" => outcomes.push(name),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let of = |outcome: &str| outcomes.iter().filter(|name| *name == outcome).count();
    // The item is silenced, and contents were not compared.
    assert!(cases > 60 && of("skipped") == 2 && of("failure") == 2 && of("error") == 0, "{cases} {outcomes:?}");

    let sarif: Value = serde_json::from_str(&read("report.sarif")).expect("SARIF is JSON");
    assert_eq!((sarif["version"].as_str(), sarif["runs"].as_array().map(Vec::len)), (Some("2.1.0"), Some(1)));
    let run = &sarif["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 6);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["note", "warning", "error"].iter().any(|level| result["level"] == **level), "{result}");
        assert!(!result["message"]["text"].as_str().unwrap_or_default().is_empty(), "{result}");
        assert!(!result["locations"].as_array().expect("locations").is_empty(), "{result}");
        assert_eq!(
            result["suppressions"].as_array().map(Vec::len),
            Some(usize::from(result["ruleId"] == "knowledge.E001"))
        );
    }
    let json: Value = serde_json::from_str(&read("report.json")).expect("JSON is JSON");
    assert_eq!(json["issues"].as_array().map(Vec::len), Some(6));
    assert!(read("report.txt").contains("\nchats.E005 error demo\n"));
}

#[test]
fn the_commands_are_looked_at_unless_tenants_were_chosen_and_then_that_is_told() {
    let host = host();
    host.file("encargo-data/commands/broken.wasm", "text");
    let _ = host.run(["validate_system"]).exits(4);
    let chosen = host.run(["validate_system", "--json", "--tenant=demo"]).exits(0);
    assert!(
        chosen.notes().iter().any(|note| note.starts_with("the commands belong to no tenant")),
        "{:?}",
        chosen.notes()
    );
    let modules = chosen.summary()["details"]["modules"].as_array().expect("a list").clone();
    assert!(!modules.contains(&"commands".into()) && modules.len() == 9, "{modules:?}");
    let _ = host.run(["validate_system", "--tenant=demo", "--module=commands"]).exits(4);
}

#[test]
fn a_silence_counts_until_its_day_and_then_it_is_told_as_over() {
    let host = host();
    plant(&host, MENDABLE);
    let silence = |until: &str| {
        let silence = format!(r#"[{{"issue": "chats.E005", "reason": "known", "until": "{until}"}}]"#);
        plant(
            &host,
            &format!("INSERT OR REPLACE INTO settings VALUES (1, 'validate_system.silences', '{silence}', 1)"),
        );
    };
    silence("2999-01-01");
    let held = host.run(["validate_system", "--json", "--module=chats"]).exits(0);
    assert_eq!((held.count("problems", "kept"), held.count("problems", "failed")), (1, 0));
    silence("2020-01-01");
    let over = host.run(["validate_system", "--json", "--module=chats"]).exits(4);
    assert!(over.notes().iter().any(|note| note.contains("ended at 2020-01-02")), "{:?}", over.notes());
    host.file("encargo.toml", "[commands.validate_system]\nsilences = [\"chats.E005 2999-01-01\"]\n");
    let refused = host.run(["validate_system", "--module=chats"]).exits(2);
    assert!(refused.error().contains("it has no reason"), "{}", refused.stderr);
}

#[test]
fn a_tenant_that_cannot_be_opened_is_a_problem_and_the_others_are_looked_at() {
    let host = host();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    settle(&host.data());
    fs::remove_file(tenant_database(&host.data(), "demo")).expect("a file can be removed");
    let output = look(&host, &[]).exits(4);
    let details = &output.summary()["details"];
    assert_eq!(
        (&details["issues"][0]["issue"], details["tenants"].as_array().map(Vec::len)),
        (&"storage.C009".into(), Some(2))
    );
}

#[test]
fn a_damaged_file_is_never_called_well() {
    let host = host();
    settle(&host.data());
    let path = tenant_database(&host.data(), "demo");
    let mut bytes = fs::read(&path).expect("a file can be read");
    // The first page of an index or a relation, whichever came last: behind it may be pages of the schema, without which
    // nothing can be opened at all.
    let last: usize = rows(&path, "SELECT max(rootpage) FROM sqlite_schema")[0].parse().expect("a page has a number");
    bytes[(last - 1) * 16_384..last * 16_384 - 8_192].fill(0xa5);
    fs::write(&path, bytes).expect("a file can be written");
    let output = host.run(["validate_system", "--json", "--fail-level=critical"]).exits(4);
    let details = &output.summary()["details"];
    let issues = details["issues"].as_array().expect("a list");
    assert!(issues.iter().any(|issue| issue["issue"] == "storage.C001"), "{details}");
}
