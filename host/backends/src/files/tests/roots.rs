//! Named roots.

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;

use encargo_model::{ErrorCode, FileChange};
use tempfile::TempDir;

use super::support::{all, config, names, put};
use crate::BackendError;
use crate::files::{Files, FilesConfig, Sink};

fn listed(files: &Files, after: Option<&str>, max: u32) -> Vec<String> {
    files.list_root("temporary", after, max).unwrap().into_iter().map(|entry| entry.name).collect()
}

fn filled() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["c", "a", "b"] {
        put(&folder, &format!("temporary/{name}"), name.as_bytes());
    }
    put(&folder, "temporary/below/d", b"");
    symlink("a", folder.path().join("temporary/link")).unwrap();
    folder
}

#[test]
fn a_root_is_listed_in_pages_read_and_emptied() {
    let folder = filled();
    let files = Files::new(config(&folder));
    assert_eq!(listed(&files, None, 2), ["a", "b"]);
    assert_eq!(listed(&files, Some("b"), 2), ["c"]);
    assert_eq!(listed(&files, Some("c"), 2), Vec::<String>::new());
    assert_eq!(all(files.read_root("temporary", "b", true).unwrap()).unwrap(), b"b");
    assert_eq!(files.remove_root("temporary", "b"), Ok(1));
    assert_eq!(files.remove_root("temporary", "b").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(
        (listed(&files, Some("a"), 9), listed(&files, None, 9)),
        (vec!["c".to_owned()], vec!["a".to_owned(), "c".to_owned()])
    );
    assert_eq!(files.records()[0].change, FileChange::Removed);
    for name in ["link", "below", "gone"] {
        assert_eq!(files.read_root("temporary", name, false).map(|_| ()).unwrap_err().code, ErrorCode::NotFound);
        assert_eq!(files.remove_root("temporary", name).unwrap_err().code, ErrorCode::NotFound);
    }
    for name in ["../exports", "below/d", ""] {
        assert_eq!(files.remove_root("temporary", name).unwrap_err().code, ErrorCode::Invalid);
    }
    assert_eq!(names(folder.path().join("temporary")), ["a", "below", "c", "link"]);
}

#[test]
fn a_root_needs_its_permissions() {
    let folder = filled();
    let files = Files::new(FilesConfig { permissions: BTreeSet::new(), ..config(&folder) });
    for (result, permission) in [
        (files.list_root("temporary", None, 1).map(|_| ()), "list-files:temporary"),
        (files.read_root("temporary", "a", false).map(|_| ()), "list-files:temporary"),
        (files.create_root("temporary", "new", false).map(|_| ()), "create-files:temporary"),
        (files.remove_root("temporary", "a").map(|_| ()), "remove-files:temporary"),
        (files.move_root("temporary", "a", "done").map(|_| ()), "move-files:temporary"),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied);
        assert!(error.message.en.ends_with(&format!("it needs the permission `{permission}`")), "{error}");
    }
    assert_eq!(files.list_root("nothing", None, 1).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_dry_run_only_remembers_what_it_removes() {
    let folder = filled();
    let files = Files::new(FilesConfig { overlay: Some(folder.path().join("overlay")), ..config(&folder) });
    assert_eq!(listed(&files, None, 1), ["a"]);
    assert_eq!(files.remove_root("temporary", "b"), Ok(1));
    assert_eq!(files.remove_root("temporary", "b").unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(
        (listed(&files, None, 9), listed(&files, Some("a"), 9)),
        (vec!["a".to_owned(), "c".to_owned()], vec!["c".to_owned()])
    );
    assert_eq!(files.records()[0].change, FileChange::Removed);
    assert!(folder.path().join("temporary/b").exists());
}

#[test]
fn a_root_without_a_folder_is_empty() {
    let folder = TempDir::new().unwrap();
    assert_eq!(listed(&Files::new(config(&folder)), None, 9), Vec::<String>::new());
}

#[test]
fn a_file_is_made_in_a_root_and_nothing_there_is_replaced() {
    let folder = filled();
    let files = Files::new(FilesConfig { overwrite: true, ..config(&folder) });
    let code = |created: Result<Sink, BackendError>| created.map(|_| ()).unwrap_err().code;
    for (name, expected) in [
        ("a", ErrorCode::AlreadyExists),
        ("link", ErrorCode::AlreadyExists),
        ("below", ErrorCode::AlreadyExists),
        ("../new", ErrorCode::Invalid),
        (".new", ErrorCode::Invalid),
    ] {
        assert_eq!(code(files.create_root("temporary", name, false)), expected, "{name}");
    }
    let mut sink = files.create_root("temporary", "new", false).unwrap();
    sink.write(b"made").unwrap();
    assert_eq!(code(files.create_root("temporary", "new", false)), ErrorCode::AlreadyExists);
    assert_eq!(listed(&files, None, 9), ["a", "b", "c"], "what is in the making is not there yet");
    let making = names(folder.path().join("temporary")).into_iter().find(|name| name.starts_with('.')).unwrap();
    assert_eq!(files.remove_root("temporary", &making).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(sink.publish().unwrap().artefact.bytes, 4);
    assert_eq!(all(files.read_root("temporary", "new", false).unwrap()).unwrap(), b"made");
    assert_eq!(files.remove_root("temporary", "a"), Ok(1));
    // What came meanwhile stays, whatever the caller said of output folders.
    let sink = files.create_root("temporary", "a", false).unwrap();
    put(&folder, "temporary/a", b"theirs");
    assert_eq!(sink.publish().unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(all(files.read_root("temporary", "a", false).unwrap()).unwrap(), b"theirs");
}

#[test]
fn a_dry_run_makes_no_file_in_a_root_but_where_it_has_removed_one() {
    let folder = filled();
    let files = Files::new(FilesConfig { overlay: Some(folder.path().join("overlay")), ..config(&folder) });
    files.remove_root("temporary", "b").unwrap();
    for name in ["b", "new"] {
        files.create_root("temporary", name, false).unwrap().publish().unwrap();
    }
    assert!(files.create_root("temporary", "a", false).is_err());
    assert_eq!(std::fs::read(folder.path().join("temporary/b")).unwrap(), b"b");
    assert_eq!(names(folder.path().join("temporary")), ["a", "b", "below", "c", "link"]);
}

#[test]
fn a_tenants_root_needs_the_permission_for_the_root() {
    let folder = filled();
    let roots = [("acme/temporary".to_owned(), folder.path().join("temporary"))].into();
    let files = Files::new(FilesConfig { roots, ..config(&folder) });
    assert_eq!(files.list_root("acme/temporary", None, 9).unwrap().len(), 3);
    files.create_root("acme/temporary", "new", false).unwrap().publish().unwrap();
    assert_eq!(files.remove_root("acme/temporary", "new"), Ok(0));
    assert_eq!(files.list_root("temporary", None, 9).unwrap_err().code, ErrorCode::NotFound);
}
