//! Puts the storage of tenants' rows in order.

mod advice;
mod orphans;
mod told;
mod working;

use advice::Slow;
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use orphans::Orphans;
use told::Told;
use working::Chosen;

/// Put the storage of tenants' rows in order: statistics, indexes, empty space, the log of changes.
///
/// Without `--analyze` and `--reindex` it looks at the structure first, makes statistics where they are missing or far off,
/// builds half empty indexes anew, writes the storage anew where `--free-threshold` percent of it are empty, takes the log of
/// changes over into the storage, and looks at the structure again. Then it shows the statements of commands that took most,
/// with the indexes that would make them faster, and what killed processes left behind. What is in order already is left alone, so that a second
/// run does nothing. Each statement is a transaction of its own: one that is interrupted leaves everything as it was
/// before that statement, and the next run does what is left.
///
/// An index is advised after it was tried: it is built on a copy of the rows, and makes a statement `--min-gain` times
/// cheaper there, counted in steps of the database, which are the same each time. One that is there already, or that another
/// one begins with, is not advised; one that only repeats another is told. What follows the advice is a person's to do.
/// Statements are remembered without their values, and those of dry runs are not.
///
/// What is left of killed runs is listed, and ended with `--kill` alone: lost runs are recorded as that, their locks are
/// freed, and half-made files are removed. No process is killed: who is writing or under way for longer than `--max-age` is
/// named.
///
/// A tenant whose structure is damaged is told and not touched; a backup has its rows. A tenant whose rows another process
/// is using for longer than five seconds is told, and the others are done.
#[derive(Args)]
#[command(
    scope = "system",
    effect = "changes",
    idempotent = true,
    permissions("optimize:database", "end:orphans", "list:tenants", "check:integrity,space,statements,orphans"),
    exit(
        3,
        "Some tenants could not be put in order, looked at for advice, or something could not be ended; the rest is done."
    ),
    exit(5, "Something stored is damaged; a tenant whose structure is damaged was not touched."),
    exit(11, "Another process is using the rows of every tenant that was to be put in order."),
    example("optimize_database", "Do what is worth doing in every tenant."),
    example("optimize_database --analyze", "Make statistics of all relations, and nothing else."),
    example("optimize_database --reindex --tenant=demo", "Build all indexes of one tenant anew, and nothing else."),
    example("optimize_database --kill", "End what killed runs left behind, too."),
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

    /// How many of the statements that took most are shown of each tenant; with 0 neither they nor indexes are looked at.
    #[arg(default = 10, min = 0, max = 1000, settings = "statements")]
    statements: u32,

    /// How many times cheaper an index has to make a statement to be advised.
    #[arg(default = 4, min = 2, max = 1000000, settings = "min_gain")]
    min_gain: u32,

    /// End what killed processes left behind.
    kill: bool,

    /// From which age on what living processes hold is listed; an hour by default.
    max_age: Option<Duration>,
}

/// From which age on what living processes hold is listed.
const MAX_AGE: Duration = Duration::from_micros(3_600_000_000);

impl Command for OptimizeDatabase {
    fn run(self, run: &Run) -> Result<Report> {
        let chosen = Chosen { analyze: self.analyze, reindex: self.reindex, free_percent: self.free_threshold.into() };
        let (mut told, mut slow) = (Told::default(), Slow::default());
        let phase = Phase::new(text!("optimizing", "optimizando"), text!("tenants", "inquilinos"));
        for tenant in run.track(tenants::list()?, phase) {
            let tenant = tenant?;
            working::keep_up(run, &tenant, chosen, &mut told).or_else(|error| told.failed(&tenant, error))?;
            if chosen.is_all() && self.statements > 0 && told.is_sound(&tenant) {
                let looked = slow.look(&tenant, self.statements, self.min_gain);
                looked.or_else(|error| told.not_advised(&tenant, error))?;
            }
        }
        let max_age = self.max_age.unwrap_or(MAX_AGE);
        let looks = chosen.is_all() || self.kill;
        let orphans = if looks { Orphans::look(run, max_age, self.kill)? } else { Orphans::default() };
        told.report(run, &slow, &orphans)
    }
}

export_command!(OptimizeDatabase);
