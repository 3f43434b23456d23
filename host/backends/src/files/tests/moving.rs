//! Moving files into folders inside their own, and reading back what was published.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;

use encargo_model::{ArgumentKind, ErrorCode, FileChange};
use tempfile::TempDir;

use super::support::{all, config, names, put, with};
use crate::files::{Files, FilesConfig};

/// A folder with two files, one of them compressed by its name, a link and a file in `done`.
fn filled() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["a.csv", "b.csv.gz", "done/a.csv"] {
        put(&folder, &format!("in/{name}"), name.as_bytes());
    }
    symlink("a.csv", folder.path().join("in/c.csv")).unwrap();
    folder
}

fn of(folder: &TempDir) -> FilesConfig {
    with(folder, "directory", "in", ArgumentKind::InputFolder)
}

fn code<T>(result: Result<T, crate::BackendError>) -> Option<ErrorCode> {
    result.err().map(|error| error.code)
}

#[test]
fn a_file_is_moved_and_replaces_nothing() {
    let folder = filled();
    let files = Files::new(of(&folder));
    assert_eq!(files.move_entry("directory", 0, "done").as_deref(), Ok("done/a-2.csv"));
    assert_eq!(files.move_entry("directory", 1, "failed").as_deref(), Ok("failed/b.csv.gz"));
    assert_eq!(names(folder.path().join("in")), ["c.csv", "done", "failed"]);
    assert_eq!(fs::read(folder.path().join("in/done/a.csv")).unwrap(), b"done/a.csv");
    assert_eq!(fs::read(folder.path().join("in/done/a-2.csv")).unwrap(), b"a.csv");
    let record = &files.records()[0];
    assert_eq!((record.change, record.bytes, record.sha256.as_deref()), (FileChange::Moved, 5, None));
    assert!(record.path.ends_with("in/done/a-2.csv"), "{}", record.path);
    assert_eq!(code(files.move_entry("directory", 0, "done")), Some(ErrorCode::NotFound), "it is gone");
}

#[test]
fn a_dry_run_says_where_files_would_be_and_moves_none() {
    let folder = filled();
    put(&folder, "in/a-2.csv", b"");
    let files = Files::new(FilesConfig { overlay: Some(folder.path().join("overlay")), ..of(&folder) });
    let before = names(folder.path().join("in"));
    assert_eq!(files.move_entry("directory", 1, "done").as_deref(), Ok("done/a-2.csv"));
    assert_eq!(files.move_entry("directory", 0, "done").as_deref(), Ok("done/a-2-2.csv"), "that name is taken by now");
    assert_eq!(files.move_entry("directory", 2, "failed").as_deref(), Ok("failed/b.csv.gz"));
    assert_eq!(names(folder.path().join("in")), before);
    let root = Files::new(FilesConfig { overlay: Some(folder.path().join("overlay")), ..config(&folder) });
    put(&folder, "temporary/x", b"x");
    assert_eq!(root.move_root("temporary", "x", "done").as_deref(), Ok("done/x"));
    assert_eq!(code(root.read_root("temporary", "x", false)), Some(ErrorCode::NotFound));
    assert_eq!(names(folder.path().join("temporary")), ["x"]);
}

#[test]
fn what_is_another_file_than_was_read_stays() {
    let folder = filled();
    let files = Files::new(of(&folder));
    let _ = all(files.read("directory", 0, false).unwrap()).unwrap();
    put(&folder, "in/a.csv", b"another one");
    assert_eq!(code(files.move_entry("directory", 0, "done")), Some(ErrorCode::Invalid));
    let _ = all(files.read("directory", 0, false).unwrap()).unwrap();
    assert_eq!(code(files.move_entry("directory", 0, "done")), None, "it was read since");

    let files = Files::new(of(&folder));
    assert_eq!(files.entries("directory").unwrap().len(), 1);
    put(&folder, "in/b.csv.gz", b"changed since it was listed");
    assert_eq!(code(files.move_entry("directory", 0, "done")), Some(ErrorCode::Invalid));

    put(&folder, "temporary/x", b"x");
    let files = Files::new(config(&folder));
    let _ = all(files.read_root("temporary", "x", false).unwrap()).unwrap();
    put(&folder, "temporary/x", b"more");
    assert_eq!(code(files.move_root("temporary", "x", "done")), Some(ErrorCode::Invalid));
    let _ = all(files.read_root("temporary", "x", false).unwrap()).unwrap();
    assert_eq!(files.move_root("temporary", "x", "done").as_deref(), Ok("done/x"));
    assert_eq!(names(folder.path().join("temporary/done")), ["x"]);
}

#[test]
fn nothing_leaves_its_folder_by_a_link_or_a_name() {
    let folder = filled();
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    put(&folder, "in/file", b"no folder");
    let files = Files::new(of(&folder));
    assert_eq!(files.entries("directory").unwrap().len(), 4);
    // A link that leads out is not listed with; this one comes later.
    symlink("../elsewhere", folder.path().join("in/away")).unwrap();
    for into in ["../elsewhere", "away/x", "..", "", ".hidden"] {
        assert_eq!(code(files.move_entry("directory", 0, into)), Some(ErrorCode::Invalid), "{into}");
    }
    for into in ["away", "file"] {
        assert_eq!(code(files.move_entry("directory", 0, into)), Some(ErrorCode::Unavailable), "{into}");
    }
    assert_eq!(code(files.move_entry("directory", 2, "done")), Some(ErrorCode::Invalid), "a link");
    assert_eq!(names(folder.path().join("elsewhere")), [""; 0]);
    fs::remove_file(folder.path().join("in/away")).unwrap();
    let one = Files::new(with(&folder, "file", "in/a.csv", ArgumentKind::InputFile));
    assert_eq!(code(one.move_entry("file", 0, "done")), Some(ErrorCode::Invalid), "no folder");
    let shared = Files::new(FilesConfig { tenant_folder: Some("acme".to_owned()), ..of(&folder) });
    assert_eq!(code(shared.move_entry("directory", 0, "done")), Some(ErrorCode::Refused));
    let none = Files::new(FilesConfig { permissions: BTreeSet::new(), ..of(&folder) });
    assert_eq!(code(none.move_entry("directory", 0, "done")), Some(ErrorCode::Denied));
}

#[test]
fn what_was_published_is_read_back_from_where_it_is() {
    let folder = TempDir::new().unwrap();
    let overlay = Some(folder.path().join("overlay"));
    for (overlay, decode) in [(None, true), (None, false), (overlay.clone(), true), (overlay, true)] {
        let is_dry = overlay.is_some();
        let folder = TempDir::new().unwrap();
        let files = Files::new(FilesConfig { overlay, ..config(&folder) });
        let mut sink = files.create("output", "a.gz", true).unwrap();
        sink.write(b"hello").unwrap();
        let published = sink.publish().unwrap();
        for _ in 0..2 {
            let bytes = all(files.read_back(&published, decode).unwrap()).unwrap();
            assert_eq!(bytes == b"hello", decode);
        }
        let place = folder.path().join("exports/run/a.gz");
        assert_eq!(place.exists(), !is_dry);
        if !is_dry {
            let link = folder.path().join("link");
            rustix::fs::rename(&place, &link).unwrap();
            symlink(&link, &place).unwrap();
            assert!(files.read_back(&published, decode).is_err(), "a link is not what was published");
        }
    }
}
