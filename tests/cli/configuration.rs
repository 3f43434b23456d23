//! What `encargo.toml` says about commands is in force, shown with its place, or refused.

use support::TestHost;

use super::refused;

/// The value and the origin of an argument in the record of the last run.
fn recorded(host: &TestHost, argument: &str) -> (String, String) {
    let run = host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0);
    let arguments = run["receipt"]["arguments"].as_array().expect("a list").iter();
    let found = arguments.into_iter().find(|found| found["name"] == argument).expect("it has a value");
    let text = |key: &str| found[key].as_str().map_or_else(|| found[key].to_string(), str::to_owned);
    (text("value"), text("origin"))
}

#[test]
fn every_argument_can_be_set_there_and_is_used_and_shown_with_its_place() {
    let host = TestHost::with_tenant();
    host.file(
        "encargo.toml",
        "[commands.cleanup_old_data]\ndays = 500\n[commands.cleanup]\ntype = ['logs', 'chats']\n",
    );
    let _ = host.run(["cleanup_old_data", "--dry-run"]).exits(0);
    assert_eq!(recorded(&host, "days"), ("500".to_owned(), "settings:commands.cleanup_old_data.days".to_owned()));
    assert_eq!(recorded(&host, "type"), ("logs,chats".to_owned(), "settings:commands.cleanup.type".to_owned()));
    let shown = host.run(["config", "show", "--origin"]).exits(0).stdout;
    assert!(shown.contains("commands.cleanup_old_data.type = [\"logs\",\"chats\"]"), "{shown}");
    assert!(shown.contains("commands.cleanup.type"), "{shown}");
    // A flag wins, and a value that does not fit is refused with its place.
    let _ = host.run(["cleanup_old_data", "--dry-run", "--days=3"]).exits(0);
    assert_eq!(recorded(&host, "days"), ("3".to_owned(), "given".to_owned()));
    host.file("encargo.toml", "[commands.cleanup]\ndays = 0\n");
    let _ = refused(&host, &["cleanup_old_data"], 2, "from commands.cleanup.days in the configuration");
}

#[test]
fn a_path_that_is_set_lies_beside_the_file_and_gives_way_to_another_source() {
    let host = TestHost::with_tenant();
    host.file("faq.csv", "title,body\na,b\n");
    host.file("folder/other.csv", "title,body\nc,d\n");
    host.file("encargo.toml", "[commands.import]\nfile = 'faq.csv'\n");
    let _ = host.run(["import_knowledge", "--json"]).exits(0);
    assert!(recorded(&host, "file").0.ends_with("/faq.csv"));
    let output = host.run(["import_knowledge", "--directory=folder", "--json"]).exits(0);
    assert_eq!(output.count("knowledge_items", "created"), 1);
}

#[test]
fn what_is_set_for_nobody_is_refused_with_the_nearest_name() {
    let host = TestHost::with_tenant();
    for (text, subject, hint) in [
        ("[commands.cleanup]\nbach_size = 3\n", "`cleanup_old_data` has no setting `bach_size`", "`batch_size`"),
        ("[commands.clenup]\ndays = 3\n", "there is no command `clenup`", "`cleanup`"),
    ] {
        host.file("encargo.toml", text);
        let output = refused(&host, &["health_check"], 2, subject);
        assert!(output.stderr.contains("did you mean") && output.stderr.contains(hint), "{}", output.stderr);
        assert!(output.stderr.contains("encargo.toml` line "), "{}", output.stderr);
    }
}
