//! Puts the other crates together: the one place that knows how a data directory becomes a store, a platform, a
//! catalog, an engine and runs.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use encargo_backends::{DataDir, Platform, Readable, Replicas, sqlite};
use encargo_catalog::Catalog;
use encargo_engine::{Engine, EngineConfig};
use encargo_model::{Clock, Origin, Permission, SystemClock, Text, Tier, text};
use encargo_runs::{Runs, RunsConfig};
use encargo_store::{Retention, Store, ToRead, Version};
use tokio::runtime::{Builder, Runtime};

pub(crate) use encargo_backends::backups::{self, Decision, Keep, Location, Manifest, Place};
pub(crate) use encargo_backends::held::TemporaryFolder;
pub(crate) use encargo_backends::probes::{Address, Kind, Service, Services};
pub(crate) use encargo_backends::{Interrupt, Pending, PlatformError, Rebuilt};
pub(crate) use encargo_store::Drill;

use crate::config::{Configuration, Environment};
use crate::error::Problem;
use crate::packaged::PACKAGED;

/// The commands that there are, without a word about what cannot be read: enough for help and for reading arguments. The
/// engine store is asked where commands were ever added, and nowhere else.
pub(crate) fn commands(configuration: &Configuration) -> Catalog {
    let data = data_dir(configuration);
    let plain = || Catalog::new(PACKAGED, data.commands(), None);
    if !plain().has_added() {
        return plain();
    }
    let replicas = Replicas::new(data.clone());
    let asked = runtime().and_then(|runtime| {
        let (catalog, connection) = runtime.block_on(async {
            let store = open_store(&data.engine_db(), &replicas).await?;
            let catalog = Catalog::new(PACKAGED, data.commands(), Some(store.clone())).with_added().await?;
            Ok::<_, Problem>((catalog.without_store(), store))
        })?;
        drop(connection);
        Ok(catalog)
    });
    asked.unwrap_or_else(|_| plain())
}

/// Where everything lies under the data directory in force.
pub(crate) fn data_dir(configuration: &Configuration) -> DataDir {
    let set = |key: &str| configuration.commands.path_of("backup_data", key);
    // What is no place is said by whoever uses it.
    let backups = set("directory").and_then(|place| Location::parse(&place.to_string_lossy()).ok());
    DataDir::new(configuration.data_dir.value.clone()).with_backups(backups, set("key_file"))
}

/// Where the environment says that backups are, in the place of the configuration.
fn backups_of(configuration: &Configuration, environment: &Environment) -> Option<Place> {
    let repository = Location::parse(environment.get("BACKUP_DIRECTORY")?).ok()?;
    Some(Place { repository, key_file: data_dir(configuration).backup_key() })
}

/// Whether the data directory in force was ever made; one whose list of tenants is lost is a problem.
pub(crate) fn is_made(configuration: &Configuration) -> Result<bool, Problem> {
    data_dir(configuration).is_made().map_err(|error| match error {
        PlatformError::Io { source, .. } => {
            let place = configuration.data_dir.value.display();
            Problem::usage(text!(
                "the data directory `{place}` cannot be used: {source}",
                "no se puede usar el directorio de datos `{place}`: {source}"
            ))
            .hint(text!(
                "it is a folder that this user can read and write, or name another with --data-dir",
                "es una carpeta que este usuario puede leer y escribir; o indique otra con --data-dir"
            ))
        }
        error => error.into(),
    })
}

/// The slugs of the tenants as far as they can be read; nothing is made, locked or said.
pub(crate) fn slugs(configuration: &Configuration) -> Vec<String> {
    let replicas = Arc::new(Replicas::new(data_dir(configuration)));
    let tenants = platform(configuration, &replicas).ok().and_then(|platform| platform.registry().tenants().ok());
    tenants.unwrap_or_default().into_iter().map(|tenant| tenant.slug).collect()
}

/// A data directory's platform, engine store and catalog; the rest is opened when it is asked for.
pub(crate) struct Installation {
    configuration: Configuration,
    platform: Arc<Platform>,
    store: Store,
    catalog: Arc<Catalog>,
    // Dropped last: the store's connection lives on it.
    runtime: Runtime,
}

impl Installation {
    /// Opens the data directory in force.
    pub(crate) fn open(configuration: &Configuration) -> Result<Self, Problem> {
        if !is_made(configuration)? {
            return Err(not_made(configuration));
        }
        let runtime = runtime()?;
        let data = data_dir(configuration);
        let replicas = Arc::new(Replicas::new(data.clone()));
        let platform = Arc::new(platform(configuration, &replicas)?);
        let mark = check_engine_store(&platform)?;
        let store = runtime.block_on(open_store(&data.engine_db(), &replicas))?;
        runtime.block_on(store.check_mark(mark))?;
        let catalog = Catalog::new(PACKAGED, data.commands(), Some(store.clone()));
        let catalog = Arc::new(runtime.block_on(catalog.with_added())?);
        Ok(Self { configuration: configuration.clone(), platform, store, catalog, runtime })
    }

    /// Its commands, with what was granted.
    pub(crate) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The versions of a command that ever ran, newest first.
    pub(crate) fn versions_that_ran(&self, command: &str) -> Result<Vec<Version>, Problem> {
        Ok(self.wait(self.store.versions(command))?)
    }

    /// Remembers a drill of a backup.
    pub(crate) fn record_drill(&self, drill: &Drill) -> Result<(), Problem> {
        Ok(self.wait(self.store.record_drill(drill))?)
    }

    /// The drills of backups, the newest first.
    pub(crate) fn drills(&self) -> Result<Vec<Drill>, Problem> {
        Ok(self.wait(self.store.drills())?)
    }

    /// Its commands as they are after a change.
    pub(crate) fn changed_catalog(&self) -> Result<Catalog, Problem> {
        let commands = data_dir(&self.configuration).commands();
        Ok(self.wait(Catalog::new(PACKAGED, commands, Some(self.store.clone())).with_added())?)
    }

    /// Its tenants, their files, and who works with them.
    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Whether its store and its list of tenants can be written, and no other process holds them for longer than this.
    pub(crate) fn check_writable(&self, within: Duration) -> Result<(), Problem> {
        self.runtime.block_on(self.store.check_writable(within))?;
        self.platform.check_writable(None)?;
        Ok(self.platform.check_free(within)?)
    }

    /// Starts runs of any command but tenants' own, and reads all of them.
    pub(crate) fn runs(&self, environment: &Environment) -> Result<Runs, Problem> {
        self.runs_of(environment, Tier::Operator)
    }

    /// Starts runs of commands of this tier: an engine has one limit for the stacks of all its runs.
    pub(crate) fn runs_of(&self, environment: &Environment, tier: Tier) -> Result<Runs, Problem> {
        let configuration = &self.configuration;
        let stack_bytes = match tier {
            Tier::Packaged | Tier::Operator => configuration.limits.stack_bytes,
            Tier::Tenant => configuration.tenant_limits.within(&configuration.limits).stack_bytes,
        };
        let services =
            Services { backups: backups_of(configuration, environment), ..configuration.services.services.clone() };
        let config = EngineConfig { caches: caches(configuration, environment), stack_bytes, services };
        let engine = Engine::new(config, Arc::clone(&self.platform), Arc::new(SystemClock))?;
        let retention =
            Retention { days: configuration.keep_days.value, runs_per_command: configuration.keep_runs.value };
        Ok(Runs::new(
            self.store.clone(),
            Arc::new(engine),
            Arc::clone(&self.catalog),
            Arc::new(SystemClock),
            self.runtime.handle().clone(),
            RunsConfig { retention, ..RunsConfig::default() },
        ))
    }

    /// Waits for an answer of the store or the catalog.
    pub(crate) fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }
}

/// Bounds what SQLite takes of the machine; it comes before everything that opens a database.
pub(crate) fn bound_memory() {
    // `doctor` tells when it could not be done.
    sqlite::bound_memory();
}

/// Whether a run's CPU time is seen while it is in a call of the host.
pub(crate) fn cpu_is_seen() -> bool {
    encargo_engine::cpu_is_seen()
}

/// What is wrong with the flags that SQLite was built with; empty when all is as a stranger's SQL needs it.
pub(crate) fn wrong_sqlite_flags() -> Vec<&'static str> {
    sqlite::build_flags().err().unwrap_or_default()
}

/// The platform for who may only want to read: nothing needs to be writable.
fn platform(configuration: &Configuration, replicas: &Arc<Replicas>) -> Result<Platform, PlatformError> {
    let environment = &configuration.environment.value;
    Platform::open_to_read(replicas, data_dir(configuration), environment, Arc::new(SystemClock))
}

/// The same for who writes.
fn platform_to_write(configuration: &Configuration) -> Result<Platform, PlatformError> {
    Platform::open(data_dir(configuration), &configuration.environment.value, Arc::new(SystemClock))
}

/// The mark of this installation's engine store. One that was there and is not, or that tenants cannot have been made
/// without, is lost.
fn check_engine_store(platform: &Platform) -> Result<Option<u32>, Problem> {
    let mark = platform.registry().engine_store()?;
    if mark.is_some() || !platform.registry().tenants()?.is_empty() {
        platform.data().check_engine_store()?;
    }
    Ok(mark)
}

/// What is behind this program's schema: file, version, and the version that it gets.
pub(crate) fn plan(configuration: &Configuration) -> Result<Vec<Pending>, Problem> {
    let data = data_dir(configuration);
    let replicas = Arc::new(Replicas::new(data.clone()));
    // What comes before the engine store is in the plan of the platform.
    if is_made(configuration)?
        && let Ok(platform) = platform(configuration, &replicas)
    {
        check_engine_store(&platform)?;
    }
    let path = data.engine_db();
    let store = runtime()?.block_on(async {
        match Store::plan(&path, None).await {
            Err(error) if error.is_unwritable() => {
                Ok::<_, Problem>(Store::plan(&path, Some(&to_read(&path, &replicas)?)).await?)
            }
            planned => Ok(planned?),
        }
    })?;
    let mut plan = of_store(&store);
    plan.extend(Platform::plan(&data)?);
    Ok(plan)
}

/// Makes the data directory where there is none and brings every file up to date; what is lost is not made anew.
pub(crate) fn migrate(configuration: &Configuration) -> Result<Vec<Pending>, Problem> {
    // The platform comes first: it makes the folders. One tenant's damaged file keeps nothing else back.
    let platform = migrate_platform(configuration)?;
    let store = migrate_engine_store(configuration)?;
    let mut done = of_store(&store);
    done.extend(platform?);
    for Pending { database, from, to } in &done {
        tracing::info!(database, from, to, "a database was migrated");
    }
    Ok(done)
}

/// Registers the tenants of a lost list again, by what their files say.
pub(crate) fn rebuild_platform(configuration: &Configuration) -> Result<Rebuilt, Problem> {
    Ok(Platform::rebuild(&data_dir(configuration), &configuration.environment.value, &SystemClock)?)
}

/// Makes an engine store in the place of a lost one; what it grants to no placed command, though that requests it.
pub(crate) fn new_engine_store(configuration: &Configuration) -> Result<Vec<(String, Permission)>, Problem> {
    if !is_made(configuration)? {
        return Err(not_made(configuration));
    }
    let data = data_dir(configuration);
    // What some tenants' files lack is said by the migrate that follows.
    let _ = migrate_platform(configuration)?;
    let revoked = commands(configuration).placed_requests()?;
    let mark = platform_to_write(configuration)?.registry().remember_engine_store(None)?;
    runtime()?.block_on(Store::make_anew(&data.engine_db(), mark, &revoked, SystemClock.now()))?;
    Ok(revoked)
}

type Migrated = Result<Vec<Pending>, PlatformError>;

/// The inner error is that of single tenants' files.
fn migrate_platform(configuration: &Configuration) -> Result<Migrated, PlatformError> {
    match Platform::migrate(&data_dir(configuration), &configuration.environment.value) {
        Err(error) if !matches!(error, PlatformError::Quarantined { .. }) => Err(error),
        migrated => Ok(migrated),
    }
}

/// Makes the engine store of a new installation, or brings that of this one up to date.
fn migrate_engine_store(configuration: &Configuration) -> Result<Vec<u32>, Problem> {
    let (runtime, path) = (runtime()?, data_dir(configuration).engine_db());
    let platform = platform_to_write(configuration)?;
    let known = check_engine_store(&platform)?;
    let migrate = || runtime.block_on(Store::migrate(&path));
    // It is made before it is remembered: for a second process, and after a kill, one that is remembered and is not
    // there is lost. One that is there is changed only when it is this installation's.
    let is_there = fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    let mut applied = if is_there { Vec::new() } else { migrate()? };
    let mark = match (known, runtime.block_on(Store::mark(&path))?) {
        (Some(mark), _) => mark,
        (None, found) => platform.registry().remember_engine_store((found != 0).then_some(found))?,
    };
    runtime.block_on(Store::claim(&path, mark))?;
    applied.extend(migrate()?);
    Ok(applied)
}

fn of_store(pending: &[u32]) -> Vec<Pending> {
    let bounds = pending.first().zip(pending.last());
    let pending = |(first, last): (&u32, &u32)| Pending { database: "engine".to_owned(), from: first - 1, to: *last };
    bounds.map(pending).into_iter().collect()
}

/// The store, for reading where it cannot be written.
async fn open_store(path: &Path, replicas: &Replicas) -> Result<Store, Problem> {
    match Store::open(path).await {
        Err(error) if error.is_unwritable() => Ok(Store::open_to_read(path, &to_read(path, replicas)?).await?),
        opened => Ok(opened?),
    }
}

fn to_read(path: &Path, replicas: &Replicas) -> Result<ToRead, Problem> {
    let Readable { file, as_it_lies } = replicas.readable(path)?;
    Ok(ToRead { file, as_it_lies })
}

/// A few threads for the store's timers and for renewing leases; runs have threads of their own.
fn runtime() -> Result<Runtime, Problem> {
    let built = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    built.map_err(|error| {
        Problem::new(
            encargo_model::Exit::Failed,
            text!("no thread could be started: {error}", "no se pudo iniciar un hilo: {error}"),
        )
    })
}

/// Where compiled components may be kept, the best place first: this user's cache; for a service user, who may have no
/// home, the data directory; and where that cannot be written, a folder for temporary files.
fn caches(configuration: &Configuration, environment: &Environment) -> Vec<PathBuf> {
    let user = rustix::process::geteuid().as_raw();
    let folder = |name| environment.get(name).map(PathBuf::from);
    // What another user's home has may be put there by that user; `sudo` keeps such a home.
    let is_own = |home: &PathBuf| fs::metadata(home).is_ok_and(|home| home.uid() == user);
    let of_user = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME").filter(is_own)?.join(".cache")));
    let temporary = folder("TMPDIR").unwrap_or_else(|| PathBuf::from("/tmp"));
    let more = [data_dir(configuration).cache(), temporary.join(format!("encargo-cache-{user}"))];
    of_user.map(|cache| cache.join("encargo")).into_iter().chain(more).collect()
}

fn not_made(configuration: &Configuration) -> Problem {
    let from = match &configuration.data_dir.origin {
        Origin::Given => Text::quoted("--data-dir"),
        Origin::Environment(_) => Text::quoted("ENCARGO_DATA_DIR"),
        Origin::Settings(_) => text!("`data_dir` in encargo.toml", "`data_dir` de encargo.toml"),
        Origin::Default => text!("the default", "por omisión"),
    };
    let file = configuration.file.as_ref().map_or_else(|| "-".to_owned(), |file| format!("`{}`", file.display()));
    let (place, usual) = (configuration.data_dir.value.display(), crate::config::DATA_DIR);
    let nothing = text!("there is no data directory at `{place}`", "no hay directorio de datos en `{place}`");
    Problem::usage(nothing.map(|language, nothing| format!("{nothing} ({})", from.get(language)))).hint(text!(
        "`encargo init_system` makes it; it is looked for in --data-dir, ENCARGO_DATA_DIR, `data_dir` in encargo.toml (read: {file}), and ./{usual}",
        "`encargo init_system` lo crea; se busca en --data-dir, ENCARGO_DATA_DIR, `data_dir` de encargo.toml (leído: {file}) y ./{usual}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::ConfigurationFlags;

    #[test]
    fn compiled_components_are_kept_in_a_home_of_ones_own_or_beside_the_data() {
        let user = rustix::process::geteuid().as_raw();
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let path = home.path().display().to_string();
        let in_home = home.path().join(".cache/encargo");
        let rest = [PathBuf::from("/here/encargo-data/cache"), PathBuf::from(format!("/tmp/encargo-cache-{user}"))];
        for (environment, first) in [
            (Environment::of([("HOME", path.as_str())]), Some(in_home)),
            (Environment::of([("HOME", "/nonexistent"), ("XDG_CACHE_HOME", "/x")]), Some("/x/encargo".into())),
            (Environment::of([("HOME", "/nonexistent")]), None),
            (Environment::default(), None),
        ] {
            let flags = ConfigurationFlags::default();
            let configuration = Configuration::without_file(&flags, Path::new("/here")).expect("defaults are settled");
            let expected: Vec<_> = first.into_iter().chain(rest.clone()).collect();
            assert_eq!(caches(&configuration, &environment), expected, "{environment:?}");
        }
    }
}
