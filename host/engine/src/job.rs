//! One attempt, described in the model's words.

use std::collections::BTreeSet;
use std::time::Duration;

use encargo_model::{
    ArgumentValue, CommandError, ErrorCode, Language, Limits, PathValue, Permission, ResolvedArgument, RunId, Tenant,
    Tier, Timestamp,
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
    /// How much the caller wants to read: 0 to 3.
    pub verbosity: u8,
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
    /// Under what its checkpoints are kept.
    pub resume_key: String,
    /// Whether it goes on from its checkpoints.
    pub resume: bool,
    /// The command's own table of the configuration.
    pub settings: serde_json::Value,
    /// Whether outputs go into a folder of the tenant, because several tenants write.
    pub tenant_folder: bool,
    /// Whether a file in an output folder is replaced whoever wrote it.
    pub overwrite: bool,
}

impl Job {
    /// Whether the run may see this tenant: a run's own tenant is its selection; in system scope it is what was selected,
    /// or every tenant.
    pub(crate) fn reaches(&self, slug: &str) -> bool {
        match (&self.tenant, &self.selected) {
            (Some(own), _) => own.slug == slug,
            (None, Some(selected)) => selected.iter().any(|chosen| chosen == slug),
            (None, None) => true,
        }
    }

    /// Adds to a denial who can lift it: the operator, where the component requests the permission.
    pub(crate) fn explain(&self, error: CommandError) -> CommandError {
        let is_explained = error.message.contains("commands grant") || error.message.contains("permissions(");
        if error.code != ErrorCode::Denied || is_explained {
            return error;
        }
        let named = error.message.split('`').filter_map(|word| word.parse::<Permission>().ok()).next_back();
        let command = &self.command;
        let message = match named {
            Some(permission) if self.requested.contains(&permission) => {
                format!("{}; grant it with `encargo commands grant {command} {permission}`", error.message)
            }
            Some(permission) => format!(
                "{}; its description does not request it: add `{permission}` to `permissions(..)`",
                error.message
            ),
            None => error.message,
        };
        CommandError { message, ..error }
    }

    /// Passes in system scope alone: what belongs to the whole installation is not a tenant's to change.
    ///
    /// # Errors
    /// `denied`.
    pub(crate) fn check_system(&self, what: &str) -> Result<(), CommandError> {
        match &self.tenant {
            None => Ok(()),
            Some(own) => Err(CommandError::new(
                ErrorCode::Denied,
                format!("a run inside the tenant `{}` may not {what}; start it without --tenant", own.slug),
            )),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{job, tenant};

    /// Every kind of run: in system scope over all tenants, over some, over none, and inside a tenant, whose own tenant
    /// stands above whatever was selected.
    fn kinds() -> [(&'static str, Job); 5] {
        let selected = |slugs: &[&str]| Some(slugs.iter().map(|&slug| slug.to_owned()).collect::<Vec<_>>());
        [
            ("system", job()),
            ("some", Job { selected: selected(&["acme", "new"]), ..job() }),
            ("none", Job { selected: selected(&[]), ..job() }),
            ("inside", Job { tenant: Some(tenant("acme")), ..job() }),
            ("inside, others selected", Job { tenant: Some(tenant("acme")), selected: selected(&["beta"]), ..job() }),
        ]
    }

    #[test]
    fn a_run_reaches_what_was_selected_and_a_tenants_run_its_tenant_alone() {
        let table = [
            ("system", ["acme", "beta", "new"].map(|_| true)),
            ("some", [true, false, true]),
            ("none", [false, false, false]),
            ("inside", [true, false, false]),
            ("inside, others selected", [true, false, false]),
        ];
        for ((kind, job), (expected, reaches)) in kinds().into_iter().zip(table) {
            assert_eq!((kind, ["acme", "beta", "new"].map(|slug| job.reaches(slug))), (expected, reaches));
        }
    }

    #[test]
    fn what_is_the_installations_is_changed_in_system_scope_alone() {
        for (kind, job) in kinds() {
            let checked = job.check_system("make an administrator");
            assert_eq!(checked.is_ok(), job.tenant.is_none(), "{kind}");
            if let Err(error) = checked {
                assert_eq!(error.code, ErrorCode::Denied);
                let words = "a run inside the tenant `acme` may not make an administrator; start it without --tenant";
                assert_eq!(job.explain(error).message, words);
            }
        }
    }

    #[test]
    fn a_denial_is_explained_once_and_nothing_else_is() {
        let requested: Permission = "update:chats".parse().unwrap();
        let job = Job { requested: [requested].into(), ..job() };
        let explain = |code, message: &str| job.explain(CommandError::new(code, message)).message;
        let words = "`chats`: it needs `update:chats`";
        let explained = format!("{words}; grant it with `encargo commands grant sample update:chats`");
        assert_eq!(explain(ErrorCode::Denied, words), explained);
        assert_eq!(explain(ErrorCode::Denied, &explained), explained);
        assert_eq!(explain(ErrorCode::Invalid, words), words);
        assert_eq!(explain(ErrorCode::Denied, "no"), "no");
        let other = "it needs `read:logs`";
        let told = format!("{other}; its description does not request it: add `read:logs` to `permissions(..)`");
        assert_eq!(explain(ErrorCode::Denied, other), told);
        assert_eq!(explain(ErrorCode::Denied, &told), told);
    }

    #[test]
    fn a_command_may_do_what_was_both_requested_and_granted() {
        let of = |text: &str| text.parse::<Permission>().unwrap();
        let requested = [of("read:chats"), of("read:logs")].into();
        let granted = [of("read:chats"), of("delete:chats")].into();
        assert_eq!(Job { requested, granted, ..job() }.permissions(), BTreeSet::from([of("read:chats")]));
    }
}
