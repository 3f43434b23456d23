//! Goes through the checks of a tenant, one after the other; one that crashes does not stop the others.

use encargo_sdk::choice::Choices;
use encargo_sdk::prelude::*;

use crate::found::Found;
use crate::issues::{Issue, storage};
use crate::module::Module;
use crate::queries::{self, Query};
use crate::scans::{self, Scan};
use crate::{below, media, settings};

/// What is to be looked at.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) modules: &'a Choices<Module>,
    /// Whether the contents of files are compared too.
    pub(crate) contents: bool,
    /// How many places of an issue are told.
    pub(crate) sample: usize,
}

/// One look at one tenant.
enum Check {
    Query(&'static Query),
    Scan(&'static Scan),
    Media,
    Settings,
    Integrity,
}

impl Check {
    fn module(&self) -> Module {
        match self {
            Self::Query(query) => query.issue.module,
            Self::Scan(scan) => scan.module,
            Self::Media => Module::Media,
            Self::Settings => Module::Settings,
            Self::Integrity => Module::Storage,
        }
    }

    /// What a crash calls it.
    fn name(&self) -> String {
        match self {
            Self::Query(query) => format!("{} in {}", query.issue.id, query.relation),
            Self::Scan(scan) => scan.relation.to_owned(),
            Self::Media => "media".to_owned(),
            Self::Settings => "settings".to_owned(),
            Self::Integrity => "integrity".to_owned(),
        }
    }
}

/// Every check of these modules, in their order.
fn checks(modules: &Choices<Module>) -> Vec<Check> {
    let queries = queries::ALL.iter().map(Check::Query);
    let scans = scans::ALL.iter().map(Check::Scan);
    let mut all: Vec<_> = queries.chain(scans).chain([Check::Media, Check::Settings, Check::Integrity]).collect();
    all.retain(|check| modules.has(check.module()));
    all.sort_by_key(Check::module);
    all
}

/// Looks at one tenant.
pub(crate) fn check(run: &Run, tenant: &str, scope: &Scope<'_>) -> Result<Found> {
    let mut found = Found::new(scope.sample);
    let database = match encargo_sdk::tenants::open(tenant) {
        Ok(database) => database,
        Err(error) if error.ends_run() => return Err(error),
        Err(error) => {
            found.note(&storage::UNOPENED, "tenant", &error.message, || tenant.to_owned());
            return Ok(found);
        }
    };
    let phase = Phase::new(text!("checking {tenant}", "comprobando {tenant}"), text!("checks", "comprobaciones"));
    for check in run.track(checks(scope.modules), phase) {
        let check = check?;
        let ended = match &check {
            Check::Query(query) => query.run(run, &database, &mut found),
            Check::Scan(scan) => scan.run(run, &database, &mut found),
            Check::Media => media::check(run, &database, &format!("{tenant}/media"), scope.contents, &mut found),
            Check::Settings => settings::check(run, &database, &mut found),
            Check::Integrity => below::integrity(tenant, |module| scope.modules.has(module), &mut found),
        };
        found.ended(check.module(), &check.name(), ended)?;
    }
    Ok(found)
}

/// Looks at what belongs to no tenant.
pub(crate) fn installation(sample: usize) -> Result<Found> {
    let mut found = Found::new(sample);
    let ended = below::commands(&mut found);
    found.ended(Module::Commands, Module::Commands.word(), ended)?;
    Ok(found)
}

/// Looks for these issues alone again, with what finds them.
pub(crate) fn again(run: &Run, database: &Database, issues: &[&'static Issue], relation: &str) -> Result<Found> {
    let mut found = Found::new(0);
    for query in queries::ALL.iter().filter(|query| issues.contains(&query.issue)) {
        query.run(run, database, &mut found)?;
    }
    if issues.iter().all(|issue| queries::ALL.iter().all(|query| query.issue != *issue)) {
        for scan in scans::ALL.iter().filter(|scan| scan.relation == relation) {
            scan.run(run, database, &mut found)?;
        }
    }
    Ok(found)
}
