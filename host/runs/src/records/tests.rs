//! Who gets a lock, who waits for it and how long, and who needs none.

use std::sync::atomic::Ordering;
use std::thread;

use encargo_model::{Origin, Outcome, PathValue, ResolvedArgument, Signal};

use super::*;
use crate::samples::{Place, Watching, ended, prepared};

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
