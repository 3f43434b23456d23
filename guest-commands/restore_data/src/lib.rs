//! Restores what was backed up: all of it or nothing, after everything was read and compared.

mod safety;
mod told;

use encargo_sdk::maintenance::{self, Restore, Stored};
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use safety::Safety;
use told::Told;

/// Bring back what was backed up: rows, media and who the tenants are.
///
/// Everything is read from the backup and compared with its manifest first, brought to the schema of this version and
/// looked through. Then the present state is backed up (`--no-safety-backup` leaves that out), and only then it is
/// replaced, in one step: where the process ends in between, the next command goes on before it does anything else, so
/// that there is the old state or the new one. It begins while no other run that changes something is under way.
///
/// Without `--tenant` all tenants of the backup are restored, with the list of tenants and people; tenants that the backup
/// does not know stay as they are. With `--tenant` the rows and media of these tenants are restored and nothing else.
/// `--as-tenant` makes a new tenant of one of them, beside what is there. In an empty data directory everything comes back
/// from nothing but the repository and its key.
///
/// `latest` is the newest backup of this installation that has rows, or with `--type=media` media; safety backups are
/// restored by their ids. `--at` takes the last one before that moment. Media is restored where the backup has some; what
/// is in the media folder and not in the backup goes. `--output` writes the files of the backup into a folder and touches
/// nothing else; the configuration comes back in that way alone.
///
/// Incremental exports go on from where they were when the backup was taken: export in full once after a restore.
#[derive(Args)]
#[command(
    scope = "system",
    takes_new_tenant = true,
    criticality = "critical",
    effect = "destroys",
    idempotent = true,
    permissions("restore:backup", "take:backup", "list:tenants"),
    conflicts("as-tenant", "output"),
    exit(1, "Something could not be read or written; what is there stays, or the next command goes on."),
    exit(2, "The backup is of another engine, a newer schema or another installation."),
    exit(3, "The backup lacks tenants that are in its own list; the others are restored."),
    exit(5, "The backup is not what was stored, or was damaged before: nothing is restored."),
    exit(10, "There is no such backup, or no such tenant in it."),
    exit(11, "Another run that changes something is under way."),
    exit(12, "The key is gone, or it is another one."),
    exit(13, "It was not confirmed with `--yes`."),
    example("restore_data --yes", "Restore the newest backup."),
    example("restore_data --tenant=demo --at=2026-01-31T06:00Z --yes", "Restore one tenant as it was that morning."),
    example("restore_data --tenant=demo --as-tenant=demo-before", "Look at an older state beside the present one."),
    example(
        "restore_data --repository=/mnt/backups --key-file=/mnt/backups.key",
        "Restore into an empty data directory."
    )
)]
struct RestoreData {
    /// The backup: the beginning of its id, or `latest`, which it is where nothing is said.
    backup: Option<String>,

    /// Of the newest backups, the last one that was taken at this moment or before.
    at: Option<Instant>,

    /// What is restored of it.
    #[arg(name = "type", default = "full")]
    type_: Type,

    /// Make a new tenant of this name of the one that `--tenant` names.
    as_tenant: Option<String>,

    /// The folder of the repository; by default as `backup_data` has it.
    #[arg(env = "BACKUP_DIRECTORY", settings = "directory")]
    repository: Option<Repository>,

    /// The file with the key; by default as `backup_data` has it.
    #[arg(settings = "key_file")]
    key_file: Option<InputFile>,

    /// Write the files of the backup into this folder, and restore nothing.
    output: Option<Output>,

    /// Do not back up the present state first.
    no_safety_backup: bool,
}

/// What is restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Type {
    /// All that the backup has, but for the configuration.
    Full,
    /// Rows: who the tenants are, and theirs.
    Database,
    /// Files of tenants.
    Media,
}

impl Type {
    /// The kinds of backups of which the newest is taken.
    const fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Full | Self::Database => &["full", "database"],
            Self::Media => &["full", "media"],
        }
    }
}

impl Command for RestoreData {
    fn run(self, run: &Run) -> Result<Report> {
        let place = (self.repository.map_or("repository", |folder| folder.argument), self.key_file.map(|f| f.argument));
        let until = self.at.map(Instant::micros);
        let name = self.backup.as_deref().unwrap_or("latest");
        let restore = maintenance::begin_restore(place.0, place.1, name, until, self.type_.kinds())?;
        let stored = restore.about()?;
        if let Some(output) = self.output {
            let written = restore.extract(output.argument)?;
            return Ok(told::extracted(&stored, &written));
        }
        let chosen = self.chosen(run, &stored)?;
        let present: Vec<_> = tenants::list()?.into_iter().filter(|slug| chosen.contains(slug)).collect();
        if self.as_tenant.is_none() && !present.is_empty() {
            run.confirm(&told::question(&stored, &present))?;
        }
        let mut told = Told::default();
        self.fetch(run, &restore, (&stored, &chosen), &mut told)?;
        let safety = if self.as_tenant.is_none() && !self.no_safety_backup && !present.is_empty() {
            Some(Safety::take(place, &present, &told)?)
        } else {
            None
        };
        let carrying_out = Phase::new(text!("restoring", "restaurando"), text!("files", "archivos")).of(told.files());
        run.progress(&carrying_out, 0);
        let aside = restore.carry_out()?;
        run.progress(&carrying_out, told.files());
        Ok(told.report(run, &stored, safety.as_ref(), &aside))
    }
}

impl RestoreData {
    /// The tenants that are restored.
    fn chosen(&self, run: &Run, stored: &Stored) -> Result<Vec<String>> {
        let known = |slug: &String| stored.with_rows.contains(slug) || stored.with_media.contains(slug);
        let all = || {
            let mut all: Vec<_> = stored.with_rows.iter().chain(&stored.with_media).cloned().collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let chosen = run.selected().map_or_else(all, <[String]>::to_vec);
        if let Some(slug) = chosen.iter().find(|slug| !known(slug)) {
            let (id, all) = (&stored.id, all().join("`, `"));
            return Err(Error::new(
                ErrorCode::NotFound,
                text!(
                    "the backup {id} has no tenant `{slug}`; it has `{all}`",
                    "el respaldo {id} no tiene ningún inquilino `{slug}`; tiene `{all}`"
                ),
            ));
        }
        ensure!(
            self.as_tenant.is_none() || (run.selected().is_some() && chosen.len() == 1),
            Usage,
            "`--as-tenant` makes a new tenant of one that `--tenant` names",
            "`--as-tenant` crea un inquilino nuevo de uno que indica `--tenant`"
        );
        Ok(chosen)
    }

    /// Reads and compares all that is to be restored.
    fn fetch(
        &self,
        run: &Run,
        restore: &Restore,
        (stored, chosen): (&Stored, &[String]),
        told: &mut Told,
    ) -> Result<()> {
        let (rows, media) = (self.type_ != Type::Media, self.type_ != Type::Database && stored.has_media());
        if rows && run.selected().is_none() && stored.has_people {
            let (fetched, listed) = restore.people()?;
            told.people(&fetched);
            told.lacks(listed.into_iter().filter(|slug| !stored.with_rows.contains(slug)).collect());
        }
        let is_empty = run.selected().is_none() && tenants::list()?.is_empty();
        if self.type_ == Type::Full && is_empty && stored.has_commands {
            told.commands(&restore.commands()?);
        }
        let fetching =
            Phase::new(text!("reading and comparing", "leyendo y comparando"), text!("tenants", "inquilinos"));
        for slug in run.track(chosen.to_vec(), fetching) {
            let slug = slug?;
            if rows && stored.with_rows.contains(&slug) {
                told.rows(
                    &slug,
                    &match &self.as_tenant {
                        Some(name) => restore.rows_as(&slug, name)?,
                        None => restore.rows(&slug)?,
                    },
                );
            }
            if media {
                told.media(&slug, &restore.media(&slug)?);
            }
        }
        if let Some(name) = &self.as_tenant {
            told.new_tenant(name);
        }
        Ok(())
    }
}

export_command!(RestoreData);
