//! `encargo:maintenance`: what no SQL of a command sees.

use std::sync::Arc;

use encargo_backends::BackendError;
use encargo_backends::backups::{Place, What};
use encargo_model::{Damage, ErrorCode, Permission, Timestamp, text};
use wasmtime::component::Resource;

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::capabilities::backups::OpenBackup;
use crate::capabilities::restores::OpenRestore;
use crate::state::State;

type Answer = wasmtime::Result<Result<Vec<wit::Damage>, Error>>;
type Statements = wasmtime::Result<Result<Vec<String>, Error>>;

impl wit::Host for State {
    fn check_integrity(&mut self, tenant: String) -> Answer {
        self.alive()?;
        let found = self.may(&Permission::Check("integrity".to_owned())).and_then(|()| {
            let tenant = self.find(&tenant)?;
            self.platform.files().integrity(&tenant, &self.control.interrupt, self.clock.now())
        });
        self.damaged(found)
    }

    fn keep_copy(&mut self) -> wasmtime::Result<Result<String, Error>> {
        self.alive()?;
        let kept = self.may(&Permission::KeepCopy).and_then(|()| {
            let tenant = self.own_tenant()?;
            let data = self.platform.data();
            let place = Place { repository: data.backups(), key_file: data.backup_key() };
            let what = What { run: self.job.run, now: self.job.started_at, kind: "", compress: true };
            self.platform.keep_rows(&place, &what, &tenant, &self.control.interrupt)
        });
        if let Ok((_, Some(made))) = &kept {
            self.host.show_key(&made.path, &made.key);
        }
        Ok(self.answer(kept.map(|(name, _)| name)))
    }

    fn free_bytes(&mut self) -> wasmtime::Result<Result<u64, Error>> {
        self.alive()?;
        let free = self.may(&Permission::Check("space".to_owned())).and_then(|()| {
            let tenant = self.own_tenant()?;
            self.platform.files().free_bytes(&tenant)
        });
        Ok(self.answer(free))
    }

    fn storage(&mut self, tenant: String) -> wasmtime::Result<Result<Vec<wit::Measure>, Error>> {
        self.alive()?;
        Ok(self.measured(&tenant))
    }

    fn check_structure(&mut self, tenant: String) -> Answer {
        self.alive()?;
        let found = self.structure(&tenant);
        self.damaged(found)
    }

    fn analyze(&mut self, tenant: String, only_stale: bool) -> Statements {
        self.alive()?;
        Ok(self.analyzed(&tenant, only_stale))
    }

    fn reindex(&mut self, tenant: String, only_loose: bool) -> Statements {
        self.alive()?;
        Ok(self.reindexed(&tenant, only_loose))
    }

    fn compact(&mut self, tenant: String) -> Statements {
        self.alive()?;
        Ok(self.compacted(&tenant))
    }

    fn flush_log(&mut self, tenant: String) -> Statements {
        self.alive()?;
        Ok(self.flushed(&tenant))
    }

    fn slow_statements(&mut self, tenant: String, most: u32) -> wasmtime::Result<Result<Vec<wit::Statement>, Error>> {
        self.alive()?;
        Ok(self.statements_of(&tenant, most))
    }

    fn slow_runs(
        &mut self,
        tenant: String,
        since: i64,
        until: i64,
        most: u32,
    ) -> wasmtime::Result<Result<Vec<wit::PastRun>, Error>> {
        self.alive()?;
        Ok(self.runs_of(&tenant, Timestamp(since)..Timestamp(until), most))
    }

    fn advise(&mut self, tenant: String, least_gain: u32) -> wasmtime::Result<Result<Vec<wit::Advice>, Error>> {
        self.alive()?;
        Ok(self.advised(&tenant, least_gain))
    }

    fn orphans(&mut self) -> wasmtime::Result<Result<Vec<wit::Orphan>, Error>> {
        self.alive()?;
        Ok(self.all_orphans())
    }

    fn end_orphan(&mut self, kind: String, name: String) -> wasmtime::Result<Result<bool, Error>> {
        self.alive()?;
        Ok(self.orphan_ended(&kind, &name))
    }

    fn begin_backup(
        &mut self,
        output: String,
        key: Option<String>,
        kind: String,
        compress: bool,
    ) -> wasmtime::Result<Result<Resource<OpenBackup>, Error>> {
        self.alive()?;
        self.begin_a_backup(&output, key.as_deref(), &kind, compress)
    }

    fn begin_restore(
        &mut self,
        repository: String,
        key: Option<String>,
        backup: String,
        until: Option<i64>,
        kinds: Vec<String>,
    ) -> wasmtime::Result<Result<Resource<OpenRestore>, Error>> {
        self.alive()?;
        self.begin_a_restore((&repository, key.as_deref()), &backup, until, &kinds)
    }

    fn prune_backups(
        &mut self,
        output: String,
        key: Option<String>,
        keep: wit::Keep,
    ) -> wasmtime::Result<Result<Vec<wit::Pruned>, Error>> {
        self.alive()?;
        Ok(self.prune_the_backups(&output, key.as_deref(), keep))
    }

    fn check_commands(&mut self) -> Answer {
        self.alive()?;
        let found = self
            .may(&Permission::Check("commands".to_owned()))
            .and_then(|()| self.job.check_system(&text!("inspect the commands", "inspeccionar los comandos")))
            .and_then(|()| {
                let host = Arc::clone(&self.host);
                host.command_damage().map_err(|problem| BackendError::new(ErrorCode::Unavailable, problem))
            });
        self.damaged(found)
    }
}

impl State {
    /// What was found, in the language of the run.
    fn damaged(&self, found: Result<Vec<Damage>, BackendError>) -> Answer {
        let language = self.job.language;
        let told = |damage: Damage| wit::Damage {
            kind: damage.kind.word().to_owned(),
            subject: damage.subject,
            detail: damage.detail.get(language).to_owned(),
            count: damage.count,
        };
        Ok(self.answer(found.map(|found| found.into_iter().map(told).collect())))
    }
}
