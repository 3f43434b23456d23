//! How customers feel: the accuracy card is what the compiled command finds, kills lose nothing, and odd rows harm nobody.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use rusqlite::{Connection, params};
use support::{TestHost, checkout, killed_and_run_again, rows, settle, tenant_database};

const LABELS: [&str; 3] = ["negative", "neutral", "positive"];

fn open(host: &TestHost, slug: &str) -> Connection {
    Connection::open(tenant_database(&host.data(), slug)).expect("the file opens")
}

/// Adds a chat with messages of its customer, whose ids follow each other from the chat's on.
fn chat<'a>(host: &TestHost, id: i64, messages: impl Iterator<Item = &'a str>) {
    let mut database = open(host, "demo");
    let transaction = database.transaction().expect("a transaction begins");
    transaction
        .execute("INSERT INTO chats (id, created_at, updated_at) VALUES (?1, 5, 5)", [id])
        .expect("a chat can be made");
    for (place, body) in messages.enumerate() {
        let sql = "INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (?1, ?2, 'user', ?3, 5)";
        transaction.execute(sql, params![id + place as i64, id, body]).expect("a message can be made");
    }
    transaction.commit().expect("they are there");
    drop(database);
    settle(&host.data());
}

fn analyse(host: &TestHost) {
    let _ = host.run(["analyze_sentiment", "--tenant=demo"]).exits(0);
}

#[test]
fn the_accuracy_card_says_what_the_command_finds() {
    let folder = checkout().join("guest-commands/analyze_sentiment");
    let card = fs::read_to_string(folder.join("model/CARD.md")).expect("there is a card");
    let host = TestHost::with_tenant();
    let mut truths = BTreeMap::new();
    let sets = ["chats_es", "chats_en", "sentimp_es", "sentimp_en", "goemotions_en"];
    for (place, set) in sets.into_iter().enumerate() {
        let text = fs::read_to_string(folder.join(format!("evaluation/{set}.tsv"))).expect("the set is there");
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let split: Vec<_> = lines.map(|line| line.split_once('\t').expect("a label and a text")).collect();
        let id = (place as i64 + 1) * 10_000;
        for (at, (label, _)) in split.iter().enumerate() {
            truths.insert(id + at as i64, (set, label.parse::<usize>().expect("a label")));
        }
        chat(&host, id, split.iter().map(|(_, text)| *text));
    }
    analyse(&host);
    let found = rows(&tenant_database(&host.data(), "demo"), "SELECT message_id || ' ' || label FROM sentiments");
    assert_eq!(found.len(), truths.len());
    let mut counts = BTreeMap::<(&str, usize), BTreeMap<String, usize>>::new();
    for row in &found {
        let row = row.trim_matches(|c: char| !c.is_alphanumeric());
        let (id, label) = row.split_once(' ').expect("an id and a label");
        let truth = truths[&id.parse().expect("an id")];
        *counts.entry(truth).or_default().entry(label.to_owned()).or_default() += 1;
    }
    for ((set, truth), of) in counts {
        let mut line = format!("| {set} | {} |", LABELS[truth]);
        for label in LABELS.iter().chain(&["unknown"]) {
            write!(line, " {} |", of.get(*label).unwrap_or(&0)).expect("a text takes everything");
        }
        assert!(card.contains(&line), "the card does not say `{line}`: `scripts/sentiment/evaluate` writes it");
    }
}

#[test]
fn kills_at_any_moment_lose_nothing_and_judge_nothing_twice() {
    let template = TestHost::with_tenant();
    let bodies = [
        "No funciona nada",
        "Muchas gracias, genial",
        "When does the shop open?",
        "Das ist leider kaputt",
        "http://a.b",
    ];
    chat(&template, 1, bodies.into_iter().cycle().take(3_000));
    let content = |host: &TestHost| {
        let sql = "SELECT message_id || label || score || confidence || model FROM sentiments ORDER BY message_id";
        rows(&tenant_database(&host.data(), "demo"), sql)
    };
    let line = ["analyze_sentiment", "--tenant=demo", "--batch-size=50"];
    killed_and_run_again(&template, &line, 12, content, |_, _| {});
}

#[test]
fn odd_messages_are_judged_like_any_other_and_a_second_run_changes_nothing() {
    let host = TestHost::with_tenant();
    let long = "no me gusta ".repeat(90_000);
    let odd = ["", "\u{202E}الطلب لم يصل", "😡😡😡", "a\u{0}b gracias", "{{}} %s '); DROP TABLE messages; --", &long];
    chat(&host, 1, odd.into_iter());
    analyse(&host);
    let database = tenant_database(&host.data(), "demo");
    let labels = rows(&database, "SELECT label FROM sentiments ORDER BY message_id");
    assert_eq!(labels.len(), odd.len());
    assert!(labels[0].contains("unknown") && labels[1].contains("unknown"), "{labels:?}");
    assert!(labels[2].contains("negative") && labels[5].contains("negative"), "{labels:?}");
    let all = || rows(&database, "SELECT id || label || score || created_at FROM sentiments ORDER BY id");
    let before = all();
    for words in [&["analyze_sentiment"][..], &["analyze_sentiment", "--reanalyze", "--explain"]] {
        let _ = host.run(words).exits(0);
        assert_eq!(all(), before, "{words:?}");
    }
}

#[test]
fn an_agent_that_one_tenant_has_is_found_and_one_that_none_has_is_not() {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--quiet", "--tenant=beta"]).exits(0);
    let agent = "INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (7, 'ventas-sur', 'Sur', 5, 5),
                 (8, 'twin-a', 'Twin', 5, 5), (9, 'twin-b', 'Twin', 5, 5)";
    open(&host, "beta").execute_batch(agent).expect("agents can be made");
    for word in ["ventas-sur", "Sur"] {
        let output = host.run(["analyze_sentiment", "--agent", word]).exits(0);
        assert!(output.stdout.contains("There is no agent") || output.stderr.contains("There is no agent"), "{word}");
        let _ = host.run(["analyze_sentiment", "--tenant=demo", "--agent", word]).exits(10);
    }
    let _ = host.run(["analyze_sentiment", "--agent=marta"]).exits(10);
    let output = host.run(["analyze_sentiment", "--tenant=beta", "--agent=Twin"]).exits(2);
    assert!(output.stderr.contains("`twin-a`, `twin-b`"), "{}", output.stderr);
}
