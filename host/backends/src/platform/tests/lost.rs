//! Files that are gone, empty, cut off or another's, and tenants whose making was cut off.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::thread;

use encargo_model::{ErrorCode, Exit, Language, Tenant};
use tempfile::TempDir;

use super::{access, back_to_version_1, clock, contents, data, log, migrated, open, opened};
use crate::{Platform, PlatformError, probes};

/// A platform with `acme` (1) and `beta` (2), a line in the log of each.
fn two_tenants(folder: &TempDir) -> (Platform, Tenant, Tenant) {
    let platform = migrated(folder);
    let acme = platform.create_tenant("acme", "Acme", Language::En).unwrap();
    let beta = platform.create_tenant("beta", "Beta", Language::En).unwrap();
    for slug in ["acme", "beta"] {
        log(&open(&platform, slug), 1);
    }
    settle(&data(folder).tenant_db(acme.id));
    settle(&data(folder).tenant_db(beta.id));
    (platform, acme, beta)
}

fn settle(path: &Path) {
    let connection = super::super::connection::open(path).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
}

fn remove(path: &Path) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", path.display()));
    }
}

/// Everything that opens the tenant's file says what is wrong with it, with exit code 5, and changes nothing; the other
/// tenant is not touched by that.
#[track_caller]
fn refused_everywhere(folder: &TempDir, platform: &Platform, tenant: &Tenant, words: &str) {
    let before = contents(folder.path());
    let error = platform.files().check(tenant).unwrap_err();
    assert_eq!(error.exit(), Exit::Verification, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    let scratch = TempDir::new().unwrap();
    for platform in [platform, &platform.dry_run(scratch.path())] {
        let error = platform.files().open(tenant, access()).map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(error.message.en.contains(words) && !error.message.en.contains(".db"), "{error}");
    }
    for name in ["database", "schema"] {
        let finding = probes::check(platform, name).unwrap();
        assert_eq!(finding.status, probes::ProbeStatus::Lost);
        assert!(finding.detail.en.contains(words) && !finding.detail.en.contains("beta"), "{finding:?}");
    }
    let error = Platform::plan(&data(folder)).unwrap_err();
    assert_eq!(error.exit(), Exit::Verification, "{error}");
    let error = Platform::migrate(&data(folder), "test").unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
    assert_eq!(error.exit(), Exit::Verification, "{error}");
    assert!(contents(folder.path()) == before);
    assert_eq!(open(platform, "beta").execute("UPDATE logs SET level = 'info'", &[]), Ok(1));
}

#[test]
fn a_tenants_file_that_is_gone_is_a_loss_and_is_not_made_anew() {
    for left in [None, Some("-wal")] {
        let folder = TempDir::new().unwrap();
        let (platform, acme, _) = two_tenants(&folder);
        let file = data(&folder).tenant_db(acme.id);
        remove(&file);
        if let Some(end) = left {
            fs::write(format!("{}{end}", file.display()), "the log of the lost one").unwrap();
        }
        refused_everywhere(&folder, &platform, &acme, "gone");
    }
}

#[test]
fn a_tenants_file_without_bytes_is_a_loss_and_is_not_made_anew() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, _) = two_tenants(&folder);
    fs::write(data(&folder).tenant_db(acme.id), "").unwrap();
    refused_everywhere(&folder, &platform, &acme, "no bytes");
}

#[test]
fn a_tenants_file_that_is_cut_off_is_damaged() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, _) = two_tenants(&folder);
    let file = OpenOptions::new().write(true).open(data(&folder).tenant_db(acme.id)).unwrap();
    for pages in [20, 1] {
        file.set_len(pages * 16_384).unwrap();
        refused_everywhere(&folder, &platform, &acme, "damaged");
    }
    for bytes in [16_000, 99, 1] {
        file.set_len(bytes).unwrap();
        refused_everywhere(&folder, &platform, &acme, "damaged");
    }
}

#[test]
fn pages_that_are_still_in_the_log_are_not_missed() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, _) = two_tenants(&folder);
    let file = data(&folder).tenant_db(acme.id);
    let short = fs::metadata(&file).unwrap().len();
    let database = open(&platform, "acme");
    for id in 2..40 {
        log(&database, id);
    }
    // What a checkpoint that was cut off after its first page leaves.
    let copy = folder.path().join("copy");
    fs::create_dir(&copy).unwrap();
    let wal = fs::read(format!("{}-wal", file.display())).unwrap();
    settle(&file);
    assert!(fs::metadata(&file).unwrap().len() > short);
    drop(database);
    OpenOptions::new().write(true).open(&file).unwrap().set_len(short).unwrap();
    let _ = fs::remove_file(format!("{}-shm", file.display()));
    fs::write(format!("{}-wal", file.display()), wal).unwrap();
    platform.files().check(&acme).unwrap();
    assert_eq!(open(&platform, "acme").execute("DELETE FROM logs", &[]), Ok(39));
}

#[test]
fn another_tenants_file_is_refused_by_everything() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, beta) = two_tenants(&folder);
    let (first, second) = (data(&folder).tenant_db(acme.id), data(&folder).tenant_db(beta.id));
    remove(&first);
    fs::copy(&second, &first).unwrap();
    let error = platform.files().check(&acme).unwrap_err();
    assert!(error.to_string().contains("it is that of `beta` (tenant 2)"), "{error}");
    assert_eq!(error.exit(), Exit::Verification);
    assert_eq!(platform.files().open(&acme, access()).map(|_| ()).unwrap_err().code, ErrorCode::Internal);
    assert!(matches!(Platform::plan(&data(&folder)), Err(PlatformError::Foreign { .. })));
    let error = Platform::migrate(&data(&folder), "test").unwrap_err();
    assert_eq!(error.exit(), Exit::Verification, "{error}");
}

#[test]
fn a_file_of_before_with_another_tenants_rows_gets_no_identity() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, beta) = two_tenants(&folder);
    drop(platform);
    back_to_version_1(&data(&folder), beta.id);
    let (first, second) = (data(&folder).tenant_db(acme.id), data(&folder).tenant_db(beta.id));
    remove(&first);
    fs::copy(&second, &first).unwrap();
    let error = Platform::migrate(&data(&folder), "test").unwrap_err();
    assert!(error.to_string().contains("it has the rows of tenant 2"), "{error}");
    assert_eq!(error.exit(), Exit::Verification);
}

#[test]
fn another_installations_list_of_tenants_opens_none_of_these_files() {
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (platform, ..) = two_tenants(&folder);
    drop((platform, two_tenants(&other)));
    fs::copy(data(&other).platform_db(), data(&folder).platform_db()).unwrap();
    let platform = opened(&folder).unwrap();
    for tenant in platform.registry().tenants().unwrap() {
        let error = platform.files().check(&tenant).unwrap_err();
        assert!(error.to_string().contains("of another installation"), "{error}");
        assert!(platform.files().open(&tenant, access()).is_err());
    }
}

#[test]
fn a_lost_list_of_tenants_is_named_by_everything_and_made_again_from_the_files() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, _) = two_tenants(&folder);
    let installation = platform.registry().installation().to_owned();
    platform.forget_tenant("acme").unwrap();
    let gamma = platform.create_tenant("gamma", "Gamma", Language::Es).unwrap();
    assert_eq!(gamma.id, 3);
    drop(platform);
    let there = Platform::rebuild(&data(&folder), "test", &*clock()).unwrap_err();
    assert!(matches!(there, PlatformError::PlatformThere { .. }));
    for empty in [false, true] {
        remove(&data(&folder).platform_db());
        if empty {
            fs::write(data(&folder).platform_db(), "").unwrap();
        }
        let before = contents(folder.path());
        for error in [
            opened(&folder).map(|_| ()).unwrap_err(),
            Platform::plan(&data(&folder)).map(|_| ()).unwrap_err(),
            Platform::migrate(&data(&folder), "test").map(|_| ()).unwrap_err(),
            data(&folder).is_made().map(|_| ()).unwrap_err(),
        ] {
            assert!(matches!(error, PlatformError::PlatformLost { .. }), "{error}");
            assert_eq!(error.exit(), Exit::Verification);
        }
        assert!(contents(folder.path()) == before);
        fs::write(data(&folder).root().join("tenants/9.db"), "no database").unwrap();
        let rebuilt = Platform::rebuild(&data(&folder), "test", &*clock()).unwrap();
        assert_eq!(rebuilt.tenants, ["acme", "beta", "gamma"]);
        assert_eq!(rebuilt.left.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), [data(&folder).tenant_db(9)]);
        fs::remove_file(data(&folder).tenant_db(9)).unwrap();
        Platform::migrate(&data(&folder), "test").unwrap();
    }
    let platform = opened(&folder).unwrap();
    assert_eq!(platform.registry().installation(), installation);
    assert_eq!(platform.registry().tenant("acme").unwrap().map(|tenant| tenant.id), Some(acme.id));
    log(&open(&platform, "gamma"), 1);
    assert_eq!(open(&platform, "acme").execute("DELETE FROM logs", &[]), Ok(1));
    // An id that a file had is given to nobody else.
    assert_eq!(platform.create_tenant("delta", "", Language::En).unwrap().id, 10);
}

#[test]
fn files_that_disagree_are_named_and_nothing_is_registered() {
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (platform, acme, _) = two_tenants(&folder);
    platform.forget_tenant("acme").unwrap();
    let again = platform.create_tenant("acme", "", Language::En).unwrap();
    assert_ne!(again.id, acme.id);
    drop((platform, two_tenants(&other)));
    remove(&data(&folder).platform_db());
    let error = Platform::rebuild(&data(&folder), "test", &*clock()).unwrap_err();
    assert!(error.to_string().contains("both say that they are the same tenant's"), "{error}");
    assert!(!data(&folder).platform_db().exists());
    remove(&data(&folder).tenant_db(again.id));
    remove(&data(&folder).tenant_db(acme.id));
    fs::copy(data(&other).tenant_db(acme.id), data(&folder).tenant_db(acme.id)).unwrap();
    let error = Platform::rebuild(&data(&folder), "test", &*clock()).unwrap_err();
    assert!(error.to_string().contains("two installations"), "{error}");
    assert!(!data(&folder).platform_db().exists());
}

#[test]
fn a_forgotten_tenant_leaves_its_files_and_its_id_is_never_given_again() {
    let folder = TempDir::new().unwrap();
    let (platform, _, beta) = two_tenants(&folder);
    let media = data(&folder).named_root("media", &beta).unwrap();
    fs::write(media.join("logo.png"), "a picture").unwrap();
    let left = platform.forget_tenant("beta").unwrap();
    assert!(left.contains(&data(&folder).tenant_db(beta.id)) && left.contains(&media), "{left:?}");
    assert!(left.iter().all(|path: &PathBuf| path.exists()));
    assert_eq!(platform.registry().tenant("beta"), Ok(None));
    assert_eq!(platform.forget_tenant("beta").unwrap_err().code, ErrorCode::NotFound);
    remove(&data(&folder).tenant_db(beta.id));
    assert_eq!(platform.create_tenant("beta", "", Language::En).unwrap().id, 3);
}

#[test]
fn a_new_tenant_never_takes_the_place_of_what_is_there() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let place = |id| data(&folder).tenant_db(id);
    fs::write(place(1), "someone's").unwrap();
    fs::write(format!("{}-wal", place(2).display()), "someone's log").unwrap();
    fs::create_dir_all(data(&folder).root().join("media/3")).unwrap();
    fs::write(data(&folder).root().join("media/3/logo.png"), "someone's picture").unwrap();
    let scratch = TempDir::new().unwrap();
    assert_eq!(platform.dry_run(scratch.path()).create_tenant("acme", "", Language::En).unwrap().id, 4);
    assert_eq!(platform.create_tenant("acme", "", Language::En).unwrap().id, 4);
    assert_eq!(fs::read_to_string(place(1)).unwrap(), "someone's");
    assert_eq!(fs::read_to_string(format!("{}-wal", place(2).display())).unwrap(), "someone's log");
}

#[test]
fn making_a_tenant_that_was_cut_off_is_finished_or_begun_again() {
    let folder = TempDir::new().unwrap();
    let (platform, acme, _) = two_tenants(&folder);
    let (file, next) = (data(&folder).tenant_db(acme.id), data(&folder).tenant_db(3));
    let waiting = |path: &Path| PathBuf::from(format!("{}.new", path.display()));
    // Before the commit, at any byte: the next one with this id is made over it.
    for half in ["", "half a database"] {
        fs::write(waiting(&next), half).unwrap();
        let scratch = TempDir::new().unwrap();
        platform.dry_run(scratch.path()).create_tenant("gamma", "", Language::En).unwrap();
    }
    assert_eq!(platform.create_tenant("gamma", "", Language::En).unwrap().id, 3);
    assert!(!waiting(&next).exists());
    // After it: whoever comes next puts the file in its place.
    type Next = fn(&TempDir, &Platform, &Tenant);
    let nexts: [Next; 4] = [
        |_, platform, acme| platform.files().check(acme).unwrap(),
        |_, platform, acme| drop(platform.files().open(acme, access()).unwrap()),
        |_, platform, _| assert_eq!(probes::check(platform, "database").unwrap().status, probes::ProbeStatus::Ok),
        |folder, _, _| assert_eq!(Platform::migrate(&data(folder), "test").unwrap(), []),
    ];
    for next in nexts {
        settle(&file);
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", file.display()));
        }
        rustix::fs::rename(&file, waiting(&file)).unwrap();
        next(&folder, &platform, &acme);
        assert!(file.exists() && !waiting(&file).exists());
    }
}

#[test]
fn a_first_migrate_that_was_cut_off_is_taken_up_again() {
    let folder = TempDir::new().unwrap();
    fs::create_dir_all(data(&folder).root().join("tenants")).unwrap();
    assert!(!data(&folder).is_made().unwrap());
    fs::write(data(&folder).platform_db(), "").unwrap();
    assert!(matches!(opened(&folder), Err(PlatformError::NeedsMigrate { from: 0, .. })));
    let platform = migrated(&folder);
    platform.create_tenant("acme", "", Language::En).unwrap();
    // Between the platform and the engine store, and after both.
    assert_eq!(platform.registry().engine_store(), Ok(None));
    let mark = platform.registry().remember_engine_store(None).unwrap();
    assert!(mark > 0 && mark <= 0x7fff_ffff);
    assert_eq!(platform.registry().remember_engine_store(Some(7)), Ok(mark));
    assert_eq!(platform.registry().engine_store(), Ok(Some(mark)));
    assert!(matches!(data(&folder).check_engine_store(), Err(PlatformError::EngineLost { .. })));
}

#[test]
fn of_two_that_make_the_same_tenant_at_once_one_does() {
    let folder = TempDir::new().unwrap();
    drop(migrated(&folder));
    let make = || opened(&folder).unwrap().create_tenant("acme", "", Language::En);
    let made = thread::scope(|scope| [scope.spawn(make), scope.spawn(make)].map(|made| made.join().unwrap()));
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    let codes: Vec<_> = made.iter().filter_map(|made| made.as_ref().err().map(|error| error.code)).collect();
    assert_eq!(codes, [ErrorCode::AlreadyExists]);
    let platform = opened(&folder).unwrap();
    log(&open(&platform, "acme"), 1);
    assert_eq!(platform.registry().tenants().unwrap().len(), 1);
}
