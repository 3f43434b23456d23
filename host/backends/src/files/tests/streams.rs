//! Standard streams: read once for all, and never in the way of a run's end.

use std::fs;
use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::os::fd::AsFd as _;
use std::rc::Rc;
use std::sync::Arc;
use std::thread;

use encargo_model::{ArgumentKind, ErrorCode};
use tempfile::TempDir;

use super::support::{Host, all, names, with};
use crate::files::stop::Stop;
use crate::files::waiting::Waiting;
use crate::files::{Files, FilesConfig, StandardInput};
use crate::{BackendError, Interrupt};

fn waiting(host: Host) -> Waiting {
    Waiting { host: Rc::new(host), interrupt: Arc::default() }
}

fn asked_to_end() -> Host {
    Host { is_asked_to_end: true.into(), ..Host::default() }
}

fn reading(folder: &TempDir, input: &Arc<StandardInput>, host: Host) -> Files {
    let config = with(folder, "file", "-", ArgumentKind::InputFile);
    Files::new(FilesConfig { standard_input: Arc::clone(input), host: Rc::new(host), ..config })
}

fn read(files: &Files) -> Result<Vec<u8>, BackendError> {
    files.read("file", 0, true).and_then(all)
}

fn piped() -> (Arc<StandardInput>, PipeWriter) {
    let (reader, writer) = pipe().unwrap();
    (Arc::new(StandardInput::of(reader)), writer)
}

#[test]
fn standard_input_is_read_once_and_given_whole_to_every_run() {
    let folder = TempDir::new().unwrap();
    let (input, mut writer) = piped();
    writer.write_all(b"once").unwrap();
    drop(writer);
    for _ in 0..2 {
        let files = reading(&folder, &input, Host::default());
        assert_eq!((read(&files).unwrap(), read(&files).unwrap()), (b"once".to_vec(), b"once".to_vec()));
    }
    assert_eq!(names(folder.path().join("scratch")), Vec::<String>::new());
}

#[test]
fn runs_side_by_side_read_the_same_standard_input() {
    let folder = TempDir::new().unwrap();
    let (input, mut writer) = piped();
    let bytes = b"side by side ".repeat(50_000);
    thread::scope(|scope| {
        let readers: Vec<_> =
            (0..4).map(|_| scope.spawn(|| read(&reading(&folder, &input, Host::default())).unwrap())).collect();
        writer.write_all(&bytes).unwrap();
        drop(writer);
        for reader in readers {
            assert!(reader.join().unwrap() == bytes);
        }
    });
}

#[test]
fn a_run_that_has_to_end_does_not_wait_for_standard_input_and_the_next_one_goes_on() {
    let folder = TempDir::new().unwrap();
    let (input, mut writer) = piped();
    writer.write_all(b"on").unwrap();
    let error = read(&reading(&folder, &input, asked_to_end())).unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    let interrupt = Arc::new(Interrupt::new());
    interrupt.raise();
    let config = with(&folder, "file", "-", ArgumentKind::InputFile);
    let late = Files::new(FilesConfig { standard_input: Arc::clone(&input), interrupt, ..config });
    assert_eq!(read(&late).unwrap_err().code, ErrorCode::Cancelled);
    writer.write_all(b"ce").unwrap();
    drop(writer);
    assert_eq!(read(&reading(&folder, &input, Host::default())).unwrap(), b"once");
}

#[test]
fn standard_input_has_a_most() {
    let folder = TempDir::new().unwrap();
    let (input, mut writer) = piped();
    writer.write_all(b"more").unwrap();
    drop(writer);
    for (most, code) in [(3, Some(ErrorCode::TooLarge)), (4, None), (3, Some(ErrorCode::TooLarge))] {
        let config = with(&folder, "file", "-", ArgumentKind::InputFile);
        let files = Files::new(FilesConfig { standard_input: Arc::clone(&input), input_bytes: most, ..config });
        assert_eq!(read(&files).err().map(|error| error.code), code, "{most}");
    }
}

#[test]
fn a_file_is_standard_input_too() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("in"), b"a file").unwrap();
    let input = Arc::new(StandardInput::of(fs::File::open(folder.path().join("in")).unwrap()));
    assert_eq!(read(&reading(&folder, &input, Host::default())).unwrap(), b"a file");
}

fn write_all(waiting: &Waiting, to: &PipeWriter, mut bytes: &[u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        let written = waiting.write(to.as_fd(), bytes)?;
        bytes = &bytes[written..];
    }
    Ok(())
}

#[test]
fn whoever_does_not_read_keeps_no_run_from_its_end() {
    let (reader, writer): (PipeReader, PipeWriter) = pipe().unwrap();
    let error = write_all(&waiting(asked_to_end()), &writer, &vec![0; 4 << 20]).unwrap_err();
    assert_eq!(Stop::of(&error), Some(Stop::Ended));
    let raised = waiting(Host::default());
    raised.interrupt.raise();
    let error = write_all(&raised, &writer, b"x").unwrap_err();
    assert_eq!(Stop::of(&error), Some(Stop::Ended));
    drop(reader);
    let error = write_all(&waiting(Host::default()), &writer, b"x").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::BrokenPipe);
}

#[test]
fn a_slow_reader_gets_everything() {
    let (mut reader, writer) = pipe().unwrap();
    let bytes: Vec<u8> = (0..3_u32 << 20).map(|n| n.to_le_bytes()[1]).collect();
    let read = thread::spawn(move || {
        let mut read = Vec::new();
        let mut few = [0; 1_000];
        loop {
            match reader.read(&mut few).unwrap() {
                0 => return read,
                length => read.extend_from_slice(&few[..length]),
            }
        }
    });
    write_all(&waiting(Host::default()), &writer, &bytes).unwrap();
    drop(writer);
    assert!(read.join().unwrap() == bytes);
}
