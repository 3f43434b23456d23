//! Tests of making, migrating and opening the store's file.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use encargo_model::Exit;

use super::*;
use crate::samples::{at, block_on, now, run};

#[test]
fn a_store_is_made_once_and_for_its_user_alone() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        let missing = Store::open(&path).await.unwrap_err();
        assert!(matches!(missing, StoreError::NotInitialised { .. }) && missing.exit() == Exit::Usage);
        assert_eq!(Store::plan(&path, None).await.unwrap(), [1, 2, 3, 4, 5, 6, 7]);
        assert!(!path.exists());

        assert_eq!(Store::migrate(&path).await.unwrap(), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Store::migrate(&path).await.unwrap(), [0; 0]);
        assert_eq!(Store::plan(&path, None).await.unwrap(), [0; 0]);
        Store::open(&path).await.unwrap();

        let nowhere = make_file(&folder.path().join("missing/engine.db"));
        assert!(matches!(nowhere, Err(StoreError::Io { .. })), "{nowhere:?}");
    });
}

#[test]
fn many_processes_may_make_and_migrate_a_store_at_the_same_time() {
    block_on(async {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("engine.db");
            let mut migrating = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let path = path.clone();
                migrating.spawn(async move { Store::migrate(&path).await.unwrap() });
            }
            assert_eq!(migrating.join_all().await.concat(), [1, 2, 3, 4, 5, 6, 7]);
            Store::open(&path).await.unwrap();
        }
    });
}

#[test]
fn a_log_of_a_line_a_row_is_kept_in_pages() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        make_file(&path).unwrap();
        let mut connection = connect(&path).await.unwrap();
        for (.., text) in &MIGRATIONS[..2] {
            sqlx::raw_sql(*text).execute(&mut connection).await.unwrap();
        }
        let earlier =
            "INSERT INTO runs (id, command, digest, version, trigger, arguments, resume_key, dry_run, language,
                status, started_at, attempts, receipt, worker_host, worker_pid, lease_until)
            VALUES (5, 'c', 'd', '1', 'cli', '[]', '', 0, 'en', 'succeeded', 0, 1, '{}', 'here', 7, 0);
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
            INSERT INTO run_logs (run, line, logged_at, level, message, fields)
            SELECT 5, i, i, 'info', 'ñ\"' || char(10) || i, '[[\"k\",\"v\"]]' FROM n";
        sqlx::raw_sql(earlier).execute(&mut connection).await.unwrap();
        sqlx::raw_sql(MIGRATIONS[2].2).execute(&mut connection).await.unwrap();
        let inner = Inner { path, connection: Mutex::new(connection) };
        let lines = Store { inner: Arc::new(inner) }.logs(encargo_model::RunId(5), None, 2_000).await.unwrap();
        assert_eq!(lines.len(), 1_100);
        for (at, (number, line)) in (1..).zip(lines) {
            assert_eq!((number, line.at.0, line.message), (at, at, format!("ñ\"\n{at}")));
            assert_eq!(line.fields, [("k".to_owned(), "v".to_owned())]);
        }
    });
}

#[test]
fn a_file_of_another_version_is_named() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        fs::write(&path, "").unwrap();
        assert!(matches!(Store::open(&path).await, Err(StoreError::NeedsMigrate { .. })));
        Store::migrate(&path).await.unwrap();
        let later = "INSERT INTO _sqlx_migrations VALUES (9, 'later', 'now', 1, x'', 0)";
        sqlx::query(later).execute(&mut connect(&path).await.unwrap()).await.unwrap();
        assert!(matches!(Store::open(&path).await, Err(StoreError::TooNew { found: 9, known: 7, .. })));
        assert!(matches!(Store::migrate(&path).await, Err(StoreError::TooNew { .. })));
    });
}

#[test]
fn a_corrupt_file_is_named_and_left_as_it_was() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        let nonsense = "not a database, and longer than the header of one ".repeat(100);
        fs::write(&path, &nonsense).unwrap();
        for error in [Store::open(&path).await.unwrap_err(), Store::migrate(&path).await.unwrap_err()] {
            assert!(error.to_string().contains("engine.db` is corrupt: "), "{error}");
            assert_eq!(error.exit(), Exit::Verification);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), nonsense);
    });
}

#[test]
fn a_full_disk_and_a_read_only_file_have_their_own_errors() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        Store::migrate(&path).await.unwrap();
        for (pragma, expected) in [
            ("PRAGMA max_page_count = 1", "cannot grow: the disk is full; remove"),
            ("PRAGMA query_only = 1", "are its file and folder writable by this user?"),
        ] {
            let store = Store::open(&path).await.unwrap();
            sqlx::query(pragma).execute(&mut *store.connection().await).await.unwrap();
            let mut run = run(1);
            run.backtrace = Some("x".repeat(100_000));
            let error = store.begin_run(&at(&run), &now(0)).await.unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    });
}

/// A folder with a store in it in which one run stands, and whether that is in the file itself or still in its log.
async fn with_a_run(in_log: bool) -> (tempfile::TempDir, ToRead) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("engine.db");
    Store::migrate(&path).await.unwrap();
    let store = Store::open(&path).await.unwrap();
    store.begin_run(&at(&run(1)), &now(0)).await.unwrap();
    let file = folder.path().join("copy.db");
    if in_log {
        fs::copy(folder.path().join("engine.db-wal"), folder.path().join("copy.db-wal")).unwrap();
    } else {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *store.connection().await).await.unwrap();
    }
    fs::copy(&path, &file).unwrap();
    (folder, ToRead { file, as_it_lies: !in_log })
}

#[test]
fn what_cannot_be_written_is_read_with_its_log_and_refuses_changes() {
    block_on(async {
        for in_log in [true, false] {
            let (folder, to_read) = with_a_run(in_log).await;
            let path = folder.path().join("engine.db");
            let before = fs::read(&to_read.file).unwrap();
            assert_eq!(Store::plan(&path, Some(&to_read)).await.unwrap(), [0; 0]);
            let store = Store::open_to_read(&path, &to_read).await.unwrap();
            assert_eq!(store.run(run(1).id).await.unwrap(), Some(run(1)), "{in_log}");
            let refused = store.begin_run(&at(&run(2)), &now(0)).await.unwrap_err();
            assert!(refused.is_unwritable(), "{refused}");
            assert!(store.end_run(&run(1), &[], encargo_model::Timestamp(1)).await.unwrap_err().is_unwritable());
            drop(store);
            // A copy's log is brought into it when it is closed; a file that is read as it lies stays as it was.
            assert!(in_log || fs::read(&to_read.file).unwrap() == before);
        }
    });
}

#[test]
fn a_held_store_names_who_holds_it() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("engine.db");
        Store::migrate(&path).await.unwrap();
        let (store, other) = (Store::open(&path).await.unwrap(), Store::open(&path).await.unwrap());
        store.check_writable(Duration::ZERO).await.unwrap();
        let mut holding = other.connection().await;
        let transaction = holding.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let held = store.check_writable(Duration::ZERO).await.unwrap_err();
        assert_eq!(held.exit(), Exit::LockHeld);
        let StoreError::Busy { holder, .. } = held else { panic!("{held}") };
        // Both connections are of this process, and a container may not show its locks.
        assert!(holder.is_none_or(|holder| holder == std::process::id()), "{holder:?}");
        transaction.rollback().await.unwrap();
        store.check_writable(Duration::ZERO).await.unwrap();
    });
}
