//! Migrates a tenant's knowledge between the versions of its format, both ways.

mod applied;
mod item;
mod legacy;
mod migrating;
mod rules;
mod sql;
mod steps;
mod version;

use encargo_sdk::maintenance;
use encargo_sdk::prelude::*;
use rules::Found;
use version::Version;

/// Migrate knowledge between versions of its format.
///
/// Version 1.0 has a question and an answer (title and body); 2.0 has a language and tags as well; 2.1 has a source, and
/// tags that are normalised. On the way up, blanks in titles are put in order, the language is told from the text where it
/// is missing, lists of tags become JSON arrays, and a tag such as `source:manual` becomes the source. On the way down, what
/// the older version lacks is kept with the item and comes back when it goes up again; so does what was corrected, unless
/// somebody has changed it since.
///
/// Every item has its own version, so items that come later are migrated by the next run. Each page of items is one
/// transaction, in which what was written is read back and compared, and before the first one the tenant's rows are
/// backed up; an interrupted run leaves items in both versions, and
/// the next one goes on. Afterwards all items are validated. A step that was edited since it was applied is refused.
#[derive(Args)]
#[command(
    scope = "tenant",
    without_tenant = "all",
    effect = "changes",
    idempotent = true,
    permissions("read,insert,update:knowledge_items", "read,insert,update:journals", "keep:copy"),
    conflicts("plan", "validate-only"),
    exit(4, "Items are invalid; the report names them."),
    exit(10, "There is no such version."),
    exit(13, "A step was edited since it was applied."),
    example("migrate_knowledge_base --version=2.0", "Take every tenant's knowledge to version 2.0."),
    example("migrate_knowledge_base --plan --tenant=demo", "Show which steps one tenant's knowledge would take."),
    example("migrate_knowledge_base --validate-only", "Look for invalid items and change nothing.")
)]
struct MigrateKnowledgeBase {
    /// The version to go to, up or down; by default the newest one.
    version: Option<String>,

    /// Show the steps and how many items take them, and change nothing.
    plan: bool,

    /// Look for invalid items and change nothing.
    validate_only: bool,

    /// Go on over a step that was edited since it was applied.
    accept_edited: bool,
}

impl Command for MigrateKnowledgeBase {
    fn run(self, run: &Run) -> Result<Report> {
        let asked = self.version.as_deref().map(Version::read).transpose()?;
        let to = asked.unwrap_or(Version::V2_1);
        let database = run.database()?;
        let transaction = database.begin_read_only()?;
        let versions: Vec<(i64, u64)> = transaction.rows(sql::VERSIONS, &[])?;
        let applied = applied::read(&transaction)?;
        transaction.rollback()?;
        let items = versions.iter().map(|(_, n)| n).sum();
        if self.validate_only {
            let found = migrating::validate_all(run, &database, asked, items)?;
            return Ok(validated(&found));
        }
        if !self.accept_edited {
            applied::check_unedited(&applied)?;
        }
        if self.plan {
            return Ok(plan(&versions, to));
        }
        let others = versions.iter().filter(|(number, _)| is_other(*number, to)).map(|(_, n)| n).sum();
        // A run that is resumed has kept one before it changed anything.
        let copy = if others > 0 { Some(maintenance::keep_copy()?) } else { None };
        let migrated = migrating::migrate_all(run, &database, to, others)?;
        let transaction = database.begin()?;
        applied::note(&transaction, run, applied, to)?;
        transaction.commit()?;
        let found = migrating::validate_all(run, &database, Some(to), items)?;
        let tenant = run.tenant().unwrap_or_default();
        Ok(done(migrated, to, &found, copy.as_deref().map(|copy| (copy, tenant))))
    }
}

/// Whether items with this number of a version are to be migrated.
fn is_other(number: i64, to: Version) -> bool {
    Version::of_number(number).is_some_and(|version| version != to)
}

/// The steps that items would take, and how many.
fn plan(versions: &[(i64, u64)], to: Version) -> Report {
    let mut table = table!(
        "Steps" / "Pasos":
        "from" / "de", "to" / "a", "steps" / "pasos", "items" / "elementos", "checksums" / "sumas",
    );
    let mut tally = Tally::default();
    for &(number, n) in versions {
        tally.add("knowledge_items", Action::Read, n);
        let Some(from) = Version::of_number(number) else {
            tally.note(text!(
                "{n} items have the number {number} for their version, which is unknown, and stay as they are",
                "{n} elementos tienen el número {number} como versión, que es desconocido, y quedan como están"
            ));
            continue;
        };
        let steps = steps::between(from, to);
        let ways: Vec<_> = steps.iter().map(|(step, is_up)| way(step, *is_up)).collect();
        let checksums: Vec<_> = steps.iter().map(|(step, _)| step.checksum()[..8].to_owned()).collect();
        table.row(&[&from.word(), &to.word(), &ways.join(", "), &n, &checksums.join(", ")]);
    }
    let to = to.word();
    tally.report(text!("What a migration to {to} would do", "Lo que haría una migración a {to}")).table(table)
}

fn way(step: &steps::Step, is_up: bool) -> String {
    let (from, to) = (step.from.word(), step.to.word());
    if is_up { format!("{from} -> {to}") } else { format!("{to} -> {from}") }
}

fn validated(found: &Found) -> Report {
    let (items, invalid) = (found.items, found.invalid());
    let outcome = if invalid > 0 { Outcome::Problems } else { Outcome::Ok };
    let summary = text!("{invalid} of {items} items are invalid", "{invalid} de {items} elementos son inválidos");
    let report = Report::new(summary).outcome(outcome).count("knowledge_items", Action::Read, items).count(
        "knowledge_items",
        Action::Invalid,
        invalid,
    );
    if invalid > 0 { report.table(found.table()) } else { report }
}

fn done(migrated: u64, to: Version, found: &Found, copy: Option<(&str, &str)>) -> Report {
    let to = to.word();
    let summary = if migrated > 0 {
        text!("Migrated {migrated} items to version {to}", "Se migraron {migrated} elementos a la versión {to}")
    } else {
        text!("All items were in version {to} already", "Todos los elementos estaban ya en la versión {to}")
    };
    let mut report = validated(found);
    if let Some((copy, tenant)) = copy.filter(|(copy, _)| !copy.is_empty()) {
        report = report.note(text!(
            "all rows as they were before are the backup {copy}; `encargo restore_data --backup={copy} --tenant={tenant} --yes` brings them back",
            "todas las filas como estaban antes son el respaldo {copy}; `encargo restore_data --backup={copy} --tenant={tenant} --yes` las recupera"
        ));
    }
    let unchanged = found.items.saturating_sub(migrated);
    Report { summary, ..report }.count("knowledge_items", Action::Updated, migrated).count(
        "knowledge_items",
        Action::Unchanged,
        unchanged,
    )
}

export_command!(MigrateKnowledgeBase);
