//! Where log lines, files, questions and the end of a stuck run go.

use encargo_model::{FailureKind, Timestamp, Total};

use super::*;
use crate::samples::{Place, Watching, failed, prepared};
use crate::{RunFilter, StartRequest};

/// A place with a run that is under way, and its host.
struct Around {
    place: Place,
    watching: Arc<Watching>,
    recorder: Arc<Recorder>,
}

impl Around {
    fn new(watching: Watching) -> Self {
        Self::asked(watching, false, |request| request)
    }

    fn asked(watching: Watching, is_share: bool, ask: impl Fn(StartRequest) -> StartRequest) -> Self {
        let place = Place::new();
        let watching = Arc::new(watching);
        let observer: Arc<dyn Observer> = Arc::clone(&watching) as Arc<dyn Observer>;
        let mut prepared = prepared(|_, _| unreachable!("nothing is executed"));
        prepared.request = ask(prepared.request);
        let begin = |tenant: Option<&str>, parent| {
            let fresh = place.records.fresh(&prepared, tenant, parent, "work".to_owned());
            place.records.begin(&prepared, fresh, false, &observer).unwrap().0
        };
        let parent = is_share.then(|| begin(None, None).id);
        let run = begin(Some("demo"), parent);
        let lease = Arc::new(Lease::new(&place.records, run.clone(), None));
        let recorder = Arc::new(Recorder::new(&place.records, run, &prepared, observer, Some(lease)));
        Self { place, watching, recorder }
    }

    /// The same run as its host was without a record of it.
    fn unrecorded(mut self) -> Self {
        Arc::get_mut(&mut self.recorder).unwrap().lease = None;
        self
    }

    fn log(&self, level: LogLevel, message: &str) {
        self.recorder.log(LogLine { at: Timestamp(1), level, message: message.to_owned(), fields: vec![] });
    }

    fn logged(&self) -> Vec<String> {
        let records = &self.place.records;
        let lines = records.handle.block_on(records.store.logs(self.recorder.run.id, None, 10_000)).unwrap();
        lines.into_iter().map(|(_, line)| line.message).collect()
    }
}

fn file(path: &str) -> Artefact {
    Artefact { name: "a".to_owned(), path: path.to_owned(), bytes: 1, sha256: "ab".repeat(32) }
}

#[test]
fn every_line_is_stored_in_its_order_and_the_observer_hears_those_that_it_wants() {
    let around = Around::new(Watching { least: LogLevel::Warning, ..Watching::default() });
    let lines = [LogLevel::Error, LogLevel::Debug, LogLevel::Warning, LogLevel::Info];
    for level in lines {
        around.log(level, level.as_str());
    }
    assert_eq!(around.watching.heard(), ["log error", "log warning"]);
    assert_eq!(around.logged(), [""; 0], "they wait for each other");
    let (_, _, stored) = around.recorder.finish(true);
    stored.unwrap();
    assert_eq!(around.logged(), lines.map(LogLevel::as_str));
    around.recorder.finish(true).2.unwrap();
    assert_eq!(around.logged().len(), lines.len(), "each once");
}

#[test]
fn a_level_is_enabled_when_it_is_kept_or_seen() {
    use LogLevel::{Debug, Error, Info, Warning};
    for (least, enabled) in [(Debug, [true; 4]), (Info, [false, true, true, true]), (Error, [false, true, true, true])]
    {
        let around = Around::new(Watching { least, ..Watching::default() });
        assert_eq!([Debug, Info, Warning, Error].map(|level| around.recorder.log_enabled(level)), enabled, "{least:?}");
    }
}

#[test]
fn many_lines_are_stored_before_the_end_where_the_run_is_recorded() {
    for recorded in [true, false] {
        let around = Around::new(Watching::default());
        let around = if recorded { around } else { around.unrecorded() };
        for n in 1..MOST_PENDING {
            around.log(LogLevel::Info, &n.to_string());
        }
        assert_eq!(around.logged().len(), 0);
        around.log(LogLevel::Info, "full");
        around.log(LogLevel::Info, "more");
        assert_eq!(around.logged().len(), if recorded { MOST_PENDING } else { 0 });
        around.recorder.finish(recorded).2.unwrap();
        assert_eq!(around.logged().len(), if recorded { MOST_PENDING + 1 } else { 0 });
    }
}

#[test]
fn lines_that_cannot_be_stored_stay_in_their_order_and_the_end_says_so() {
    let around = Around::new(Watching::default());
    around.log(LogLevel::Info, "before");
    assert_eq!(around.place.lose_all(), 1, "it can write nothing more");
    assert!(around.recorder.handle.block_on(around.recorder.store_pending()).is_err());
    around.log(LogLevel::Info, "after");
    let (_, _, stored) = around.recorder.finish(true);
    assert!(matches!(stored, Err(StoreError::TakenOver { run }) if run == around.recorder.run.id));
    let pending = lock(&around.recorder.pending).iter().map(|line| line.message.clone()).collect::<Vec<_>>();
    assert_eq!(pending, ["before", "after"]);
    around.recorder.finish(false).2.unwrap();
}

#[test]
fn lines_are_stored_while_the_run_goes_on_until_its_end_is_said() {
    let around = Around::new(Watching::default());
    around.log(LogLevel::Info, "early");
    let (end, ended) = watch::channel(false);
    let storing = around.recorder.handle.spawn(Arc::clone(&around.recorder).store_regularly(ended));
    while around.logged().is_empty() {
        assert!(!storing.is_finished());
        std::thread::yield_now();
    }
    end.send_replace(true);
    around.recorder.handle.block_on(storing).unwrap();
    assert_eq!(around.logged(), ["early"]);
}

#[test]
fn a_file_is_recorded_when_it_is_published_and_at_the_end_where_that_failed() {
    let around = Around::new(Watching::default());
    let recorder = &around.recorder;
    assert_eq!(recorder.published_before("/a"), [""; 0]);
    recorder.artefact(&file("/a"));
    assert_eq!(recorder.published_before("/a"), ["ab".repeat(32)]);
    assert_eq!(recorder.published_before("/b"), [""; 0]);
    assert_eq!(around.place.lose_all(), 1, "it can write nothing more");
    recorder.artefact(&file("/b"));
    assert_eq!(recorder.published_before("/b"), [""; 0]);
    let (published, unrecorded, _) = recorder.finish(true);
    assert_eq!((published, unrecorded), (vec![file("/a"), file("/b")], vec![file("/b")]));
}

#[test]
fn questions_and_passwords_are_the_observers_unless_the_caller_answered_them_before() {
    for (yes, observer_says) in [(false, false), (false, true), (true, false)] {
        let watching = Watching { yes: observer_says, ..Watching::default() };
        let password = yes.then(|| "secret".to_owned());
        let ask = |request| StartRequest { yes, admin_password: password.clone(), ..request };
        let around = Around::asked(watching, false, ask);
        let recorder = &around.recorder;
        assert_eq!(recorder.confirm("sure?", &|| true), yes || observer_says);
        assert_eq!(around.watching.heard(), Vec::from_iter((!yes).then_some("confirm sure? true")));
        assert_eq!(recorder.admin_password(), password);
        assert_eq!(recorder.can_show_password(), observer_says);
    }
    let around = Around::new(Watching::default());
    around.recorder.show_password("admin@example.com", "secret");
    around.recorder.progress(Progress {
        number: 1,
        phase: "checking".to_owned(),
        done: 7,
        total: Total::Unknown,
        unit: "rows".to_owned(),
    });
    assert_eq!(around.watching.heard(), ["password admin@example.com secret", "progress 7"]);
}

#[test]
fn a_run_ends_by_the_observers_signal_or_with_its_lease() {
    let around = Around::new(Watching::default());
    assert_eq!(around.recorder.signal(), None);
    *around.place.clock.0.lock().unwrap() += 86_400_000_000;
    assert_eq!(around.recorder.signal(), Some(Signal::Terminate));
    around.watching.signal.set(Signal::Interrupt).unwrap();
    assert_eq!(around.recorder.signal(), Some(Signal::Interrupt));
    let around = Around::new(Watching::default()).unrecorded();
    *around.place.clock.0.lock().unwrap() += 86_400_000_000;
    assert_eq!(around.recorder.signal(), None, "without a record there is no lease to lose");
}

#[test]
fn a_stuck_run_is_recorded_with_its_lines_its_files_and_the_run_that_it_is_a_share_of() {
    for is_share in [false, true] {
        let around = Around::asked(Watching::default(), is_share, |request| request);
        around.log(LogLevel::Info, "last words");
        lock(&around.recorder.unrecorded).push(file("/late"));
        *around.place.clock.0.lock().unwrap() += 5;
        around.recorder.abandoned(&failed(FailureKind::WallLimit));
        assert_eq!(around.watching.heard(), ["abandoned timed-out"]);
        assert_eq!(around.logged(), ["last words"]);
        assert_eq!(around.recorder.published_before("/late"), ["ab".repeat(32)]);
        let runs = around.place.runs();
        assert_eq!(runs.len(), if is_share { 2 } else { 1 });
        for run in runs {
            assert_eq!((run.status, run.exit), (RunStatus::TimedOut, Some(Exit::TimedOut)));
            assert_eq!(run.error, Some(("wall-limit".to_owned(), "bad".to_owned())));
            assert_eq!(run.ended_at, Some(around.place.clock.now()));
        }
    }
}

#[test]
fn a_parent_that_has_ended_keeps_its_end_when_a_share_is_abandoned() {
    let around = Around::asked(Watching::default(), true, |request| request);
    let records = &around.place.records;
    let parent = RunFilter { top_level: true, limit: 1, ..RunFilter::default() };
    let parent = || records.handle.block_on(records.store.list_runs(&parent)).unwrap().remove(0);
    let over = Run { status: RunStatus::Interrupted, exit: Some(Exit::Interrupted), ..parent() };
    records.handle.block_on(records.store.end_run(&over, &[], records.clock.now())).unwrap();
    around.recorder.abandoned(&failed(FailureKind::WallLimit));
    assert_eq!((parent().status, parent().error), (RunStatus::Interrupted, None));
    let share = records.handle.block_on(records.store.run(around.recorder.run.id)).unwrap().unwrap();
    assert_eq!(share.status, RunStatus::TimedOut);
}
