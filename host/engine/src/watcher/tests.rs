//! The watcher's decisions at made-up instants, with a host that keeps what it is told.

use encargo_model::{Exit, Limits};

use super::*;
use crate::samples::FakeHost;

fn run(id: u64, wall: u64, signal: Option<Signal>) -> (Watched, Arc<FakeHost>) {
    let told = Arc::new(FakeHost { signal, ..FakeHost::default() });
    let limits = Limits { wall_seconds: Duration::from_secs(wall), ..Limits::default() };
    let host: Arc<dyn RunHost> = Arc::clone(&told) as Arc<dyn RunHost>;
    (Watched::new(id, &Arc::new(Control::new(&limits, Duration::ZERO)), &host), told)
}

fn failure_of(told: &FakeHost) -> (FailureKind, Exit) {
    let abandoned = told.abandoned.lock().unwrap();
    let [Ended { result: Err(failure), .. }] = &abandoned[..] else { panic!("{abandoned:?}") };
    let code = match failure.kind {
        FailureKind::WallLimit => ErrorCode::Timeout,
        FailureKind::Interrupted | FailureKind::Terminated => ErrorCode::Cancelled,
        _ => ErrorCode::Quota,
    };
    assert_eq!(failure.error.code, code);
    (failure.kind, failure.exit())
}

#[test]
fn a_run_that_is_there_two_seconds_past_its_deadline_ends_the_process_with_124() {
    let (run, told) = run(0, 60, None);
    let deadline = run.control.deadline;
    let mut watched = [run];
    look(&mut watched, deadline);
    look(&mut watched, deadline + LAST_RESORT - Duration::from_nanos(1));
    assert!(told.left.lock().unwrap().is_empty() && told.abandoned.lock().unwrap().is_empty());
    look(&mut watched, deadline + LAST_RESORT);
    assert_eq!(*told.left.lock().unwrap(), [Exit::TimedOut]);
    assert_eq!(failure_of(&told), (FailureKind::WallLimit, Exit::TimedOut));
    let abandoned = told.abandoned.lock().unwrap();
    let used: Vec<_> = abandoned[0].receipt.limits.iter().map(|limit| (limit.name.as_str(), limit.limit)).collect();
    assert_eq!(used[1], ("wall", 60_000));
    assert!(abandoned[0].receipt.limits[1].used >= 62_000);
}

#[test]
fn a_stuck_run_ends_with_its_signal_two_seconds_after_the_grace() {
    for (signal, kind, exit) in [
        (Signal::Interrupt, FailureKind::Interrupted, Exit::Interrupted),
        (Signal::Terminate, FailureKind::Terminated, Exit::Terminated),
    ] {
        let (run, told) = run(0, 3_600, Some(signal));
        let began = run.control.started;
        let mut watched = [run];
        look(&mut watched, began);
        look(&mut watched, began + GRACE - Duration::from_nanos(1));
        assert_eq!(watched[0].control.reason(), None);
        look(&mut watched, began + GRACE);
        assert_eq!(watched[0].control.reason(), Some(kind));
        look(&mut watched, began + GRACE + LAST_RESORT - Duration::from_nanos(1));
        assert!(told.left.lock().unwrap().is_empty());
        look(&mut watched, began + GRACE + LAST_RESORT);
        assert_eq!(*told.left.lock().unwrap(), [exit]);
        assert_eq!(failure_of(&told), (kind, exit));
    }
}

#[test]
fn the_other_runs_of_the_process_are_recorded_as_interrupted_and_only_one_leaves() {
    let ((stuck, first), (well, second)) = (run(0, 60, None), run(1, 3_600, None));
    let deadline = stuck.control.deadline;
    let mut watched = [well, stuck];
    look(&mut watched, deadline);
    look(&mut watched, deadline + LAST_RESORT);
    assert_eq!(failure_of(&first), (FailureKind::WallLimit, Exit::TimedOut));
    assert_eq!(failure_of(&second), (FailureKind::Interrupted, Exit::Interrupted));
    assert_eq!(*first.left.lock().unwrap(), [Exit::TimedOut]);
    assert!(second.left.lock().unwrap().is_empty());
}

#[test]
fn a_run_that_ends_between_two_looks_is_looked_at_a_last_time() {
    let engine = wasmtime::Engine::default();
    let watcher = Watcher::start(&engine).unwrap();
    let limits = Limits { wall_seconds: Duration::from_secs(3_600), ..Limits::default() };
    let control = Arc::new(Control::new(&limits, Duration::ZERO));
    let host: Arc<dyn RunHost> = Arc::new(FakeHost::default());
    let watch = watcher.watch(&control, &host);
    watch.look(control.deadline - Duration::from_nanos(1));
    assert_eq!(control.reason(), None);
    watch.look(control.deadline);
    assert_eq!(control.reason(), Some(FailureKind::WallLimit));
}

#[test]
fn cpu_time_past_the_limit_counts_even_at_the_end_of_a_run() {
    let engine = wasmtime::Engine::default();
    let watcher = Watcher::start(&engine).unwrap();
    let limits = Limits { cpu_seconds: Duration::ZERO, ..Limits::default() };
    let control = Arc::new(Control::new(&limits, Duration::ZERO));
    let host: Arc<dyn RunHost> = Arc::new(FakeHost::default());
    let watch = watcher.watch(&control, &host);
    watch.look(Instant::now());
    assert_eq!(control.reason(), Some(FailureKind::CpuLimit));
}

#[test]
fn a_run_is_watched_by_the_thread_until_it_is_over() {
    let engine = wasmtime::Engine::default();
    let watcher = Watcher::start(&engine).unwrap();
    let watch = |wall| {
        let limits = Limits { wall_seconds: wall, ..Limits::default() };
        let control = Arc::new(Control::new(&limits, Duration::ZERO));
        let host: Arc<dyn RunHost> = Arc::new(FakeHost::default());
        (watcher.watch(&control, &host), control)
    };
    let ids = || watcher.shared.watched().iter().map(|run| run.id).collect::<Vec<_>>();
    let long = Duration::from_secs(3_600);
    let (first, (second, _), (third, _)) = (watch(long), watch(long), watch(long));
    assert_eq!(ids(), [0, 1, 2]);
    drop(second);
    assert_eq!(ids(), [0, 2]);
    let (fourth, _) = watch(long);
    assert_eq!(ids(), [0, 2, 3]);
    drop((third, fourth));
    let (_over, control) = watch(Duration::ZERO);
    while control.reason().is_none() {
        thread::yield_now();
    }
    assert_eq!((control.reason(), first.1.reason()), (Some(FailureKind::WallLimit), None));
}

#[test]
fn the_watcher_looks_less_often_while_every_run_waits_for_a_time() {
    let ((one, _), (other, _)) = (run(0, 60, None), run(1, 60, None));
    let mut watched = vec![one, other];
    assert_eq!(turn(&watched), TICK);
    watched[0].control.rest(true);
    assert_eq!(turn(&watched), TICK, "the other one works");
    watched[1].control.rest(true);
    assert_eq!(turn(&watched), REST);
    // Its deadline is kept all the same.
    let deadline = watched[0].control.deadline;
    look(&mut watched, deadline);
    assert_eq!(watched[0].control.reason(), Some(FailureKind::WallLimit));
    watched[0].control.rest(false);
    assert_eq!(turn(&watched), TICK);
    assert_eq!(turn(&[]), Duration::from_millis(250));
}
