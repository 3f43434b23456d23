//! Several looks at once, over a platform of the test's own.

use std::net::TcpListener;

use encargo_model::SystemClock;
use tempfile::TempDir;

use super::*;
use crate::platform::tests::{contents, migrated};
use crate::{DataDir, Interrupt};

fn around(named: Vec<Service>) -> (TempDir, Around) {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::new(folder.path().join("data"));
    Platform::migrate(&data, "development").unwrap();
    let platform = Arc::new(Platform::open(data, "development", Arc::new(SystemClock)).unwrap());
    let services = Arc::new(Services { named, ..Services::default() });
    let around = Around { platform, services, last_drill: Ok(None), clock: Arc::new(SystemClock) };
    (folder, around)
}

fn looked(around: &Around, names: &[&str], each: Duration) -> Vec<Observation> {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    let targets = targets(&around.services, Some(&names)).unwrap();
    look(around, targets, each, Duration::from_secs(60), &Interrupt::new()).unwrap()
}

#[test]
fn what_hangs_has_failed_after_its_time_and_holds_up_nothing() {
    // It takes connections, because the system does, and nobody reads them.
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("redis://:secret@{}", hung.local_addr().unwrap());
    let service = |name: &str| Service::new(name, Kind::Redis, Address::parse(&address));
    let minor = Service { critical: false, ..service("minor") };
    let patient = Service { timeout: Some(Duration::from_millis(30)), ..service("other") };
    let (_folder, around) = around(vec![minor, patient, service("slow")]);
    let found = looked(&around, &["redis", "database"], Duration::from_millis(60));
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.status, one.detail.en.as_str())).collect();
    assert_eq!((told[0].0, told[0].1), ("database", ProbeStatus::Ok));
    assert_eq!(
        told[1..],
        [
            ("minor", ProbeStatus::Warning, "not critical: no answer within 0.06 s"),
            ("other", ProbeStatus::Failed, "no answer within 0.03 s"),
            ("slow", ProbeStatus::Failed, "no answer within 0.06 s"),
        ]
    );
}

#[test]
fn a_name_is_a_service_or_a_kind_and_what_nobody_named_is_skipped() {
    let service = Service::new("cache", Kind::Redis, Err(text!("it names no host", "no nombra ningún host")));
    let (_folder, around) = around(vec![service]);
    let names = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
        let targets = targets(&around.services, Some(&names))?;
        Ok::<_, BackendError>(targets.into_iter().map(|target| target.name).collect::<Vec<_>>())
    };
    assert_eq!(names(&["redis"]).unwrap(), ["cache"]);
    assert_eq!(names(&["cache", "disk", "redis"]).unwrap(), ["disk", "cache"]);
    let unknown = names(&["cash"]).unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
    assert!(unknown.message.en.contains("cache"), "{}", unknown.message.en);
    let found = looked(&around, &["redis", "smtp", "workers"], Duration::from_secs(5));
    let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.status, one.milliseconds)).collect();
    assert_eq!(told[0].1, ProbeStatus::Failed);
    assert_eq!(told[1..], [("smtp", ProbeStatus::Skipped, 0.0), ("workers", ProbeStatus::Skipped, 0.0)]);
}

#[test]
fn an_interrupt_ends_a_look() {
    let hung = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::parse(&format!("redis://{}", hung.local_addr().unwrap()));
    let (_folder, around) = around(vec![Service::new("slow", Kind::Redis, address)]);
    let interrupt = Interrupt::new();
    interrupt.raise();
    let targets = targets(&around.services, None).unwrap();
    let minute = Duration::from_secs(60);
    assert_eq!(look(&around, targets, minute, minute, &interrupt).unwrap_err().code, ErrorCode::Cancelled);
}

#[test]
fn a_missing_backup_warns_and_so_does_a_missing_drill() {
    let (_folder, around) = around(Vec::new());
    let found = looked(&around, &["backup", "drill", "clock"], Duration::from_secs(30));
    let statuses: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.status)).collect();
    let expected = [("clock", ProbeStatus::Ok), ("backup", ProbeStatus::Warning), ("drill", ProbeStatus::Warning)];
    assert_eq!(statuses, expected);
    assert_eq!(found[2].needs, ["backup"]);
}

#[test]
fn every_probe_has_an_answer() {
    let folder = TempDir::new().unwrap();
    let platform = migrated(&folder);
    let before = contents(folder.path());
    for name in names() {
        let finding = check(&platform, name).unwrap();
        let expected = match name {
            "database" | "schema" | "storage" => ProbeStatus::Ok,
            "disk" => finding.status,
            _ => ProbeStatus::Skipped,
        };
        assert_eq!(finding.status, expected, "{name}: {finding:?}");
    }
    assert_eq!(check(&platform, "nothing").unwrap_err().code, ErrorCode::NotFound);
    assert!(contents(folder.path()) == before);
}
