//! What a caller asks for.

use std::collections::BTreeMap;
use std::time::Duration;

use encargo_model::{Language, Limits, RunId, Tier, Trigger};

/// A run to start.
#[derive(Debug, Clone)]
pub struct StartRequest {
    /// The command's name.
    pub command: String,
    /// Names and values as they were written; a flag has no values.
    pub arguments: Vec<(String, Vec<String>)>,
    /// The slugs of `--tenant`; `all` means every tenant.
    pub tenants: Option<Vec<String>>,
    /// The slugs of `--exclude-tenant`.
    pub exclude_tenants: Vec<String>,
    /// Where missing arguments come from.
    pub fallbacks: Fallbacks,
    /// Whether nothing is to be changed.
    pub dry_run: bool,
    /// Which run to go on with.
    pub resume: Option<Resume>,
    /// Whether an interrupted run is left behind without a word.
    pub restart: bool,
    /// Whether every question is answered with yes.
    pub yes: bool,
    /// Whether a file in an output folder is replaced whoever wrote it.
    pub overwrite: bool,
    /// The exit code where another run holds the lock, instead of 11.
    pub isolated: Option<u8>,
    /// How long to wait for the lock.
    pub wait_lock: Option<Duration>,
    /// The wall limit, instead of the configured one; of several tenants it is the limit of all together.
    pub timeout: Option<Duration>,
    /// How many tenants run at a time.
    pub parallel: Option<u32>,
    /// Whether no further tenant begins after one failed.
    pub fail_fast: bool,
    /// The language of reports.
    pub language: Language,
    /// The installation's environment.
    pub environment: String,
    /// How much the caller wants to read: 0 errors alone, 1 what is normal, 2 and 3 more.
    pub verbosity: u8,
    /// What each run may use.
    pub limits: Limits,
    /// What each run of a tenant's own command may use, within the others.
    pub tenant_limits: Limits,
    /// What started it.
    pub trigger: Trigger,
    /// The administrator's password, where the operator gave one.
    pub admin_password: Option<String>,
}

impl StartRequest {
    /// What is left of it for a command of this tier: a tenant's own has limits of its own, which `--timeout` lowers and
    /// does not raise, and reads neither the environment nor the configuration.
    pub(crate) fn for_tier(self, tier: Tier) -> Self {
        match tier {
            Tier::Packaged | Tier::Operator => self,
            Tier::Tenant => {
                let limits = self.tenant_limits.within(&self.limits);
                let timeout = self.timeout.map(|timeout| timeout.min(limits.wall_seconds));
                Self { limits, timeout, fallbacks: self.fallbacks.for_tier(tier), ..self }
            }
        }
    }
}

/// Where a missing argument comes from, before its default.
#[derive(Debug, Clone, Default)]
pub struct Fallbacks {
    /// Variables that the operator allows.
    pub environment: BTreeMap<String, String>,
    /// What the configuration says for this command, by key with `_` between words.
    pub settings: BTreeMap<String, Setting>,
}

impl Fallbacks {
    /// Those that a command of this tier has: what is set here is not for what a tenant brought.
    #[must_use]
    pub fn for_tier(self, tier: Tier) -> Self {
        match tier {
            Tier::Packaged | Tier::Operator => self,
            Tier::Tenant => Self::default(),
        }
    }
}

/// One setting of a command.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// As JSON has it.
    pub value: serde_json::Value,
    /// Where it stands: `commands.cleanup.batch_size`.
    pub place: String,
}

/// Which run to go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// The newest one that ended early, of the same command, tenant, arguments and input.
    Newest,
    /// This one.
    Run(RunId),
}
