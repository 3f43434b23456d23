//! How far a run is: the phase with its share, rate and time left, at a terminal and elsewhere, in both languages.

use std::fmt::Write as _;
use std::fs;

use support::{Output, Random, TestHost, at_terminal, skip};

const RECORDS: u64 = 60_000;

/// A host with items to import, some megabytes that hardly compress.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let (mut random, mut items) = (Random::new(1), "external_id,title,body\n".to_owned());
    for item in 0..RECORDS {
        let noise: String = (0..4).map(|_| format!("{:016x}", random.below(u64::MAX))).collect();
        writeln!(items, "{item},Question {item},{noise}").expect("a text takes what is written");
    }
    host.file("items.csv", items);
    host
}

/// The lines that begin so, without that.
fn lines<'a>(output: &'a Output, begin: &str) -> Vec<&'a str> {
    output.stderr.lines().filter_map(|line| line.strip_prefix(begin)).collect()
}

/// Each line stands for one of these shares, and says how fast it goes; all but the end say how long that takes.
#[track_caller]
fn has_shares(lines: &[&str], shares: &[u64], per_second: &str, left: &str) {
    let share = |line: &&str| line.split('%').next().and_then(|share| share.trim().parse().ok()).unwrap_or_default();
    let found: Vec<u64> = lines.iter().map(share).collect();
    assert!(found.len() == shares.len(), "{lines:?}");
    for ((line, found), share) in lines.iter().zip(found).zip(shares) {
        assert!((*share..*share + 10).contains(&found) && found <= 100, "{line}");
        assert!(line.contains(per_second) && line.contains(left) == (found < 100), "{line}");
    }
}

const QUARTERS: [u64; 4] = [25, 50, 75, 100];

#[test]
fn an_import_tells_the_share_of_its_input_and_then_of_its_records() {
    let host = host();
    let english = host.run(["import_knowledge", "--file=items.csv"]).exits(0);
    let checking = lines(&english, "import_knowledge: checking: ");
    has_shares(&checking, &QUARTERS, " records/s", " left");
    assert!(checking[3].starts_with("100% of 4.9") && checking[3].contains(" MiB, 60000 records, "), "{checking:?}");
    let importing = lines(&english, "import_knowledge: importing: ");
    has_shares(&importing, &QUARTERS, " records/s", " left");
    assert!(importing[3].starts_with("100%, 60000 of 60000 records, "), "{importing:?}");
    assert_eq!(english.stderr.matches(" records/s").count(), 8, "{}", english.stderr);

    let spanish = host.run(["import_knowledge", "--file=items.csv", "--lang=es"]).exits(0);
    has_shares(&lines(&spanish, "import_knowledge: comprobando: "), &QUARTERS, " registros/s", ", quedan ");
    has_shares(&lines(&spanish, "import_knowledge: importando: "), &QUARTERS, " registros/s", ", quedan ");
}

#[test]
fn the_share_of_compressed_files_is_that_of_their_stored_bytes_and_files_that_are_not_read_count_for_nothing() {
    let host = host();
    let _ = host.run(["import_knowledge", "--file=items.csv"]).exits(0);
    for name in ["a.csv.gz", "b.csv.zst"] {
        let output = format!("--output=folder/{name}");
        let _ = host.run(["export_data", "--type=knowledge", &output]).exits(0);
    }
    host.file("folder/video.mp4", vec![0; 50 << 20]);
    let output = host.run(["import_knowledge", "--directory=folder"]).exits(0);
    has_shares(&lines(&output, "import_knowledge: checking: "), &QUARTERS, " records/s", " left");
    // The same records twice: they are held against each other.
    has_shares(&lines(&output, "import_knowledge: comparing: "), &QUARTERS, " records/s", " left");
    has_shares(&lines(&output, "import_knowledge: importing: "), &QUARTERS, " records/s", " left");
}

#[test]
fn standard_input_has_no_share_until_its_records_were_counted() {
    let host = host();
    let items = fs::read(host.folder().join("items.csv")).expect("a file can be read");
    let output = host.run_with_input(["import_knowledge", "--file=-"], &items).exits(0);
    let checking = lines(&output, "import_knowledge: checking: ");
    let counts: Vec<_> = checking.iter().filter_map(|line| line.split(", ").next()).collect();
    assert_eq!(counts, ["10000 records", "20000 records", "50000 records"]);
    assert!(checking.iter().all(|line| line.ends_with(" records/s")), "{checking:?}");
    has_shares(&lines(&output, "import_knowledge: importing: "), &QUARTERS, " records/s", " left");
}

#[test]
fn loops_over_rows_know_how_many_there_are() {
    let host = host();
    let _ = host.run(["import_knowledge", "--file=items.csv"]).exits(0);
    let output = host.run(["export_data", "--type=knowledge", "--output=out.csv"]).exits(0);
    let exporting = lines(&output, "export_data: exporting: ");
    has_shares(&exporting, &QUARTERS, " knowledge items/s", " left");
    assert!(exporting[3].starts_with("100%, 60000 of 60000 knowledge items, "), "{exporting:?}");
}

#[test]
fn tenants_side_by_side_have_lines_with_their_names_and_programs_have_records() {
    let host = host();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=other"]).exits(0);
    let import = ["import_knowledge", "--file=items.csv", "--tenant=all", "--parallel=2"];
    let output = host.run(import).exits(0);
    for tenant in ["demo", "other"] {
        has_shares(&lines(&output, &format!("{tenant}: checking: ")), &QUARTERS, " records/s", " left");
        has_shares(&lines(&output, &format!("{tenant}: importing: ")), &QUARTERS, " records/s", " left");
    }
    let output = host.run(import.iter().chain(&["--json"])).exits(0);
    let records = output.json_lines();
    let of = |tenant, phase| {
        let progress = records.iter().filter(|record| record["type"] == "progress");
        progress.filter(|record| record["tenant"] == tenant && record["phase"] == phase).collect::<Vec<_>>()
    };
    for tenant in ["demo", "other"] {
        let (checking, importing) = (of(tenant, "checking"), of(tenant, "importing"));
        assert_eq!((checking.len(), importing.len()), (4, 4), "{}", output.stdout);
        let size = fs::metadata(host.folder().join("items.csv")).expect("a file has a size").len();
        assert_eq!((&checking[3]["input_read"], &checking[3]["input_bytes"]), (&size.into(), &size.into()));
        assert_eq!((&importing[3]["done"], &importing[3]["total"]), (&RECORDS.into(), &RECORDS.into()));
        assert!(importing[1]["percent"] == 50 && importing[1]["seconds_left"].is_number(), "{}", importing[1]);
        assert!(importing.iter().all(|record| record["rate"].as_f64() > Some(0.0)), "{importing:?}");
    }
}

#[test]
fn a_terminal_has_a_bar_with_the_same_words() {
    let host = host();
    for (language, checking, importing, rate, left) in [
        ("en", "checking ", "importing ", " records/s", " left"),
        ("es", "comprobando ", "importando ", " registros/s", ", quedan "),
    ] {
        let script = format!("exec \"$encargo\" import_knowledge --file=items.csv --progress=bar --lang={language}");
        let Some(output) = at_terminal(&host, &script) else { return skip("there is no `script` to make a terminal") };
        let output = output.exits(0);
        let drawn: Vec<_> = output.stdout.split(['\r', '\n', '\u{1b}']).collect();
        let has = |phase: &str, words: &[&str]| {
            let is = |line: &&str| line.contains(phase) && words.iter().all(|word| line.contains(word));
            assert!(drawn.iter().any(is), "{phase}{words:?} in {drawn:#?}");
        };
        // A quick machine is through with the first phase before the bar is drawn again.
        has(checking, &["░ ", "MiB"]);
        has(importing, &["█", "░ ", " 60000 ", rate, left]);
    }
}

#[test]
fn a_command_that_never_stops_telling_says_a_few_lines() {
    let host = TestHost::with_tenant();
    host.place("misbehave");
    let flood = ["misbehave", "--tenant=demo", "--progress-flood=1000000"];
    let output = host.run(flood).exits(0);
    assert!((1..100).contains(&output.stderr.lines().count()), "{}", output.stderr);
    let output = host.run(flood.iter().chain(&["--json"])).exits(0);
    assert!((2..100).contains(&output.stdout.lines().count()), "{}", output.stdout);
}
