//! Checks whether the stored data holds together, and mends what can be mended without losing anything.

mod checking;
mod found;
mod issues;
mod media;
mod module;
mod queries;
mod report;
mod scans;
mod settings;
mod severity;
mod shapes;
mod silences;
mod sql;
mod texts;
mod verdict;

use checking::Scope;
use encargo_sdk::choice::Choices;
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use module::Module;
use severity::Severity;
use silences::Silences;
use verdict::Verdict;

/// Check whether the stored data holds together.
///
/// It looks for rows that name rows that are not there, crossed tenants, media without a row and rows without media, times
/// that cannot be, texts in the wrong encoding, the same thing twice, and settings of another type. Every
/// issue has an id that never changes (`agents.E001`), how bad it is, how many there are, where the first ones are, and
/// what to do. A check that crashes is told as crashed and is a problem; nothing is called well that was not looked at.
/// It reads alone.
///
/// An issue is accepted for a while by a silence, in the tenant's setting `validate_system.silences` or for all tenants in
/// `silences` of the configuration: a list of `{"issue": "chats.W009", "reason": "..", "until": "2027-01-31"}`.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "read-only",
    idempotent = true,
    permissions(
        "list:tenants",
        "read:agents,tools,agent_tools,knowledge_items,documents,files,chats,messages,sentiments,feedback,logs",
        "read:analytics_events,settings,journals,journal_entries,deletions",
        "list-files:media",
        "read-settings:silences"
    ),
    exit(4, "Problems remain, or a check crashed."),
    example("validate_system", "Check everything in every tenant."),
    example("validate_system --module=agents --tenant=demo", "Check the agents of one tenant."),
    example("validate_system --fail-level=warning", "End with 4 for warnings too.")
)]
struct ValidateSystem {
    /// Check only these modules.
    module: Choices<Module>,

    /// From which severity on an issue makes the run end with 4.
    #[arg(default = "error")]
    fail_level: Severity,

    /// How many places of each issue are named.
    #[arg(default = 5, min = 0, max = 1000)]
    sample: u32,

    /// Compare the content of every media file with its hash, too: it reads all of them.
    contents: bool,
}

impl Command for ValidateSystem {
    fn run(self, run: &Run) -> Result<Report> {
        let scope = Scope { modules: &self.module, contents: self.contents, sample: self.sample as usize };
        let of_operator = Silences::of_operator()?;
        let mut verdict = Verdict::default();
        for tenant in tenants::list()? {
            let found = checking::check(run, &tenant, &scope)?;
            let mut silences = of_operator.clone();
            silences.extend(own_silences(&tenant));
            verdict.take_in(&tenant, found, &silences, run.started_at());
            verdict.tenants.push(tenant);
        }
        verdict.sort();
        let report = report::report(&verdict, &self.module, self.fail_level);
        Ok(match self.module.has(Module::Media) && !self.contents {
            true => report.note(text!(
                "the contents of media files were not compared; `--contents` does it",
                "no se compararon los contenidos de los archivos de medios; `--contents` lo hace"
            )),
            false => report,
        })
    }
}

/// The tenant's own silences; none where its settings cannot be read, so that everything counts.
fn own_silences(tenant: &str) -> Vec<silences::Silence> {
    tenants::open(tenant).and_then(|database| Silences::of_tenant(&database)).unwrap_or_default()
}

export_command!(ValidateSystem);
