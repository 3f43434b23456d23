//! A tenant's own commands: pending until granted, inside the tenant alone, within the limits of tenants.

use serde_json::{Value, json};
use support::{Output, TestHost, rows, tenant_database};

use super::added::{record, redescribed, version};
use super::one_sentence;

/// The tenants `demo` and `acme`, and `acme` has the guest that misbehaves as its own command.
fn host() -> TestHost {
    let host = TestHost::with_tenant();
    let _ = host.run(["init_system", "--only=tenants", "--tenant=acme"]).exits(0);
    host.file("misbehave.wasm", redescribed("misbehave", &json!({})));
    let _ = host.run(["commands", "add", "misbehave.wasm", "--tenant=acme"]).exits(0);
    host
}

fn granted() -> TestHost {
    let host = host();
    let _ = host.run(["commands", "grant", "acme/misbehave", "read:chats", "insert:chats"]).exits(0);
    host
}

fn recorded(host: &TestHost) -> Value {
    host.run(["runs", "show", "latest", "--json"]).exits(0).json_lines().swap_remove(0)
}

#[test]
fn it_waits_until_all_that_it_asks_for_is_decided() {
    let host = host();
    for line in [&["acme/misbehave"][..], &["run", "acme/misbehave"], &["acme/misbehave", "--tenant=acme"]] {
        let refused = host.run(line).exits(14);
        one_sentence(&refused, "`encargo commands grant acme/misbehave read:chats insert:chats`");
    }
    let listed = host.run(["commands", "list", "--tenant=acme", "--json"]).exits(0).json_lines();
    assert_eq!((&listed[0]["name"], &listed[0]["state"]), (&json!("acme/misbehave"), &json!("waiting")));
    assert_eq!(host.run(["commands", "list", "--tenant=demo", "--json"]).exits(0).json_lines().len(), 1);
    assert!(host.run(["help", "acme/misbehave"]).exits(0).stdout.contains("Misbehave in one way"));
    // All that is named is granted, or nothing.
    let wrong = ["commands", "grant", "acme/misbehave", "read:chats", "delete:chats"];
    one_sentence(&host.run(wrong).exits(2), "does not request `delete:chats`");
    one_sentence(
        &host.run(["acme/misbehave"]).exits(14),
        "`encargo commands grant acme/misbehave read:chats insert:chats`",
    );
    let _ = host.run(["commands", "grant", "acme/misbehave", "read:chats"]).exits(0);
    one_sentence(&host.run(["acme/misbehave"]).exits(14), "`encargo commands grant acme/misbehave insert:chats`");
    // What is revoked is decided as well, and denied when it is used.
    let decided = host.run(["commands", "revoke", "acme/misbehave", "insert:chats"]).exits(0).stdout;
    assert!(decided.contains("is in force"), "{decided}");
    let _ = host.run(["acme/misbehave"]).exits(0);
    let denied = host.run(["acme/misbehave", "--trap-in-transaction"]).exits(14);
    assert!(denied.error().contains("encargo commands grant acme/misbehave insert:chats"), "{}", denied.stderr);
}

#[test]
fn it_runs_inside_its_tenant_and_in_no_other() {
    let host = granted();
    let ran = host.run(["acme/misbehave", "--json"]).exits(0).summary();
    assert_eq!((&ran["command"], &ran["tenant"]), (&json!("acme/misbehave"), &json!("acme")));
    for tenant in ["demo", "all", "acme,demo", "nobody"] {
        let refused = host.run(["acme/misbehave", "--tenant", tenant]).exits(2);
        one_sentence(&refused, "is the own command of the tenant `acme` and runs in no other");
    }
    let _ = host.run(["acme/misbehave", "--exclude-tenant=acme"]).exits(10);
    let _ = host.run(["misbehave"]).exits(2);
    let _ = host.run(["demo/misbehave"]).exits(2);
    // It sees the rows of its tenant alone.
    for (tenant, chats) in [("acme", 1), ("demo", 3)] {
        let database = rusqlite::Connection::open(tenant_database(&host.data(), tenant)).expect("it can be opened");
        for id in 0..chats {
            let insert = format!("INSERT INTO chats (id, status, created_at, updated_at) VALUES ({id}, 'open', 1, 1)");
            database.execute(&insert, []).expect("a chat can be added");
        }
    }
    let one = version(&host, "1.0.0", &["read:chats"]);
    let _ = host.run(["commands", "add", &one, "--tenant=acme"]).exits(0);
    let _ = host.run(["commands", "grant", "acme/count_chats", "read:chats"]).exits(0);
    assert!(host.run(["acme/count_chats"]).exits(0).stdout.contains("1 chats"));
}

#[test]
fn a_tenant_of_the_same_slug_is_another_one() {
    let host = granted();
    let file = tenant_database(&host.data(), "acme");
    support::settle(&host.data());
    std::fs::remove_file(file).expect("it can be removed");
    let _ = host.run(["tenants", "forget", "acme", "--yes"]).exits(0);
    one_sentence(&host.run(["acme/misbehave"]).exits(10), "is there no more");
    let _ = host.run(["init_system", "--only=tenants", "--tenant=acme"]).exits(0);
    one_sentence(&host.run(["acme/misbehave"]).exits(10), "is there no more");
    let added = record(&host.run(["commands", "add", "misbehave.wasm", "--tenant=acme", "--json"]).exits(0));
    assert_eq!((&added["state"], &added["undecided"]), (&json!("waiting"), &json!(["read:chats", "insert:chats"])));
}

#[test]
fn a_version_that_asks_for_more_waits_and_a_rollback_withdraws_it() {
    let host = granted();
    let more = json!({"version": "2.0.0", "effect": "destroys",
        "permissions": ["read:chats", "insert:chats", "delete:chats"]});
    host.file("more.wasm", redescribed("misbehave", &more));
    let added = record(&host.run(["commands", "add", "more.wasm", "--tenant=acme", "--json"]).exits(0));
    assert_eq!((&added["state"], &added["more"]), (&json!("waiting"), &json!(["delete:chats"])));
    let _ = host.run(["acme/misbehave"]).exits(0);
    assert_eq!(recorded(&host)["version"], "0.1.0");
    let back = record(&host.run(["commands", "rollback", "acme/misbehave", "--json"]).exits(0));
    assert_eq!((&back["version"], &back["state"]), (&json!("0.1.0"), &json!("in-force")));
    let withdrawn = host.run(["commands", "grant", "acme/misbehave", "delete:chats"]).exits(2);
    one_sentence(&withdrawn, "does not request `delete:chats`");
}

fn ended(output: &Output) -> Value {
    output.summary()["error"]["code"].clone()
}

#[test]
fn it_has_the_limits_of_tenants() {
    let host = granted();
    let _ = host.run(["acme/misbehave"]).exits(0);
    let limits = recorded(&host)["receipt"]["limits"].clone();
    let limit = |name: &str| {
        let limits = limits.as_array().expect("limits are a list").iter();
        limits.clone().find(|limit| limit["name"] == name).map(|limit| limit["limit"].clone())
    };
    for (name, most) in [
        ("cpu", 10_000_u64),
        ("wall", 60_000),
        ("memory", 128 << 20),
        ("sql-memory", 64 << 20),
        ("temporary", 256 << 20),
        ("log", 1 << 20),
        ("log-lines", 1_000),
        ("transaction", 5_000),
        ("statement", 5_000),
        ("statements", 100_000),
        ("batch-rows", 1_000),
        ("files", 1_000),
        ("open-files", 16),
        ("calls", 10_000_000),
        ("output", 256 << 20),
        ("result", 4 << 20),
    ] {
        assert_eq!(limit(name), Some(json!(most)), "{name} in {limits}");
    }
    for (switch, code) in [("--allocate", "memory-limit"), ("--recurse", "stack-limit"), ("--call", "host-calls-limit")]
    {
        assert_eq!(ended(&host.run(["acme/misbehave", "--json", switch]).exits(14)), code, "{switch}");
    }
    let flood = host.run(["acme/misbehave", "--log-flood=20000", "--json", "-v2"]).exits(0);
    assert!(flood.stdout.contains("more than 200 lines a second"), "the log of tenants takes a burst of 1000 lines");
    for switch in ["--statements=100001", "--files=1001", "--open-files=17"] {
        assert_eq!(ended(&host.run(["acme/misbehave", "--json", switch]).exits(14)), "quota", "{switch}");
    }

    host.file(
        "encargo.toml",
        "[tenant_limits]\ncpu_seconds = 0.3\nresult_bytes = 1000000\n\
        statement_seconds = 0.1\ntransaction_seconds = 0.1\n",
    );
    for (switch, code) in [
        ("--loop", "cpu-limit"),
        ("--call", "cpu-limit"),
        ("--long", "result-limit"),
        ("--slow=1", "quota"),
        ("--hold", "transaction-limit"),
    ] {
        assert_eq!(ended(&host.run(["acme/misbehave", "--json", switch]).exits(14)), code, "{switch}");
    }
    // What the operator's own may not exceed bounds a tenant's, and a flag does not raise what a tenant has.
    host.file("encargo.toml", "[limits]\nmemory_bytes = 50000000\n[tenant_limits]\nwall_seconds = 1\n");
    assert_eq!(ended(&host.run(["acme/misbehave", "--json", "--loop", "--timeout=1h"]).exits(124)), "wall-limit");
    let _ = host.run(["acme/misbehave", "--allocate"]).exits(14);
    let limits = recorded(&host)["receipt"]["limits"].to_string();
    assert!(limits.contains("50000000"), "{limits}");
}

#[test]
fn neither_variables_nor_the_configuration_reach_it() {
    let host = host();
    let argument = json!([{"name": "status", "help": {"en": "x"}, "kind": "text", "default": "open"}]);
    for (field, value, words) in
        [("env", "BATCH_SIZE", "it reads no environment"), ("settings", "batch_size", "it reads no `encargo.toml`")]
    {
        let mut arguments = argument.clone();
        arguments[0][field] = json!(value);
        host.file("asks.wasm", redescribed("count_chats", &json!({"arguments": arguments})));
        one_sentence(&host.run(["commands", "add", "asks.wasm", "--tenant=acme"]).exits(14), words);
    }
    for (changes, words) in [
        (json!({"scope": "system"}), "its scope is to be `tenant`"),
        (json!({"scope": "either", "permissions": ["list:tenants"]}), "is about the installation"),
    ] {
        host.file("asks.wasm", redescribed("count_chats", &changes));
        one_sentence(&host.run(["commands", "add", "asks.wasm", "--tenant=acme"]).exits(14), words);
    }
    assert_eq!(rows(&host.data().join("engine.db"), "SELECT name FROM commands"), ["acme/misbehave"]);
}

#[test]
fn tenants_have_a_command_of_one_name_each() {
    let host = granted();
    let _ = host.run(["commands", "add", "misbehave.wasm", "--tenant=demo"]).exits(0);
    let _ = host.run(["acme/misbehave"]).exits(0);
    one_sentence(&host.run(["demo/misbehave"]).exits(14), "encargo commands grant demo/misbehave");
    let _ = host.run(["commands", "remove", "acme/misbehave"]).exits(0);
    one_sentence(&host.run(["demo/misbehave"]).exits(14), "encargo commands grant demo/misbehave");
    let _ = host.run(["commands", "grant", "demo/misbehave", "read:chats", "insert:chats"]).exits(0);
    let _ = host.run(["demo/misbehave"]).exits(0);
}
