//! Tests of the platform's files: migrations, tenants, users, dry runs, damage.

mod lost;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use encargo_model::{ErrorCode, Exit, FixedClock, Language, Limits, RunId, Timestamp, Value};
use tempfile::TempDir;

use crate::{
    Access, DataDir, Database, Interrupt, Ledger, MadeMedia, Pending, Platform, PlatformError, probes, schema,
};

fn data(folder: &TempDir) -> DataDir {
    DataDir::new(folder.path().join("data"))
}

pub(crate) fn migrated(folder: &TempDir) -> Platform {
    Platform::migrate(&data(folder), "test").unwrap();
    opened(folder).unwrap()
}

fn opened(folder: &TempDir) -> Result<Platform, PlatformError> {
    Platform::open(data(folder), "test", clock())
}

fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock(Timestamp(1_795_478_400_000_000)))
}

pub(crate) fn open(platform: &Platform, slug: &str) -> Database {
    let tenant = platform.registry().tenant(slug).unwrap().unwrap();
    platform.files().open(&tenant, access()).unwrap()
}

pub(crate) fn access() -> Access {
    Access {
        permissions: ["insert", "read", "delete", "update"].map(|verb| format!("{verb}:logs").parse().unwrap()).into(),
        limits: Limits::default(),
        interrupt: Arc::new(Interrupt::new()),
        meter: Arc::default(),
        checkpoint_key: "key".to_owned(),
        run: RunId(1),
        ledger: Ledger::default(),
        media: MadeMedia::default(),
        statements: crate::StatementLog::default(),
        clock: clock(),
    }
}

pub(crate) fn log(database: &Database, id: i64) {
    let sql = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', $2, 0)";
    database.execute(sql, &[Value::Integer(id), Value::Text("x".repeat(5_000))]).unwrap();
}

/// The bytes of every file but SQLite's logs, which a reader makes too.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut contents = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.path().display().to_string();
        if entry.file_type().unwrap().is_dir() {
            contents.insert(name, Vec::new());
            contents.append(&mut self::contents(&entry.path()));
        } else if !name.ends_with("-wal") && !name.ends_with("-shm") {
            contents.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    contents
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_first_migrate_makes_what_its_owner_alone_can_read() {
    let folder = TempDir::new().unwrap();
    let data = data(&folder);
    let pending = Pending { database: "platform".to_owned(), from: 0, to: 2 };
    assert_eq!(Platform::plan(&data).unwrap(), std::slice::from_ref(&pending));
    assert!(!data.root().exists());
    assert_eq!(Platform::migrate(&data, "test").unwrap(), [pending]);
    assert_eq!(Platform::migrate(&data, "test").unwrap(), []);
    assert_eq!(Platform::plan(&data).unwrap(), []);
    assert_eq!((mode(data.root()), mode(&data.platform_db())), (0o700, 0o600));

    let platform = opened(&folder).unwrap();
    let tenant = platform.create_tenant("acme", "Acme", Language::Es).unwrap();
    let file = data.tenant_db(tenant.id);
    assert_eq!((mode(&file), mode(&data.imports("acme"))), (0o600, 0o700));
    assert!(!file.with_extension("db-wal").exists());
    let header = fs::read(&file).unwrap();
    assert_eq!(u16::from_be_bytes([header[16], header[17]]), 16_384);
    log(&open(&platform, "acme"), 1);
    let database = open(&platform, "acme");
    log(&database, 2);
    assert_eq!(mode(&file.with_extension("db-wal")), 0o600);
}

#[test]
fn a_platform_that_is_not_there_or_another_environments_is_refused() {
    let folder = TempDir::new().unwrap();
    let error = opened(&folder).map(|_| ()).unwrap_err();
    assert!(matches!(error, PlatformError::NotInitialised { .. }));
    assert_eq!(error.exit(), Exit::Usage);
    drop(migrated(&folder));
    for refused in [Platform::open(data(&folder), "production", clock()).map(|_| ()), {
        Platform::migrate(&data(&folder), "production").map(|_| ())
    }] {
        assert!(matches!(refused, Err(PlatformError::EnvironmentMismatch { .. })));
    }
}

#[test]
fn tenants_are_made_listed_and_chosen() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    assert_eq!(platform.registry().default_tenant(), Ok(None));
    let beta = platform.create_tenant("beta", "Beta", Language::En).unwrap();
    let acme = platform.create_tenant("acme", "Acme", Language::Es).unwrap();
    assert_eq!(platform.registry().tenants(), Ok(vec![acme.clone(), beta.clone()]));
    assert_eq!(
        (platform.registry().tenant("acme"), platform.registry().tenant("gone")),
        (Ok(Some(acme.clone())), Ok(None))
    );
    assert_eq!(platform.create_tenant("acme", "", Language::En).unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(platform.create_tenant("../x", "", Language::En).unwrap_err().code, ErrorCode::Invalid);
    for tenant in [&acme, &beta] {
        platform.registry().set_default_tenant(&tenant.slug).unwrap();
        assert_eq!(platform.registry().default_tenant(), Ok(Some(tenant.clone())));
    }
    assert_eq!(platform.registry().set_default_tenant("gone").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(platform.registry().default_tenant(), Ok(Some(beta)));
}

#[test]
fn an_administrator_has_a_hash_and_never_a_password() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    assert_eq!(platform.registry().administrator(), Ok(None));
    let made = platform.registry().create_administrator("Ana", "ana@example.com", None).unwrap();
    assert!(!made.has_password);
    assert_eq!(platform.registry().administrator(), Ok(Some(made)));
    platform.registry().set_password("ana@example.com", "correct horse").unwrap();
    assert!(platform.registry().users().unwrap()[0].has_password);
    for (code, result) in [
        (ErrorCode::AlreadyExists, platform.registry().create_administrator("", "ana@example.com", None).map(|_| ())),
        (ErrorCode::Invalid, platform.registry().create_administrator("", "nobody", None).map(|_| ())),
        (ErrorCode::Invalid, platform.registry().create_administrator("", "b@example.com", Some("short")).map(|_| ())),
        (ErrorCode::NotFound, platform.registry().set_password("gone@example.com", "long enough")),
    ] {
        assert_eq!(result.unwrap_err().code, code);
    }
    drop(platform);
    let main = super::connection::open(&data(&folder).platform_db()).unwrap();
    let changed_at: i64 = main.query_row("SELECT updated_at FROM users", [], |row| row.get(0)).unwrap();
    assert_eq!(changed_at, 1_795_478_400_000_000);
    let stored = fs::read(data(&folder).platform_db()).unwrap();
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("$argon2id$") && !holds("correct horse"));
}

#[test]
fn ids_of_the_platform_are_never_given_twice_and_a_dry_run_takes_none() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    // Two processes have two connections, and may have clocks that differ.
    let other = opened(&folder).unwrap();
    let (now, earlier) = (Timestamp(1_795_478_400_000_000), Timestamp(1_795_000_000_000_000));
    let first = platform.registry().ids(5_000, now).unwrap();
    let stored = |platform: &Platform| {
        let of = |main: &mut rusqlite::Connection| {
            let sql = "SELECT CAST(value AS INTEGER) FROM installation WHERE name = 'next_id'";
            Ok(main.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap())
        };
        platform.registry().read(of).unwrap()
    };
    assert_eq!(stored(&other), first + 5_000);
    let second = other.registry().ids(1, earlier).unwrap();
    assert!(second >= first + 5_000);
    let scratch = TempDir::new().unwrap();
    let dry = platform.dry_run(scratch.path());
    assert!(dry.registry().ids(10, now).unwrap() > second);
    assert_eq!(stored(&platform), second + 1);
    assert_eq!(platform.registry().ids(1_000_001, now).unwrap_err().code, ErrorCode::Invalid);
    assert!(platform.registry().ids(1_000_000, now).is_ok());
}

#[test]
fn a_dry_run_changes_no_byte_of_the_platform() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    platform.create_tenant("acme", "Acme", Language::En).unwrap();
    log(&open(&platform, "acme"), 1);
    // A process that was killed leaves its changes in the log, where a dry run must leave them.
    let file = data(&folder).tenant_db(platform.registry().tenant("acme").unwrap().unwrap().id);
    let killed = super::connection::open(&file).unwrap();
    killed.execute("INSERT INTO logs (id, level, message, created_at) VALUES (2, 'info', '', 0)", []).unwrap();
    drop(killed);
    let platform_db = super::connection::open(&data(&folder).platform_db()).unwrap();
    platform_db.execute("INSERT INTO installation (name, value) VALUES ('left', 'behind')", []).unwrap();
    drop(platform_db);
    drop(platform);
    let before = contents(folder.path());

    let scratch = TempDir::new().unwrap();
    let platform = opened(&folder).unwrap();
    let dry = platform.dry_run(scratch.path());
    let (access, acme) = (access(), dry.registry().tenant("acme").unwrap().unwrap());
    let ledger = access.ledger.clone();
    let database = dry.files().open(&acme, access).unwrap();
    log(&database, 3);
    assert_eq!(database.execute("DELETE FROM logs", &[]), Ok(3));
    let changes = ledger.changes();
    assert_eq!((changes[0].inserted, changes[0].deleted), (1, 3));
    dry.create_tenant("beta", "Beta", Language::En).unwrap();
    log(&open(&dry, "beta"), 1);
    dry.registry().set_default_tenant("beta").unwrap();
    dry.registry().create_administrator("Ana", "ana@example.com", Some("correct horse")).unwrap();
    assert_eq!(dry.registry().tenants().unwrap().len(), 2);
    drop((database, dry));
    assert_eq!(platform.registry().tenants().unwrap().len(), 1);
    drop(platform);
    assert!(contents(folder.path()) == before);
    let platform = opened(&folder).unwrap();
    assert_eq!(open(&platform, "acme").execute("DELETE FROM logs", &[]), Ok(2));
}

#[test]
fn a_damaged_file_is_named_and_leaves_the_others_alone() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    platform.create_tenant("beta", "Beta", Language::En).unwrap();
    assert_eq!(probes::check(&platform, "database").unwrap().status, probes::ProbeStatus::Ok);
    fs::write(data(&folder).tenant_db(acme.id), "this is no database, whatever its name says".repeat(9)).unwrap();

    assert_eq!(platform.files().check(&acme).unwrap_err().exit(), Exit::Verification);
    let error = platform.files().open(&acme, access()).map(|_| ()).unwrap_err();
    assert_eq!(error.code, ErrorCode::Internal);
    assert!(!error.message.en.contains(".db"), "{error}");
    for name in ["database", "schema"] {
        let finding = probes::check(&platform, name).unwrap();
        assert_eq!(finding.status, probes::ProbeStatus::Lost);
        assert!(finding.detail.en.starts_with("`acme`: damaged") && !finding.detail.en.contains("beta"), "{finding:?}");
    }
    let scratch = TempDir::new().unwrap();
    let dry = platform.dry_run(scratch.path()).files().open(&acme, access()).map(|_| ());
    assert_eq!(dry.unwrap_err().code, ErrorCode::Internal);
    log(&open(&platform, "beta"), 1);
    let error = Platform::migrate(&data(&folder), "test").unwrap_err();
    assert!(error.to_string().contains("`acme`"), "{error}");
    assert_eq!(error.exit(), Exit::Verification);
    drop(platform);

    fs::write(data(&folder).platform_db(), "not a database either").unwrap();
    let error = opened(&folder).map(|_| ()).unwrap_err();
    assert_eq!(error.exit(), Exit::Verification, "{error}");
}

#[test]
fn older_and_newer_files_are_refused_until_they_are_migrated() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    let set_version = |path: &Path, version: u32| {
        let connection = super::connection::open(path).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    };
    let file = data(&folder).tenant_db(acme.id);
    let known = schema::version(schema::TENANT);
    for version in [1, known - 1, known + 1] {
        set_version(&file, version);
        assert_eq!(platform.files().open(&acme, access()).map(|_| ()).unwrap_err().code, ErrorCode::Unavailable);
        assert_eq!(platform.files().check(&acme).unwrap_err().exit(), Exit::Usage);
        assert_eq!(probes::check(&platform, "schema").unwrap().status, probes::ProbeStatus::Failed);
    }
    let Err(PlatformError::TooNew { found, .. }) = Platform::plan(&data(&folder)) else { panic!("it is too new") };
    assert_eq!(found, known + 1);
    set_version(&file, known);
    platform.files().check(&acme).unwrap();
    set_version(&data(&folder).platform_db(), schema::version(schema::PLATFORM) + 1);
    assert!(matches!(opened(&folder), Err(PlatformError::TooNew { .. })));
}

#[test]
fn files_from_before_get_their_identity_at_the_next_migrate() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    log(&open(&platform, "acme"), 1);
    drop(platform);
    back_to_version_1(&data(&folder), acme.id);
    let pending = |database: &str, to| Pending { database: database.to_owned(), from: 1, to };
    let both =
        [pending("platform", schema::version(schema::PLATFORM)), pending("acme", schema::version(schema::TENANT))];
    assert_eq!(Platform::plan(&data(&folder)).unwrap(), both);
    assert!(matches!(opened(&folder), Err(PlatformError::NeedsMigrate { .. })));
    assert_eq!(Platform::migrate(&data(&folder), "test").unwrap(), both);
    assert_eq!(open(&opened(&folder).unwrap(), "acme").execute("DELETE FROM logs", &[]), Ok(1));
}

#[test]
fn many_processes_may_make_the_same_platform_at_the_same_time() {
    for _ in 0..10 {
        let folder = TempDir::new().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| Platform::migrate(&data(&folder), "test").unwrap());
            }
        });
        opened(&folder).unwrap();
    }
}

/// Takes from the files what later versions gave them.
fn back_to_version_1(data: &DataDir, tenant: i64) {
    let change = |path: &Path, sql: &str| {
        let connection = super::connection::open(path).unwrap();
        connection.execute_batch(sql).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    };
    let forget =
        "DELETE FROM installation WHERE name = 'id'; UPDATE installation SET value = 1 WHERE name = 'tenant_schema'";
    change(&data.platform_db(), &format!("{forget}; PRAGMA user_version = 1"));
    let triggers = "DROP TRIGGER feedback_deleted; DROP TRIGGER settings_deleted; DROP TRIGGER agents_changed_silently; \
        DROP TRIGGER knowledge_items_changed_silently; DROP TRIGGER documents_changed_silently; \
        DROP TRIGGER chats_changed_silently; DROP TRIGGER messages_changed_silently; \
        DROP TRIGGER feedback_changed_silently";
    let tables = "DROP TABLE silent_changes; DROP TABLE journal_entries; DROP TABLE journals; DROP TABLE identity; \
        PRAGMA application_id = 0; PRAGMA user_version = 1";
    change(&data.tenant_db(tenant), &format!("{triggers}; {tables}"));
}

#[test]
fn a_destroyed_page_at_an_end_of_a_table_is_found_and_the_rest_is_not_said_to_be_looked_at() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    let found = probes::check(&platform, "database").unwrap();
    assert_eq!(found.status, probes::ProbeStatus::Ok);
    assert_eq!(found.detail.en, "`platform.db` and 1 tenant opened; the data is checked by validate_system");

    let file = data(&folder).tenant_db(acme.id);
    let whole = fs::read(&file).unwrap();
    for table in ["messages", "agent_tools", "deletions"] {
        let page: usize = {
            let connection = super::connection::open(&file).unwrap();
            let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
            connection.query_row(sql, [table], |row| row.get::<_, u32>(0)).unwrap() as usize
        };
        let mut damaged = whole.clone();
        damaged[(page - 1) * 16_384..page * 16_384].fill(0xaa);
        fs::write(&file, damaged).unwrap();
        let found = probes::check(&platform, "database").unwrap();
        assert_eq!(found.status, probes::ProbeStatus::Lost, "{table}: {found:?}");
        assert!(found.detail.en.starts_with("`acme`: damaged"), "{table}: {found:?}");
        fs::write(&file, &whole).unwrap();
    }
}

#[test]
fn a_file_that_can_only_be_read_takes_no_changes_also_where_its_copy_would() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    log(&open(&platform, "acme"), 1);
    let file = data(&folder).tenant_db(acme.id);
    let identity = super::Identity::of(platform.registry().installation(), &acme);
    let access = access();
    let ledger = access.ledger.clone();
    let database = Database::open(&file, &identity, access, crate::sqlite::Durability::Denied).unwrap();
    let count = database.rows("SELECT count(*) FROM logs", &[], &[encargo_model::Kind::Integer], 1).unwrap();
    assert_eq!(count.rows, 1);
    let refused = database.execute("DELETE FROM logs", &[]).unwrap_err();
    assert_eq!(
        (refused.code, refused.message.en.as_str()),
        (ErrorCode::Unavailable, "the storage of the rows cannot be written")
    );
    assert_eq!(ledger.changes(), []);
}

#[test]
fn a_held_list_of_tenants_is_seen() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    platform.check_free(std::time::Duration::ZERO).unwrap();
    let holding = super::connection::open(&data(&folder).platform_db()).unwrap();
    holding.execute_batch("BEGIN IMMEDIATE").unwrap();
    let held = platform.check_free(std::time::Duration::ZERO).unwrap_err();
    assert_eq!(held.exit(), Exit::LockHeld);
}
