//! Figures of reports are what plain SQL says of the same rows, whatever clocks do in between.

use std::fs;

use rusqlite::Connection;
use serde_json::Value;
use support::{TestHost, tenant_database};

/// A period, its zone, and when it and the one before begin and end in UTC, as the zones' published rules have it.
struct Case {
    line: [&'static str; 2],
    zone: &'static str,
    /// The beginning of the period before, of the period, and its end.
    times: [&'static str; 3],
    /// How many parts the period has, and the beginning of the last one.
    parts: (usize, &'static str),
}

const CASES: [Case; 9] = [
    Case {
        line: ["--period=monthly", "--since=2026-03-15"],
        zone: "Europe/Madrid",
        times: ["2026-01-31 23:00", "2026-02-28 23:00", "2026-03-31 22:00"],
        parts: (31, "2026-03-30 22:00"),
    },
    Case {
        line: ["--period=monthly", "--since=2026-10-31"],
        zone: "Europe/Madrid",
        times: ["2026-08-31 22:00", "2026-09-30 22:00", "2026-10-31 23:00"],
        parts: (31, "2026-10-30 23:00"),
    },
    Case {
        line: ["--period=monthly", "--since=2026-03-01"],
        zone: "America/New_York",
        times: ["2026-02-01 05:00", "2026-03-01 05:00", "2026-04-01 04:00"],
        parts: (31, "2026-03-31 04:00"),
    },
    Case {
        line: ["--period=monthly", "--since=2026-11-30"],
        zone: "America/New_York",
        times: ["2026-10-01 04:00", "2026-11-01 04:00", "2026-12-01 05:00"],
        parts: (30, "2026-11-30 05:00"),
    },
    Case {
        line: ["--period=daily", "--since=2026-03-29"],
        zone: "Europe/Madrid",
        times: ["2026-03-27 23:00", "2026-03-28 23:00", "2026-03-29 22:00"],
        parts: (23, "2026-03-29 21:00"),
    },
    Case {
        line: ["--period=daily", "--since=2026-10-25"],
        zone: "Europe/Madrid",
        times: ["2026-10-23 22:00", "2026-10-24 22:00", "2026-10-25 23:00"],
        parts: (25, "2026-10-25 22:00"),
    },
    Case {
        line: ["--period=daily", "--since=2026-03-08"],
        zone: "America/New_York",
        times: ["2026-03-07 05:00", "2026-03-08 05:00", "2026-03-09 04:00"],
        parts: (23, "2026-03-09 03:00"),
    },
    Case {
        line: ["--period=daily", "--since=2026-11-01"],
        zone: "America/New_York",
        times: ["2026-10-31 04:00", "2026-11-01 04:00", "2026-11-02 05:00"],
        parts: (25, "2026-11-02 04:00"),
    },
    Case {
        line: ["--since=2026-02-27", "--until=2026-03-02"],
        zone: "UTC",
        times: ["2026-02-24 00:00", "2026-02-27 00:00", "2026-03-02 00:00"],
        parts: (3, "2026-03-01 00:00"),
    },
];

/// Chats of a year with messages, ratings and sentiments, and one at each edge of every period and right before it.
fn fill(database: &Connection) {
    let spread = "
        INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (1, 'a', 'A', 0, 0), (2, 'b', 'B', 0, 0), (3, 'c', 'C', 0, 0);
        CREATE TEMP TABLE at (n INTEGER PRIMARY KEY, micros INTEGER);
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000)
        INSERT INTO at SELECT n, (unixepoch('2026-01-01') + n * 7919 % 366 * 86400 + n * 104729 % 86400) * 1000000 + n FROM n;";
    database.execute_batch(spread).expect("it is made");
    let edges = CASES.iter().flat_map(|case| case.times.iter().chain([&case.parts.1]));
    for edge in edges {
        let both =
            "INSERT INTO at (micros) SELECT unixepoch(?1) * 1000000 UNION ALL SELECT unixepoch(?1) * 1000000 - 1";
        database.execute(both, [edge]).expect("it is added");
    }
    let rows = "
        INSERT INTO chats (id, agent_id, status, first_response_at, handed_over_at, resolved_at, created_at, updated_at)
        SELECT n, CASE n % 5 WHEN 0 THEN NULL WHEN 4 THEN 1 ELSE n % 5 END,
            CASE n % 7 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'resolved' END,
            CASE WHEN n % 11 > 0 THEN micros + n * 31 % 90000 * 1000 END, CASE WHEN n % 4 = 0 THEN micros + 5 END,
            CASE WHEN n % 7 > 0 THEN micros + n * 17 % 100000 * 1000000 END, micros, 0 FROM at;
        INSERT INTO messages (id, chat_id, role, body, tokens, response_ms, created_at)
        SELECT n * 2, n, CASE n % 3 WHEN 0 THEN 'user' WHEN 1 THEN 'assistant' ELSE 'tool' END, 'x',
            CASE WHEN n % 13 > 0 THEN n % 200 END, CASE WHEN n % 3 = 1 THEN n * 7 % 30000 END, micros FROM at
        UNION ALL SELECT n * 2 + 1, n, 'user', 'y', 1, NULL, micros + 3600000000 FROM at;
        INSERT INTO feedback (id, chat_id, rating, created_at)
        SELECT n, n, n % 5 + 1, micros + 7200000000 FROM at WHERE n % 3 = 0;
        INSERT INTO sentiments (id, message_id, chat_id, label, score, confidence, model, created_at)
        SELECT n, n * 2, n, CASE n % 3 WHEN 0 THEN 'negative' WHEN 1 THEN 'neutral' ELSE 'positive' END, 0, 1, 'm', 0
        FROM at WHERE n % 2 = 0;";
    database.execute_batch(rows).expect("it is filled");
}

/// The one number that a statement says of a span of time, which is `$1` and `$2` in seconds of UTC.
fn number(database: &Connection, sql: &str, since: &str, until: &str) -> Option<f64> {
    let sql = sql.replace("IN_TIME", "created_at >= unixepoch($1) * 1000000 AND created_at < unixepoch($2) * 1000000");
    database
        .query_row(&sql, [since, until], |row| row.get::<_, Option<f64>>(0))
        .unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The smallest value of so many percent, by sorting all of them.
fn percentile(database: &Connection, values: &str, percent: u32, since: &str, until: &str) -> Option<f64> {
    let sql = format!(
        "WITH v (v) AS ({values}) SELECT CAST((SELECT v FROM v ORDER BY v LIMIT 1 OFFSET (SELECT max((count(*) * {percent} + 99) / 100 - 1, 0) FROM v)) AS REAL)"
    );
    number(database, &sql, since, until)
}

/// Figures by their ids, as SQL has them.
const FIGURES: [(&str, &str); 16] = [
    ("chats", "SELECT CAST(count(*) AS REAL) FROM chats WHERE IN_TIME"),
    ("chats-ended", "SELECT CAST(count(*) AS REAL) FROM chats WHERE status <> 'open' AND IN_TIME"),
    ("chats-open", "SELECT CAST(count(*) AS REAL) FROM chats WHERE status = 'open' AND IN_TIME"),
    ("messages", "SELECT CAST(count(*) AS REAL) FROM messages WHERE IN_TIME"),
    ("messages-user", "SELECT CAST(count(*) AS REAL) FROM messages WHERE role = 'user' AND IN_TIME"),
    ("messages-system", "SELECT CAST(count(*) AS REAL) FROM messages WHERE role = 'system' AND IN_TIME"),
    ("messages-tool", "SELECT CAST(count(*) AS REAL) FROM messages WHERE role = 'tool' AND IN_TIME"),
    ("tokens", "SELECT total(tokens) FROM messages WHERE IN_TIME"),
    ("ratings", "SELECT CAST(count(*) AS REAL) FROM feedback WHERE IN_TIME"),
    ("mean-rating", "SELECT avg(rating) FROM feedback WHERE IN_TIME"),
    ("csat", "SELECT avg(rating > 3) FROM feedback WHERE IN_TIME"),
    ("response-rate", "SELECT avg(id IN (SELECT chat_id FROM feedback)) FROM chats WHERE IN_TIME"),
    ("deflection", "SELECT avg(handed_over_at IS NULL) FROM chats WHERE status <> 'open' AND IN_TIME"),
    ("handed-over", "SELECT avg(handed_over_at IS NOT NULL) FROM chats WHERE IN_TIME"),
    ("unanswered", "SELECT avg(first_response_at IS NULL) FROM chats WHERE IN_TIME"),
    (
        "negative",
        "SELECT avg(label = 'negative') FROM sentiments WHERE message_id IN (SELECT id FROM messages WHERE IN_TIME)",
    ),
];

/// Times that are measured: the first part of their figures' ids, and all values.
const TIMES: [(&str, &str); 3] = [
    ("response", "SELECT response_ms FROM messages WHERE response_ms IS NOT NULL AND IN_TIME"),
    (
        "first-response",
        "SELECT (first_response_at - created_at) / 1000 FROM chats WHERE first_response_at IS NOT NULL AND IN_TIME",
    ),
    ("resolution", "SELECT (resolved_at - created_at) / 1000 FROM chats WHERE resolved_at IS NOT NULL AND IN_TIME"),
];

fn report(host: &TestHost, words: &[&str]) -> Value {
    let line = ["generate_reports", "--tenant=demo", "--format=json", "--output=-"];
    let output = host.run(line.iter().chain(words)).exits(0);
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", output.stdout))
}

fn all<'a>(report: &'a Value, kind: &str) -> Vec<&'a Value> {
    let sections = report["sections"].as_array().expect("there are sections").iter();
    sections.flat_map(|section| section[kind].as_array().expect("there are some")).collect()
}

fn by_id<'a>(found: &[&'a Value], id: &str) -> &'a Value {
    found.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("there is no `{id}`"))
}

fn near(found: &Value, expected: Option<f64>, what: &str) {
    let is_near = match (found.as_f64(), expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= expected.abs() * 1e-12,
        (None, None) => true,
        _ => false,
    };
    assert!(is_near, "{what}: the report says {found} and SQL {expected:?}");
}

#[test]
fn every_figure_is_what_sql_says_across_month_ends_and_changes_of_clocks() {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("it opens");
    fill(&database);
    for Case { line, zone, times: [earlier, since, until], parts } in CASES {
        let said = report(&host, &[line[0], line[1], "--tz", zone]);
        let figures = all(&said, "figures");
        let what = |id: &str| format!("{line:?} {zone}, {id}");
        for (id, sql) in FIGURES {
            let figure = by_id(&figures, id);
            near(&figure["value"], number(&database, sql, since, until), &what(id));
            near(&figure["before"], number(&database, sql, earlier, since), &format!("{} before", what(id)));
        }
        let times = by_id(&all(&said, "tables"), "times")["rows"].as_array().expect("it has rows").clone();
        for (id, values) in TIMES {
            for (row, from, to) in [(id.to_owned(), since, until), (format!("{id}-before"), earlier, since)] {
                let found = times.iter().find(|found| found["key"] == row.as_str()).expect("the row is there");
                for (at, percent) in [(1, 50), (2, 90), (3, 95), (4, 99), (5, 100)] {
                    let expected = percentile(&database, values, percent, from, to);
                    near(&found["values"][at], expected, &format!("{} p{percent}", what(&row)));
                }
            }
        }
        let courses = all(&said, "courses");
        for (id, table) in [("chats-by-time", "chats"), ("messages-by-time", "messages")] {
            let points = by_id(&courses, id)["points"].as_array().expect("it has points");
            assert_eq!(points.len(), parts.0, "{}", what(id));
            let sql = format!("SELECT CAST(count(*) AS REAL) FROM {table} WHERE IN_TIME");
            near(&points[parts.0 - 1]["value"], number(&database, &sql, parts.1, until), &what(id));
        }
        let hours = by_id(&courses, "messages-by-hour")["points"].as_array().expect("it has points");
        let of_people: f64 = hours.iter().filter_map(|point| point["value"].as_f64()).sum();
        near(&by_id(&figures, "messages-user")["value"], Some(of_people), &what("messages-by-hour"));
    }
}

#[test]
fn agents_sum_to_the_tenant_and_so_do_parts() {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("it opens");
    fill(&database);
    let said = report(&host, &["--period=yearly", "--since=2026-06-01"]);
    let tables = all(&said, "tables");
    let rows = by_id(&tables, "agents-work")["rows"].as_array().expect("it has rows");
    let (total, parts) = rows.split_last().expect("there are some");
    assert!(total["is_total"] == true && parts.len() == 4, "{rows:?}");
    for column in 0..6 {
        let sum: f64 = parts.iter().filter_map(|row| row["values"][column].as_f64()).sum();
        near(&total["values"][column], Some(sum), &format!("column {column}"));
    }
    let per_agent = "SELECT coalesce(a.slug, ''), count(*) FROM chats c LEFT JOIN agents a ON a.id = c.agent_id
        WHERE c.created_at >= unixepoch('2026-01-01') * 1000000 AND c.created_at < unixepoch('2027-01-01') * 1000000 GROUP BY 1";
    let mut statement = database.prepare(per_agent).expect("it is a statement");
    let counted =
        statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, f64>(1)?))).expect("it runs");
    for counted in counted {
        let (slug, n) = counted.expect("it is a row");
        let row = parts.iter().find(|row| row["key"] == slug.as_str()).expect("the agent is listed");
        near(&row["values"][0], Some(n), &slug);
    }
}

#[test]
fn the_same_rows_give_the_same_bytes_in_every_format() {
    let host = TestHost::with_tenant();
    fill(&Connection::open(tenant_database(&host.data(), "demo")).expect("it opens"));
    for name in ["a.html", "a.txt", "a.md", "a.csv", "a.json"] {
        let mut written = Vec::new();
        for _ in 0..2 {
            let output = format!("--output={}", host.folder().join(name).display());
            let _ = host
                .run(["generate_reports", "--tenant=demo", "--period=yearly", "--since=2026-01-01", &output])
                .exits(0);
            written.push(fs::read(host.folder().join(name)).expect("the report is there"));
        }
        assert!(written[0] == written[1] && written[0].len() > 2_000, "{name}");
    }
}

#[test]
fn every_tenant_has_a_report_of_its_own() {
    let host = TestHost::with_tenant();
    for tenant in ["one", "two"] {
        let _ = host.run(["init_system", "--only=tenants", "--tenant", tenant]).exits(0);
    }
    let database = Connection::open(tenant_database(&host.data(), "two")).expect("it opens");
    fill(&database);
    let output = host
        .run(["generate_reports", "--tenant=all", "--since=2026-03-01", "--period=monthly", "--output=out", "--json"])
        .exits(0);
    let chats = number(&database, FIGURES[0].1, "2026-03-01", "2026-04-01");
    assert_eq!(
        (output.count("chats", "read") as f64, output.count("files", "created")),
        (chats.unwrap_or_default(), 3)
    );
    for (tenant, is_empty) in [("demo", true), ("one", true), ("two", false)] {
        let page = fs::read_to_string(host.folder().join("out").join(tenant).join("report-2026-03.html"));
        let page = page.unwrap_or_else(|error| panic!("{tenant}: {error}"));
        assert_eq!(page.contains("nothing happened in this period"), is_empty, "{tenant}");
        assert!(!page.contains("<script") && !page.contains("http") && page.ends_with("</html>\n"), "{tenant}");
    }
}

#[test]
fn runs_of_a_period_are_those_of_this_tenant_and_of_none_that_had_its_name() {
    let host = TestHost::with_tenant();
    let runs = || {
        let said = report(&host, &["--type=performance", "--since=1d"]);
        let tables = all(&said, "tables");
        let found = tables.iter().find(|table| table["id"] == "runs");
        found.map_or(0, |table| table["rows"].as_array().expect("it has rows").len())
    };
    let export = |more: &[&str]| host.run(["export_data", "--tenant=demo"].iter().chain(more)).exits(0);
    assert_eq!(runs(), 0);
    let _ = export(&[]);
    let _ = export(&["--dry-run"]);
    assert_eq!(runs(), 1);
    let _ = host.run(["tenants", "forget", "demo", "--yes"]).exits(0);
    let _ = host.run(["init_system", "--only=tenants", "--tenant=demo"]).exits(0);
    assert_eq!(runs(), 0);
}

#[test]
fn what_others_wrote_is_no_markup_and_no_formula() {
    let host = TestHost::with_tenant();
    let database = Connection::open(tenant_database(&host.data(), "demo")).expect("it opens");
    let hostile = "<script>alert(1)</script>\n| =cmd **x** \u{1b}[31m";
    database
        .execute("INSERT INTO agents (id, slug, name, created_at, updated_at) VALUES (1, '=1+1', ?1, 0, 0)", [hostile])
        .expect("it is added");
    let chat =
        "INSERT INTO chats (id, agent_id, created_at, updated_at) VALUES (1, 1, unixepoch('2026-03-02') * 1000000, 0)";
    database.execute_batch(chat).expect("it is added");
    let of = |name: &str| {
        let output = format!("--output={name}");
        let _ = host
            .run(["generate_reports", "--tenant=demo", "--since=2026-03-01", "--until=2026-04-01", &output])
            .exits(0);
        fs::read_to_string(host.folder().join(name)).expect("the report is there")
    };
    let page = of("a.html");
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script"), "{page}");
    let markdown = of("a.md");
    assert!(markdown.contains(r"\<script\>alert(1)\</script\> \| =cmd \*\*x\*\* \[31m |"), "{markdown}");
    assert!(of("a.csv").contains(",'=1+1,"));
    for name in ["a.txt", "a.md", "a.html", "a.csv"] {
        assert!(!of(name).contains('\u{1b}'), "{name}");
    }
}
