//! `encargo commands add`: takes a file as a new version of the operator's or a tenant's own command.

use std::fs;

use encargo_catalog::{AddedCommand, Candidate, CatalogError, Owner, Source, card, grant_line, short};
use encargo_engine::Waiting;
use encargo_model::{Clock, Exit, Limits, SystemClock, Tier, text};
use encargo_runs::Observer;

use super::version::{Difference, State, VersionRecord};
use super::{lines_under, tenant_given};
use crate::error::{Problem, see};
use crate::observer::{Caller, confirm};
use crate::output::{Style, Summary, Word, visible};
use crate::session::Session;
use crate::verbs::is_reserved;
use crate::wiring::Installation;

pub(super) fn add(session: &Session, file: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let installation = Installation::open(&session.configuration)?;
    let owner = tenant_given(session, &installation)?;
    let path = session.folder.join(file);
    let metadata = fs::metadata(&path).map_err(|error| Problem::reading(file, &error))?;
    if metadata.is_dir() {
        return Err(Problem::reading(file, &std::io::ErrorKind::IsADirectory.into()));
    }
    let candidate = Candidate::read(&path, owner)?;
    let name = candidate.description.name.as_str();
    refuse_taken(session, &installation, &candidate)?;
    compile(session, &installation, &candidate)?;

    let earlier = installation.catalog().find_added(name).filter(|earlier| is_same(earlier, candidate.owner.as_ref()));
    show(session, &candidate, earlier);
    if session.run_flags.dry_run {
        let requests = candidate.requests();
        output.record(&record_of_dry_run(&candidate, earlier, &requests));
        let sentence = Word::AddDryRun.with(language, &[&name]);
        output.result(&sentence);
        return Ok(Summary::of_verb("commands add", Exit::Done, sentence).in_dry_run(true));
    }
    let is_new = installation.wait(installation.catalog().keep(&candidate, SystemClock.now()))?;
    let catalog = installation.changed_catalog()?;
    let added = catalog.find_added(name).ok_or_else(|| gone(name))?;
    let sentence = if is_new {
        stands(added, language)
    } else {
        Word::AddedAlready.with(language, &[&name, &short(&candidate.digest)])
    };
    output.result(&sentence);
    if let Some(version) = added.versions.iter().find(|version| version.digest == candidate.digest) {
        output.record(&VersionRecord::of(added, version));
    }
    Ok(Summary::of_verb("commands add", Exit::Done, sentence))
}

/// What is wanted of a command and what is in force, and the line that allows more.
pub(super) fn stands(added: &AddedCommand, language: encargo_model::Language) -> String {
    let name = &added.name;
    match (added.wanted(), added.in_force()) {
        (Some(wanted), Some(now)) if wanted.digest == now.digest => {
            Word::VersionInForce.with(language, &[name, &short(&now.digest)])
        }
        (Some(wanted), now) => {
            let line = grant_line(name, &added.undecided(wanted));
            let waits = Word::VersionWaits.with(language, &[name, &short(&wanted.digest), &line]);
            match now {
                Some(now) => format!("{waits}; {}", Word::VersionStays.with(language, &[&short(&now.digest)])),
                None => waits,
            }
        }
        (None, _) => String::new(),
    }
}

/// A tenant's command whose tenant is gone is another one's, though it has the same name.
fn is_same(earlier: &AddedCommand, owner: Option<&Owner>) -> bool {
    earlier.tenant == owner.map(|owner| owner.id)
}

/// Someone removed it at the same moment.
fn gone(name: &str) -> Problem {
    Problem::new(
        Exit::NotFound,
        text!("`{name}` was removed while it was added", "`{name}` se retiró mientras se añadía"),
    )
    .hint(see("encargo commands list"))
}

/// Refuses the names of verbs, of placed commands, and without a yes those of packaged ones.
fn refuse_taken(session: &Session, installation: &Installation, candidate: &Candidate) -> Result<(), Problem> {
    let name = candidate.description.name.as_str();
    let own = name.rsplit('/').next().unwrap_or(name);
    if is_reserved(own) {
        return Err(Problem::usage(text!(
            "`{own}` is a verb of `encargo`, so no command that is added can have the name; give it another in its description",
            "`{own}` es un verbo de `encargo`, así que ningún comando añadido puede llamarse así; dele otro nombre en su descripción"
        )));
    }
    match installation.catalog().find(name).map(|command| command.source) {
        Ok(placed @ Source::File(_)) => Err(CatalogError::Twice { command: name.to_owned(), placed }.into()),
        Err(error @ CatalogError::Twice { .. }) => Err(error.into()),
        Ok(Source::Packaged) if !session.run_flags.dry_run => {
            let question = Word::AddOverAsk.with(session.language(), &[&name]);
            if session.run_flags.yes || confirm(&session.output, &question, || false) {
                return Ok(());
            }
            let refused = text!(
                "`{name}` is a packaged command, and the added one would run in its place",
                "`{name}` es un comando incluido, y el añadido se ejecutaría en su lugar"
            );
            Err(Problem::new(Exit::Refused, refused).hint(Word::SayYes.text(&[])))
        }
        _ => Ok(()),
    }
}

fn compile(session: &Session, installation: &Installation, candidate: &Candidate) -> Result<(), Problem> {
    let name = &candidate.description.name;
    let (tier, most) = match candidate.owner {
        Some(_) => (Tier::Tenant, Limits::of_tenants().wall_seconds),
        None => (Tier::Operator, super::COMPILES_WITHIN),
    };
    let runs = installation.runs_of(&session.environment, tier)?;
    let caller = Caller::new(std::sync::Arc::clone(&session.output), &candidate.description, false, None)?;
    let waiting = Waiting { most, signal: &|| caller.signal(), slow: &|| caller.compiling(name) };
    Ok(candidate.compile(runs.engine(), &waiting)?)
}

/// The card of what it asks for, and what is more or less than the version before asked for.
fn show(session: &Session, candidate: &Candidate, earlier: Option<&AddedCommand>) {
    let (output, language) = (&session.output, session.language());
    let (description, requests) = (&candidate.description, candidate.requests());
    let version = format!(" {} ({})", description.version, short(&candidate.digest));
    output.styled(&[(Style::Heading, &description.name), (Style::Plain, &version)]);
    output.result(&format!("  {}", visible(description.summary.get(language))));
    let card = card(description, &requests, language);
    let may = if card.may.is_empty() { vec![Word::CardNothing.get(language).to_owned()] } else { card.may };
    lines_under(output, Word::CardAsks, Style::Heading, &may);
    lines_under(output, Word::CardMayNot, Style::Warning, &card.may_not);
    if let Some(before) = earlier.and_then(|earlier| earlier.in_force().or(earlier.wanted())) {
        let Difference { more, less } = Difference::between(Some(&before.permissions), &requests);
        let lines = |all: std::collections::BTreeSet<encargo_model::Permission>| {
            let line = |its: &encargo_model::Permission| format!("{its}  ({})", its.words().get(language));
            all.iter().map(line).collect::<Vec<_>>()
        };
        lines_under(output, Word::CardMore, Style::Error, &lines(more));
        lines_under(output, Word::CardLess, Style::Good, &lines(less));
    }
    output.result("");
}

fn record_of_dry_run<'a>(
    candidate: &'a Candidate,
    earlier: Option<&AddedCommand>,
    requests: &'a std::collections::BTreeSet<encargo_model::Permission>,
) -> VersionRecord<'a> {
    let before = earlier.and_then(|earlier| earlier.in_force().or(earlier.wanted()));
    let Difference { more, less } = Difference::between(before.map(|before| &before.permissions), requests);
    let changes = earlier.map(|earlier| earlier.changes.clone()).unwrap_or_default();
    let is_open = |its: &&encargo_model::Permission| !changes.granted.contains(*its) && !changes.revoked.contains(*its);
    // An operator's first version is granted what it requests.
    let waits = candidate.owner.is_some() || earlier.is_some();
    VersionRecord {
        command: &candidate.description.name,
        digest: &candidate.digest,
        version: &candidate.description.version,
        state: State::NotAdded,
        added_at: None,
        permissions: requests,
        more,
        less,
        undecided: requests.iter().filter(|_| waits).filter(is_open).cloned().collect(),
    }
}
