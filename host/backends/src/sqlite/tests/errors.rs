//! What a command is told when its statement fails.

use encargo_model::{ErrorCode, Limits, Value};

use super::super::error::error_of_compiling;
use super::super::statement::Fault;
use super::support::{Bench, add_chat, number, text};

#[test]
fn a_broken_rule_has_its_code_and_names_the_column() {
    let bench = Bench::new();
    let database = bench.open_fully();
    add_chat(&database, 1, 0);
    for (sql, code, message) in [
        (
            "INSERT INTO chats (id, external_id, created_at, updated_at) VALUES (2, 'c1', 0, 0)",
            ErrorCode::Unique,
            "`chats` has a row with this `external_id` already",
        ),
        (
            "INSERT INTO chats (id, created_at, updated_at) VALUES (1, 0, 0)",
            ErrorCode::Unique,
            "`chats` has a row with this `id` already",
        ),
        (
            "INSERT INTO chats (id, title, created_at, updated_at) VALUES (2, NULL, 0, 0)",
            ErrorCode::NotNull,
            "`title` of `chats` needs a value",
        ),
        (
            "INSERT INTO chats (id, status, created_at, updated_at) VALUES (2, 'lost', 0, 0)",
            ErrorCode::Check,
            "a value breaks a rule of its table",
        ),
        (
            "INSERT INTO chats (id, tenant_id, created_at, updated_at) VALUES (2, 5, 0, 0)",
            ErrorCode::Check,
            "a value breaks a rule of its table",
        ),
        (
            "INSERT INTO chats (id, created_at, updated_at) VALUES (2, 'now', 0)",
            ErrorCode::TypeMismatch,
            "`created_at` of `chats` holds `integer`, not `text`",
        ),
        (
            "INSERT INTO messages (id, chat_id, role, body, created_at) VALUES (1, 9, 'user', '', 0)",
            ErrorCode::ForeignKey,
            "a row refers to one that is not there, or one that is referred to would go",
        ),
        ("SELECT absent FROM chats", ErrorCode::NotFound, "there is no column `absent`"),
        ("SELECT abs(1, 2)", ErrorCode::Syntax, "the SQL cannot be read near `abs` (character 8): SELECT abs(1, 2)"),
        (
            "SELECT * FORM chats",
            ErrorCode::Syntax,
            "the SQL cannot be read near `FORM` (character 10): SELECT * FORM chats",
        ),
        ("SELEC 1", ErrorCode::Syntax, "the SQL cannot be read near `SELEC`: SELEC 1"),
        ("SELECT (1", ErrorCode::Syntax, "the SQL ends before its statement does: SELECT (1"),
        ("SELECT abs(-9223372036854775807 - 1)", ErrorCode::Invalid, "a sum is larger than an integer can be"),
    ] {
        let error = database.execute(sql, &[]).unwrap_err();
        assert_eq!((error.code, error.message.en.as_str(), error.retryable), (code, message, false), "{sql}");
    }
    assert_eq!(number(&database, "SELECT count(*) FROM chats"), 1);
}

#[test]
fn what_is_too_large_is_refused() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { sql_bytes: 100, value_bytes: 1_000, ..Limits::default() });
    let sql = format!("SELECT {}", "1".repeat(200));
    assert_eq!(database.execute(&sql, &[]).unwrap_err().code, ErrorCode::TooLarge);
    assert_eq!(database.execute(&format!("SELECT 1{}", " ".repeat(92)), &[]), Ok(0));
    assert_eq!(database.execute(&format!("SELECT 1{}", " ".repeat(93)), &[]).unwrap_err().code, ErrorCode::TooLarge);
    let long = text(&"x".repeat(1_001));
    assert_eq!(database.execute("SELECT $1", &[long]).unwrap_err().code, ErrorCode::TooLarge);
    let half = text(&"x".repeat(600));
    assert_eq!(database.execute("SELECT $1 || $1", &[half]).unwrap_err().code, ErrorCode::TooLarge);
    let deep = format!("SELECT {}1{}", "(".repeat(40), ")".repeat(40));
    assert_eq!(database.execute(&deep, &[]), Ok(0));
}

#[test]
fn a_full_file_is_a_quota_and_changes_nothing() {
    let bench = Bench::new();
    let database = bench.open_within(Limits { database_bytes: 2 << 20, ..Limits::default() });
    let sql = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', $2, 0)";
    let body = text(&"x".repeat(100_000));
    let failed =
        (1..100).find_map(|id| database.execute(sql, &[Value::Integer(id), body.clone()]).err().map(|e| (id, e)));
    let (id, error) = failed.unwrap();
    assert_eq!(error.code, ErrorCode::Quota, "{error}");
    assert!(error.message.en.contains("rows would take more than 2097152 bytes"), "{error}");
    assert_eq!(number(&database, "SELECT count(*) FROM logs"), id - 1);
}

#[test]
fn a_raised_flag_cancels_what_is_under_way_and_what_follows() {
    let bench = Bench::new();
    let database = bench.open(&[]);
    let interrupt = std::sync::Arc::clone(&bench.interrupt);
    let raiser = std::thread::spawn(move || {
        interrupt.wait(std::time::Duration::from_millis(50));
        interrupt.raise();
    });
    let endless = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT max(n) FROM a";
    let error = database.execute(endless, &[]).unwrap_err();
    raiser.join().unwrap();
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::Cancelled, "the run was cancelled"));
    assert_eq!(database.execute("SELECT 1", &[]).unwrap_err().code, ErrorCode::Cancelled);
    bench.interrupt.lower();
    assert_eq!(database.execute("SELECT 1", &[]), Ok(0));
}

#[test]
fn sql_that_needs_too_much_memory_to_be_compiled_says_so_unless_the_run_is_over() {
    let bench = Bench::new();
    let access = bench.access(&[], Limits::default());
    let told = |code| {
        let fault = Fault { code, text: "it".to_owned(), offset: None };
        error_of_compiling(&fault, "SELECT 1", &access).message.en
    };
    let words = "too large when its parts are written out";
    for (code, is_that) in [(7, true), (7 | 1 << 8, true), (1, false), (13, false)] {
        assert_eq!(told(code).contains(words), is_that, "{code}");
    }
    bench.interrupt.raise();
    assert!(!told(7).contains(words));
}
