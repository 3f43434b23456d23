//! One command in several tenants: a parent's record, one share each, and their sum.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use encargo_model::{Artefact, Exit, Outcome, Report, Run, RunStatus, Signal, Tenant, Worded, text};
use encargo_store::Begin;

use crate::execution::Share;
use crate::lease::{Keeping, Lease};
use crate::records::{Records, go_unrecorded};
use crate::start::Prepared;
use crate::{Finished, Observer, StartError, journal};

/// Why a share was not begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Skipped {
    /// Another one failed, and `--fail-fast` was given.
    FailFast,
    /// The run was told to end.
    Signal,
    /// `--timeout` was over.
    Deadline,
}

/// What the shares of a run take turns at.
struct Queue<'a> {
    parent: &'a Run,
    /// Those that have not begun.
    waiting: Mutex<VecDeque<Tenant>>,
    /// The shares that are over, with the slugs of their tenants.
    shares: Mutex<Vec<(String, Run, Vec<Artefact>)>>,
    failed: Mutex<bool>,
    lease: Option<Arc<Lease>>,
    /// Where `--timeout` ends, for all shares together.
    until: Option<Instant>,
    observer: &'a Arc<dyn Observer>,
}

impl Queue<'_> {
    /// Why no further share is begun, where one may not be.
    fn is_closed(&self, prepared: &Prepared) -> Option<Skipped> {
        if self.observer.signal().is_some() || self.lease.as_ref().is_some_and(|lease| lease.is_over()) {
            Some(Skipped::Signal)
        } else if self.until.is_some_and(|until| Instant::now() >= until) {
            Some(Skipped::Deadline)
        } else if prepared.request.fail_fast && *lock(&self.failed) {
            Some(Skipped::FailFast)
        } else {
            None
        }
    }

    fn left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Records {
    pub(crate) fn fan_out(
        &self,
        prepared: &Prepared,
        tenants: Vec<Tenant>,
        parallel: u32,
        observer: &Arc<dyn Observer>,
    ) -> Result<Finished, StartError> {
        let at_a_time = tenants.len().min(parallel as usize);
        let slugs = tenants.iter().map(|tenant| Some(tenant.slug.as_str())).collect::<Vec<_>>();
        self.tell_of_earlier(prepared, &slugs, observer)?;
        let (parent, recorded) =
            self.begin(prepared, self.fresh(prepared, None, None, String::new()), false, observer)?;
        let _span = journal::span(&parent).entered();
        journal::began(&parent);
        let lease = recorded.then(|| Arc::new(Lease::new(self, parent.clone(), None)));
        let keeping = lease.as_ref().map(|lease| Keeping::of(self, lease));
        let queue = Queue {
            parent: &parent,
            waiting: Mutex::new(tenants.into()),
            shares: Mutex::default(),
            failed: Mutex::new(false),
            lease,
            until: prepared.request.timeout.map(|timeout| Instant::now() + timeout),
            observer,
        };
        thread::scope(|scope| {
            for started in 0..at_a_time {
                let work = || self.take_shares(prepared, &queue, recorded);
                // Fewer threads do the same work; without any there is nobody to do it.
                if let Err(error) = prepared.work.thread().spawn_scoped(scope, work) {
                    if started == 0 {
                        self.refuse_all(prepared, &queue, &StartError::Thread(error.to_string()), recorded);
                    }
                    break;
                }
            }
        });
        let Queue { shares, lease, .. } = queue;
        let mut shares = shares.into_inner().unwrap_or_else(PoisonError::into_inner);
        shares.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        let (mut children, mut artefacts) = (Vec::new(), Vec::new());
        for (_, run, published) in shares {
            children.push(run);
            artefacts.extend(published);
        }
        if let Some(keeping) = keeping {
            keeping.finish(self);
        }
        let lost = || lease.is_some_and(|lease| lease.is_over()).then_some(Signal::Terminate);
        let signal = observer.signal().or_else(lost);
        let summed = summed(parent, &children, signal, prepared.request.timeout.is_some());
        let run = self.end(prepared, summed, &[], recorded, observer)?;
        journal::ended(&run);
        Ok(Finished { run, children, artefacts })
    }

    fn take_shares(&self, prepared: &Prepared, queue: &Queue<'_>, recorded: bool) {
        loop {
            let Some(tenant) = lock(&queue.waiting).pop_front() else { return };
            let slug = tenant.slug.clone();
            let (run, published) = match queue.is_closed(prepared) {
                Some(why) => (self.skipped(prepared, queue, &slug, why, recorded), Vec::new()),
                None => self
                    .share(prepared, queue, tenant)
                    .unwrap_or_else(|error| (self.refused(prepared, queue, &slug, &error, recorded), Vec::new())),
            };
            if run.exit != Some(Exit::Done) && !is_not_here(&run) {
                *lock(&queue.failed) = true;
            }
            lock(&queue.shares).push((slug, run, published));
        }
    }

    /// No share can begin.
    fn refuse_all(&self, prepared: &Prepared, queue: &Queue<'_>, error: &StartError, recorded: bool) {
        let waiting = std::mem::take(&mut *lock(&queue.waiting));
        for tenant in waiting {
            let run = self.refused(prepared, queue, &tenant.slug, error, recorded);
            lock(&queue.shares).push((tenant.slug, run, Vec::new()));
        }
    }

    fn share(
        &self,
        prepared: &Prepared,
        queue: &Queue<'_>,
        tenant: Tenant,
    ) -> Result<(Run, Vec<Artefact>), StartError> {
        let (run, resume) = self.record_for(prepared, Some(&tenant.slug), Some(queue.parent.id))?;
        let run = Run { parent: Some(queue.parent.id), ..run };
        let (upper, timeout) = (queue.lease.clone(), queue.left());
        let share = Share { tenant: Some(tenant), selected: None, resume, upper, timeout };
        self.execute(prepared, run, share, queue.observer)
    }

    /// A share that was refused before it began.
    fn refused(&self, prepared: &Prepared, queue: &Queue<'_>, slug: &str, error: &StartError, recorded: bool) -> Run {
        let fresh = self.fresh(prepared, Some(slug), Some(queue.parent.id), String::new());
        let words = (error.word().to_owned(), error.text().get(fresh.language).to_owned());
        let run = Run { status: RunStatus::Failed, exit: Some(error.exit()), error: Some(words), ..fresh };
        self.record_ended(prepared, queue, run, recorded)
    }

    /// A share that was not begun, because the run was over before its turn came.
    fn skipped(&self, prepared: &Prepared, queue: &Queue<'_>, slug: &str, why: Skipped, recorded: bool) -> Run {
        let fresh = self.fresh(prepared, Some(slug), Some(queue.parent.id), String::new());
        let (code, words) = match why {
            Skipped::FailFast => (
                "fail-fast",
                text!(
                    "not begun: another tenant's share did not end well",
                    "no empezó: la parte de otro inquilino no acabó bien"
                ),
            ),
            Skipped::Signal => {
                ("cancelled", text!("not begun: the run was told to end", "no empezó: se pidió el fin de la ejecución"))
            }
            Skipped::Deadline => (
                "wall-limit",
                text!(
                    "not begun: the time of the whole run was over",
                    "no empezó: se acabó el tiempo de toda la ejecución"
                ),
            ),
        };
        let error = Some((code.to_owned(), words.get(fresh.language).to_owned()));
        self.record_ended(prepared, queue, Run { status: RunStatus::Skipped, error, ..fresh }, recorded)
    }

    /// Records a share that never began, so that the parent's sum is the sum of what is recorded.
    fn record_ended(&self, prepared: &Prepared, queue: &Queue<'_>, run: Run, recorded: bool) -> Run {
        let run = Run { ended_at: Some(self.clock.now()), ..run };
        if !recorded {
            return run;
        }
        let (source, tier) = (prepared.source(), prepared.command.tier);
        let begin = Begin { run: &run, tier, source: &source, worker: &self.worker, lease: self.lease, locked: false };
        match self.handle.block_on(self.store.begin_run(&begin, &self.liveness())) {
            Ok(encargo_store::Begun::Started(started)) => Run { id: started.run, ..run },
            Ok(encargo_store::Begun::Held(_)) => run,
            Err(why) => {
                go_unrecorded(queue.observer, &run, &why);
                run
            }
        }
    }
}

/// The parent with its shares added up. A signal outweighs them, and so does a deadline that all of them had together.
fn summed(parent: Run, children: &[Run], signal: Option<Signal>, has_deadline: bool) -> Run {
    let mut report = Report {
        outcome: Outcome::Ok,
        summary: String::new(),
        counts: Vec::new(),
        tables: Vec::new(),
        notes: Vec::new(),
        details: None,
    };
    let mut receipt = parent.receipt.clone();
    for child in children {
        if let Some(share) = &child.report {
            report.add(share);
        }
        receipt.tables.extend(child.receipt.tables.iter().cloned());
        receipt.files.extend(child.receipt.files.iter().cloned());
        receipt.pages.take_in(child.receipt.pages);
    }
    let all = children.len();
    let done = children.iter().filter(|child| child.exit == Some(Exit::Done)).count();
    let summary = text!("{done} of {all} tenants done", "{done} de {all} inquilinos hechos");
    report.summary = summary.get(parent.language).to_owned();
    let exit = match signal {
        Some(Signal::Interrupt) => Exit::Interrupted,
        Some(Signal::Terminate) => Exit::Terminated,
        None if has_deadline && children.iter().any(met_the_deadline) => Exit::TimedOut,
        None => {
            let left = children.iter().filter(|child| child.exit.is_none()).count();
            // Where one of them has what an argument names, that others do not have it is no failure.
            let has_it = children.iter().any(|child| child.exit.is_some() && !is_not_here(child));
            let counted = children.iter().filter(|child| !(has_it && is_not_here(child)));
            aggregate(counted.filter_map(|child| child.exit), left)
        }
    };
    Run { status: RunStatus::of(exit), exit: Some(exit), report: Some(report), receipt, ..parent }
}

/// Whether the tenant does not have what an argument names.
fn is_not_here(child: &Run) -> bool {
    child.report.as_ref().is_some_and(|report| report.outcome == Outcome::NotHere)
}

fn met_the_deadline(child: &Run) -> bool {
    let skipped =
        child.status == RunStatus::Skipped && child.error.as_ref().is_some_and(|(code, _)| code == "wall-limit");
    skipped || child.exit == Some(Exit::TimedOut)
}

/// All the same code gives that code, only 0 and 4 give 4, any other mix gives 3; tenants left out are no 0.
fn aggregate(exits: impl Iterator<Item = Exit>, left: usize) -> Exit {
    let mut exits = exits.collect::<Vec<_>>();
    exits.sort_unstable();
    exits.dedup();
    match exits[..] {
        [] => Exit::Done,
        [only] if left == 0 || only != Exit::Done => only,
        [Exit::Done, Exit::Problems] => Exit::Problems,
        _ => Exit::Partial,
    }
}
