//! A consumer of incremental exports: it applies files in the order of their names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;
use support::TestHost;

/// By type and key, the records.
pub(super) type Records = BTreeMap<(String, String), Value>;

/// What each type is known by in its records.
const KEYS: [(&str, &str); 6] = [
    ("agents", "slug"),
    ("chats", "id"),
    ("documents", "id"),
    ("feedback", "id"),
    ("knowledge", "external_id"),
    ("settings", "name"),
];

/// What a consumer has that applied all files of a folder: of each run first what was deleted.
pub(super) fn replayed(folder: &Path) -> Records {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it has a name").path());
    let mut files: Vec<_> = entries
        .filter_map(|path| {
            let name = path.file_name()?.to_string_lossy().into_owned();
            let name = name.strip_suffix(".jsonl")?;
            let (type_, rest) = name.split_once('.').unwrap_or((name, ""));
            let stamp = rest.strip_suffix(".deleted").unwrap_or(rest).to_owned();
            Some((stamp, stamp_of(rest), type_.to_owned(), path))
        })
        .collect();
    files.sort();
    let mut records = Records::new();
    for (_, is_records, type_, path) in files {
        let text = fs::read_to_string(&path).expect("it can be read");
        for line in text.lines() {
            let record: Value = serde_json::from_str(line).expect("it is JSON");
            if is_records {
                let key = KEYS.iter().find(|(of, _)| *of == type_).expect("it is a type").1;
                records.insert((type_.clone(), word(&record[key])), record);
            } else {
                remove(&mut records, &type_, &record);
            }
        }
    }
    records
}

/// Whether a name is that of records, which are applied behind what was deleted.
fn stamp_of(rest: &str) -> bool {
    !rest.ends_with(".deleted")
}

fn remove(records: &mut Records, type_: &str, deletion: &Value) {
    if deletion["relation"] == "messages" {
        for record in records.values_mut() {
            if let Some(messages) = record.get_mut("messages").and_then(Value::as_array_mut) {
                messages.retain(|message| message["id"] != deletion["id"]);
            }
        }
        return;
    }
    let by = if ["agents", "settings", "knowledge"].contains(&type_) { "external_id" } else { "id" };
    records.remove(&(type_.to_owned(), word(&deletion[by])));
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Asserts that a consumer of all exports has what is there.
#[track_caller]
pub(super) fn is_present(host: &TestHost, what: &str) {
    let (replayed, present) = (replayed(&host.folder().join("changes")), present(host));
    let differ = |a: &Records, b: &Records| -> Vec<String> {
        a.iter()
            .filter(|(key, record)| b.get(*key) != Some(*record))
            .map(|(key, record)| format!("{key:?} {record}"))
            .collect()
    };
    let (wrong, missing) = (differ(&replayed, &present), differ(&present, &replayed));
    assert!(wrong.is_empty() && missing.is_empty(), "{what}: wrong\n{wrong:#?}\nmissing\n{missing:#?}");
}

/// What is there, as a whole export has it.
fn present(host: &TestHost) -> Records {
    let folder = host.folder().join("whole");
    let _ = fs::remove_dir_all(&folder);
    let line = ["export_data", "--tenant=demo", "--format=jsonl", "--output=whole", "--quiet"];
    let _ = host.run(line).exits(0);
    replayed(&folder)
}

/// The records of a text, without what stands around and between them.
pub(super) fn texts_of_records(text: &str, format: &str) -> Vec<String> {
    match format {
        "json" => {
            let records: Vec<Value> = serde_json::from_str(text).expect("it is an array");
            records.iter().map(Value::to_string).collect()
        }
        "jsonl" => text.lines().map(str::to_owned).collect(),
        "csv" => {
            let (header, rows) = text.split_once("\r\n").expect("it has a header");
            assert!(header.starts_with("id,"), "{header}");
            rows.split_terminator("\r\n").map(str::to_owned).collect()
        }
        _ => {
            let mut reader = quick_xml::Reader::from_str(text);
            while reader.read_event().expect("it is XML") != quick_xml::events::Event::Eof {}
            let inner = text.split_once("<documents>\n").expect("it has a root").1.strip_suffix("</documents>\n");
            let items = inner.expect("its root ends").split_terminator("  </document>\n");
            items.map(str::to_owned).collect()
        }
    }
}
