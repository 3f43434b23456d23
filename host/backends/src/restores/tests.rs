//! Restores of a small platform: whole or not at all, and never what was not stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encargo_model::{ErrorCode, Language, RunId, Tenant, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::backups::{Location, What, open_by, verify, verify_in};
use crate::platform::tests::{log, migrated, open};

struct Bench {
    _folder: TempDir,
    platform: Platform,
    place: Place,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let platform = migrated(&folder);
        for slug in ["acme", "beta"] {
            let tenant = platform.create_tenant(slug, slug, Language::En).unwrap();
            (1..20).for_each(|n| log(&open(&platform, slug), n));
            fs::write(platform.data().named_root("media", &tenant).unwrap().join("guide.txt"), slug).unwrap();
        }
        let data = platform.data().root();
        let place =
            Place { repository: Location::Folder(data.join("backups")), key_file: data.join("keys/backups.key") };
        Self { platform, place, _folder: folder }
    }

    fn tenant(&self, slug: &str) -> Tenant {
        self.platform.registry().tenant(slug).unwrap().unwrap()
    }

    fn back_up(&self) -> String {
        let what = What { run: RunId(7), now: Timestamp(1), kind: "full", compress: true };
        let mut taking = self.platform.begin_backup(&self.place, &what, &Arc::default()).unwrap();
        self.platform.back_up_platform(&mut taking).unwrap();
        for slug in ["acme", "beta"] {
            self.platform.back_up_rows(&mut taking, &self.tenant(slug)).unwrap();
            self.platform.back_up_media(&mut taking, &self.tenant(slug)).unwrap();
        }
        taking.store().unwrap().id
    }

    fn begin(&self) -> Result<Restoring, BackendError> {
        let now = (RunId(8), Timestamp(2_000_000_000_000_000));
        self.platform.begin_restore(&self.place, &Wanted::named("latest"), now, &Arc::default())
    }

    fn fetch(&self) -> Result<Restoring, BackendError> {
        let mut restoring = self.begin()?;
        self.platform.restore_people(&mut restoring)?;
        for slug in ["acme", "beta"] {
            self.platform.restore_rows(&mut restoring, slug)?;
            self.platform.restore_media(&mut restoring, slug)?;
        }
        Ok(restoring)
    }

    /// How many rows each tenant has, and what its media says.
    fn state(&self) -> Vec<(i64, String)> {
        let state = |slug: &str| {
            let file = rusqlite::Connection::open(self.platform.data().tenant_db(self.tenant(slug).id)).unwrap();
            let rows = file.query_row("SELECT count(*) FROM logs", [], |row| row.get(0)).unwrap();
            let media = self.platform.data().named_root("media", &self.tenant(slug)).unwrap();
            (rows, fs::read_to_string(media.join("guide.txt")).unwrap_or_default())
        };
        ["acme", "beta"].map(state).to_vec()
    }

    fn change(&self) {
        for slug in ["acme", "beta"] {
            log(&open(&self.platform, slug), 100);
            let media = self.platform.data().named_root("media", &self.tenant(slug)).unwrap();
            fs::write(media.join("guide.txt"), "changed").unwrap();
            fs::write(media.join("new.txt"), "new").unwrap();
        }
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

fn as_backed_up() -> Vec<(i64, String)> {
    vec![(19, "acme".to_owned()), (19, "beta".to_owned())]
}

#[test]
fn a_restore_brings_back_rows_and_media_and_nothing_else_stays() {
    let bench = Bench::new();
    bench.back_up();
    bench.change();
    let done = bench.platform.carry_out(bench.fetch().unwrap()).unwrap();
    assert_eq!((done, bench.state()), (Done::default(), as_backed_up()));
    let media = bench.platform.data().named_root("media", &bench.tenant("acme")).unwrap();
    assert!(!media.join("new.txt").exists() && !bench.platform.data().restoring().exists());
    assert_eq!(fs::read_dir(bench.platform.data().scratch()).unwrap().count(), 0);
}

#[test]
fn a_restore_that_was_begun_is_finished_by_whoever_opens_the_platform_wherever_it_stopped() {
    for steps_before in 0..=5 {
        let bench = Bench::new();
        bench.back_up();
        bench.change();
        let mut restoring = bench.fetch().unwrap();
        let data = bench.platform.data().clone();
        // As `carry_out` does, until the process is killed behind so many steps.
        let steps = std::mem::take(&mut restoring.steps);
        let journal = journal::Journal::new("8".to_owned(), restoring.stored.id(), steps);
        journal.write(&restoring.staging.path).unwrap();
        restoring.staging.hand_over(&data.restoring()).unwrap();
        let some = journal.steps.iter().take(steps_before).cloned().collect();
        applying::apply(&data, &journal::Journal::new("8".to_owned(), String::new(), some), &mut Done::default())
            .unwrap();
        drop(restoring);
        finish(&data).unwrap();
        assert_eq!(bench.state(), as_backed_up(), "{steps_before}");
        assert!(!data.restoring().exists());
        finish(&data).unwrap();
    }
}

#[test]
fn what_a_kill_leaves_of_a_restore_goes_with_the_next_one() {
    let bench = Bench::new();
    bench.back_up();
    let scratch = bench.platform.data().scratch();
    // Killed while it gathered, and while it removed what it was done with.
    for left in ["restore-5", "restore-6-over"] {
        fs::create_dir_all(scratch.join(left).join("tenants")).unwrap();
    }
    drop(bench.begin().unwrap());
    assert_eq!(fs::read_dir(scratch).unwrap().count(), 0);
}

#[test]
fn what_is_lost_or_damaged_comes_back_and_the_damaged_file_is_put_aside() {
    let bench = Bench::new();
    bench.back_up();
    bench.change();
    let of = |slug: &str| bench.platform.data().tenant_db(bench.tenant(slug).id);
    for file in crate::platform::tenant_files::files_of(&of("acme")) {
        let _ = fs::remove_file(file);
    }
    fs::write(of("beta"), "no database at all, and longer than the head of one would be").unwrap();
    let done = bench.platform.carry_out(bench.fetch().unwrap()).unwrap();
    assert_eq!(bench.state(), as_backed_up());
    assert!(done.aside.iter().any(|path| path.to_string_lossy().contains("2.db.damaged-")), "{done:?}");
    assert_eq!(fs::read(&done.aside[0]).unwrap()[..11], *b"no database");
}

#[test]
fn one_tenant_is_restored_alone_also_after_it_was_forgotten_and_as_another_one() {
    let bench = Bench::new();
    bench.back_up();
    bench.change();
    bench.platform.forget_tenant("acme").unwrap();
    let mut restoring = bench.begin().unwrap();
    bench.platform.restore_rows(&mut restoring, "acme").unwrap();
    bench.platform.restore_media(&mut restoring, "acme").unwrap();
    bench.platform.carry_out(restoring).unwrap();
    assert_eq!(bench.state(), [(19, "acme".to_owned()), (20, "changed".to_owned())]);

    let mut restoring = bench.begin().unwrap();
    let taken = bench.platform.restore_as(&mut restoring, "beta", "acme").map(drop).unwrap_err();
    assert_eq!(taken.code, ErrorCode::AlreadyExists);
    bench.platform.restore_as(&mut restoring, "beta", "beta-before").unwrap();
    bench.platform.restore_media(&mut restoring, "beta").unwrap();
    bench.platform.carry_out(restoring).unwrap();
    let copy = bench.tenant("beta-before");
    let file = rusqlite::Connection::open(bench.platform.data().tenant_db(copy.id)).unwrap();
    let ids = "SELECT count(*), min(tenant_id), max(tenant_id) FROM logs";
    let found: (i64, i64, i64) = file.query_row(ids, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    assert_eq!(found, (19, copy.id, copy.id));
    let media = bench.platform.data().named_root("media", &copy).unwrap();
    assert_eq!(fs::read_to_string(media.join("guide.txt")).unwrap(), "beta");
    assert_eq!(bench.platform.files().integrity(&copy, &Arc::default(), Timestamp(2_000_000_000_000_000)).unwrap(), []);
}

#[test]
fn tenants_that_the_backup_does_not_know_stay_with_their_people() {
    let bench = Bench::new();
    bench.back_up();
    let later = bench.platform.create_tenant("later", "Later", Language::Es).unwrap();
    let list = rusqlite::Connection::open(bench.platform.data().platform_db()).unwrap();
    list.execute_batch(&format!(
        "INSERT INTO users (id, email, name, created_at, updated_at) VALUES (9, 'a@b.c', 'A', 1, 1);
         INSERT INTO memberships VALUES ({}, 9, 'owner', 1)",
        later.id
    ))
    .unwrap();
    bench.platform.carry_out(bench.fetch().unwrap()).unwrap();
    assert_eq!(bench.tenant("later"), later);
    let sql = "SELECT u.email FROM memberships AS m JOIN users AS u ON u.id = m.user_id WHERE m.tenant_id = ?1";
    let member: String = list.query_row(sql, [later.id], |row| row.get(0)).unwrap();
    assert_eq!(member, "a@b.c");
}

#[test]
fn a_thousand_flipped_bits_are_all_found_and_none_is_restored() {
    let bench = Bench::new();
    let id = bench.back_up();
    let before = bench.state();
    // The derivation of a key takes a tenth of a second, so most flips are looked for with what it was derived to.
    let opened = crate::backups::open(&bench.place.repository, &bench.place.key_file).unwrap();
    let key = opened.repository.key();
    let (sealed, all): (Vec<_>, Vec<_>) = files(&bench.platform.data().root().join("backups"))
        .into_iter()
        .partition(|file| file.ends_with("config") || file.parent().unwrap().ends_with("keys"));
    let mut random: u64 = 20_261_126;
    let mut below = |n: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % n
    };
    for flip in 0..1_000 {
        let is_sealed = flip % 50 == 0;
        let among = if is_sealed { &sealed } else { &all };
        // A half of them anywhere, and a half in each file in turn.
        let at = if flip % 2 == 0 { below(among.len()) } else { flip / 2 % among.len() };
        let file = &among[at];
        let whole = fs::read(file).unwrap();
        let (byte, bit) = (below(whole.len()), below(8));
        let mut flipped = whole.clone();
        flipped[byte] ^= 1 << bit;
        fs::write(file, &flipped).unwrap();
        let place = &bench.place;
        let verified = match is_sealed {
            true => verify(place, &id, &Arc::default()),
            false => open_by(&place.repository, &key).and_then(|opened| verify_in(opened, &id, &Arc::default())),
        };
        assert!(verified.is_err(), "flip {flip}: bit {bit} of byte {byte} of {}", file.display());
        if flip % 25 == 0
            && let Ok(restoring) = bench.fetch()
        {
            // It was of no use to what is restored, which is what was stored.
            bench.platform.carry_out(restoring).unwrap();
        }
        fs::write(file, &whole).unwrap();
        assert!(flip % 25 > 0 || bench.state() == before, "flip {flip}");
    }
    assert!(verify(&bench.place, &id, &Arc::default()).is_ok());
}
