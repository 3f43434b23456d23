//! One attempt, described in the model's words.

use std::collections::BTreeSet;
use std::time::Duration;

use encargo_model::{
    ArgumentValue, Language, Limits, PathValue, Permission, ResolvedArgument, RunId, Tenant, Tier, Timestamp,
};

/// Everything that an attempt needs to know.
#[derive(Debug, Clone)]
pub struct Job {
    /// The run.
    pub run: RunId,
    /// The command's name.
    pub command: String,
    /// Whose command it is.
    pub tier: Tier,
    /// The run's tenant; none for system scope.
    pub tenant: Option<Tenant>,
    /// What `--tenant` selected for system scope; none when it was not given.
    pub selected: Option<Vec<String>>,
    /// The one "now" of the run, the same after a resume.
    pub started_at: Timestamp,
    /// 1 for the first try.
    pub attempt: u32,
    /// Whether everything happens on copies.
    pub dry_run: bool,
    /// The language of its texts.
    pub language: Language,
    /// The installation's environment.
    pub environment: String,
    /// The validated arguments.
    pub arguments: Vec<ResolvedArgument>,
    /// What the component requests.
    pub requested: BTreeSet<Permission>,
    /// What the operator granted.
    pub granted: BTreeSet<Permission>,
    /// What it may use.
    pub limits: Limits,
    /// How much of its wall time went before it began: its component was compiled first.
    pub spent: Duration,
    /// Under what its checkpoint is kept.
    pub resume_key: String,
    /// Whether it goes on from its checkpoint.
    pub resume: bool,
    /// The command's own table of the configuration.
    pub settings: serde_json::Value,
    /// Whether outputs go into a folder of the tenant, because several tenants write.
    pub tenant_folder: bool,
    /// Whether a file in an output folder is replaced whoever wrote it.
    pub overwrite: bool,
}

impl Job {
    /// What was requested and granted.
    pub fn permissions(&self) -> BTreeSet<Permission> {
        self.requested.intersection(&self.granted).cloned().collect()
    }
}

/// The paths among arguments, with the arguments' names.
pub(crate) fn paths_of(arguments: &[ResolvedArgument]) -> Vec<(String, PathValue)> {
    let path = |argument: &ResolvedArgument| match &argument.value {
        Some(ArgumentValue::Path(path)) => Some((argument.name.clone(), path.clone())),
        _ => None,
    };
    arguments.iter().filter_map(path).collect()
}
