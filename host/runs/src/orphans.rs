//! What processes left behind in the engine store, and who is writing to tenants' files.

use std::path::PathBuf;

use encargo_model::{Orphan, OrphanKind, RunId, Text, text};
use encargo_store::{Leftover, StoreError, UnderWay, holder_of};

use crate::recorder::Recorder;

impl Recorder {
    /// All but this run itself and the run that it is a share of.
    pub(crate) async fn all_orphans(&self, files: &[(String, PathBuf)]) -> Result<Vec<Orphan>, StoreError> {
        let lost = self.store.find_lost(&self.records.liveness()).await?;
        let runs = self.store.under_way(self.run.started_at).await?;
        let is_other = |other: &&UnderWay| other.run != self.run.id && Some(other.run) != self.run.parent;
        let mut found: Vec<_> =
            runs.iter().filter(is_other).map(|other| of_run(other, lost.contains(&other.run))).collect();
        found.extend(self.store.left_locks().await?.iter().map(of_lock));
        let writing = files.iter().filter_map(|(tenant, file)| Some((tenant, holder_of(file)?)));
        let others = writing.filter(|(_, process)| *process != self.records.worker.pid);
        found.extend(others.map(|(tenant, process)| of_writer(tenant, process, &runs)));
        Ok(found)
    }

    /// Records a lost run as that, or frees a lock that was left; whether it was there still.
    pub(crate) async fn end_an_orphan(&self, kind: OrphanKind, run: RunId) -> Result<bool, StoreError> {
        match kind {
            // All that are lost are recorded at once, as every start of a run does.
            OrphanKind::Run => {
                let lost = self.store.mark_lost(&self.records.liveness()).await?;
                Ok(lost.contains(&run))
            }
            OrphanKind::Lock => self.store.free_left_lock(run).await,
            OrphanKind::LostRun | OrphanKind::Transaction | OrphanKind::Files => Ok(false),
        }
    }
}

fn of_run(run: &UnderWay, is_lost: bool) -> Orphan {
    let detail = if run.is_lost {
        text!(
            "its process is gone: it was recorded as lost when this run began, and its lock is free",
            "su proceso ya no está: se registró como perdida al empezar esta ejecución, y su bloqueo está libre"
        )
    } else if is_lost {
        text!("its process is gone, or its lease is over", "su proceso ya no está, o su plazo terminó")
    } else {
        text!("it is under way; a signal to its process ends it", "está en curso; una señal a su proceso la termina")
    };
    Orphan {
        kind: if run.is_lost { OrphanKind::LostRun } else { OrphanKind::Run },
        name: run.run.to_string(),
        holder: holder(run),
        since: Some(run.started_at),
        can_end: is_lost,
        detail,
    }
}

fn holder(run: &UnderWay) -> Text {
    let (command, process) = (&run.command, run.worker.pid);
    match &run.tenant {
        Some(tenant) => {
            text!("process {process}, `{command}` in `{tenant}`", "proceso {process}, `{command}` en `{tenant}`")
        }
        None => text!("process {process}, `{command}`", "proceso {process}, `{command}`"),
    }
}

fn of_lock(lock: &Leftover) -> Orphan {
    Orphan {
        kind: OrphanKind::Lock,
        name: lock.run.to_string(),
        holder: text!("`{}` {}", "`{}` {}"; lock.command, lock.tenant),
        since: Some(lock.taken_at),
        can_end: true,
        detail: text!("its run has ended", "su ejecución ya terminó"),
    }
}

fn of_writer(tenant: &str, process: u32, runs: &[UnderWay]) -> Orphan {
    let run = runs.iter().find(|run| run.worker.pid == process && !run.is_lost);
    Orphan {
        kind: OrphanKind::Transaction,
        name: tenant.to_owned(),
        holder: run.map_or_else(|| text!("process {process}", "proceso {process}"), holder),
        since: run.map(|run| run.started_at),
        can_end: false,
        detail: text!(
            "it is writing to the rows; what it has not committed goes with its process, which is not killed from here",
            "está escribiendo en las filas; lo que no confirmó se va con su proceso, que no se mata desde aquí"
        ),
    }
}
