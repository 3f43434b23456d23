//! Backs up what the platform has: rows, media and configuration.

mod pruning;
mod told;

use encargo_sdk::maintenance::{self, Backup, Keep};
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use told::Told;

/// Back up the databases, the media, the commands and the configuration.
///
/// A backup is a snapshot in a restic repository: encrypted, compressed, and stored once whatever it has in common with the
/// backups before it, so that each after the first adds only what changed. Every team's `restic` can check and restore it.
/// Rows are copied as they are at one moment while others go on writing, a tenant at a time. What was stored is read back
/// and compared before the backup counts; `encargo backups list` shows none that was not.
///
/// The repository is in `backups` in the data directory unless `--output` or BACKUP_DIRECTORY names another folder, which is
/// made. Its key is made with it, in `keys/backups.key` in the data directory: copy it off the machine, because nothing can
/// be read without it. `--key-file` names another one. Passwords, tokens and keys of the configuration are left out
/// unless `--include-secrets` is given.
///
/// With `--keep-last`, `--keep-daily`, `--keep-weekly`, `--keep-monthly` or `--retention-days` the backups that none of them keeps
/// are removed afterwards, those of each `--type` for themselves, and never the newest, nor any after a backup that lacks
/// something. Without any of them all stay. What was
/// stored for them alone goes from the disk with a pruning a day later or more.
///
/// The manifest in each backup says how many rows, how many bytes and which SHA-256 each file has.
#[derive(Args)]
#[command(
    scope = "system",
    criticality = "critical",
    effect = "changes",
    idempotent = true,
    permissions("take:backup", "list:tenants"),
    exit(1, "Something could not be read or stored, and there is no new backup."),
    exit(3, "Some tenants or media could not be read, and the backup has everything else."),
    exit(5, "What was stored is not what was read, and there is no new backup."),
    exit(12, "There are backups and their key is gone, or it is another one."),
    example("backup_data", "Back up everything."),
    example("backup_data --type=database --tenant=demo", "Back up the rows of one tenant."),
    example("backup_data --keep-daily=7 --keep-weekly=4", "Back up, and keep a week of days and a month of weeks."),
    example("backup_data --output=/srv/backups", "Back up into another folder.")
)]
struct BackupData {
    /// What is backed up.
    #[arg(name = "type", default = "full")]
    type_: Type,

    /// The folder of the repository; by default `backups` in the data directory.
    #[arg(env = "BACKUP_DIRECTORY", settings = "directory")]
    output: Option<Repository>,

    /// The file with the key; by default `keys/backups.key` in the data directory.
    #[arg(settings = "key_file")]
    key_file: Option<InputFile>,

    /// Back up passwords, tokens and keys of the configuration, too.
    include_secrets: bool,

    /// Whether what is stored is compressed.
    #[arg(default = "true", settings = "compression")]
    compression: Switch,

    /// Whether what is stored is encrypted: it always is.
    #[arg(default = "true", settings = "encryption")]
    encryption: Switch,

    /// Say what of this backup was there already. Each backup after the first is incremental with or without it.
    incremental: bool,

    /// Afterwards, keep so many of the newest backups.
    #[arg(min = 1, settings = "keep_last")]
    keep_last: Option<u32>,

    /// Afterwards, keep the newest backup of each of so many days.
    #[arg(min = 1, settings = "keep_daily")]
    keep_daily: Option<u32>,

    /// Afterwards, keep the newest backup of each of so many weeks.
    #[arg(min = 1, settings = "keep_weekly")]
    keep_weekly: Option<u32>,

    /// Afterwards, keep the newest backup of each of so many months.
    #[arg(min = 1, settings = "keep_monthly")]
    keep_monthly: Option<u32>,

    /// Afterwards, keep all backups that are at most so many days older than the newest.
    #[arg(min = 1, env = "BACKUP_RETENTION_DAYS", settings = "retention_days")]
    retention_days: Option<u32>,
}

/// What is backed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Type {
    /// All of it, with the commands that were added and the history of runs.
    Full,
    /// Rows: who the tenants are, and theirs.
    Database,
    /// Files of tenants.
    Media,
    /// The configuration.
    Config,
}

/// Yes or no, as settings have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Switch {
    /// Yes.
    True,
    /// No.
    False,
}

impl Type {
    fn has(self, part: Self) -> bool {
        self == Self::Full || self == part
    }
}

impl Command for BackupData {
    fn run(self, run: &Run) -> Result<Report> {
        ensure!(
            self.encryption == Switch::True,
            Usage,
            "backups are always encrypted; leave `encryption` out, and keep a copy of the key",
            "los respaldos siempre se cifran; quite `encryption`, y guarde una copia de la clave"
        );
        let key = self.key_file.as_ref().map(|file| file.argument);
        let output = self.output.as_ref().map_or("output", |output| output.argument);
        let backup = maintenance::begin_backup(output, key, self.type_.word(), self.compression == Switch::True)?;
        let mut told = Told::default();
        self.add(run, &backup, &mut told)?;
        let storing = Phase::new(text!("storing", "guardando"), text!("files", "archivos")).of(told.files());
        run.progress(&storing, 0);
        let taken = backup.store()?;
        run.progress(&storing, told.files());
        let mut report = told.report(run, &taken);
        if self.incremental {
            report = report.note(told::reused(&taken));
        }
        match self.keep() {
            Some(keep) if told.is_whole() => report = pruning::prune(report, (output, key), keep)?,
            Some(_) => report = report.note(pruning::nothing_removed()),
            None => {}
        }
        Ok(report)
    }
}

impl BackupData {
    /// What is to stay; none where nothing was said, and then everything does.
    fn keep(&self) -> Option<Keep> {
        let keep = Keep {
            last: self.keep_last,
            daily: self.keep_daily,
            weekly: self.keep_weekly,
            monthly: self.keep_monthly,
            within_days: self.retention_days,
        };
        [keep.last, keep.daily, keep.weekly, keep.monthly, keep.within_days].iter().any(Option::is_some).then_some(keep)
    }

    fn add_tenant(&self, tenant: &str, backup: &Backup, told: &mut Told) -> Result<()> {
        if self.type_.has(Type::Database) {
            told.part(Some(tenant), &backup.rows(tenant)?);
        }
        if self.type_.has(Type::Media) {
            told.media(tenant, &backup.media(tenant)?);
        }
        Ok(())
    }

    fn add(&self, run: &Run, backup: &Backup, told: &mut Told) -> Result<()> {
        if self.type_.has(Type::Database) {
            told.part(None, &backup.platform()?);
        }
        let tenants = tenants::list()?;
        let copying = Phase::new(text!("copying", "copiando"), text!("tenants", "inquilinos"));
        for tenant in run.track(tenants, copying) {
            let tenant = tenant?;
            self.add_tenant(&tenant, backup, told).or_else(|error| told.failed(&tenant, error))?;
        }
        if self.type_.has(Type::Config) {
            told.configuration(&backup.configuration(self.include_secrets)?);
        }
        if self.type_ == Type::Full && run.selected().is_none() {
            told.commands(&backup.commands()?);
        }
        Ok(())
    }
}

export_command!(BackupData);
