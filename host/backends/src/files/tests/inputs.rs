//! Reading: files, folders, standard input, compression, checks before a run.

use std::io::Write;
use std::os::unix::fs::symlink;

use encargo_model::{ArgumentKind, ErrorCode, Exit};
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::support::{all, config, path, put, with};
use crate::files::{Files, FilesConfig, check_paths};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

/// Bytes that hardly compress.
fn noise(length: u32) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn a_folder_is_its_regular_files_in_order() {
    let folder = TempDir::new().unwrap();
    for name in ["b.csv", "a.csv", "ñ.csv"] {
        put(&folder, &format!("in/{name}"), name.as_bytes());
    }
    put(&folder, "in/below/c.csv", b"");
    symlink("a.csv", folder.path().join("in/link.csv")).unwrap();
    symlink("gone.csv", folder.path().join("in/dangling.csv")).unwrap();
    let files = Files::new(with(&folder, "directory", "in", ArgumentKind::InputFolder));
    let entries = files.entries("directory").unwrap();
    assert_eq!(
        entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(),
        ["a.csv", "b.csv", "link.csv", "ñ.csv"]
    );
    assert_eq!(entries[3].size, Some(6));
    assert!(entries[0].modified_at.is_some());
    put(&folder, "in/aa.csv", b"late");
    assert_eq!(all(files.read("directory", 1, true).unwrap()).unwrap(), b"b.csv");
    assert_eq!(all(files.read("directory", 2, true).unwrap()).unwrap(), b"a.csv");
    assert_eq!(files.read("directory", 4, true).map(|_| ()).unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(files.entries("file").unwrap_err().code, ErrorCode::Invalid);

    put(&folder, "secret", b"");
    symlink("../secret", folder.path().join("in/leak.csv")).unwrap();
    let files = Files::new(with(&folder, "directory", "in", ArgumentKind::InputFolder));
    let error = files.entries("directory").unwrap_err();
    assert_eq!(
        (error.code, error.message.en.as_str()),
        (ErrorCode::Invalid, "the link `leak.csv` leads out of its folder")
    );
}

#[test]
fn a_source_decompresses_by_suffix_or_gives_what_is_stored() {
    let folder = TempDir::new().unwrap();
    let text: String = (0..200_000).map(|number| format!("una línea {number}\n")).collect();
    for (name, stored) in [("a.csv", text.clone().into_bytes()), ("a.csv.gz", gzip(text.as_bytes()))] {
        put(&folder, name, &stored);
        let files = Files::new(with(&folder, "file", name, ArgumentKind::InputFile));
        assert!(all(files.read("file", 0, true).unwrap()).unwrap() == text.as_bytes(), "{name}");
        assert!(all(files.read("file", 0, false).unwrap()).unwrap() == stored, "{name}");
    }
    let long = noise(3 << 20);
    put(&folder, "a.zst", &[zstd(&long), zstd(b"again")].concat());
    let files = Files::new(with(&folder, "file", "a.zst", ArgumentKind::InputFile));
    assert!(all(files.read("file", 0, true).unwrap()).unwrap() == [&long[..], b"again"].concat());
    // What begins as gzip or zstd do is that, whatever its name.
    for (name, stored) in
        [("c.csv", gzip(text.as_bytes())), ("c", zstd(text.as_bytes())), ("c.gz", zstd(text.as_bytes()))]
    {
        put(&folder, name, &stored);
        let files = Files::new(with(&folder, "file", name, ArgumentKind::InputFile));
        assert!(all(files.read("file", 0, true).unwrap()).unwrap() == text.as_bytes(), "{name}");
        assert!(all(files.read("file", 0, false).unwrap()).unwrap() == stored, "{name}");
    }
    put(&folder, "b.GZ", &[gzip(b"one"), gzip(b"two")].concat());
    let files = Files::new(with(&folder, "file", "b.GZ", ArgumentKind::InputFile));
    assert_eq!(all(files.read("file", 0, true).unwrap()).unwrap(), b"onetwo");
}

#[test]
fn bombs_and_damaged_streams_are_named() {
    let folder = TempDir::new().unwrap();
    let zeros = vec![0; 40 << 20];
    let bomb = zstd(&zeros).repeat(20);
    let long = noise(1 << 20);
    let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
    for (name, stored, code, message) in [
        ("a.zst", bomb, ErrorCode::TooLarge, "`a.zst` grows more than 500 times when it is decompressed"),
        ("b.gz", gzip(&long), ErrorCode::TooLarge, "`b.gz` has more than 500000 bytes when it is decompressed"),
        ("c.gz", half(gzip(&long)), ErrorCode::Invalid, "`c.gz` ends in the middle of its gzip data"),
        ("c.zst", half(zstd(&long)), ErrorCode::Invalid, "`c.zst` ends in the middle of its zstd data"),
        (
            "e.gz",
            [gzip(b"one"), b"and more that is neither".to_vec()].concat(),
            ErrorCode::Invalid,
            "`e.gz` is damaged or not gzip data",
        ),
        (
            "e.zst",
            [zstd(b"one"), b"and more that is neither".to_vec()].concat(),
            ErrorCode::Invalid,
            "`e.zst` is damaged or not zstd data",
        ),
        ("d.gz", b"not compressed at all".to_vec(), ErrorCode::Invalid, "`d.gz` is damaged or not gzip data"),
        ("d.zst", b"not compressed at all".to_vec(), ErrorCode::Invalid, "`d.zst` is damaged or not zstd data"),
    ] {
        put(&folder, name, &stored);
        let input_bytes = if name == "b.gz" { 500_000 } else { 1 << 30 };
        let config = with(&folder, "file", name, ArgumentKind::InputFile);
        let files = Files::new(FilesConfig { input_bytes, ..config });
        let error = all(files.read("file", 0, true).unwrap()).unwrap_err();
        assert_eq!((error.code, error.message.en.as_str()), (code, message));
    }
    put(&folder, "honest.gz", &gzip(&zeros));
    let files = Files::new(with(&folder, "file", "honest.gz", ArgumentKind::InputFile));
    assert_eq!(all(files.read("file", 0, true).unwrap()).unwrap().len(), zeros.len());
}

#[test]
fn text_is_cut_between_characters_and_refused_with_its_place() {
    let folder = TempDir::new().unwrap();
    let text = "aé€😀".repeat(1_000);
    put(&folder, "a.txt", text.as_bytes());
    let files = Files::new(with(&folder, "file", "a.txt", ArgumentKind::InputFile));
    for max in [1, 4, 5, 7, 4_096] {
        let mut source = files.read("file", 0, true).unwrap();
        let mut read = String::new();
        loop {
            let next = source.read_text(max).unwrap();
            assert!(next.len() <= max.max(4) as usize);
            if next.is_empty() {
                break;
            }
            read.push_str(&next);
        }
        assert!(read == text, "{max}");
    }
    let mut source = files.read("file", 0, true).unwrap();
    assert_eq!((source.read_text(5).unwrap(), source.read(3).unwrap()), ("aé".to_owned(), "€".as_bytes().to_vec()));

    for (bytes, place) in [(&b"ab\xffcd"[..], 2), (b"abcd\xc3", 4), (b"\xe2\x82", 0), (b"abcdefgh\xf0\x9fxx", 8)] {
        put(&folder, "b.txt", bytes);
        let files = Files::new(with(&folder, "file", "b.txt", ArgumentKind::InputFile));
        let mut source = files.read("file", 0, true).unwrap();
        let error = std::iter::repeat_with(|| source.read_text(4)).find_map(Result::err).unwrap();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.en.starts_with(&format!("`b.txt` is not UTF-8 at byte {place}")), "{error}");
    }
}

#[test]
fn paths_are_checked_before_a_run_starts() {
    let folder = TempDir::new().unwrap();
    put(&folder, "in/a.csv", b"a");
    put(&folder, "leaky/a.csv", b"a");
    symlink("../in/a.csv", folder.path().join("leaky/out.csv")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path().join("pipe"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    for (name, kind, exit) in [
        ("in/a.csv", ArgumentKind::InputFile, None),
        ("-", ArgumentKind::InputFile, None),
        ("in", ArgumentKind::InputFolder, None),
        ("out", ArgumentKind::Output, None),
        ("out/below", ArgumentKind::Output, None),
        ("in", ArgumentKind::Output, None),
        ("in/new.csv", ArgumentKind::Output, None),
        ("-", ArgumentKind::Output, None),
        ("gone.csv", ArgumentKind::InputFile, Some(Exit::NotFound)),
        ("gone", ArgumentKind::InputFolder, Some(Exit::NotFound)),
        ("gone", ArgumentKind::PasswordFile, Some(Exit::NotFound)),
        ("gone/new.csv", ArgumentKind::Output, None),
        ("in", ArgumentKind::InputFile, Some(Exit::Usage)),
        ("in/a.csv", ArgumentKind::InputFolder, Some(Exit::Usage)),
        ("leaky", ArgumentKind::InputFolder, Some(Exit::Usage)),
        ("pipe", ArgumentKind::InputFile, Some(Exit::Usage)),
        ("pipe", ArgumentKind::Output, Some(Exit::Usage)),
        ("in/a.csv/new", ArgumentKind::Output, Some(Exit::Usage)),
    ] {
        let checked = check_paths(&[("path".to_owned(), path(&folder, name, kind))]);
        assert_eq!(checked.as_ref().err().map(crate::files::PathProblem::exit), exit, "{name}: {checked:?}");
    }
}

#[test]
fn the_digest_follows_the_inputs() {
    let folder = TempDir::new().unwrap();
    let digest = |name: &str, kind| check_paths(&[("path".to_owned(), path(&folder, name, kind))]).unwrap();
    let file = put(&folder, "in/a.csv", &noise(300_000));
    let modified = std::fs::metadata(&file).unwrap().modified().unwrap();
    let first = digest("in", ArgumentKind::InputFolder);
    assert_eq!(digest("in", ArgumentKind::InputFolder), first);
    let mut bytes = noise(300_000);
    bytes[299_999] ^= 1;
    put(&folder, "in/a.csv", &bytes);
    std::fs::File::options().write(true).open(&file).unwrap().set_modified(modified).unwrap();
    assert_ne!(digest("in", ArgumentKind::InputFolder), first);
    put(&folder, "in/b.csv", b"");
    let two = digest("in", ArgumentKind::InputFolder);
    std::fs::remove_file(folder.path().join("in/b.csv")).unwrap();
    assert_ne!(digest("in", ArgumentKind::InputFolder), two);
    let nothing = check_paths(&[]).unwrap();
    assert_eq!(digest("out", ArgumentKind::Output), nothing);
    assert!(Files::new(config(&folder)).records().is_empty());
}

#[test]
fn stored_bytes_count_as_read_once_more_are_asked_for_and_again_when_they_are_read_again() {
    let folder = TempDir::new().unwrap();
    let plain = noise(1_000);
    let packed = gzip(&plain.repeat(50));
    put(&folder, "in/a.csv", &plain);
    put(&folder, "in/b.csv.gz", &packed);
    let files = Files::new(with(&folder, "directory", "in", ArgumentKind::InputFolder));
    let mut source = files.read("directory", 0, true).unwrap();
    for read in [0, 600, 1_000] {
        source.read(600).unwrap();
        assert_eq!(files.read_bytes(), read);
    }
    drop(source);
    for times in 1..=2 {
        assert_eq!(all(files.read("directory", 1, true).unwrap()).unwrap().len(), 50_000);
        assert_eq!(files.read_bytes(), 1_000 + times * packed.len() as u64);
    }
}
