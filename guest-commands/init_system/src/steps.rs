//! Which steps a run takes.

use encargo_sdk::prelude::*;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Step {
    Admin,
    Tenants,
    Agents,
    Tools,
}

/// Whether the demo agents are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agents {
    Make,
    /// Asked for by name where they do not belong: only after a yes.
    Ask,
    /// Left out because this is a production environment and no tenant was named.
    LeaveInProduction,
    Leave,
}

/// The steps of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) admin: bool,
    pub(crate) tenants: bool,
    pub(crate) agents: Agents,
    pub(crate) tools: bool,
}

impl Steps {
    /// `named` says whether `--tenant` was given.
    pub(crate) fn of(only: &Choices<Step>, skip_admin: bool, named: bool, environment: &str) -> Self {
        let agents = match (only.has(Step::Agents), environment == "production" && !named) {
            (false, _) => Agents::Leave,
            (true, false) => Agents::Make,
            (true, true) if only.are_all() => Agents::LeaveInProduction,
            (true, true) => Agents::Ask,
        };
        Self {
            admin: only.has(Step::Admin) && !skip_admin,
            tenants: only.has(Step::Tenants),
            agents,
            tools: only.has(Step::Tools),
        }
    }

    /// Whether a tenant's rows are looked at.
    pub(crate) fn seeds(self) -> bool {
        self.tools || matches!(self.agents, Agents::Make | Agents::Ask)
    }
}

/// A name for a tenant that has only a slug: `north_shop` is `North shop`.
pub(crate) fn name_of(slug: &str) -> String {
    let mut name = slug.replace(['-', '_'], " ");
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(words: &[&str]) -> Choices<Step> {
        Choices::from_words(words.iter().copied()).unwrap()
    }

    #[test]
    fn a_run_takes_the_steps_that_were_asked_for() {
        let all = Steps { admin: true, tenants: true, agents: Agents::Make, tools: true };
        assert_eq!(Steps::of(&only(&["all"]), false, false, "development"), all);
        assert_eq!(Steps::of(&only(&["all"]), true, false, "development"), Steps { admin: false, ..all });
        let tools = Steps { admin: false, tenants: false, agents: Agents::Leave, tools: true };
        assert_eq!(Steps::of(&only(&["tools"]), false, false, "production"), tools);
        assert!(tools.seeds());
        assert!(!Steps::of(&only(&["admin", "tenants"]), false, false, "development").seeds());
    }

    #[test]
    fn demo_agents_come_into_production_only_by_name() {
        for (words, named, agents) in [
            (&["all"][..], false, Agents::LeaveInProduction),
            (&["all"], true, Agents::Make),
            (&["agents"], false, Agents::Ask),
            (&["agents"], true, Agents::Make),
            (&["tools"], false, Agents::Leave),
        ] {
            assert_eq!(Steps::of(&only(words), false, named, "production").agents, agents);
        }
    }

    #[test]
    fn a_tenant_is_named_after_its_slug() {
        assert_eq!(name_of("demo"), "Demo");
        assert_eq!(name_of("north_shop-2"), "North shop 2");
        assert_eq!(name_of("0-x"), "0 x");
    }
}
