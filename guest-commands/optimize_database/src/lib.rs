//! Puts the storage of tenants' rows in order.

mod told;
mod working;

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use told::Told;
use working::Chosen;

/// Put the storage of tenants' rows in order: statistics, indexes, empty space, the log of changes.
///
/// Without `--analyze` and `--reindex` it looks at the structure first, makes statistics where they are missing or far off,
/// builds half empty indexes anew, writes the storage anew where `--free-threshold` percent of it are empty, takes the log of
/// changes over into the storage, and looks at the structure again. What is in order already is left alone, so that a second
/// run does nothing. Each statement is a transaction of its own: one that is interrupted leaves everything as it was
/// before that statement, and the next run does what is left.
///
/// A tenant whose structure is damaged is told and not touched; a backup has its rows. A tenant whose rows another process
/// is using for longer than five seconds is told, and the others are done.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "changes",
    idempotent = true,
    permissions("optimize:database", "list:tenants", "check:integrity,space"),
    exit(3, "Some tenants could not be put in order; the others are."),
    exit(5, "Something stored is damaged; a tenant whose structure is damaged was not touched."),
    exit(11, "Another process is using the rows of every tenant that was to be put in order."),
    example("optimize_database", "Do what is worth doing in every tenant."),
    example("optimize_database --analyze", "Make statistics of all relations, and nothing else."),
    example("optimize_database --reindex --tenant=demo", "Build all indexes of one tenant anew, and nothing else."),
    example("optimize_database --dry-run", "Show the statements that would be run.")
)]
struct OptimizeDatabase {
    /// Make statistics of all relations, and nothing else but what `--reindex` does.
    analyze: bool,

    /// Build all indexes anew, and nothing else but what `--analyze` does.
    reindex: bool,

    /// From how many percent of emptiness on the storage is written anew.
    #[arg(default = 20, min = 1, max = 100, settings = "free_threshold")]
    free_threshold: u32,
}

impl Command for OptimizeDatabase {
    fn run(self, run: &Run) -> Result<Report> {
        let chosen = Chosen { analyze: self.analyze, reindex: self.reindex, free_percent: self.free_threshold.into() };
        let mut told = Told::default();
        let phase = Phase::new(text!("optimizing", "optimizando"), text!("tenants", "inquilinos"));
        for tenant in run.track(tenants::list()?, phase) {
            let tenant = tenant?;
            working::keep_up(run, &tenant, chosen, &mut told).or_else(|error| told.failed(&tenant, error))?;
        }
        told.report(run)
    }
}

export_command!(OptimizeDatabase);
