//! `encargo migrate`: makes the data directory and brings Encargo's own schema up to date.

use clap::{Arg, ArgAction, ArgMatches, Command};
use encargo_model::{Exit, Language};
use serde::Serialize;

use super::{Kind, Verb};
use crate::error::Problem;
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::wiring::{self, Pending};

pub(super) const VERB: Verb =
    Verb { name: "migrate", summary: Word::VerbMigrate, takes: &[], kind: Kind::Own { arguments, run } };

fn arguments(command: Command, language: Language) -> Command {
    command.arg(Arg::new("plan").long("plan").action(ArgAction::SetTrue).help(Word::MigratePlan.get(language)))
}

/// A file that a migration brings from one version to another.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "migration")]
struct MigrationRecord<'a> {
    database: &'a str,
    from: u32,
    to: u32,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let (output, language, configuration) = (&session.output, session.language(), &session.configuration);
    let plan_only = matches.get_flag("plan");
    let was_made = wiring::is_made(configuration)?;
    let files = if plan_only { wiring::plan(configuration) } else { wiring::migrate(configuration) }?;
    if !plan_only && !was_made {
        output.note(&Word::MadeDataDir.with(language, &[&configuration.data_dir.value.display()]));
    }
    for Pending { database, from, to } in &files {
        output.result(&Word::WouldMigrate.with(language, &[database, from, to]));
        output.record(&MigrationRecord { database, from: *from, to: *to });
    }
    let summary = match (files.len(), plan_only) {
        (0, _) => Word::UpToDate.get(language).to_owned(),
        (files, true) => Word::ToMigrate.with(language, &[&files]),
        (files, false) => Word::Migrated.with(language, &[&files]),
    };
    output.result(&summary);
    Ok(Summary::of_verb("migrate", Exit::Done, summary))
}
