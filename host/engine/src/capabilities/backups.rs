//! Backups of `encargo:maintenance`.
#![expect(unreachable_pub, reason = "the generated bindings re-export the types of resources")]

use std::path::{Path, PathBuf};

use encargo_backends::BackendError;
use encargo_backends::backups::{self, Decision, Keep, Location, Part, Place, Taking, What};
use encargo_model::{ArgumentKind, Artefact, ErrorCode, Permission, text};
use send_wrapper::SendWrapper;
use wasmtime::component::Resource;

use crate::bindings::encargo::maintenance::maintenance as wit;
use crate::bindings::encargo::types::types::Error;
use crate::job::paths_of;
use crate::state::State;

/// A backup in the making, until it is stored.
pub struct OpenBackup(Option<SendWrapper<Taking>>);

type Answer<T> = wasmtime::Result<Result<T, Error>>;

fn part(part: Part) -> wit::Part {
    let rows = part.rows.values().sum();
    wit::Part { path: part.path, bytes: part.bytes, rows }
}

fn ended() -> BackendError {
    BackendError::new(ErrorCode::Invalid, text!("the backup has ended", "el respaldo ya terminó"))
}

impl State {
    /// Begins a backup where two arguments of the run say.
    pub(super) fn begin_a_backup(
        &mut self,
        output: &str,
        key: Option<&str>,
        kind: &str,
        compress: bool,
    ) -> Answer<Resource<OpenBackup>> {
        let begun = self
            .may(&Permission::TakeBackup)
            .and_then(|()| self.job.check_system(&text!("take a backup", "hacer un respaldo")))
            .and_then(|()| self.place_of_backups(output, key))
            .and_then(|place| {
                let what = What { run: self.job.run, now: self.job.started_at, kind, compress };
                self.platform.begin_backup(&place, &what, &self.control.interrupt)
            });
        match self.answer(begun) {
            Ok(taking) => Ok(Ok(self.table.push(OpenBackup(Some(SendWrapper::new(taking))))?)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Removes the backups that nothing keeps.
    pub(super) fn prune_the_backups(
        &mut self,
        output: &str,
        key: Option<&str>,
        keep: wit::Keep,
    ) -> Result<Vec<wit::Pruned>, Error> {
        let wit::Keep { last, daily, weekly, monthly, within_days } = keep;
        let keep = Keep { last, daily, weekly, monthly, within_days };
        let pruned = self
            .may(&Permission::TakeBackup)
            .and_then(|()| self.job.check_system(&text!("remove backups", "borrar respaldos")))
            .and_then(|()| self.place_of_backups(output, key))
            .and_then(|place| backups::prune(&place, &keep, self.job.dry_run, &self.control.interrupt));
        let told = |Decision { backup, reasons }| wit::Pruned {
            id: backup.id,
            taken_at: backup.taken_at,
            kind: backup.kind,
            reasons,
        };
        self.answer(pruned.map(|decisions| decisions.into_iter().map(told).collect()))
    }

    /// The place and the key file that were given, else the installation's own.
    pub(super) fn place_of_backups(&self, place: &str, key: Option<&str>) -> Result<Place, BackendError> {
        let paths = paths_of(&self.job.arguments);
        let given = |name: &str, kind: ArgumentKind| {
            let found = paths.iter().find(|(known, path)| known == name && path.kind == kind);
            found.map(|(_, path)| path.path.clone())
        };
        let data = self.platform.data();
        let repository = match given(place, ArgumentKind::Repository) {
            Some(written) => Location::parse(&written)?,
            None => data.backups(),
        };
        if let Location::Folder(folder) = &repository
            && (folder == Path::new("-") || folder.is_file())
        {
            let message = text!(
                "backups are kept in a folder, and `{}` is none",
                "los respaldos se guardan en una carpeta, y `{}` no lo es";
                folder.display()
            );
            return Err(BackendError::new(ErrorCode::Usage, message));
        }
        let key_file = key.and_then(|key| given(key, ArgumentKind::InputFile));
        Ok(Place { repository, key_file: key_file.map_or_else(|| data.backup_key(), PathBuf::from) })
    }

    /// What adding to a backup answers.
    fn add<T>(
        &mut self,
        backup: &Resource<OpenBackup>,
        add: impl FnOnce(&Self, &mut Taking) -> Result<T, BackendError>,
    ) -> Answer<T> {
        self.alive()?;
        let mut taking = self.table.get_mut(backup)?.0.take();
        let added = taking.as_mut().ok_or_else(ended).and_then(|taking| add(self, taking));
        self.table.get_mut(backup)?.0 = taking;
        Ok(self.answer(added))
    }
}

impl wit::HostBackup for State {
    fn platform(&mut self, backup: Resource<OpenBackup>) -> Answer<wit::Part> {
        self.add(&backup, |state, taking| state.platform.back_up_platform(taking).map(part))
    }

    fn rows(&mut self, backup: Resource<OpenBackup>, tenant: String) -> Answer<wit::Part> {
        self.add(&backup, |state, taking| {
            let tenant = state.find(&tenant)?;
            state.platform.back_up_rows(taking, &tenant).map(part)
        })
    }

    fn media(&mut self, backup: Resource<OpenBackup>, tenant: String) -> Answer<wit::Media> {
        self.add(&backup, |state, taking| {
            let tenant = state.find(&tenant)?;
            let media = state.platform.back_up_media(taking, &tenant)?;
            Ok(wit::Media { parts: media.parts.into_iter().map(part).collect(), left_out: media.left_out })
        })
    }

    fn configuration(&mut self, backup: Resource<OpenBackup>, include_secrets: bool) -> Answer<Vec<wit::Part>> {
        self.add(&backup, |state, taking| {
            let text = state.host.configuration(include_secrets);
            let parts = text.map(|text| taking.configuration("encargo.toml", &text)).transpose()?;
            Ok(parts.into_iter().map(part).collect())
        })
    }

    fn commands(&mut self, backup: Resource<OpenBackup>) -> Answer<Vec<wit::Part>> {
        self.add(&backup, |state, taking| {
            let parts = state.platform.back_up_commands(taking)?;
            Ok(parts.into_iter().map(part).collect())
        })
    }

    fn store(&mut self, backup: Resource<OpenBackup>) -> Answer<wit::Taken> {
        self.alive()?;
        let taking = self.table.get_mut(&backup)?.0.take();
        let stored = taking.ok_or_else(ended).and_then(|taking| taking.take().store());
        if let Ok(backups::Taken { new_key: Some(made), .. }) = &stored {
            self.host.show_key(&made.path, &made.key);
        }
        if let Ok(taken) = &stored
            && !taken.id.is_empty()
        {
            // So the engine store knows of it, wherever it is.
            self.host.artefact(&Artefact {
                name: format!("backup {}", taken.id),
                path: taken.place.to_string(),
                bytes: taken.added,
                sha256: taken.snapshot.clone(),
            });
        }
        Ok(self.answer(stored.map(|taken| wit::Taken {
            id: taken.id,
            place: taken.place.to_string(),
            read: taken.manifest.bytes(),
            added: taken.added,
            reused: taken.reused,
            new_key: taken.new_key.map(|key| key.path.display().to_string()),
        })))
    }

    fn drop(&mut self, backup: Resource<OpenBackup>) -> wasmtime::Result<()> {
        self.table.delete(backup)?;
        Ok(())
    }
}
