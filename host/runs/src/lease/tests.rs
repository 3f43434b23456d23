//! A lease is kept for as long as its run goes on, and what is beside a run ends with it.

use std::thread;

use encargo_model::Outcome;

use super::*;
use crate::samples::{Place, Watching, ended, prepared};

/// So short that a third of it is soon over; the clock that says whether it is over is moved by hand.
const SHORT: Duration = Duration::from_millis(30);

fn begun(place: &Place) -> Arc<Lease> {
    let prepared = prepared(|_, _| ended(Outcome::Ok));
    let fresh = place.records.fresh(&prepared, None, None, String::new());
    let observer: Arc<dyn crate::Observer> = Arc::new(Watching::default());
    let (run, _) = place.records.begin(&prepared, fresh, false, &observer).unwrap();
    Arc::new(Lease::new(&place.records, run, None))
}

#[test]
fn it_is_renewed_again_and_again_until_the_end_is_said() {
    let place = Place::with_lease(SHORT);
    let lease = begun(&place);
    let keeping = Keeping::of(&place.records, &lease);
    for _ in 0..3 {
        *place.clock.0.lock().unwrap() += 86_400_000_000;
        let now = place.clock.now().0;
        while lease.renewed_at.load(Ordering::Relaxed) < now {
            assert!(!keeping.tasks[0].is_finished());
            thread::yield_now();
        }
        assert!(!lease.is_over());
    }
    keeping.finish(&place.records);
    *place.clock.0.lock().unwrap() += 86_400_000_000;
    assert!(lease.is_over());
}

#[test]
fn nobody_renews_what_another_process_took_over() {
    let place = Place::with_lease(SHORT);
    let lease = begun(&place);
    assert_eq!(place.lose_all(), 1);
    let Keeping { tasks, end } = Keeping::of(&place.records, &lease);
    // It ends by itself: nobody says the end.
    tasks.into_iter().for_each(|task| place.records.handle.block_on(task).unwrap());
    assert!(lease.taken_over.load(Ordering::Relaxed) && lease.is_over() && !*end.borrow());
}

#[test]
fn a_renewal_that_fails_is_tried_again_and_the_lease_is_not_longer_for_it() {
    let place = Place::with_lease(SHORT);
    let lease = begun(&place);
    let unwritable = Lease::new(&place.unwritable(), lease.run.clone(), None);
    *place.clock.0.lock().unwrap() += 1;
    assert!(!place.records.handle.block_on(unwritable.renew()));
    assert!(unwritable.renewed_at.load(Ordering::Relaxed) < place.clock.now().0 && !unwritable.is_over());
    assert!(place.records.handle.block_on(lease.renew()));
    assert_eq!(lease.renewed_at.load(Ordering::Relaxed), place.clock.now().0);
}

#[test]
fn it_is_renewed_three_times_in_its_length_and_ten_times_as_often_after_a_failure() {
    let lease = begun(&Place::with_lease(Duration::from_secs(30)));
    assert_eq!([true, false].map(|renewed| lease.pause(renewed)), [10, 1].map(Duration::from_secs));
}

#[test]
fn what_goes_on_beside_a_run_is_waited_for() {
    let place = Place::new();
    let lease = begun(&place);
    let done = Arc::new(AtomicBool::new(false));
    let at_its_end = Arc::clone(&done);
    let keeping = Keeping::of(&place.records, &lease).and(&place.records, |mut end| async move {
        let _ = end.wait_for(|end| *end).await;
        // It does not come back at once.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        at_its_end.store(true, Ordering::Relaxed);
    });
    assert!(!done.load(Ordering::Relaxed));
    keeping.finish(&place.records);
    assert!(done.load(Ordering::Relaxed));
}
