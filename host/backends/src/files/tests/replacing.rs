//! What a file in an output folder may take the place of, how much outputs may have, and what is swept before them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::rc::Rc;

use encargo_model::{ArgumentKind, Artefact, ErrorCode};
use tempfile::TempDir;

use super::support::{Host, names, put, with};
use crate::BackendError;
use crate::files::{Files, FilesConfig, Sink};

/// Files of a command whose earlier runs published these.
fn files(folder: &TempDir, published: &[&Artefact], overwrite: bool) -> Files {
    let published: BTreeMap<_, _> =
        published.iter().map(|artefact| (artefact.path.clone(), vec![artefact.sha256.clone()])).collect();
    let config = with(folder, "out", "out/", ArgumentKind::Output);
    Files::new(FilesConfig {
        host: Rc::new(Host { published: RefCell::new(published), ..Host::default() }),
        overwrite,
        ..config
    })
}

fn begin(files: &Files, bytes: &[u8]) -> Result<Sink, BackendError> {
    let mut sink = files.create("out", "a.csv", true)?;
    sink.write(bytes)?;
    Ok(sink)
}

fn write(files: &Files, bytes: &[u8]) -> Result<Artefact, BackendError> {
    begin(files, bytes)?.publish().map(|published| published.artefact)
}

fn code<T>(result: Result<T, BackendError>) -> Option<ErrorCode> {
    result.err().map(|error| error.code)
}

#[test]
fn a_file_that_is_there_is_replaced_where_the_same_command_published_it_or_the_caller_says_so() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("out/a.csv");
    let there = || fs::read(&path).unwrap();
    let first = write(&files(&folder, &[], false), b"first").unwrap();
    let refused = write(&files(&folder, &[], false), b"x").unwrap_err();
    assert_eq!(refused.code, ErrorCode::AlreadyExists);
    assert!(refused.message.en.contains("`a.csv`") && refused.message.en.contains("--overwrite"), "{refused}");
    assert_eq!(there(), b"first");
    let second = write(&files(&folder, &[&first], false), b"second").unwrap();
    assert_eq!((there(), names(folder.path().join("out"))), (b"second".to_vec(), vec!["a.csv".to_owned()]));
    // The newest record counts: a file that was put back is another one.
    put(&folder, "out/a.csv", b"first");
    assert_eq!(code(write(&files(&folder, &[&second], false), b"x")), Some(ErrorCode::AlreadyExists));
    put(&folder, "out/a.csv", b"by hand");
    assert_eq!(code(write(&files(&folder, &[&first], false), b"x")), Some(ErrorCode::AlreadyExists));
    assert_eq!(there(), b"by hand");
    write(&files(&folder, &[], true), b"third").unwrap();
    assert_eq!(there(), b"third");
}

#[test]
fn what_comes_or_changes_while_a_file_is_written_stays() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("out/a.csv");
    let sink = begin(&files(&folder, &[], false), b"first").unwrap();
    put(&folder, "out/a.csv", b"came");
    assert_eq!(code(sink.publish()), Some(ErrorCode::AlreadyExists));
    assert_eq!(fs::read(&path).unwrap(), b"came");
    fs::remove_file(&path).unwrap();

    let first = write(&files(&folder, &[], false), b"first").unwrap();
    let sink = begin(&files(&folder, &[&first], false), b"second").unwrap();
    put(&folder, "out/a.csv", b"changed");
    assert_eq!(code(sink.publish()), Some(ErrorCode::AlreadyExists));
    assert_eq!(
        (fs::read(&path).unwrap(), names(folder.path().join("out"))),
        (b"changed".to_vec(), vec!["a.csv".to_owned()])
    );

    // Written anew with the same bytes, it is still what was published; gone, nothing is in the way.
    put(&folder, "out/a.csv", b"first");
    let sink = begin(&files(&folder, &[&first], false), b"second").unwrap();
    fs::remove_file(&path).unwrap();
    put(&folder, "out/a.csv", b"first");
    let second = sink.publish().unwrap().artefact;
    let sink = begin(&files(&folder, &[&second], false), b"third").unwrap();
    fs::remove_file(&path).unwrap();
    sink.publish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"third");
}

#[test]
fn a_file_whose_publishing_was_said_before_a_kill_is_replaced_also_where_nothing_was_said_after_it() {
    let folder = TempDir::new().unwrap();
    let host = Rc::new(Host::default());
    let config = || FilesConfig { host: host.clone(), ..with(&folder, "out", "out/", ArgumentKind::Output) };
    for bytes in [b"first", b"again"] {
        let written = write(&Files::new(config()), bytes).unwrap();
        assert_eq!(host.published.borrow()[&written.path].last(), Some(&written.sha256));
    }
    put(&folder, "out/a.csv", b"changed");
    assert_eq!(code(write(&Files::new(config()), b"x")), Some(ErrorCode::AlreadyExists));
}

#[test]
fn a_link_or_a_folder_in_the_place_is_no_file_that_was_published() {
    let folder = TempDir::new().unwrap();
    let first = write(&files(&folder, &[], false), b"first").unwrap();
    let path = folder.path().join("out/a.csv");
    rustix::fs::rename(&path, folder.path().join("elsewhere")).unwrap();
    symlink("../elsewhere", &path).unwrap();
    assert_eq!(code(write(&files(&folder, &[&first], false), b"x")), Some(ErrorCode::AlreadyExists));
    write(&files(&folder, &[], true), b"second").unwrap();
    assert_eq!(fs::read(folder.path().join("elsewhere")).unwrap(), b"first");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert_eq!(code(write(&files(&folder, &[&first], false), b"x")), Some(ErrorCode::AlreadyExists));
    assert_eq!(code(write(&files(&folder, &[], true), b"x")), Some(ErrorCode::Unavailable));
}

#[test]
fn a_dry_run_is_refused_what_the_real_run_would_be() {
    let folder = TempDir::new().unwrap();
    put(&folder, "out/a.csv", b"there");
    let overlay = Some(folder.path().join("overlay"));
    let files = Files::new(FilesConfig { overlay, ..with(&folder, "out", "out/", ArgumentKind::Output) });
    assert_eq!(code(write(&files, b"x")), Some(ErrorCode::AlreadyExists));
}

#[test]
fn a_new_file_is_not_hidden_and_names_differ_in_more_than_case() {
    let folder = TempDir::new().unwrap();
    let files = files(&folder, &[], false);
    assert_eq!(code(files.create("out", ".bashrc", false)), Some(ErrorCode::Invalid));
    let sink = files.create("out", "A.csv", false).unwrap();
    let error = files.create("out", "a.CSV", false).map(|_| ()).unwrap_err();
    assert_eq!(error.code, ErrorCode::AlreadyExists);
    assert!(error.message.en.contains("`A.csv`") && error.message.en.contains("`a.CSV`"), "{error}");
    drop(sink);
    assert_eq!(code(files.create("out", "a.CSV", false)), None);
}

#[test]
fn all_outputs_of_a_run_together_have_a_most() {
    let folder = TempDir::new().unwrap();
    for (name, overlay) in [("out/", None), ("dry/", Some(folder.path().join("overlay")))] {
        let config = with(&folder, "out", name, ArgumentKind::Output);
        let files = Files::new(FilesConfig { output_bytes: 1_000_000, overlay, ..config });
        // What is dropped again was written all the same.
        drop(begin(&files, &vec![1; 600_000]).unwrap());
        let used = files.output_bytes();
        assert!((300_000..=600_000).contains(&used), "{used}");
        let error = write(&files, &vec![1; 900_000]).map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Quota);
        assert!(error.message.en.contains("`output_bytes`"), "{error}");
        assert!(files.output_bytes() <= 1_000_000);
        assert_eq!(names(folder.path().join(name)), Vec::<String>::new());
    }
}

#[test]
fn what_a_killed_run_left_in_the_making_is_swept_by_the_next_one_that_writes_there() {
    let folder = TempDir::new().unwrap();
    put(&folder, "out/.encargo-killed.tmp", b"left");
    let other = files(&folder, &[], false);
    let living = other.create("out", "b.csv", false).unwrap();
    assert_eq!(names(folder.path().join("out")).len(), 1);
    write(&files(&folder, &[], false), b"first").unwrap();
    assert_eq!(names(folder.path().join("out")).len(), 2);
    living.publish().unwrap();
    assert_eq!(names(folder.path().join("out")), ["a.csv", "b.csv"]);
}
