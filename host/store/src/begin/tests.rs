//! How runs begin, side by side and one after the other.

use encargo_model::RunStatus;

use super::*;
use crate::RunFilter;
use crate::samples::{Folder, at, block_on, dead, now, run, run_of, varied};

fn started(run: i64) -> Begun {
    started_with(run, &[])
}

fn started_with(run: i64, lost: &[RunId]) -> Begun {
    Begun::Started(Started { run: RunId(run), lost: lost.to_vec() })
}

#[test]
fn a_run_reads_back_field_by_field() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        for sample in varied() {
            let begun = store.begin_run(&at(&sample), &now(0)).await.unwrap();
            assert_eq!(begun, started(sample.id.0));
            assert_eq!(store.run(sample.id).await.unwrap(), Some(sample));
        }
    });
}

#[test]
fn a_pair_of_command_and_tenant_is_locked_and_others_are_not() {
    block_on(async {
        let folder = Folder::new().await;
        let (one, other) = (folder.open().await, folder.open().await);
        let first = run_of(1, "cleanup", Some("a"));
        one.begin_run(&at(&first), &now(5)).await.unwrap();
        let second = run_of(2, "cleanup", Some("a"));
        let worker = Worker { host: "here".to_owned(), pid: 7, started: Some(70) };
        let held = Begun::Held(Held { run: first.id, worker, since: Timestamp(5) });
        assert_eq!(other.begin_run(&at(&second), &now(6)).await.unwrap(), held);
        assert_eq!(other.run(second.id).await.unwrap(), None);
        for (id, command, tenant) in [(3, "cleanup", Some("b")), (4, "import", Some("a")), (5, "cleanup", None)] {
            let run = run_of(id, command, tenant);
            assert_eq!(other.begin_run(&at(&run), &now(6)).await.unwrap(), started(id));
        }
        let parent = run_of(6, "cleanup", None);
        let unlocked = Begin { locked: false, ..at(&parent) };
        assert_eq!(other.begin_run(&unlocked, &now(6)).await.unwrap(), started(6));
        one.end_run(&first, &[], Timestamp(7)).await.unwrap();
        assert_eq!(other.begin_run(&at(&second), &now(8)).await.unwrap(), started(7));
    });
}

#[test]
fn of_many_that_start_at_once_one_begins() {
    block_on(async {
        let folder = Folder::new().await;
        let mut starting = tokio::task::JoinSet::new();
        for id in 1..=8 {
            let store = folder.open().await;
            starting.spawn(async move {
                let run = run(id);
                matches!(store.begin_run(&at(&run), &now(0)).await.unwrap(), Begun::Started(_))
            });
        }
        let begun = starting.join_all().await;
        assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 1);
    });
}

#[test]
fn a_lock_whose_run_is_gone_is_taken_over_and_the_run_is_lost() {
    block_on(async {
        for (later, liveness, elsewhere, taken) in [
            (0, dead(0), false, true),
            (0, dead(0), true, false),
            (29_000_000, now(29_000_000), false, false),
            (31_000_000, now(31_000_000), true, true),
        ] {
            let folder = Folder::new().await;
            let store = folder.open().await;
            let first = run(1);
            let worker =
                Worker { host: if elsewhere { "there" } else { "here" }.to_owned(), pid: 7, started: Some(70) };
            store.begin_run(&Begin { worker: &worker, ..at(&first) }, &now(0)).await.unwrap();
            let second = run(2);
            let begun = store.begin_run(&at(&second), &liveness).await.unwrap();
            assert_eq!(begun == started_with(2, &[first.id]), taken, "{later} {elsewhere}");
            let first = store.run(first.id).await.unwrap().unwrap();
            let expected = if taken { RunStatus::Lost } else { RunStatus::Running };
            assert_eq!((first.status, first.ended_at), (expected, taken.then_some(Timestamp(later))));
        }
    });
}

#[test]
fn a_further_attempt_goes_on_with_a_run_that_has_ended() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        let mut first = run(1);
        store.begin_run(&at(&first), &now(0)).await.unwrap();
        let further = Run { attempts: 2, ..run(1) };
        let unlocked = Begin { locked: false, ..at(&further) };
        let under_way = store.resume_run(&unlocked, &now(1)).await;
        assert!(matches!(under_way, Err(StoreError::TakenOver { .. })));

        first.status = RunStatus::Interrupted;
        first.error = Some(("interrupted".to_owned(), "Ctrl-C".to_owned()));
        store.end_run(&first, &[], Timestamp(2)).await.unwrap();
        assert_eq!(store.resume_run(&at(&further), &now(3)).await.unwrap(), started(1));
        assert_eq!(store.run(first.id).await.unwrap(), Some(further.clone()));
        let late = store.end_run(&first, &[], Timestamp(4)).await;
        assert!(matches!(late, Err(StoreError::TakenOver { .. })));
        assert!(store.renew(&further, Timestamp(5), Duration::from_secs(30)).await.unwrap());
    });
}

#[test]
fn runs_that_propose_one_id_are_two_runs() {
    block_on(async {
        let folder = Folder::new().await;
        let (one, other) = (folder.open().await, folder.open().await);
        for (store, tenant, id) in [(&one, "a", 5), (&other, "b", 6), (&one, "c", 7)] {
            let run = run_of(5, "cleanup", Some(tenant));
            assert_eq!(store.begin_run(&at(&run), &now(0)).await.unwrap(), started(id));
            assert_eq!(store.run(RunId(id)).await.unwrap(), Some(Run { id: RunId(id), ..run }));
        }
        let ahead = run_of(90, "cleanup", Some("d"));
        assert_eq!(one.begin_run(&at(&ahead), &now(0)).await.unwrap(), started(90));
    });
}

#[test]
fn an_id_is_not_given_again_when_its_run_is_forgotten_and_the_clock_is_set_back() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        store.begin_run(&at(&run(1_000)), &now(0)).await.unwrap();
        sqlx::query("DELETE FROM runs").execute(&mut *store.connection().await).await.unwrap();
        let begun = folder.open().await.begin_run(&at(&run(10)), &now(0)).await.unwrap();
        assert_eq!(begun, started(1_001));
    });
}

#[test]
fn ids_go_on_behind_those_of_a_store_of_the_first_version() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        store.begin_run(&at(&run(70)), &now(0)).await.unwrap();
        let mut connection = store.connection().await;
        // The second migration again, over the rows that are there.
        let back = "DROP TABLE run_ids; ALTER TABLE runs DROP COLUMN worker_started;
            ALTER TABLE attempts DROP COLUMN worker_started; ALTER TABLE runs DROP COLUMN settled_at;";
        sqlx::raw_sql(back).execute(&mut *connection).await.unwrap();
        let second = include_str!("../../migrations/sqlite/0002_unique_ids.sql");
        sqlx::raw_sql(second).execute(&mut *connection).await.unwrap();
        drop(connection);
        assert_eq!(store.run(RunId(70)).await.unwrap(), Some(run(70)));
        let other = run_of(3, "cleanup", Some("other"));
        assert_eq!(store.begin_run(&at(&other), &now(0)).await.unwrap(), started(71));
    });
}

#[test]
fn a_fresh_run_never_goes_on_with_one_that_ended_and_a_further_attempt_begins_none() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        let first = run(1);
        store.begin_run(&at(&first), &now(0)).await.unwrap();
        let ended = Run { status: RunStatus::Failed, ended_at: Some(Timestamp(2)), ..first.clone() };
        store.end_run(&ended, &[], Timestamp(2)).await.unwrap();
        let looks_like_a_resume = Run { attempts: 2, ..first.clone() };
        assert_eq!(store.begin_run(&at(&looks_like_a_resume), &now(3)).await.unwrap(), started(2));
        assert_eq!(store.run(first.id).await.unwrap(), Some(ended));
        for (id, attempts) in [(3, 1), (3, 2), (1, 1), (1, 3)] {
            let resumed = Run { attempts, ..run_of(id, "cleanup", Some("x")) };
            let refused = store.resume_run(&at(&resumed), &now(4)).await;
            assert!(matches!(refused, Err(StoreError::TakenOver { .. })), "{id} {attempts}");
        }
        let all = RunFilter { limit: 9, ..RunFilter::default() };
        assert_eq!(store.list_runs(&all).await.unwrap().len(), 2);
    });
}

#[test]
fn a_run_that_never_began_is_recorded_with_its_reason_and_holds_nothing() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        let skipped = Run {
            status: RunStatus::Skipped,
            ended_at: Some(Timestamp(3)),
            error: Some(("skipped".to_owned(), "another one failed".to_owned())),
            ..run(1)
        };
        let unlocked = Begin { locked: false, ..at(&skipped) };
        assert_eq!(store.begin_run(&unlocked, &now(3)).await.unwrap(), started(1));
        assert_eq!(store.mark_lost(&dead(4)).await.unwrap(), []);
        assert_eq!(store.run(skipped.id).await.unwrap(), Some(skipped));
        assert_eq!(store.begin_run(&at(&run(2)), &now(4)).await.unwrap(), started(2));
    });
}

#[test]
fn a_process_id_that_was_given_again_does_not_keep_a_lock() {
    block_on(async {
        let folder = Folder::new().await;
        let store = folder.open().await;
        store.begin_run(&at(&run(1)), &now(0)).await.unwrap();
        let is_alive = |worker: &Worker| worker.pid == 7 && worker.started == Some(71);
        let liveness = Liveness { now: Timestamp(1), host: "here", is_alive: &is_alive };
        assert_eq!(store.begin_run(&at(&run(2)), &liveness).await.unwrap(), started_with(2, &[RunId(1)]));
    });
}
