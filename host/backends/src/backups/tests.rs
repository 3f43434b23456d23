//! Backups of a small platform.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encargo_model::{ErrorCode, Language, RunId, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::platform::tests::{log, migrated, open};
use crate::{BackendError, Interrupt, Platform};

const WHAT: What<'_> = What { run: RunId(7), now: Timestamp(1_000_000), kind: "full", compress: true };

struct Bench {
    _folder: TempDir,
    platform: Platform,
    place: Place,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
        for n in 1..50 {
            log(&open(&platform, "acme"), n);
        }
        let media = platform.data().named_root("media", &acme).unwrap();
        fs::write(media.join("guide.txt"), "read me").unwrap();
        let data = platform.data().root();
        let place =
            Place { repository: Location::Folder(data.join("backups")), key_file: data.join("keys/backups.key") };
        Self { platform, place, _folder: folder }
    }

    fn take(&self) -> Result<Taken, BackendError> {
        let mut taking = self.platform.begin_backup(&self.place, &WHAT, &Arc::new(Interrupt::new()))?;
        let acme = self.platform.registry().tenant("acme").unwrap().unwrap();
        self.platform.back_up_platform(&mut taking)?;
        self.platform.back_up_rows(&mut taking, &acme)?;
        self.platform.back_up_media(&mut taking, &acme)?;
        taking.configuration("encargo.toml", "environment = \"test\"\n")?;
        taking.store()
    }

    /// Where the repository is.
    fn folder(&self) -> PathBuf {
        self.platform.data().root().join("backups")
    }

    fn verify(&self, id: &str) -> Result<Manifest, BackendError> {
        verify(&self.place, id, &Arc::new(Interrupt::new())).map(|(_, manifest)| manifest)
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_backup_is_found_and_read_back_and_the_next_one_adds_little() {
    let bench = Bench::new();
    let first = bench.take().unwrap();
    assert!(first.new_key.is_some());
    assert_eq!(first.manifest.tenants(), ["acme"]);
    let paths: Vec<_> = first.manifest.parts.iter().map(|part| part.path.as_str()).collect();
    assert_eq!(paths, ["config/encargo.toml", "databases/platform.db", "databases/tenants/1.db", "media/1/guide.txt"]);
    assert_eq!(first.manifest.parts[2].rows["logs"], 49);
    let second = bench.take().unwrap();
    assert!(second.new_key.is_none() && second.added < first.added / 3, "{} of {}", second.added, first.added);
    let listed: Vec<_> = list(&bench.place).unwrap().into_iter().map(|backup| backup.id).collect();
    assert_eq!(listed, [second.id.clone(), first.id.clone()]);
    assert_eq!(bench.verify(&first.id).unwrap(), first.manifest);
    assert_eq!(bench.verify("latest").unwrap(), second.manifest);
    assert_eq!(fs::read_dir(bench.platform.data().scratch()).unwrap().count(), 0, "no copy is left");
}

#[test]
fn without_its_key_or_with_another_one_nothing_is_opened_or_made() {
    let bench = Bench::new();
    bench.take().unwrap();
    rustix::fs::rename(&bench.place.key_file, bench.place.key_file.with_extension("away")).unwrap();
    assert_eq!(bench.take().unwrap_err().code, ErrorCode::WrongKey);
    assert!(!bench.place.key_file.exists(), "no other key is made");
    fs::write(&bench.place.key_file, "another\n").unwrap();
    assert_eq!(list(&bench.place).unwrap_err().code, ErrorCode::WrongKey);
    let none = Place { repository: Location::Folder(bench.folder().join("none")), ..bench.place.clone() };
    assert_eq!(list(&none).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_byte_that_changed_anywhere_is_found() {
    let bench = Bench::new();
    let taken = bench.take().unwrap();
    for path in files(&bench.folder().join("data")) {
        let whole = fs::read(&path).unwrap();
        let mut changed = whole.clone();
        let at = changed.len() / 2;
        changed[at] ^= 1;
        fs::write(&path, changed).unwrap();
        let error = bench.verify(&taken.id).unwrap_err();
        assert_eq!(error.code, ErrorCode::VerificationFailed, "{error}");
        fs::write(&path, whole).unwrap();
    }
    bench.verify(&taken.id).unwrap();
}

#[test]
fn what_cannot_be_read_is_no_backup() {
    let bench = Bench::new();
    let mut taking = bench.platform.begin_backup(&bench.place, &WHAT, &Arc::new(Interrupt::new())).unwrap();
    let acme = bench.platform.registry().tenant("acme").unwrap().unwrap();
    bench.platform.back_up_media(&mut taking, &acme).unwrap();
    // It goes between the look at it and the backup.
    fs::remove_file(bench.platform.data().root().join("media/1/guide.txt")).unwrap();
    assert_eq!(taking.store().unwrap_err().code, ErrorCode::Unavailable);
    assert_eq!(list(&bench.place).unwrap(), []);
    bench.take().unwrap();
    assert_eq!(list(&bench.place).unwrap().len(), 1);
}

#[test]
fn a_repository_that_cannot_be_written_says_so_and_lists_nothing_new() {
    let bench = Bench::new();
    bench.take().unwrap();
    let data = bench.folder().join("data");
    let kept = data.with_extension("kept");
    rustix::fs::rename(&data, &kept).unwrap();
    fs::write(&data, "not a folder").unwrap();
    log(&open(&bench.platform, "acme"), 1_000);
    assert!(bench.take().is_err());
    fs::remove_file(&data).unwrap();
    rustix::fs::rename(&kept, &data).unwrap();
    assert_eq!(list(&bench.place).unwrap().len(), 1);
}

#[test]
fn a_backup_of_another_engine_or_a_newer_schema_is_refused() {
    let bench = Bench::new();
    let begin = || {
        let now = (RunId(8), Timestamp(2));
        let begun = bench.platform.begin_restore(&bench.place, &Wanted::named("latest"), now, &Arc::default());
        begun.map(drop)
    };
    for (words, engine, schema) in [("postgresql", "postgresql", 1), ("schema version 99", "sqlite", 99)] {
        let mut taking = bench.platform.begin_backup(&bench.place, &WHAT, &Arc::new(Interrupt::new())).unwrap();
        bench.platform.back_up_platform(&mut taking).unwrap();
        taking.manifest.engine = engine.to_owned();
        taking.manifest.tenant_schema = schema;
        taking.store().unwrap();
        let refused = begin().unwrap_err();
        assert_eq!(refused.code, ErrorCode::Usage);
        assert!(refused.message.en.contains(words), "{}", refused.message.en);
    }
    bench.take().unwrap();
    begin().unwrap();
}

#[test]
fn a_file_that_several_threads_read_is_handed_over_in_its_order() {
    let bench = Bench::new();
    let acme = bench.platform.registry().tenant("acme").unwrap().unwrap();
    let media = bench.platform.data().named_root("media", &acme).unwrap();
    // No two segments are alike, and the last one is not a whole one.
    let content: Vec<u8> = (0..9_437_189_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(media.join("large.bin"), &content).unwrap();
    let taken = bench.take().unwrap();
    let part = taken.manifest.parts.iter().find(|part| part.path.ends_with("large.bin")).unwrap();
    let stored = Stored::open(&bench.place, &Wanted::named("latest")).unwrap();
    let mut read = Vec::new();
    stored.write(part, &mut read, &Arc::default()).unwrap();
    assert!(read == content);
}
