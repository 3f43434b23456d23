//! One command in several tenants: a parent's record, one share each, and their sum.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use encargo_model::{Exit, Outcome, Report, Run, RunStatus, Signal, Tenant};

use crate::start::Prepared;
use crate::{Finished, Observer, Runs, StartError};

type Share = Result<(Run, Vec<encargo_model::Artefact>), StartError>;

impl Runs {
    pub(crate) fn fan_out(
        &self,
        prepared: &Prepared,
        tenants: Vec<Tenant>,
        parallel: u32,
        observer: &Arc<dyn Observer>,
    ) -> Result<Finished, StartError> {
        let (all, at_a_time) = (tenants.len(), tenants.len().min(parallel as usize));
        let parent = self.fresh(prepared, None, None, String::new());
        let recorded = self.begin(prepared, &parent, false, observer)?;
        let waiting = Mutex::new(tenants.into_iter().collect::<VecDeque<_>>());
        let shares = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for started in 0..at_a_time {
                let work = || self.take_shares(prepared, &parent, &waiting, &shares, observer);
                // Fewer threads do the same work; without any there is nobody to do it.
                if let Err(error) = self.engine.thread().spawn_scoped(scope, work) {
                    if started == 0 {
                        refuse_all(&waiting, &shares, &error);
                    }
                    break;
                }
            }
        });
        let mut shares = shares.into_inner().unwrap_or_else(PoisonError::into_inner);
        shares.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (mut children, mut artefacts) = (Vec::new(), Vec::new());
        for (tenant, share) in shares {
            match share {
                Ok((run, published)) => {
                    children.push(run);
                    artefacts.extend(published);
                }
                Err(error) => children.push(self.not_started(prepared, &parent, &tenant, &error)),
            }
        }
        let summed = summed(parent, &children, all, observer.signal());
        let run = self.end(prepared, summed, &[], recorded, observer)?;
        Ok(Finished { run, children, artefacts })
    }

    fn take_shares(
        &self,
        prepared: &Prepared,
        parent: &Run,
        waiting: &Mutex<VecDeque<Tenant>>,
        shares: &Mutex<Vec<(String, Share)>>,
        observer: &Arc<dyn Observer>,
    ) {
        loop {
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(tenant) = next.filter(|_| observer.signal().is_none()) else { return };
            let slug = tenant.slug.clone();
            let share = self.record_for(prepared, Some(&slug), Some(parent.id), observer).and_then(|(run, resume)| {
                let run = Run { parent: Some(parent.id), ..run };
                self.execute(prepared, run, (Some(tenant), None), resume, observer)
            });
            let failed = share.as_ref().map_or(true, |(run, _)| !matches!(run.exit, Some(Exit::Done)));
            shares.lock().unwrap_or_else(PoisonError::into_inner).push((slug, share));
            if failed && prepared.request.fail_fast {
                waiting.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
        }
    }

    /// A share that was refused before it began: it is in the sum and in no record.
    fn not_started(&self, prepared: &Prepared, parent: &Run, tenant: &str, error: &StartError) -> Run {
        let run = self.fresh(prepared, Some(tenant), Some(parent.id), String::new());
        let error_words = (error.word().to_owned(), error.to_string());
        let now = self.clock.now();
        Run {
            status: RunStatus::Failed,
            exit: Some(error.exit()),
            error: Some(error_words),
            ended_at: Some(now),
            ..run
        }
    }
}

/// No share can begin.
fn refuse_all(waiting: &Mutex<VecDeque<Tenant>>, shares: &Mutex<Vec<(String, Share)>>, error: &std::io::Error) {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect::<Vec<_>>();
    let refused = waiting.into_iter().map(|tenant| (tenant.slug, Err(StartError::Thread(error.to_string()))));
    shares.lock().unwrap_or_else(PoisonError::into_inner).extend(refused);
}

/// The parent with its shares added up, of so many tenants.
fn summed(parent: Run, children: &[Run], all: usize, signal: Option<Signal>) -> Run {
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
    }
    let done = children.iter().filter(|child| child.exit == Some(Exit::Done)).count();
    report.summary = match parent.language {
        encargo_model::Language::En => format!("{done} of {all} tenants done"),
        encargo_model::Language::Es => format!("{done} de {all} inquilinos hechos"),
    };
    let exit = match signal {
        Some(Signal::Interrupt) => Exit::Interrupted,
        Some(Signal::Terminate) => Exit::Terminated,
        None => aggregate(children.iter().filter_map(|child| child.exit), all - children.len()),
    };
    Run { status: RunStatus::of(exit), exit: Some(exit), report: Some(report), receipt, ..parent }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_exit_codes_add_up_as_the_table_says() {
        use Exit::{Done, Failed, Partial, Problems};
        for (exits, left, sum) in [
            (&[Done, Done][..], 0, Done),
            (&[Failed, Failed], 0, Failed),
            (&[Done, Problems], 0, Problems),
            (&[Done, Failed], 0, Partial),
            (&[Problems, Failed], 0, Partial),
            (&[Done], 1, Partial),
            (&[], 0, Done),
        ] {
            assert_eq!(aggregate(exits.iter().copied(), left), sum, "{exits:?}");
        }
    }
}
