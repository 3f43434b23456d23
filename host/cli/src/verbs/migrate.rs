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

/// Makes a lost `platform.db` again.
const REBUILD_PLATFORM: &str = "rebuild-platform";
/// Makes an engine store in the place of a lost one.
const NEW_ENGINE_STORE: &str = "new-engine-store";

fn arguments(command: Command, language: Language) -> Command {
    let flag =
        |name: &'static str, word: Word| Arg::new(name).long(name).action(ArgAction::SetTrue).help(word.get(language));
    command.args([
        flag("plan", Word::MigratePlan).conflicts_with_all([REBUILD_PLATFORM, NEW_ENGINE_STORE]),
        flag(REBUILD_PLATFORM, Word::MigrateRebuild),
        flag(NEW_ENGINE_STORE, Word::MigrateNewStore),
    ])
}

/// A file that a migration brings from one version to another.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "migration")]
struct MigrationRecord<'a> {
    database: &'a str,
    from: u32,
    to: u32,
}

/// A tenant that is registered again.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "registration")]
struct RegistrationRecord<'a> {
    slug: &'a str,
}

/// A permission that a new engine store grants to nobody until it is granted again.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "revocation")]
struct RevocationRecord<'a> {
    command: &'a str,
    permission: String,
}

fn run(session: &Session, matches: &ArgMatches) -> Result<Summary, Problem> {
    let (output, language, configuration) = (&session.output, session.language(), &session.configuration);
    let plan_only = matches.get_flag("plan");
    let mut exit = Exit::Done;
    if matches.get_flag(REBUILD_PLATFORM) && !rebuild_platform(session)? {
        exit = Exit::Partial;
    }
    if matches.get_flag(NEW_ENGINE_STORE) {
        new_engine_store(session)?;
    }
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
    Ok(Summary::of_verb("migrate", exit, summary))
}

/// Registers the tenants again by what their files say, and says what is lost; whether every file was registered.
fn rebuild_platform(session: &Session) -> Result<bool, Problem> {
    let (output, language) = (&session.output, session.language());
    let rebuilt = wiring::rebuild_platform(&session.configuration)?;
    for slug in &rebuilt.tenants {
        output.result(&Word::RegisteredAgain.with(language, &[slug]));
        output.record(&RegistrationRecord { slug });
    }
    for (path, why) in &rebuilt.left {
        output.warning(&Word::NotRegistered.with(language, &[&path.display(), &why.get(language)]));
    }
    output.warning(Word::LostWithPlatform.get(language));
    Ok(rebuilt.left.is_empty())
}

/// Makes an engine store, and says what is lost.
fn new_engine_store(session: &Session) -> Result<(), Problem> {
    let (output, language) = (&session.output, session.language());
    let revoked = wiring::new_engine_store(&session.configuration)?;
    output.warning(Word::LostWithEngineStore.get(language));
    for (command, permission) in &revoked {
        let words = permission.words();
        output.warning(&Word::Revoked.with(language, &[command, &words.get(language), command, permission]));
        output.record(&RevocationRecord { command, permission: permission.to_string() });
    }
    Ok(())
}
