//! `tenants` and `users`, and what has no tenant of its own.

use encargo_sdk::bindings::encargo::database::database::{self, Mode};
use encargo_sdk::bindings::encargo::files::files;
use encargo_sdk::bindings::encargo::maintenance::maintenance;
use encargo_sdk::bindings::encargo::tenants::tenants;
use encargo_sdk::bindings::encargo::types::types::Kind;
use encargo_sdk::bindings::encargo::users::users;

use crate::Calls;

pub(crate) fn call(calls: &mut Calls) {
    calls.told("database.open", database::open());
    calls.told("tenants.list", tenants::list());
    for slug in ["demo", "nobody"] {
        calls.told("tenants.name", tenants::name(slug));
        calls.told("tenants.language", tenants::language(slug));
        calls.told("tenants.time-zone", tenants::time_zone(slug));
    }
    let open = calls.told("tenants.open", tenants::open("demo"));
    calls.told("tenants.open", tenants::open("nobody"));
    if let Some(transaction) = open.and_then(|open| open.begin(Mode::ReadWrite).ok()) {
        calls.told("tenants.open", tenants::open("other"));
        let beside = calls.told("tenants.open-beside", tenants::open_beside("other"));
        calls.told("tenants.open-beside", tenants::open_beside("nobody"));
        if let Some(beside) = beside {
            let rows = |sql| beside.rows(sql, &[], &[Kind::Integer], 1).map(drop);
            calls.told("database.database.rows", rows("SELECT count(*) FROM chats"));
            let deleted = beside.execute("DELETE FROM chats", &[]);
            calls.told("database.database.execute", deleted);
        }
        calls.told("files.list-root", files::list_root("other/temporary", None, 1));
        calls.told("files.list-root", files::list_root("nobody/temporary", None, 1));
        calls.told("files.list-root", files::list_root("temporary", None, 1));
        calls.told("database.transaction.save-checkpoint", transaction.save_checkpoint("loop", "1"));
    }
    for slug in ["demo", "nobody"] {
        calls.told("maintenance.check-integrity", maintenance::check_integrity(slug));
    }
    calls.told("maintenance.check-commands", maintenance::check_commands());
    calls.told("maintenance.keep-copy", maintenance::keep_copy());
    calls.told("maintenance.free-bytes", maintenance::free_bytes());
    upkeep(calls);
    backup(calls);
    for slug in ["made", "made", "No Slug"] {
        calls.told("tenants.create", tenants::create(slug, "Made"));
    }
    calls.told("tenants.default", tenants::default());
    calls.told("tenants.set-default", tenants::set_default("demo"));
    calls.told("tenants.set-default", tenants::set_default("nobody"));
    calls.told("users.ensure-admin", users::ensure_admin("Ana", "ana@example.com"));
}

/// Of a tenant without an open transaction.
fn upkeep(calls: &mut Calls) {
    for slug in ["other", "nobody"] {
        calls.told("maintenance.storage", maintenance::storage(slug));
        calls.told("maintenance.check-structure", maintenance::check_structure(slug));
        calls.told("maintenance.analyze", maintenance::analyze(slug, false));
        calls.told("maintenance.reindex", maintenance::reindex(slug, true));
        calls.told("maintenance.compact", maintenance::compact(slug));
        calls.told("maintenance.flush-log", maintenance::flush_log(slug));
        calls.told("maintenance.slow-statements", maintenance::slow_statements(slug, 10));
        calls.told("maintenance.slow-runs", maintenance::slow_runs(slug, 0, i64::MAX, 10));
        calls.told("maintenance.advise", maintenance::advise(slug, 4));
    }
    calls.told("maintenance.orphans", maintenance::orphans());
    for kind in ["run", "lock", "files", "transaction"] {
        calls.told("maintenance.end-orphan", maintenance::end_orphan(kind, "nothing"));
    }
}

fn backup(calls: &mut Calls) {
    let begun = maintenance::begin_backup("output", None, "full", true);
    let Some(backup) = calls.told("maintenance.begin-backup", begun) else { return };
    calls.told("maintenance.backup.platform", backup.platform());
    for slug in ["demo", "nobody"] {
        calls.told("maintenance.backup.rows", backup.rows(slug));
        calls.told("maintenance.backup.media", backup.media(slug));
    }
    calls.told("maintenance.backup.configuration", backup.configuration(false));
    calls.told("maintenance.backup.commands", backup.commands());
    calls.told("maintenance.backup.store", backup.store());
    calls.told("maintenance.backup.store", backup.store());
    let keep = maintenance::Keep { last: Some(1), daily: None, weekly: None, monthly: None, within_days: None };
    calls.told("maintenance.prune-backups", maintenance::prune_backups("output", None, keep));
    for name in ["latest", "none"] {
        restore(calls, name);
    }
}

fn restore(calls: &mut Calls, name: &str) {
    let begun = maintenance::begin_restore("output", None, name, None, &["full".to_owned()]);
    let Some(restore) = calls.told("maintenance.begin-restore", begun) else { return };
    calls.told("maintenance.restore.about", restore.about());
    calls.told("maintenance.restore.people", restore.people());
    for slug in ["demo", "nobody"] {
        calls.told("maintenance.restore.rows", restore.rows(slug));
        calls.told("maintenance.restore.media", restore.media(slug));
        calls.told("maintenance.restore.rows-as", restore.rows_as(slug, "demo"));
    }
    calls.told("maintenance.restore.commands", restore.commands());
    calls.told("maintenance.restore.extract", restore.extract("output"));
    calls.told("maintenance.restore.carry-out", restore.carry_out());
}
