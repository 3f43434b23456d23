//! The shape of a case file.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use encargo_backends::DataDir;
use encargo_model::{Clock, Language, SystemClock, Tenant};
use rusqlite::Connection;
use serde::Deserialize;
use support::{TestHost, tenant_database};

const SECONDS_A_DAY: i64 = 86_400;

/// By subject, then by action.
pub(crate) type Counts = BTreeMap<String, BTreeMap<String, u64>>;

/// What is there, what is run, and what is there afterwards, in the tenant `demo`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// One sentence for people.
    #[serde(rename = "about")]
    _about: String,
    /// SQL; `{now}` and `{days_ago:N}` are microseconds.
    #[serde(default)]
    seed: String,
    /// What stands behind the command; `{dir}` is a folder of the case's own.
    pub(crate) args: Vec<String>,
    /// Files in that folder.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Files in the tenant's named roots: `temporary/old.tmp`.
    #[serde(default)]
    root_files: BTreeMap<String, RootFile>,
    /// Other tenants, which are made first.
    #[serde(default)]
    pub(crate) tenants: BTreeMap<String, OtherTenant>,
    pub(crate) stdin: Option<String>,
    #[serde(default)]
    pub(crate) exit: i32,
    /// A part of the error's message.
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) counts: Counts,
    /// What queries give in the tenant's database afterwards.
    #[serde(default)]
    pub(crate) rows: BTreeMap<String, Vec<Vec<toml::Value>>>,
    /// What is in the case's folder afterwards.
    #[serde(default)]
    pub(crate) output_files: BTreeMap<String, String>,
    /// What a second run says.
    pub(crate) again: Option<Again>,
}

/// A tenant beside `demo`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherTenant {
    #[serde(default)]
    seed: String,
    #[serde(default)]
    root_files: BTreeMap<String, RootFile>,
    #[serde(default)]
    pub(crate) rows: BTreeMap<String, Vec<Vec<toml::Value>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RootFile {
    content: String,
    #[serde(default)]
    age_days: i64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    pub(crate) counts: Counts,
}

impl Case {
    /// Puts the rows and files of the case into a host.
    pub(crate) fn prepare(&self, host: &TestHost) -> Result<(), String> {
        for (slug, tenant) in &self.tenants {
            let _ = host.run(["init_system", "--only=tenants", &format!("--tenant={slug}")]).exits(0);
            seed(host, slug, &tenant.seed)?;
            for (name, file) in &tenant.root_files {
                file.write(host, slug, name)?;
            }
        }
        seed(host, "demo", &self.seed)?;
        for (name, content) in &self.files {
            host.file(name, content);
        }
        for (name, file) in &self.root_files {
            file.write(host, "demo", name)?;
        }
        Ok(())
    }

    /// The arguments, with the case's folder in them.
    pub(crate) fn arguments(&self, folder: &Path) -> Vec<String> {
        self.args.iter().map(|argument| argument.replace("{dir}", &folder.display().to_string())).collect()
    }
}

fn seed(host: &TestHost, slug: &str, sql: &str) -> Result<(), String> {
    let database = Connection::open(tenant_database(&host.data(), slug)).map_err(|error| error.to_string())?;
    database.execute_batch(&with_times(sql)).map_err(|error| format!("the seed of `{slug}`: {error}"))
}

impl RootFile {
    fn write(&self, host: &TestHost, slug: &str, name: &str) -> Result<(), String> {
        let (root, name) = name.split_once('/').ok_or("a root's file is written like `temporary/old.tmp`")?;
        let database = tenant_database(&host.data(), slug);
        let id = database.file_stem().and_then(|id| id.to_str()?.parse().ok()).expect("a tenant's file has its id");
        let [slug, title] = [slug; 2].map(str::to_owned);
        let tenant = Tenant { id, slug, name: title, language: Language::En, time_zone: "UTC".to_owned() };
        let folder = DataDir::new(host.data()).named_root(root, &tenant).ok_or_else(|| format!("no root `{root}`"))?;
        let path = folder.join(name);
        let written = fs::create_dir_all(path.parent().unwrap_or(&folder)).and_then(|()| {
            fs::write(&path, &self.content)?;
            File::options().write(true).open(&path)?.set_modified(UNIX_EPOCH + days_ago(self.age_days))
        });
        written.map_err(|error| format!("{}: {error}", path.display()))
    }
}

fn days_ago(days: i64) -> Duration {
    Duration::from_micros(u64::try_from(microseconds(days)).expect("not that long ago"))
}

fn microseconds(days_ago: i64) -> i64 {
    SystemClock.now().0 - days_ago * SECONDS_A_DAY * 1_000_000
}

fn with_times(sql: &str) -> String {
    let mut parts = sql.split("{days_ago:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (days, rest) = part.split_once('}').expect("`{days_ago:N}` is closed");
        text += &microseconds(days.parse().expect("N is a number of days")).to_string();
        text += rest;
    }
    text.replace("{now}", &microseconds(0).to_string())
}
