//! Shares that do well, fail, are refused, are not begun, and outlive a lease.

use std::time::Duration;

use encargo_engine::{Job, RunHost};
use encargo_model::{Action, Count, FailureKind, FileChange, FileRecord, TableChange};

use super::*;
use crate::samples::{Place, Watching, ended, failed, prepared, tenants, without_threads};

fn observer() -> (Arc<Watching>, Arc<dyn Observer>) {
    let watching = Arc::new(Watching::default());
    (Arc::clone(&watching), watching)
}

/// What is recorded of each share: tenant, status, exit and error.
fn recorded(place: &Place) -> Vec<(String, RunStatus, Option<Exit>, Option<String>)> {
    let shares = place.runs().into_iter().filter(|run| run.parent.is_some());
    let mut shares = shares
        .map(|run| (run.tenant.unwrap(), run.status, run.exit, run.error.map(|(code, _)| code)))
        .collect::<Vec<_>>();
    shares.sort_by(|one, other| one.0.cmp(&other.0));
    shares
}

#[test]
fn mixed_exit_codes_add_up_as_the_table_says() {
    use Exit::{Done, Failed, Partial, Problems};
    for (exits, left, sum) in [
        (&[Done, Done][..], 0, Done),
        (&[Failed, Failed], 0, Failed),
        (&[Failed], 1, Failed),
        (&[Done, Problems], 0, Problems),
        (&[Problems, Problems], 0, Problems),
        (&[Done, Failed], 0, Partial),
        (&[Problems, Failed], 0, Partial),
        (&[Done, Problems, Failed], 0, Partial),
        (&[Done], 1, Partial),
        (&[], 0, Done),
    ] {
        assert_eq!(aggregate(exits.iter().copied(), left), sum, "{exits:?}");
    }
}

#[test]
fn what_only_some_tenants_have_is_no_failure_and_what_none_has_is_not_found() {
    for (with, exit, begun) in [("a", Exit::Done, 3), ("z", Exit::Done, 3), ("none", Exit::NotFound, 3)] {
        let place = Place::new();
        let mut prepared = prepared(move |job: &Job, _: &Arc<dyn RunHost>| {
            let has_it = job.tenant.as_ref().unwrap().slug == with;
            ended(if has_it { Outcome::Ok } else { Outcome::NotHere })
        });
        prepared.request.fail_fast = true;
        let finished = place.records.fan_out(&prepared, tenants(&["a", "b", "z"]), 1, &observer().1).unwrap();
        assert_eq!(finished.run.exit, Some(exit), "{with}");
        assert_eq!(recorded(&place).iter().filter(|share| share.1 != RunStatus::Skipped).count(), begun);
    }
}

#[test]
fn a_share_that_is_refused_is_recorded_with_its_reason_and_the_others_go_on() {
    let place = Place::new();
    let prepared = prepared(|_, _| ended(Outcome::Ok));
    let finished = place.records.fan_out(&prepared, tenants(&["a", "refused", "z"]), 1, &observer().1).unwrap();
    assert_eq!(finished.run.exit, Some(Exit::Partial));
    assert_eq!(finished.run.report.as_ref().unwrap().summary, "2 of 3 tenants done");
    let done = |tenant: &str| (tenant.to_owned(), RunStatus::Succeeded, Some(Exit::Done), None);
    let refused = ("refused".to_owned(), RunStatus::Failed, Some(Exit::Verification), Some("tenant-file".to_owned()));
    assert_eq!(recorded(&place), [done("a"), refused, done("z")]);
    let shares = place.runs().into_iter().filter(|run| run.parent == Some(finished.run.id)).count();
    assert_eq!((shares, finished.children.len()), (3, 3));
}

#[test]
fn fail_fast_begins_no_further_share_and_records_those_as_skipped() {
    for (fail_fast, begun) in [(true, 2), (false, 3)] {
        let place = Place::new();
        let mut prepared =
            prepared(|job: &Job, _: &Arc<dyn RunHost>| match job.tenant.as_ref().unwrap().slug.as_str() {
                "b" => failed(FailureKind::Trap),
                _ => ended(Outcome::Ok),
            });
        prepared.request.fail_fast = fail_fast;
        let finished = place.records.fan_out(&prepared, tenants(&["a", "b", "c"]), 1, &observer().1).unwrap();
        assert_eq!(finished.run.exit, Some(Exit::Partial));
        let shares = recorded(&place);
        assert_eq!(shares[1], ("b".to_owned(), RunStatus::Failed, Some(Exit::Failed), Some("trap".to_owned())));
        assert_eq!(shares.iter().filter(|share| share.1 != RunStatus::Skipped).count(), begun);
        if fail_fast {
            assert_eq!(shares[2], ("c".to_owned(), RunStatus::Skipped, None, Some("fail-fast".to_owned())));
        }
    }
}

#[test]
fn a_signal_and_a_deadline_of_the_parent_outweigh_the_shares_and_the_rest_is_skipped() {
    for (signal, exit) in [(Signal::Interrupt, Exit::Interrupted), (Signal::Terminate, Exit::Terminated)] {
        let place = Place::new();
        let (watching, observer) = observer();
        let prepared = prepared(move |_, _| {
            watching.signal.set(signal).unwrap();
            ended(Outcome::Ok)
        });
        let finished = place.records.fan_out(&prepared, tenants(&["a", "b"]), 1, &observer).unwrap();
        assert_eq!(finished.run.exit, Some(exit));
        assert_eq!(recorded(&place)[1], ("b".to_owned(), RunStatus::Skipped, None, Some("cancelled".to_owned())));
    }
    let place = Place::new();
    let mut prepared = prepared(|_, _| ended(Outcome::Ok));
    prepared.request.timeout = Some(Duration::ZERO);
    let finished = place.records.fan_out(&prepared, tenants(&["a", "b"]), 2, &observer().1).unwrap();
    assert_eq!((finished.run.exit, finished.run.status), (Some(Exit::TimedOut), RunStatus::TimedOut));
    assert!(recorded(&place).iter().all(|share| share.1 == RunStatus::Skipped));
}

#[test]
fn a_parent_outlives_its_first_lease_and_its_shares_end_when_it_is_taken_over() {
    let place = Place::with_lease(Duration::from_secs(30));
    let clock = Arc::clone(&place.clock);
    let records = place.records.clone();
    let prepared = prepared(move |job, host| {
        if job.tenant.as_ref().unwrap().slug == "a" {
            assert_eq!(host.signal(), None);
            // As much as the lease but one microsecond: to the watch of others it is not over yet.
            *clock.0.lock().unwrap() += 20_000_000;
            assert_eq!(host.signal(), Some(Signal::Terminate));
            *clock.0.lock().unwrap() += 20_000_000;
            let lost = records.handle.block_on(records.store.mark_lost(&records.liveness())).unwrap();
            assert_eq!(lost.len(), 2, "the parent and this share");
        }
        failed(FailureKind::Terminated)
    });
    let refused = place.records.fan_out(&prepared, tenants(&["a", "b"]), 1, &observer().1).unwrap_err();
    assert!(refused.to_string().contains("another one took it over"), "{refused}");
}

#[test]
fn a_lease_is_over_when_it_was_not_renewed_for_two_thirds_of_its_length() {
    let place = Place::with_lease(Duration::from_secs(30));
    let prepared = prepared(|_, _| ended(Outcome::Ok));
    let fresh = place.records.fresh(&prepared, None, None, String::new());
    let (run, _) = place.records.begin(&prepared, fresh, false, &observer().1).unwrap();
    let parent = Arc::new(Lease::new(&place.records, run.clone(), None));
    let share = Lease::new(&place.records, run, Some(Arc::clone(&parent)));
    let later = |by: i64| *place.clock.0.lock().unwrap() += by;
    later(19_999_999);
    assert!(!parent.is_over() && !share.is_over());
    later(1);
    assert!(parent.is_over() && share.is_over());
    assert!(place.records.handle.block_on(parent.renew()));
    assert!(!parent.is_over() && share.is_over(), "the share's own was not renewed");
    assert!(place.records.handle.block_on(share.renew()));
    assert!(!share.is_over());
    later(31_000_000);
    place.records.handle.block_on(place.records.store.mark_lost(&place.records.liveness())).unwrap();
    place.records.handle.block_on(parent.renew());
    later(-31_000_000);
    assert!(parent.is_over(), "another process has it, whatever the clock says");
}

#[test]
fn earlier_runs_of_the_same_work_are_told_of_once_for_all_tenants_and_not_after_it_was_finished() {
    let place = Place::new();
    let (watching, observer) = observer();
    let early = prepared(|_, _| failed(FailureKind::WallLimit));
    place.records.fan_out(&early, tenants(&["a", "b"]), 1, &observer).unwrap();
    let well = prepared(|_, _| ended(Outcome::Ok));
    for _ in 0..2 {
        place.records.fan_out(&well, tenants(&["a", "b"]), 1, &observer).unwrap();
    }
    assert_eq!(*watching.earlier.lock().unwrap(), [2]);
}

#[test]
fn the_sum_has_the_counts_and_the_receipts_of_all_shares() {
    let place = Place::new();
    let prepared = prepared(|job, _| {
        let tenant = job.tenant.as_ref().unwrap().slug.clone();
        assert!(job.tenant_folder, "each has a folder of its own");
        let mut ended = ended(Outcome::Ok);
        let report = ended.result.as_mut().unwrap();
        report.counts.push(Count { subject: "chats".to_owned(), action: Action::Deleted, n: 2 });
        let file = FileRecord { change: FileChange::Written, path: format!("/{tenant}"), bytes: 1, sha256: None };
        ended.receipt.files.push(file);
        let table =
            TableChange { tenant: Some(tenant), table: "chats".to_owned(), deleted: 2, ..TableChange::default() };
        ended.receipt.tables.push(table);
        ended
    });
    let finished = place.records.fan_out(&prepared, tenants(&["b", "a"]), 2, &observer().1).unwrap();
    let report = finished.run.report.as_ref().unwrap();
    assert_eq!(report.counts, [Count { subject: "chats".to_owned(), action: Action::Deleted, n: 4 }]);
    let receipt = &finished.run.receipt;
    let slugs = receipt.tables.iter().map(|table| table.tenant.as_deref().unwrap()).collect::<Vec<_>>();
    let paths = receipt.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>();
    assert_eq!((slugs, paths), (vec!["a", "b"], vec!["/a", "/b"]));
    let recorded = place.runs();
    assert_eq!(recorded.iter().find(|run| run.parent.is_none()), Some(&finished.run));
    for share in finished.children {
        assert_eq!(share.parent, Some(finished.run.id));
        assert!(recorded.contains(&share), "what is handed over is what is recorded");
    }
}

#[test]
fn shares_that_did_not_begin_are_recorded_as_they_are_handed_over() {
    let place = Place::new();
    let mut failing = prepared(|_, _| failed(FailureKind::Trap));
    failing.request.fail_fast = true;
    place.record_later(&failing);
    let finished = place.records.fan_out(&failing, tenants(&["a", "b", "refused"]), 1, &observer().1).unwrap();
    assert_eq!(finished.children.len(), 3);
    let recorded = place.runs();
    for share in finished.children {
        assert_eq!(share.ended_at, Some(place.records.clock.now()));
        assert!(recorded.contains(&share), "{share:?}");
    }
}

#[test]
fn where_nothing_can_be_written_shares_that_only_read_do_their_work() {
    let place = Place::new();
    let (watching, observer) = observer();
    let mut reading = prepared(|_, _| ended(Outcome::Ok));
    reading.request.dry_run = true;
    let finished = place.unwritable().fan_out(&reading, tenants(&["a", "refused"]), 1, &observer).unwrap();
    assert_eq!((finished.run.exit, finished.children.len(), place.runs().len()), (Some(Exit::Partial), 2, 0));
    assert!(finished.children.iter().all(|share| share.ended_at.is_some()));
    assert!(watching.heard().contains(&"unrecorded running".to_owned()));
}

#[test]
fn where_there_is_no_thread_each_share_is_refused_with_that() {
    let place = Place::new();
    let finished = place.records.fan_out(&without_threads(), tenants(&["a", "b"]), 2, &observer().1).unwrap();
    let refused =
        |tenant: &str| (tenant.to_owned(), RunStatus::Failed, Some(Exit::Failed), Some("no-thread".to_owned()));
    assert_eq!(recorded(&place), [refused("a"), refused("b")]);
    assert_eq!(finished.run.exit, Some(Exit::Failed));
}

#[test]
fn a_share_has_what_is_left_of_the_time_of_all() {
    let place = Place::new();
    let day = Duration::from_secs(86_400);
    for timeout in [Some(day), None] {
        let mut prepared = prepared(move |job, _| {
            let usual = encargo_model::Limits::default().wall_seconds;
            match timeout {
                Some(all) => assert!(job.limits.wall_seconds <= all && job.limits.wall_seconds > all / 2),
                None => assert_eq!(job.limits.wall_seconds, usual),
            }
            ended(Outcome::Ok)
        });
        prepared.request.timeout = timeout;
        let finished = place.records.fan_out(&prepared, tenants(&["a"]), 1, &observer().1).unwrap();
        assert_eq!(finished.run.exit, Some(Exit::Done));
    }
}

#[test]
fn a_run_timed_out_when_one_of_its_shares_met_the_deadline_of_all() {
    let place = Place::new();
    let prepared = prepared(|_, _| ended(Outcome::Ok));
    let fresh = place.records.fresh(&prepared, None, None, String::new());
    let share =
        |status, exit, code: &str| Run { status, exit, error: Some((code.to_owned(), String::new())), ..fresh.clone() };
    for (share, met) in [
        (share(RunStatus::Skipped, None, "wall-limit"), true),
        (share(RunStatus::Skipped, None, "fail-fast"), false),
        (share(RunStatus::TimedOut, Some(Exit::TimedOut), "wall-limit"), true),
        (share(RunStatus::Failed, Some(Exit::Failed), "wall-limit"), false),
        (share(RunStatus::Failed, Some(Exit::Failed), "trap"), false),
    ] {
        let well = Run { status: RunStatus::Succeeded, exit: Some(Exit::Done), error: None, ..fresh.clone() };
        assert_eq!(met_the_deadline(&share), met, "{share:?}");
        let sum = |has_deadline| summed(fresh.clone(), &[well.clone(), share.clone()], None, has_deadline).exit;
        assert_eq!(sum(true) == Some(Exit::TimedOut), met, "{share:?}");
        assert_eq!(sum(false), Some(Exit::Partial), "without a deadline of all it is one share's own");
    }
}

#[test]
fn a_resume_goes_on_with_the_shares_that_ended_early_under_its_own_parent() {
    let place = Place::new();
    let early = prepared(|job, _| match job.tenant.as_ref().unwrap().slug.as_str() {
        "a" => ended(Outcome::Ok),
        _ => failed(FailureKind::WallLimit),
    });
    let first = place.records.fan_out(&early, tenants(&["a", "b"]), 1, &observer().1).unwrap();
    let mut resumed = prepared(|job, _| {
        assert_eq!(job.resume, job.tenant.as_ref().unwrap().slug == "b");
        ended(Outcome::Ok)
    });
    resumed.request.resume = Some(crate::Resume::Run(first.run.id));
    let second = place.records.fan_out(&resumed, tenants(&["a", "b"]), 1, &observer().1).unwrap();
    assert_eq!(second.run.exit, Some(Exit::Done));
    let attempts = second.children.iter().map(|share| (share.attempts, share.parent)).collect::<Vec<_>>();
    assert_eq!(attempts, [(1, Some(second.run.id)), (2, Some(second.run.id))]);
    assert_eq!(second.children[1].id, first.children[1].id);
}
