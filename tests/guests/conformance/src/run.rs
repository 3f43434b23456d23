//! `run`, `logging`, `settings` and `probes`.

use encargo_sdk::bindings::encargo::logging::logging;
use encargo_sdk::bindings::encargo::maintenance::maintenance;
use encargo_sdk::bindings::encargo::probes::probes;
use encargo_sdk::bindings::encargo::run::run;
use encargo_sdk::bindings::encargo::settings::settings;

use crate::Calls;

pub(crate) fn call(calls: &mut Calls) {
    assert!(!run::id().is_empty() && run::command() == "conformance" && run::attempt() == 1 && !run::dry_run());
    assert!(run::started_at() > 0 && run::language() == "en" && run::verbosity() <= 1 && !run::cancelled());
    assert!(run::environment() == "development" && run::selected_tenants().is_none());
    for told in [
        "id",
        "command",
        "attempt",
        "dry-run",
        "started-at",
        "language",
        "verbosity",
        "cancelled",
        "environment",
        "tenant",
        "selected-tenants",
    ] {
        calls.told(&format!("run.{told}"), Ok(()));
    }
    run::say("said by the conformance guest");
    calls.told("run.say", Ok(()));
    calls.told("run.confirm", run::confirm("Go on?"));
    run::progress("calling", 1, Some(2), "functions", None);
    calls.told("run.progress", Ok(()));
    let piece = || run::Piece { style: "good".to_owned(), text: "well".to_owned() };
    for (lines, details) in [(1, "{}"), (1, "[]"), (101, "{}")] {
        calls.told("run.show", run::show(&vec![vec![piece()]; lines], "well", details));
    }
    calls.told("run.ids", run::ids(3));
    calls.told("run.ids", run::ids(1_000_001));
    calls.told("run.checkpoint", run::checkpoint("loop"));

    logging::log("info", "a line", &[("key".to_owned(), "value".to_owned())]);
    calls.told("logging.log", Ok(()));
    assert!(logging::enabled("error"));
    calls.told("logging.enabled", Ok(()));

    calls.told("settings.get", settings::get("theme"));
    calls.told("settings.get", settings::get("other"));

    if run::tenant().is_some() {
        calls.told("maintenance.check-integrity", maintenance::check_integrity("other"));
        calls.told("maintenance.check-commands", maintenance::check_commands());
        calls.told("maintenance.keep-copy", maintenance::keep_copy());
        calls.told("maintenance.free-bytes", maintenance::free_bytes());
    }
    assert!(probes::list().iter().any(|name| name == "disk"));
    calls.told("probes.list", Ok(()));
    for service in ["disk", "database", "nothing"] {
        calls.told("probes.check", probes::check(service));
    }
    assert!(probes::services().iter().any(|service| service.name == "disk" && service.kind == "disk"));
    calls.told("probes.services", Ok(()));
    for service in ["disk", "database", "nothing"] {
        calls.told("probes.check-all", probes::check_all(&[service.to_owned()], 5_000, 5_000));
    }
}
