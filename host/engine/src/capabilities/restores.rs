//! Restores of `encargo:maintenance`.
#![expect(unreachable_pub, reason = "the generated bindings re-export the types of resources")]

use std::path::PathBuf;

use encargo_backends::BackendError;
use encargo_backends::backups::Wanted;
use encargo_backends::restores::{Fetched, Restoring};
use encargo_model::{ArgumentKind, ErrorCode, Permission, Timestamp, text};
use send_wrapper::SendWrapper;
use wasmtime::component::Resource;

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::job::paths_of;
use crate::state::State;

/// A restore in the making, until it is carried out.
pub struct OpenRestore(Option<SendWrapper<Restoring>>);

type Answer<T> = wasmtime::Result<Result<T, Error>>;

fn fetched(fetched: &Fetched) -> wit::Fetched {
    let &Fetched { files, rows, bytes, migrated_from } = fetched;
    wit::Fetched { files, rows, bytes, migrated_from }
}

fn ended() -> BackendError {
    BackendError::new(ErrorCode::Invalid, text!("the restore has ended", "la restauración ya terminó"))
}

impl State {
    /// Opens a backup at a place that two arguments of the run name.
    pub(super) fn begin_a_restore(
        &mut self,
        (repository, key): (&str, Option<&str>),
        name: &str,
        until: Option<i64>,
        kinds: &[String],
    ) -> Answer<Resource<OpenRestore>> {
        let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
        let wanted = Wanted { name, until: until.map(Timestamp), kinds: &kinds, installation: None };
        let begun = self
            .may(&Permission::RestoreBackup)
            .and_then(|()| self.job.check_system(&text!("restore a backup", "restaurar un respaldo")))
            .and_then(|()| self.place_of_backups(repository, key))
            .and_then(|place| {
                let run = (self.job.run, self.job.started_at);
                self.platform.begin_restore(&place, &wanted, run, &self.control.interrupt)
            });
        match self.answer(begun) {
            Ok(restoring) => Ok(Ok(self.table.push(OpenRestore(Some(SendWrapper::new(restoring))))?)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// What is done to an open restore.
    fn with_restore<T>(
        &mut self,
        restore: &Resource<OpenRestore>,
        work: impl FnOnce(&Self, &mut Restoring) -> Result<T, BackendError>,
    ) -> Answer<T> {
        self.alive()?;
        let mut restoring = self.table.get_mut(restore)?.0.take();
        let done = restoring.as_mut().ok_or_else(ended).and_then(|restoring| work(self, restoring));
        self.table.get_mut(restore)?.0 = restoring;
        Ok(self.answer(done))
    }

    /// Passes a tenant for whom the run was started.
    fn check_reach(&self, slug: &str) -> Result<(), BackendError> {
        if self.job.reaches(slug) {
            return Ok(());
        }
        let message = text!(
            "the run was started for other tenants than `{slug}`",
            "la ejecución se inició para otros inquilinos que `{slug}`"
        );
        Err(BackendError::new(ErrorCode::Denied, message))
    }

    /// Passes a run that was started for all tenants.
    fn check_whole(&self) -> Result<(), BackendError> {
        if self.job.selected.is_none() {
            return Ok(());
        }
        let message = text!(
            "a run for some tenants restores these alone",
            "una ejecución para algunos inquilinos restaura solo a estos"
        );
        Err(BackendError::new(ErrorCode::Denied, message))
    }

    /// Passes when no other run changes anything: what it wrote next would be written into what was restored.
    fn check_alone(&self) -> Result<(), BackendError> {
        let others =
            self.host.others_at_work().map_err(|problem| BackendError::new(ErrorCode::Unavailable, problem))?;
        let Some((command, run)) = others.first() else { return Ok(()) };
        let message = text!(
            "`{command}` (run {run}) is changing something; start the restore again when it is over",
            "`{command}` (ejecución {run}) está cambiando algo; inicie la restauración de nuevo cuando termine"
        );
        Err(BackendError::retryable(ErrorCode::Locked, message))
    }
}

impl wit::HostRestore for State {
    fn about(&mut self, restore: Resource<OpenRestore>) -> Answer<wit::Stored> {
        self.with_restore(&restore, |_, restoring| {
            let about = restoring.about();
            Ok(wit::Stored {
                id: about.id,
                taken_at: about.taken_at,
                kind: about.kind,
                has_people: about.has_people,
                with_rows: about.with_rows,
                with_media: about.with_media,
                has_configuration: about.has_configuration,
                has_commands: about.has_commands,
            })
        })
    }

    fn people(&mut self, restore: Resource<OpenRestore>) -> Answer<wit::People> {
        self.with_restore(&restore, |state, restoring| {
            state.check_whole()?;
            let (read, tenants) = state.platform.restore_people(restoring)?;
            Ok(wit::People { fetched: fetched(&read), tenants })
        })
    }

    fn rows(&mut self, restore: Resource<OpenRestore>, tenant: String) -> Answer<wit::Fetched> {
        self.with_restore(&restore, |state, restoring| {
            state.check_reach(&tenant)?;
            state.platform.restore_rows(restoring, &tenant).map(|read| fetched(&read))
        })
    }

    fn rows_as(&mut self, restore: Resource<OpenRestore>, tenant: String, name: String) -> Answer<wit::Fetched> {
        self.with_restore(&restore, |state, restoring| {
            state.check_reach(&tenant)?;
            state.platform.restore_as(restoring, &tenant, &name).map(|read| fetched(&read))
        })
    }

    fn media(&mut self, restore: Resource<OpenRestore>, tenant: String) -> Answer<wit::Fetched> {
        self.with_restore(&restore, |state, restoring| {
            state.check_reach(&tenant)?;
            state.platform.restore_media(restoring, &tenant).map(|read| fetched(&read))
        })
    }

    fn commands(&mut self, restore: Resource<OpenRestore>) -> Answer<wit::Fetched> {
        self.with_restore(&restore, |state, restoring| {
            state.check_whole()?;
            state.platform.restore_commands(restoring).map(|read| fetched(&read))
        })
    }

    fn extract(&mut self, restore: Resource<OpenRestore>, output: String) -> Answer<wit::Fetched> {
        self.with_restore(&restore, |state, restoring| {
            let paths = paths_of(&state.job.arguments);
            let given = paths.iter().find(|(name, path)| *name == output && path.kind == ArgumentKind::Output);
            let folder = given.map(|(_, path)| PathBuf::from(&path.path)).filter(|path| !path.is_file());
            let folder = folder.filter(|path| path.as_os_str() != "-").ok_or_else(|| {
                let message = text!(
                    "the files of a backup are written into a folder",
                    "los archivos de un respaldo se escriben en una carpeta"
                );
                BackendError::new(ErrorCode::Usage, message)
            })?;
            restoring.extract(&folder).map(|written| fetched(&written))
        })
    }

    fn carry_out(&mut self, restore: Resource<OpenRestore>) -> Answer<Vec<String>> {
        self.alive()?;
        let restoring = self.table.get_mut(&restore)?.0.take();
        let done = restoring.ok_or_else(ended).and_then(|restoring| {
            if restoring.replaces() {
                self.check_alone()?;
            }
            if let Some(store) = restoring.engine_store() {
                let adopted = self.host.adopt_engine_store(&store);
                adopted.map_err(|problem| BackendError::new(ErrorCode::Unavailable, problem))?;
            }
            self.platform.carry_out(restoring.take())
        });
        let named = |done: encargo_backends::restores::Done| {
            done.aside.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        Ok(self.answer(done.map(named)))
    }

    fn drop(&mut self, restore: Resource<OpenRestore>) -> wasmtime::Result<()> {
        self.table.delete(restore)?;
        Ok(())
    }
}
