//! Writing: destinations, sinks, dry runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use encargo_model::{ArgumentKind, ErrorCode, FileChange};
use tempfile::TempDir;

use super::support::{config, names, put, with};
use crate::files::{Destination, Files, FilesConfig};

/// The SHA-256 of `hello`.
const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

fn publish(files: &Files, argument: &str, name: &str) -> encargo_model::Artefact {
    let mut sink = files.create(argument, name, true).unwrap();
    sink.write(b"hel").unwrap();
    sink.write(b"lo").unwrap();
    sink.publish().unwrap().artefact
}

#[test]
fn a_file_appears_whole_and_readable_by_its_owner() {
    let folder = TempDir::new().unwrap();
    let files = Files::new(config(&folder));
    assert_eq!(files.destination("output"), Ok(Destination::Folder));
    let exports = folder.path().join("exports/run");
    let mut sink = files.create("output", "a.csv", true).unwrap();
    sink.write(b"hello").unwrap();
    assert!(!exports.join("a.csv").exists());
    let artefact = sink.publish().unwrap().artefact;
    let path = exports.join("a.csv");
    assert_eq!((artefact.name.as_str(), artefact.bytes, artefact.sha256.as_str()), ("a.csv", 5, HELLO));
    assert_eq!(artefact.path, path.display().to_string());
    assert_eq!(fs::read(&path).unwrap(), b"hello");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(names(exports), ["a.csv"]);
    let record = &files.records()[0];
    assert_eq!((record.change, record.bytes, record.sha256.as_deref()), (FileChange::Written, 5, Some(HELLO)));
}

#[test]
fn a_sink_that_is_dropped_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let files = Files::new(config(&folder));
    for name in ["a.csv", "a.csv.gz", "a.csv.zst"] {
        let mut sink = files.create("output", name, true).unwrap();
        sink.write(&vec![7; 3 << 20]).unwrap();
        drop(sink);
    }
    assert_eq!(names(folder.path().join("exports/run")), Vec::<String>::new());
    assert_eq!(files.records(), []);
    assert_eq!(publish(&files, "output", "a.csv").sha256, HELLO);
}

#[test]
fn what_is_compressed_reads_back() {
    let folder = TempDir::new().unwrap();
    let text = b"some text ".repeat(100_000);
    for name in ["a.gz", "a.zst"] {
        let files = Files::new(with(&folder, "out", "out", ArgumentKind::Output));
        let mut sink = files.create("out", name, true).unwrap();
        sink.write(&text).unwrap();
        let artefact = sink.publish().unwrap().artefact;
        assert!(artefact.bytes < 20_000);
        let stored = fs::read(&artefact.path).unwrap();
        assert_eq!(stored.len() as u64, artefact.bytes);
        put(&folder, name, &stored);
        let files = Files::new(with(&folder, "file", name, ArgumentKind::InputFile));
        let mut source = files.read("file", 0, true).unwrap();
        assert!(source.read(1 << 20).unwrap() == text);
    }
}

#[test]
fn a_destination_follows_from_the_path() {
    let folder = TempDir::new().unwrap();
    put(&folder, "there/a", b"");
    for (name, tenant, expected) in [
        ("new", None, Ok(Destination::Folder)),
        ("new.csv", None, Ok(Destination::File("new.csv".to_owned()))),
        ("new.d/", None, Ok(Destination::Folder)),
        ("there", None, Ok(Destination::Folder)),
        ("there/a", None, Ok(Destination::File("a".to_owned()))),
        ("-", None, Ok(Destination::StandardOutput)),
        ("new", Some("acme"), Ok(Destination::Folder)),
        ("new.csv", Some("acme"), Err(ErrorCode::Invalid)),
        ("-", Some("acme"), Err(ErrorCode::Invalid)),
    ] {
        let config = with(&folder, "out", name, ArgumentKind::Output);
        let files = Files::new(FilesConfig { tenant_folder: tenant.map(str::to_owned), ..config });
        assert_eq!(files.destination("out").map_err(|error| error.code), expected, "{name}");
    }
    let config = with(&folder, "out", "new", ArgumentKind::Output);
    let files = Files::new(FilesConfig { tenant_folder: Some("acme".to_owned()), ..config });
    publish(&files, "out", "a.csv");
    assert_eq!(names(folder.path().join("new/acme")), ["a.csv"]);
}

#[test]
fn one_file_takes_one_sink_and_a_folder_each_name_once() {
    let folder = TempDir::new().unwrap();
    put(&folder, "one.csv", b"old");
    let files = Files::new(with(&folder, "out", "one.csv", ArgumentKind::Output));
    let dropped = files.create("out", "", false).unwrap();
    assert_eq!(files.create("out", "b", false).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);
    drop(dropped);
    assert_eq!(fs::read(folder.path().join("one.csv")).unwrap(), b"old");
    publish(&files, "out", "its name is not used");
    assert_eq!(fs::read(folder.path().join("one.csv")).unwrap(), b"hello");
    assert_eq!(files.create("out", "b", false).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);

    let files = Files::new(with(&folder, "out", "out", ArgumentKind::Output));
    publish(&files, "out", "a.csv");
    assert_eq!(files.create("out", "a.csv", false).map(|_| ()).unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(files.create("out", "../a.csv", false).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);
    let files = Files::new(with(&folder, "file", "one.csv", ArgumentKind::InputFile));
    assert_eq!(files.create("file", "a", false).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn a_file_beside_the_one_that_was_named_has_its_name_and_replaces_nothing() {
    let folder = TempDir::new().unwrap();
    let files = Files::new(with(&folder, "out", "one.csv", ArgumentKind::Output));
    publish(&files, "out", "");
    let beside = |files: &Files, suffix| files.create_beside("out", suffix, true).map_err(|error| error.code);
    beside(&files, ".manifest.json").unwrap().publish().unwrap();
    assert_eq!(names(folder.path().to_owned()), ["one.csv", "one.csv.manifest.json"]);
    assert_eq!(beside(&files, ".manifest.json").map(drop), Err(ErrorCode::AlreadyExists));
    for suffix in ["", "x", "./x", "./../x"] {
        assert_eq!(beside(&files, suffix).map(drop), Err(ErrorCode::Invalid), "{suffix}");
    }
    put(&folder, "one.csv.other", b"there before");
    assert_eq!(beside(&files, ".other").map(drop), Err(ErrorCode::AlreadyExists));
    assert_eq!(fs::read(folder.path().join("one.csv.other")).unwrap(), b"there before");
    for place in ["out", "-"] {
        let files = Files::new(with(&folder, "out", place, ArgumentKind::Output));
        assert_eq!(beside(&files, ".manifest.json").map(drop), Err(ErrorCode::Invalid), "{place}");
    }
}

#[test]
fn a_dry_run_records_what_would_be_written_and_where() {
    let folder = TempDir::new().unwrap();
    let config = FilesConfig {
        overlay: Some(folder.path().join("overlay")),
        ..with(&folder, "out", "out", ArgumentKind::Output)
    };
    let files = Files::new(config);
    let artefact = publish(&files, "out", "a.csv");
    assert_eq!((artefact.sha256.as_str(), artefact.bytes), (HELLO, 5));
    assert_eq!(files.records()[0].path, folder.path().join("out/a.csv").display().to_string());
    assert!(!folder.path().join("out").exists());
    assert_eq!(names(folder.path().join("overlay")), Vec::<String>::new());

    let config = with(&folder, "out", "-", ArgumentKind::Output);
    let files = Files::new(FilesConfig { overlay: Some(folder.path().join("overlay")), ..config });
    let artefact = publish(&files, "out", "a.csv");
    assert_eq!((artefact.path.as_str(), artefact.sha256.as_str()), ("-", HELLO));
    assert_eq!(files.create("out", "b", false).map(|_| ()).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing() {
    let error = crate::files::error::writing("a.csv", &std::io::ErrorKind::StorageFull.into());
    assert_eq!(
        (error.code, error.message.en.as_str()),
        (ErrorCode::Unavailable, "the disk is full while writing `a.csv`")
    );
    let folder = TempDir::new().unwrap();
    put(&folder, "exports", b"a file where the folder should be");
    let error = Files::new(config(&folder)).create("output", "a.csv", false).map(|_| ()).unwrap_err();
    assert_eq!((error.code, error.message.en.as_str()), (ErrorCode::Unavailable, "`a.csv` cannot be written"));
}

#[test]
fn a_run_makes_so_many_files_and_has_so_many_open() {
    let folder = TempDir::new().unwrap();
    let config = with(&folder, "out", "out/", ArgumentKind::Output);
    let files = Files::new(FilesConfig { output_files: 3, open_files: 2, ..config });
    let create = |name: &str| files.create("out", name, false);
    let refused = |sink: Result<_, crate::BackendError>| {
        let error = sink.map(|_: crate::Sink| ()).unwrap_err();
        (error.code, error.message.en)
    };
    let open = [create("a").unwrap(), create("b").unwrap()];
    let words = "the run has 2 files open, its limit `open_files`; close one first";
    assert_eq!(refused(create("c")), (ErrorCode::Quota, words.to_owned()));
    let [a, b] = open;
    a.publish().unwrap();
    drop(b);
    // What was begun and given up leaves no file, so another has its place.
    ["b", "c"].iter().for_each(|name| drop(create(name).unwrap().publish().unwrap()));
    let words = "the run has made 3 files, its limit `output_files`";
    assert_eq!(refused(create("d")), (ErrorCode::Quota, words.to_owned()));
    assert_eq!(refused(create("a")).0, ErrorCode::AlreadyExists);
    assert_eq!((files.output_files(), files.open_files()), (3, 2));
    assert_eq!(names(folder.path().join("out")), ["a", "b", "c"]);
}

#[test]
fn files_that_are_read_count_as_open_until_they_are_let_go_of() {
    let folder = TempDir::new().unwrap();
    put(&folder, "in.csv", b"x");
    let files = Files::new(FilesConfig { open_files: 2, ..with(&folder, "in", "in.csv", ArgumentKind::InputFile) });
    let read = || files.read("in", 0, true).map_err(|error| error.code);
    let first = read().unwrap();
    let second = read().unwrap();
    assert_eq!(read().map(drop), Err(ErrorCode::Quota));
    drop(first);
    drop((read().unwrap(), second));
    assert_eq!(files.open_files(), 2);
}
