//! Sources, sinks and the tenant's folders.

use encargo_model::{ArgumentKind, ArgumentValue, Origin, PathValue, ResolvedArgument};
use wasmtime::component::Resource;

use super::{denied, of, refused};
use crate::bindings::encargo::files::files::{Decode, Encode, Host, HostSink, HostSource};
use crate::samples::{Attempt, FakeHost};

fn same<T: 'static>(handle: &Resource<T>) -> Resource<T> {
    Resource::new_own(handle.rep())
}

fn path(name: &str, path: &std::path::Path, kind: ArgumentKind) -> ResolvedArgument {
    let value = Some(ArgumentValue::Path(PathValue { path: path.display().to_string(), kind }));
    ResolvedArgument { name: name.to_owned(), value, origin: Origin::Given, written: String::new() }
}

/// With the file `in/a.txt` and the folder `out`.
fn with_files(folder: &std::path::Path, dry_run: bool) -> Attempt {
    let (input, output) = (folder.join("in"), folder.join("out"));
    std::fs::create_dir_all(&input).unwrap();
    std::fs::create_dir_all(&output).unwrap();
    std::fs::write(input.join("a.txt"), "déjà").unwrap();
    Attempt::of(&[], FakeHost::default(), |job| {
        job.dry_run = dry_run;
        job.arguments = vec![
            path("input", &input, ArgumentKind::InputFolder),
            path("output", &output, ArgumentKind::Output),
            path("file", &folder.join("one.csv"), ArgumentKind::Output),
            path("-", std::path::Path::new("-"), ArgumentKind::Output),
        ];
    })
}

#[test]
fn a_file_is_read_in_pieces_and_is_gone_when_it_is_let_go_of() {
    let folder = tempfile::tempdir().unwrap();
    let mut attempt = with_files(folder.path(), false);
    let state = &mut attempt.state;
    let entries = of(state.entries("input".to_owned())).unwrap();
    assert_eq!((entries.len(), entries[0].name.as_str(), entries[0].size), (1, "a.txt", Some(6)));
    assert!(entries[0].modified_at.is_some_and(|at| at > 1_700_000_000_000_000));
    assert_eq!(refused(state.entries("none".to_owned())), "invalid");
    let source = of(Host::read(state, "input".to_owned(), 0, Decode::AsIs)).unwrap();
    assert_eq!(of(HostSource::read(state, same(&source), 2)).unwrap(), "d\u{e9}".as_bytes()[..2]);
    HostSource::drop(state, same(&source)).unwrap();
    assert!(HostSource::read(state, source, 1).is_err());
    let source = of(Host::read(state, "input".to_owned(), 0, Decode::BySuffix)).unwrap();
    assert_eq!(of(state.read_text(same(&source), 100)).unwrap(), "déjà");
    assert_eq!(of(state.read_text(source, 100)).unwrap(), "");
    assert!(of(Host::read(state, "input".to_owned(), 1, Decode::AsIs)).is_err());
}

#[test]
fn a_file_is_published_once_and_the_host_is_told_where_it_is_real() {
    for dry_run in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut attempt = with_files(folder.path(), dry_run);
        let state = &mut attempt.state;
        let sink = of(state.create("output".to_owned(), "b.txt".to_owned(), Encode::AsIs)).unwrap();
        assert_eq!(of(HostSink::write(state, same(&sink), b"one ".to_vec())), Ok(()));
        assert_eq!(of(state.write_text(same(&sink), "two".to_owned())), Ok(()));
        assert_eq!(of(state.publish(same(&sink))), Ok(()));
        assert_eq!(refused(HostSink::write(state, same(&sink), vec![1])), "invalid");
        assert_eq!(refused(state.publish(same(&sink))), "invalid");
        HostSink::drop(state, same(&sink)).unwrap();
        assert!(state.publish(sink).is_err(), "a handle that was let go of is none");
        let written = std::fs::read_to_string(folder.path().join("out/b.txt")).ok();
        assert_eq!(written.as_deref(), (!dry_run).then_some("one two"));
        assert_eq!(attempt.host.told(), Vec::from_iter((!dry_run).then_some("file b.txt")));
    }
}

#[test]
fn a_suffix_says_how_a_file_is_packed_where_the_guest_wants_that() {
    let folder = tempfile::tempdir().unwrap();
    let mut attempt = with_files(folder.path(), false);
    let state = &mut attempt.state;
    for (name, encode) in [("packed.gz", Encode::BySuffix), ("plain.gz", Encode::AsIs)] {
        let sink = of(state.create("output".to_owned(), name.to_owned(), encode)).unwrap();
        of(state.write_text(same(&sink), "text".to_owned())).unwrap();
        of(state.publish(sink)).unwrap();
    }
    let read = |name: &str| std::fs::read(folder.path().join("out").join(name)).unwrap();
    assert_eq!((read("packed.gz")[..2].to_vec(), read("plain.gz")), (vec![0x1f, 0x8b], b"text".to_vec()));
    std::fs::write(folder.path().join("in/b.txt.gz"), read("packed.gz")).unwrap();
    let mut again = with_files(folder.path(), false);
    let state = &mut again.state;
    for (decode, unpacked) in [(Decode::BySuffix, true), (Decode::AsIs, false)] {
        let source = of(Host::read(state, "input".to_owned(), 1, decode)).unwrap();
        assert_eq!(of(HostSource::read(state, source, 4)).unwrap() == b"text", unpacked);
    }
}

#[test]
fn a_guest_is_told_whether_its_output_is_a_folder_a_file_or_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let mut attempt = with_files(folder.path(), false);
    let mut output =
        |name: &str| of(attempt.state.output(name.to_owned())).map(|destination| (destination.kind, destination.name));
    let kind = |kind: &str, name: &str| Ok((kind.to_owned(), name.to_owned()));
    assert_eq!(output("output"), kind("folder", ""));
    assert_eq!(output("file"), kind("file", "one.csv"));
    assert_eq!(output("-"), kind("standard-output", ""));
}

#[test]
fn a_tenants_folder_is_listed_read_and_emptied_where_that_is_granted() {
    let root = || "imports".to_owned();
    let mut attempt = Attempt::inside(&["list-files:imports", "remove-files:imports"]);
    let place = attempt.platform.data().imports("acme");
    std::fs::create_dir_all(&place).unwrap();
    for name in ["a", "b", "c"] {
        std::fs::write(place.join(name), name.repeat(3)).unwrap();
    }
    let state = &mut attempt.state;
    let names = |entries: Vec<crate::bindings::encargo::files::files::Entry>| {
        entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>()
    };
    assert_eq!(names(of(state.list_root(root(), None, 2)).unwrap()), ["a", "b"]);
    assert_eq!(names(of(state.list_root(root(), Some("b".to_owned()), 9)).unwrap()), ["c"]);
    let source = of(state.read_root(root(), "b".to_owned(), Decode::AsIs)).unwrap();
    assert_eq!(of(HostSource::read(state, source, 9)).unwrap(), b"bbb");
    assert_eq!(of(state.remove_root(root(), "b".to_owned())), Ok(3));
    assert_eq!(names(of(state.list_root(root(), None, 9)).unwrap()), ["a", "c"]);
    std::fs::write(place.join("d.gz"), [0x1f, 0x8b, 8, 0]).unwrap();
    let cut = of(state.read_root(root(), "d.gz".to_owned(), Decode::BySuffix)).unwrap();
    assert!(of(HostSource::read(state, cut, 4)).is_err(), "it is unpacked");
    let as_it_is = of(state.read_root(root(), "d.gz".to_owned(), Decode::AsIs)).unwrap();
    assert_eq!(of(HostSource::read(state, as_it_is, 4)).unwrap(), [0x1f, 0x8b, 8, 0]);
    let state = &mut Attempt::inside(&[]).state;
    assert_eq!(refused(state.list_root(root(), None, 1)), denied());
    assert_eq!(refused(state.remove_root(root(), "a".to_owned())), denied());
}

#[test]
fn what_has_to_be_over_touches_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut attempt = with_files(folder.path(), false);
    let source = of(Host::read(&mut attempt.state, "input".to_owned(), 0, Decode::AsIs)).unwrap();
    let sink = of(attempt.state.create("output".to_owned(), "b".to_owned(), Encode::AsIs)).unwrap();
    attempt.end();
    let state = &mut attempt.state;
    let text = || "input".to_owned();
    assert!(state.entries(text()).is_err() && Host::read(state, text(), 0, Decode::AsIs).is_err());
    assert!(state.output("output".to_owned()).is_err());
    assert!(state.create("output".to_owned(), "c".to_owned(), Encode::AsIs).is_err());
    assert!(state.list_root(text(), None, 1).is_err() && state.remove_root(text(), text()).is_err());
    assert!(state.read_root(text(), text(), Decode::AsIs).is_err());
    assert!(HostSource::read(state, same(&source), 1).is_err() && state.read_text(source, 1).is_err());
    assert!(HostSink::write(state, same(&sink), vec![1]).is_err() && state.publish(sink).is_err());
    assert!(!folder.path().join("out/b").exists());
}
