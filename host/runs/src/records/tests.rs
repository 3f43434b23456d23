//! Who gets a lock, who waits for it and how long, and who needs none.

use std::sync::atomic::Ordering;
use std::thread;

use encargo_model::{Origin, Outcome, PathValue, ResolvedArgument, Signal};

use super::*;
use crate::samples::{Place, Watching, ended, lines, prepared};

/// A lock that is held lets no test wait: whoever waits this long has failed.
const FOR_EVER: Duration = Duration::from_secs(3_600);

fn watching() -> (Arc<Watching>, Arc<dyn Observer>) {
    let watching = Arc::new(Watching::default());
    (Arc::clone(&watching), watching)
}

/// Begins a run that changes rows of the tenant `demo`.
fn begin(place: &Place, prepared: &Prepared, observer: &Arc<dyn Observer>) -> Result<Run, StartError> {
    let fresh = place.records.fresh(prepared, Some("demo"), None, "work".to_owned());
    place.records.begin(prepared, fresh, prepared.takes_lock(), observer).map(|(run, recorded)| {
        assert!(recorded);
        run
    })
}

fn waiting_for(wait: Option<Duration>) -> Prepared {
    let mut prepared = prepared(|_, _| ended(Outcome::Ok));
    prepared.request.wait_lock = wait;
    prepared
}

/// The run that holds the lock and the exit code, of one that did not get it.
fn held(begun: Result<Run, StartError>) -> (RunId, u8) {
    match begun {
        Err(StartError::LockHeld { run, code, pid, .. }) => {
            assert_eq!(pid, std::process::id());
            (run, code)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_held_lock_is_refused_at_once_after_the_wait_and_at_a_signal() {
    let place = Place::new();
    let (watching, observer) = watching();
    let first = begin(&place, &waiting_for(None), &observer).unwrap();
    assert_eq!(held(begin(&place, &waiting_for(None), &observer)), (first.id, 11));
    let isolated = Prepared {
        request: crate::StartRequest { isolated: Some(0), ..waiting_for(None).request },
        ..waiting_for(None)
    };
    assert_eq!(held(begin(&place, &isolated, &observer)), (first.id, 0));

    let (began, wait) = (Instant::now(), LOOK_EVERY * 3);
    assert_eq!(held(begin(&place, &waiting_for(Some(wait)), &observer)), (first.id, 11));
    assert!(began.elapsed() >= wait);

    watching.signal.set(Signal::Interrupt).unwrap();
    assert_eq!(held(begin(&place, &waiting_for(Some(FOR_EVER)), &observer)), (first.id, 11));
    assert_eq!(place.runs().len(), 1, "who waits is not recorded");
}

#[test]
fn who_waits_begins_when_the_lock_is_free() {
    let place = Place::new();
    let (watching, observer) = watching();
    let first = begin(&place, &waiting_for(None), &observer).unwrap();
    let second = thread::scope(|scope| {
        let waiting = scope.spawn(|| begin(&place, &waiting_for(Some(FOR_EVER)), &observer).map(|run| run.id));
        // It asks for a signal each time that it has found the lock held.
        while watching.asked.load(Ordering::Relaxed) == 0 {
            assert!(!waiting.is_finished());
            thread::yield_now();
        }
        let over = crate::execution::ended_run(first.clone(), ended(Outcome::Ok));
        let over = place.records.end(&waiting_for(None), over, &[], true, &observer).unwrap();
        assert_eq!(over.ended_at, Some(place.records.clock.now()));
        waiting.join().unwrap().unwrap()
    });
    assert!(second != first.id && place.runs().len() == 2);
}

#[test]
fn a_lock_is_for_what_changes_rows_or_writes_files() {
    let output = |path: &str, kind| ResolvedArgument {
        name: "output".to_owned(),
        value: Some(ArgumentValue::Path(PathValue { path: path.to_owned(), kind })),
        origin: Origin::Given,
        written: path.to_owned(),
    };
    for (effect, dry_run, arguments, takes) in [
        (Effect::Changes, false, vec![], true),
        (Effect::Changes, true, vec![], false),
        (Effect::Destroys, false, vec![], true),
        (Effect::ReadOnly, false, vec![], false),
        (Effect::ReadOnly, false, vec![output("/out", ArgumentKind::Output)], true),
        (Effect::ReadOnly, true, vec![output("/out", ArgumentKind::Output)], false),
        (Effect::ReadOnly, false, vec![output("-", ArgumentKind::Output)], false),
        (Effect::ReadOnly, false, vec![output("/in", ArgumentKind::InputFile)], false),
    ] {
        let mut prepared = waiting_for(None);
        prepared.command.description.effect = effect;
        (prepared.request.dry_run, prepared.arguments) = (dry_run, arguments);
        assert_eq!(prepared.takes_lock(), takes, "{effect:?} {dry_run} {:?}", prepared.arguments);
    }
}

#[test]
fn where_nothing_can_be_written_what_only_reads_is_begun_and_ended_without_a_record() {
    let place = Place::new();
    let unwritable = place.unwritable();
    for (effect, dry_run, goes_on) in [
        (Effect::ReadOnly, false, true),
        (Effect::Changes, true, true),
        (Effect::Changes, false, false),
        (Effect::Destroys, false, false),
    ] {
        let (watching, observer) = watching();
        let mut prepared = waiting_for(None);
        prepared.command.description.effect = effect;
        prepared.request.dry_run = dry_run;
        let fresh = unwritable.fresh(&prepared, Some("demo"), None, "work".to_owned());
        let ended = unwritable.end(&prepared, fresh.clone(), &[], true, &observer);
        match unwritable.begin(&prepared, fresh.clone(), prepared.takes_lock(), &observer) {
            Ok((run, recorded)) => assert_eq!((goes_on, &run, recorded), (true, &fresh, false)),
            Err(StartError::Store(why)) => assert_eq!((goes_on, why.is_unwritable()), (false, true)),
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!(ended.is_ok(), goes_on, "{effect:?} {dry_run}");
        assert_eq!(watching.heard().len(), if goes_on { 2 } else { 0 }, "each time with the reason");
        let unrecorded = unwritable.end(&prepared, fresh, &[], false, &observer).unwrap();
        assert_eq!(unrecorded.ended_at, Some(place.records.clock.now()));
    }
}

#[test]
fn an_end_that_is_refused_for_another_reason_is_an_error_of_what_only_reads_too() {
    let place = Place::new();
    let (_, observer) = watching();
    let mut prepared = waiting_for(None);
    prepared.request.dry_run = true;
    let never_begun = place.records.fresh(&prepared, Some("demo"), None, "work".to_owned());
    let refused = place.records.end(&prepared, never_begun, &[], true, &observer).unwrap_err();
    assert!(matches!(refused, StartError::Store(StoreError::TakenOver { .. })), "{refused:?}");
    let mut resumed = place.records.fresh(&prepared, Some("demo"), None, "work".to_owned());
    resumed.attempts = 2;
    let refused = place.records.begin(&prepared, resumed, false, &observer).unwrap_err();
    assert!(matches!(refused, StartError::Store(StoreError::TakenOver { .. })), "{refused:?}");
}

#[test]
fn runs_get_ids_of_their_own_in_one_microsecond() {
    let place = Place::new();
    let (_, observer) = watching();
    let mut prepared = waiting_for(None);
    prepared.command.description.effect = Effect::ReadOnly;
    let ids = [0; 3].map(|_| begin(&place, &prepared, &observer).unwrap().id);
    let mut recorded = place.runs().into_iter().map(|run| run.id).collect::<Vec<_>>();
    recorded.reverse();
    assert_eq!(recorded, ids);
}

#[test]
fn runs_that_are_lost_are_recorded_so_or_named_where_nothing_can_be_written() {
    let place = Place::new();
    let (_, observer) = watching();
    let run = begin(&place, &waiting_for(None), &observer).unwrap();
    let settle = |records: &Records| records.handle.block_on(records.settle_lost()).unwrap();
    assert_eq!((settle(&place.unwritable()), settle(&place.records)), (vec![], vec![]));
    *place.clock.0.lock().unwrap() += 86_400_000_000;
    assert_eq!(settle(&place.unwritable()), [run.id]);
    assert_eq!(place.runs()[0].status, encargo_model::RunStatus::Running);
    assert_eq!(settle(&place.records), []);
    assert_eq!(place.runs()[0].status, encargo_model::RunStatus::Lost);
}

#[test]
fn a_run_has_the_id_that_was_recorded_and_not_the_one_that_was_proposed() {
    let place = Place::new();
    let (_, observer) = watching();
    let mut prepared = waiting_for(None);
    prepared.command.description.effect = Effect::ReadOnly;
    let later = place.record_later(&prepared);
    let run = begin(&place, &prepared, &observer).unwrap();
    assert!(run.id > later);
    assert_eq!(place.runs().into_iter().map(|run| run.id).collect::<Vec<_>>(), [run.id, later]);
}

#[test]
fn a_wait_is_told_once_however_long_it_is_and_only_where_there_is_one() {
    let place = Place::new();
    let (_, observer) = watching();
    let told = |wait| {
        let lines = lines(|| drop(begin(&place, &waiting_for(wait), &observer)));
        lines.iter().filter(|line| line["message"] == "a run waits for its lock").count()
    };
    assert_eq!([None, None, Some(LOOK_EVERY * 3)].map(told), [0, 0, 1], "the second is refused at once");
}
