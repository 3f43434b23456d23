//! Tests of reading what cannot be written. Who runs them may write everything, so the ways are tried one by one.

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;

/// A database with one row, which is in the file itself or still in its log, as nobody has it open.
fn database(in_log: bool) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let (path, left) = (folder.path().join("7%.db"), folder.path().join("left.db"));
    let connection = Connection::open(&left).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n); INSERT INTO t VALUES (7)").unwrap();
    if !in_log {
        connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    }
    fs::copy(&left, &path).unwrap();
    fs::copy(beside(&left, "-wal"), beside(&path, "-wal")).unwrap();
    (folder, path)
}

fn rows(connection: &Connection) -> Vec<i64> {
    let mut statement = connection.prepare("SELECT n FROM t").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_file_that_can_be_written_is_opened_for_that() {
    let (_folder, path) = database(true);
    assert_eq!(way_of(&path), Way::Write);
    check_writable(&path).unwrap();
    let connection = open(&path).unwrap();
    connection.execute("INSERT INTO t VALUES (8)", []).unwrap();
    assert_eq!(rows(&connection), [7, 8]);
}

#[test]
fn a_log_is_part_of_what_is_read_and_its_absence_is_seen() {
    for (log, index, uses_index, way) in [
        (Some(0), None, true, Way::AsItLies),
        (None, None, true, Way::AsItLies),
        (Some(1), None, true, Way::Copy),
        (Some(1), Some(INDEX_BYTES), true, Way::Share),
        (Some(0), Some(INDEX_BYTES), true, Way::Share),
        (None, Some(INDEX_BYTES), true, Way::AsItLies),
        (Some(1), Some(0), true, Way::Copy),
        (Some(1), Some(INDEX_BYTES), false, Way::Copy),
        (Some(0), Some(INDEX_BYTES), false, Way::AsItLies),
    ] {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("1.db");
        fs::write(&path, "").unwrap();
        if let Some(bytes) = log {
            fs::write(beside(&path, "-wal"), vec![0; bytes]).unwrap();
        }
        if let Some(bytes) = index {
            fs::File::create(beside(&path, "-shm")).unwrap().set_len(bytes).unwrap();
        }
        assert_eq!(way_to_read(&path, uses_index), way, "{log:?} {index:?} {uses_index}");
    }
}

#[test]
fn a_file_without_a_log_is_read_as_it_lies_and_not_touched() {
    let (folder, path) = database(false);
    fs::remove_file(beside(&path, "-wal")).unwrap();
    let connection = open_by(&path, Way::AsItLies).unwrap();
    assert_eq!(rows(&connection), [7]);
    assert!(connection.execute("INSERT INTO t VALUES (8)", []).is_err());
    drop(connection);
    assert!(!beside(&path, "-wal").exists() && !beside(&path, "-shm").exists());
    drop(folder);
}

#[test]
fn a_file_with_a_log_is_copied_with_it_once_and_the_copy_goes_at_the_end() {
    let (folder, path) = database(true);
    let replicas = Replicas::new(DataDir::new(folder.path().to_owned()));
    let copy = replicas.readable_by(&path, Way::Copy).unwrap();
    assert!(!copy.as_it_lies && copy.file != path);
    assert_eq!(replicas.readable_by(&path, Way::Copy).unwrap(), copy);
    let connection = open(&copy.file).unwrap();
    assert_eq!(rows(&connection), [7]);
    drop((connection, replicas));
    assert!(!copy.file.exists() && path.exists());
}

#[test]
fn scratch_is_in_the_data_directory_where_that_can_be_written() {
    let folder = TempDir::new().unwrap();
    let data = DataDir::new(folder.path().to_owned());
    let replicas = Replicas::new(data.clone());
    assert_eq!(replicas.scratch().unwrap(), data.scratch());
    let nowhere = Replicas::new(DataDir::new("/proc/nothing".into()));
    let elsewhere = nowhere.scratch().unwrap();
    assert!(elsewhere.is_dir() && elsewhere == nowhere.scratch().unwrap());
    drop(nowhere);
    assert!(!elsewhere.exists());
}
