//! Everything that people read is in Spanish too: every command, verb, help and refusal is run in Spanish, and no word of
//! the English catalogue is met.

mod catalogue;
mod listener;
mod refusals;

use std::fs;

use serde_json::json;
use support::{TestHost, checkout, copy_folder, settle};

use crate::cases::{Case, cases};
use crate::cli::added::redescribed;
use listener::Listener;

/// A line for each word of each verb, in an order in which each has something to say.
const LINES: [(&[&str], i32); 61] = [
    (&["version"], 0),
    (&["help"], 0),
    (&["doctor"], 0),
    (&["backup_data", "--incremental", "--keep-last=2"], 0),
    (&["optimize_database", "--statements=3", "--kill"], 0),
    (&["backups", "list"], 0),
    (&["backups", "show"], 0),
    (&["backups", "verify"], 0),
    (&["backups", "prune", "--keep-daily=3", "--dry-run"], 0),
    (&["backups", "prune", "--keep-daily=3"], 0),
    (&["backups", "key"], 0),
    (&["backups", "drill"], 0),
    (&["restore_data"], 13),
    (&["restore_data", "--yes"], 0),
    (&["restore_data", "--tenant=demo", "--as-tenant=demo-antes"], 0),
    (&["restore_data", "--output=respaldo"], 0),
    (&["restore_data", "--backup=zzzz", "--yes"], 10),
    (&["config", "import", "settings.py", "--dry-run"], 0),
    (&["config", "import", "settings.py"], 0),
    (&["config", "import", "settings.py"], 0),
    (&["config", "import", "others.py"], 13),
    (&["config", "import", "others.py", "--overwrite"], 0),
    (&["config", "show", "--origin"], 0),
    (&["run", "import_knowledge", "--file=a.csv", "-v", "2"], 0),
    (&["import_knowledge", "--file=a.csv", "--dry-run"], 0),
    (&["import_knowledge", "--file=bad.csv", "--validation-level=lenient"], 3),
    (&["import_knowledge", "--file=bad.csv"], 1),
    (&["import_knowledge", "--file=a.csv", "--tenant=all"], 0),
    (&["completions", "csh"], 2),
    (&["commands", "list"], 0),
    (&["commands", "new", "own"], 2),
    (&["commands", "show", "import_knowledge"], 0),
    (&["commands", "show", "misbehave"], 0),
    (&["commands", "revoke", "import_knowledge", "update:knowledge_items"], 0),
    (&["commands", "revoke", "import_knowledge", "update:knowledge_items"], 0),
    (&["commands", "show", "import_knowledge"], 0),
    (&["commands", "grant", "import_knowledge", "update:knowledge_items"], 0),
    (&["commands", "grant", "import_knowledge", "update:knowledge_items"], 0),
    (&["commands", "add", "own.wasm", "--tenant=beta", "--dry-run"], 0),
    (&["commands", "add", "own.wasm", "--tenant=beta"], 0),
    (&["commands", "add", "own.wasm", "--tenant=beta"], 0),
    (&["commands", "list", "--tenant=beta"], 0),
    (&["commands", "list", "--tenant=demo"], 0),
    (&["beta/misbehave"], 14),
    (&["commands", "grant", "beta/misbehave", "read:chats", "insert:chats"], 0),
    (&["beta/misbehave"], 0),
    (&["beta/misbehave", "--tenant=demo"], 2),
    (&["commands", "add", "more.wasm", "--tenant=beta"], 0),
    (&["commands", "versions", "beta/misbehave"], 0),
    (&["commands", "rollback", "beta/misbehave"], 0),
    (&["commands", "remove", "beta/misbehave"], 0),
    (&["runs", "list", "--all"], 0),
    (&["runs", "show", "latest"], 0),
    (&["runs", "logs", "latest"], 0),
    (&["users", "list"], 0),
    (&["users", "set-password", "admin@localhost", "--password-file=password"], 0),
    (&["tenants", "list"], 0),
    (&["migrate", "--plan"], 0),
    (&["migrate"], 0),
    (&["tenants", "forget", "beta"], 13),
    (&["tenants", "forget", "beta", "--yes"], 0),
];

/// The words under a heading of a help, which stand in lines of their own.
fn under<'a>(help: &'a str, heading: &str) -> Vec<&'a str> {
    let lines = help.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).collect()
}

#[test]
fn every_verb_and_every_help_is_in_spanish() {
    let mut listener = Listener::new();
    // Keys of settings, as the original had them.
    listener.quote(&["encargo.toml: compression", "encargo.toml: encryption", "encargo.toml: statements"]);
    let host = TestHost::new();
    let _ = listener.hear(&host, &["init_system", "--dry-run"], 0);
    let _ = listener.hear(&host, &["init_system", "-v", "2"], 0);
    let _ = listener.hear(&host, &["init_system", "--tenant=beta"], 0);
    host.file("a.csv", "id,title,body,extra\n1,a,b,x\n2,c,d,y\n");
    host.file("bad.csv", "id,title,body\n1,,b\n2,c,d\n");
    host.file("password", "long enough\n");
    host.place("misbehave");
    host.file("own.wasm", redescribed("misbehave", &json!({})));
    let more = json!({"effect": "destroys", "permissions": ["read:chats", "delete:chats"]});
    host.file("more.wasm", redescribed("misbehave", &more));
    host.file("settings.py", "MANAGEMENT_COMMANDS = {'cleanup': {'batch_size': 1000, 'days': None}}\n");
    host.file("others.py", "MANAGEMENT_COMMANDS = {'cleanup': {'batch_size': 500}}\nfrom .local import *\n");
    for (line, exit) in LINES {
        let _ = listener.hear(&host, line, exit);
    }

    let overview = listener.hear(&host, &["help"], 0).stdout;
    let (commands, verbs) = (under(&overview, "Comandos:"), under(&overview, "Verbos:"));
    assert!(commands.len() > 4 && verbs.len() > 8, "{overview}");
    for command in commands {
        let _ = listener.hear(&host, &["help", command], 0);
    }
    for verb in verbs {
        let help = listener.hear(&host, &["help", verb], 0).stdout;
        let words = under(&help, "Lo que puede hacer:");
        let is_run = |word: Option<&str>| {
            LINES.iter().any(|(line, _)| line[0] == verb && word.is_none_or(|word| line.get(1) == Some(&word)))
        };
        assert!(
            is_run(None) && words.iter().all(|word| is_run(Some(word))),
            "`{verb}` needs a line of its own: {help}"
        );
        for word in words {
            let _ = listener.hear(&host, &["help", verb, word], 0);
        }
    }
    for code in 0..=143_u8 {
        let code = code.to_string();
        let output = host.run(["--explain-exit", &code, "--lang=es"]);
        listener.listen(&format!("--explain-exit {code}"), &output);
    }
    listener.ends();
}

#[test]
fn every_case_of_every_command_is_in_spanish() {
    let template = TestHost::with_tenant();
    settle(&template.data());
    let mut listener = Listener::new();
    for (command, path) in cases() {
        let text = fs::read_to_string(&path).expect("a case can be read");
        let case: Case = toml::from_str(&text).expect("a case is TOML");
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        case.prepare(&host).expect("a case can be prepared");
        for flags in [&["--dry-run", "-v2"][..], &["-v2"]] {
            let mut line = vec![command.clone()];
            line.extend(case.arguments(host.folder()));
            line.extend(flags.iter().chain(&["--lang=es"]).map(|&flag| flag.to_owned()));
            let output = host.run_with_input(&line, case.stdin.as_deref().unwrap_or_default().as_bytes());
            assert_eq!(output.exit, case.exit, "{line:?}: {}", output.stderr);
            let name = path.strip_prefix(checkout()).unwrap_or(&path).display().to_string();
            listener.listen(&name, &output);
        }
    }
    listener.ends();
}
