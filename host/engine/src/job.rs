//! One attempt, described in the model's words.

use std::collections::BTreeSet;
use std::time::Duration;

use encargo_backends::BackendError;
use encargo_model::{
    ArgumentValue, ErrorCode, Language, Limits, PathValue, Permission, ResolvedArgument, RunId, Tenant, Text, Tier,
    Timestamp, text,
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

    /// Adds to a denial who can lift it: the operator, where the component requests the permission, else its author.
    pub(crate) fn explain(&self, error: BackendError) -> BackendError {
        let Some(permission) = error.missing().cloned() else { return error };
        let command = &self.command;
        error.reworded(|said| match self.requested.contains(&permission) {
            true => text!(
                "{said}; grant it with `encargo commands grant {command} {permission}`",
                "{said}; concédalo con `encargo commands grant {command} {permission}`",
                said = said
            ),
            false => text!(
                "{said}; its description does not request it: add `{permission}` to `permissions(..)`",
                "{said}; su descripción no lo pide: añada `{permission}` a `permissions(..)`",
                said = said
            ),
        })
    }

    /// Passes in system scope alone: what belongs to the whole installation is not a tenant's to change.
    ///
    /// # Errors
    /// `denied`.
    pub(crate) fn check_system(&self, what: &Text) -> Result<(), BackendError> {
        match &self.tenant {
            None => Ok(()),
            Some(own) => {
                let message = text!(
                    "a run inside the tenant `{}` may not {what}; start it without --tenant",
                    "una ejecución dentro del inquilino `{}` no puede {what}; iníciela sin --tenant",
                    what = what;
                    own.slug
                );
                Err(BackendError::new(ErrorCode::Denied, message))
            }
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
            let checked = job.check_system(&text!("make an administrator", "crear una cuenta de administración"));
            assert_eq!(checked.is_ok(), job.tenant.is_none(), "{kind}");
            if let Err(error) = checked {
                assert_eq!(error.code, ErrorCode::Denied);
                let words = "a run inside the tenant `acme` may not make an administrator; start it without --tenant";
                assert_eq!(job.explain(error).message.en, words);
            }
        }
    }

    #[test]
    fn a_denial_names_who_can_lift_it_and_nothing_else_is_explained() {
        let [requested, other] = ["update:chats", "read:logs"].map(|text| text.parse::<Permission>().unwrap());
        let job = Job { requested: [requested.clone()].into(), ..job() };
        let said = || Text::both("no", "no");
        let explain = |error| job.explain(error).message.en;
        let granted = explain(BackendError::denied(requested, said()));
        assert_eq!(granted, "no; grant it with `encargo commands grant sample update:chats`");
        let added = explain(BackendError::denied(other, said()));
        assert_eq!(added, "no; its description does not request it: add `read:logs` to `permissions(..)`");
        assert_eq!(explain(BackendError::new(ErrorCode::Denied, said())), "no");
    }

    #[test]
    fn a_command_may_do_what_was_both_requested_and_granted() {
        let of = |text: &str| text.parse::<Permission>().unwrap();
        let requested = [of("read:chats"), of("read:logs")].into();
        let granted = [of("read:chats"), of("delete:chats")].into();
        assert_eq!(Job { requested, granted, ..job() }.permissions(), BTreeSet::from([of("read:chats")]));
    }
}
