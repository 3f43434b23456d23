//! One run from its record to its end: where it can be recorded, and where nothing can be written.

use std::sync::Mutex;

use encargo_model::{
    Effect, Exit, FileChange, FileRecord, LogLevel, LogLine, Outcome, Receipt, RunStatus, Signal, Timestamp,
};

use super::*;
use crate::samples::{Place, Watching, ended, failed, prepared, tenants};

fn observer() -> (Arc<Watching>, Arc<dyn Observer>) {
    let watching = Arc::new(Watching::default());
    (Arc::clone(&watching), watching)
}

/// A command that only reads and logs a line.
fn reading() -> Prepared {
    let mut reading = prepared(|_, host| {
        host.log(LogLine { at: Timestamp(1), level: LogLevel::Info, message: "read".to_owned(), fields: vec![] });
        ended(Outcome::Ok)
    });
    reading.command.description.effect = Effect::ReadOnly;
    reading
}

fn execute(records: &Records, prepared: &Prepared, observer: &Arc<dyn Observer>) -> Result<Run, StartError> {
    let fresh = records.fresh(prepared, None, None, "work".to_owned());
    records.execute(prepared, fresh, Share::default(), observer).map(|(run, _)| run)
}

#[test]
fn a_run_is_recorded_as_it_ended() {
    let file = FileRecord { change: FileChange::Written, path: "/a".to_owned(), bytes: 1, sha256: None };
    let receipt = Receipt { files: vec![file], ..Receipt::default() };
    let well = Ended { receipt: receipt.clone(), ..ended(Outcome::Partial) };
    let mut badly = Ended { receipt: receipt.clone(), ..failed(FailureKind::Trap) };
    badly.result.as_mut().unwrap_err().backtrace = Some("0: main".to_owned());
    for (end, status, exit, error) in [
        (well, RunStatus::Partial, Exit::Partial, None),
        (badly, RunStatus::Failed, Exit::Failed, Some(("trap".to_owned(), "bad".to_owned()))),
    ] {
        let place = Place::new();
        let (watching, observer) = observer();
        let ends_so = end.clone();
        let run = execute(&place.records, &prepared(move |_, _| ends_so.clone()), &observer).unwrap();
        assert_eq!((run.status, run.exit, &run.error, &run.receipt), (status, Some(exit), &error, &receipt));
        assert_eq!((run.report.as_ref(), run.backtrace.is_some()), (end.result.as_ref().ok(), error.is_some()));
        assert_eq!(run.ended_at, Some(place.records.clock.now()));
        assert_eq!(place.runs(), [run]);
        assert_eq!(watching.heard(), ["started running".to_owned(), format!("finished {status}")]);
    }
}

#[test]
fn a_command_is_told_what_was_asked_for() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let mut prepared = prepared(move |job, _| {
        told.lock().unwrap().push(job.clone());
        ended(Outcome::Ok)
    });
    prepared.request.overwrite = true;
    let setting = crate::Setting { value: 7.into(), place: "commands.cleanup.batch".to_owned() };
    prepared.request.fallbacks.settings.insert("batch".to_owned(), setting);
    prepared.granted = ["read:chats".parse().unwrap()].into();
    prepared.compiled_for = Duration::from_secs(3);
    let place = Place::new();
    let tenant = tenants(&["demo"]).remove(0);
    let fresh = place.records.fresh(&prepared, None, None, String::new());
    let (parent, _) = place.records.begin(&prepared, fresh, false, &observer().1).unwrap();
    let run = Run { parent: Some(parent.id), ..place.records.fresh(&prepared, Some("demo"), None, "work".to_owned()) };
    let share = Share { tenant: Some(tenant.clone()), timeout: Some(Duration::from_secs(9)), ..Share::default() };
    let (run, _) = place.records.execute(&prepared, run, share, &observer().1).unwrap();
    let jobs = seen.lock().unwrap();
    let job = &jobs[0];
    assert_eq!((job.run, job.started_at, job.attempt), (run.id, run.started_at, 1));
    assert_eq!((&job.tenant, job.tenant_folder, job.overwrite), (&Some(tenant), true, true));
    assert_eq!((job.resume_key.as_str(), job.settings["batch"].as_i64()), ("work", Some(7)));
    assert_eq!((job.limits.wall_seconds, job.spent), (Duration::from_secs(9), Duration::from_secs(3)));
    assert_eq!((&job.granted, job.requested.len()), (&prepared.granted, 0));
}

#[test]
fn where_nothing_can_be_written_what_only_reads_does_its_work_without_a_record() {
    let place = Place::new();
    let unwritable = place.unwritable();
    let (watching, observer) = observer();
    let run = execute(&unwritable, &reading(), &observer).unwrap();
    assert_eq!((run.status, run.ended_at), (RunStatus::Succeeded, Some(unwritable.clock.now())));
    assert_eq!(watching.heard(), ["unrecorded running", "started running", "finished succeeded"]);
    let refused = execute(&unwritable, &prepared(|_, _| unreachable!("it is not begun")), &observer).unwrap_err();
    assert!(matches!(&refused, StartError::Store(why) if why.is_unwritable()), "{refused:?}");
    assert_eq!(place.runs(), []);
}

#[test]
fn a_run_that_was_taken_over_ends_in_an_error_whatever_it_did() {
    for mut prepared in [reading(), prepared(|_, _| ended(Outcome::Ok))] {
        let place = Arc::new(Place::new());
        let (inside, work) = (Arc::clone(&place), prepared.work);
        prepared.work = Box::new(Before { work, first: Box::new(move || assert_eq!(inside.lose_all(), 1)) });
        let taken = execute(&place.records, &prepared, &observer().1).unwrap_err();
        assert!(matches!(taken, StartError::Store(encargo_store::StoreError::TakenOver { .. })), "{taken:?}");
        assert_eq!(place.runs()[0].status, RunStatus::Lost);
    }
}

/// Something that happens before the work.
struct Before {
    work: Box<dyn Execute>,
    first: Box<dyn Fn() + Send + Sync>,
}

impl Execute for Before {
    fn check(&self, tenant: Option<&Tenant>, only_reads: bool) -> Result<(), PlatformError> {
        self.work.check(tenant, only_reads)
    }

    fn execute(&self, job: Job, host: &Arc<dyn RunHost>) -> Ended {
        (self.first)();
        self.work.execute(job, host)
    }
}

#[test]
fn a_run_that_ends_with_its_lease_says_so_and_one_that_ends_by_a_signal_does_not() {
    for (signal, kind, over, named) in [
        (None, FailureKind::Terminated, true, true),
        (None, FailureKind::Terminated, false, false),
        (None, FailureKind::Interrupted, true, false),
        (None, FailureKind::Trap, true, false),
        (Some(Signal::Terminate), FailureKind::Terminated, true, false),
    ] {
        let place = Place::new();
        let (watching, observer) = observer();
        let clock = Arc::clone(&place.clock);
        let prepared = prepared(move |_, _| {
            *clock.0.lock().unwrap() += if over { 86_400_000_000 } else { 0 };
            signal.into_iter().for_each(|signal| watching.signal.set(signal).unwrap());
            failed(kind)
        });
        let run = execute(&place.records, &prepared, &observer).unwrap();
        let (code, words) = run.error.unwrap();
        assert_eq!((code.as_str(), words != "bad"), (kind.as_str(), named), "{words}");
    }
}
