//! Checks whether the stored data holds together, and mends what can be mended without losing anything.

mod below;
mod checking;
mod format;
mod found;
mod issues;
mod media;
mod mending;
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
use format::{Format, Told};
use module::Module;
use severity::Severity;
use silences::Silences;
use verdict::Verdict;

/// Check whether the stored data holds together.
///
/// It looks for rows that name rows that are not there, crossed tenants, media without a row and rows without media, times
/// that cannot be, texts in the wrong encoding, the same thing twice, settings of another type, damaged files and indexes, a
/// changed schema, and what is granted to commands. Every issue has an id that never changes (`agents.E003`), how bad it is,
/// how many there are, where the first ones are, and what to do. A check that crashes is told as crashed and is a problem;
/// nothing is called well that was not looked at.
///
/// Without `--fix-issues` it only reads, and has no permission to change anything. With it, what can be mended without losing anything is mended, each relation in a
/// transaction of its own and with every row as it was before in a journal, and looked for again; `--undo=RUN` takes it back
/// where nobody changed the row since. `--dry-run` shows what would be mended.
///
/// An issue is accepted for a while by a silence: for all tenants `--silence`, or `silences` of the configuration; for one its
/// setting `validate_system.silences`, a list of `{"issue": "chats.W009", "reason": "..", "until": "2027-01-31"}`.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "changes",
    changes_with("fix-issues", "undo"),
    idempotent = true,
    permissions(
        "list:tenants",
        "read:agents,tools,agent_tools,knowledge_items,documents,files,chats,messages,sentiments,feedback,logs",
        "read:analytics_events,settings,deletions",
        "update:chats,sentiments,files,analytics_events,knowledge_items",
        "read,insert,update,delete:journals,journal_entries",
        "list-files:media",
        "check:integrity,commands"
    ),
    conflicts("fix-issues", "undo"),
    exit(3, "Something could not be fixed, and was left as it was; the rest is done."),
    exit(4, "Problems remain, or a check crashed."),
    exit(10, "There is nothing of that run to take back."),
    example("validate_system", "Check everything in every tenant."),
    example("validate_system --module=agents --tenant=demo", "Check the agents of one tenant."),
    example("validate_system --fix-issues --dry-run", "Show what would be fixed."),
    example("validate_system --output=report.sarif", "Write a SARIF file, too.")
)]
struct ValidateSystem {
    /// Check only these modules.
    module: Choices<Module>,

    /// From which severity on an issue makes the run end with 4.
    #[arg(default = "error")]
    fail_level: Severity,

    /// Fix what can be fixed without losing anything.
    fix_issues: bool,

    /// Take back what this run fixed.
    undo: Option<String>,

    /// Accept an issue in every tenant: its id, until when, and why, as `"chats.W009 2027-01-31 known"`.
    #[arg(settings = "silences")]
    silence: Vec<String>,

    /// How many places of each issue are named.
    #[arg(default = 5, min = 0, max = 1000)]
    sample: u32,

    /// Compare the content of every media file with its hash, too: it reads all of them.
    contents: bool,

    /// The format of the file; by default that of its suffix, else text.
    format: Option<Format>,

    /// A file, a folder, or `-` for standard output, into which the findings are written, too.
    output: Option<Output>,
}

impl Command for ValidateSystem {
    fn run(self, run: &Run) -> Result<Report> {
        if let Some(name) = &self.undo {
            return undo(run, name);
        }
        let scope = Scope { modules: &self.module, contents: self.contents, sample: self.sample as usize };
        let of_operator = Silences::of_argument(&self.silence)?;
        let mut verdict = Verdict::default();
        for tenant in tenants::list()? {
            let found = checking::check(run, &tenant, &scope)?;
            let mut silences = of_operator.clone();
            silences.extend(own_silences(&tenant));
            verdict.take_in(&tenant, found, &silences, run.started_at());
            if self.fix_issues && verdict.findings.iter().any(|finding| finding.is_mendable(&tenant)) {
                mending::mend(run, &tenant, &tenants::open(&tenant)?, &mut verdict)?;
            }
            verdict.tenants.push(tenant);
        }
        verdict.of_installation = self.looks_at_installation(run);
        if verdict.of_installation {
            verdict.take_in("", checking::installation(scope.sample)?, &of_operator, run.started_at());
        }
        verdict.sort();
        let told =
            Told { verdict: &verdict, modules: &self.module, fail_level: self.fail_level, contents: self.contents };
        format::write(&told, self.format, self.output)?;
        Ok(report::report(&verdict, &self.module, self.fail_level).notes(self.notes(run, &verdict)))
    }
}

impl ValidateSystem {
    /// Whether the commands are looked at, which are no tenant's: whoever chose tenants asked about these, unless the module
    /// was named.
    fn looks_at_installation(&self, run: &Run) -> bool {
        self.module.has(Module::Commands) && (run.selected().is_none() || !self.module.are_all())
    }

    /// What was not looked at, and what can be done next.
    fn notes(&self, run: &Run, verdict: &Verdict) -> Vec<String> {
        let mut notes = Vec::new();
        if self.module.has(Module::Media) && !self.contents {
            notes.push(text!(
                "the contents of media files were not compared; `--contents` does it",
                "no se compararon los contenidos de los archivos de medios; `--contents` lo hace"
            ));
        }
        if self.module.has(Module::Commands) && !self.looks_at_installation(run) {
            notes.push(text!(
                "the commands belong to no tenant and were not looked at; `--module=commands` does it",
                "los comandos no son de ningún inquilino y no se miraron; `--module=commands` lo hace"
            ));
        }
        if verdict.sum(|finding| finding.fixed) > 0 && !run.dry_run() {
            let id = run.id();
            notes.push(text!(
                "to take it back:  encargo validate_system --undo={id}",
                "para deshacerlo:  encargo validate_system --undo={id}"
            ));
        }
        notes
    }
}

/// Takes back what a run fixed, in every tenant of this run.
fn undo(run: &Run, name: &str) -> Result<Report> {
    let (mut tally, mut tenants_undone) = (Tally::default(), 0_u64);
    for tenant in tenants::list()? {
        let database = tenants::open(&tenant)?;
        let undone = mending::undo(run, &database, name, &mut tally)
            .context(text!("tenant `{tenant}`", "inquilino `{tenant}`"))?;
        tenants_undone += u64::from(undone);
    }
    ensure!(
        tenants_undone > 0,
        NotFound,
        "the run `{name}` fixed nothing here that can be taken back",
        "la ejecución `{name}` no corrigió aquí nada que se pueda deshacer"
    );
    let (back, kept) = (tally.all(Action::Updated), tally.all(Action::Kept));
    let report = tally.report(text!("{back} rows are as they were before", "{back} filas están como antes"));
    Ok(match kept {
        0 => report,
        _ => report.outcome(Outcome::Partial).note(text!(
            "{kept} rows were left: they were changed since, or what they named is still not there; the journal keeps how they were",
            "{kept} filas se dejaron: cambiaron desde entonces, o lo que nombraban sigue sin existir; el diario guarda cómo eran"
        )),
    })
}

/// The tenant's own silences; none where its settings cannot be read, so that everything counts.
fn own_silences(tenant: &str) -> Vec<silences::Silence> {
    tenants::open(tenant).and_then(|database| Silences::of_tenant(&database)).unwrap_or_default()
}

export_command!(ValidateSystem);
