//! `encargo commands versions`, `rollback` and `remove`.

use std::collections::BTreeSet;

use encargo_catalog::{Catalog, Source};
use encargo_model::{Clock, Exit, SystemClock};

use super::add::stands;
use super::not_found;
use super::version::{State, VersionRecord};
use crate::error::Problem;
use crate::output::{Summary, Word};
use crate::session::Session;
use crate::wiring::Installation;

pub(super) fn versions(session: &Session, name: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let installation = Installation::open(&session.configuration)?;
    let catalog = installation.catalog();
    let rows = match catalog.find_added(name) {
        Some(added) => {
            let records: Vec<_> = added.versions.iter().map(|version| VersionRecord::of(added, version)).collect();
            records.iter().for_each(|record| output.record(record));
            records.iter().map(|record| record.cells(language)).collect()
        }
        None => ran(session, &installation, catalog, name)?,
    };
    let columns = [Word::Digest, Word::Version, Word::When, Word::State, Word::Permissions];
    output.list(&columns.map(|column| column.get(language)), &rows);
    Ok(Summary::of_verb("commands versions", Exit::Done, Word::VersionsFound.with(language, &[&name, &rows.len()])))
}

/// The versions of a command that was not added: the one that is there, and those that ever ran.
fn ran(
    session: &Session,
    installation: &Installation,
    catalog: &Catalog,
    name: &str,
) -> Result<Vec<Vec<String>>, Problem> {
    let command = catalog.find(name).map_err(not_found)?;
    let now = catalog.load(&command, None, SystemClock.now())?.digest;
    let requests: BTreeSet<_> = command.description.permissions.iter().cloned().collect();
    let record = |state, digest, version, added_at, permissions| {
        let (more, less, undecided) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let record =
            VersionRecord { command: name, digest, version, state, added_at, permissions, more, less, undecided };
        session.output.record(&record);
        let mut cells = record.cells(session.language());
        // What an earlier one asked for is not known any more.
        cells[4] = String::new();
        cells
    };
    let seen = installation.versions_that_ran(name)?;
    let mut rows = Vec::new();
    if !seen.iter().any(|version| version.digest == now) {
        rows.push(record(State::InForce, &now, &command.description.version, None, &requests));
    }
    let none = BTreeSet::new();
    for version in &seen {
        let is_now = version.digest == now;
        let state = if is_now { State::InForce } else { State::Earlier };
        let asked = if is_now { &requests } else { &none };
        rows.push(record(state, &version.digest, &version.version, Some(version.first_seen_at.to_string()), asked));
    }
    Ok(rows)
}

pub(super) fn rollback(session: &Session, name: &str) -> Result<Summary, Problem> {
    let (output, language) = (&session.output, session.language());
    let installation = Installation::open(&session.configuration)?;
    installation.wait(installation.catalog().roll_back(name)).map_err(not_found)?;
    let catalog = installation.changed_catalog()?;
    let added = catalog.find_added(name);
    let sentence = added.map_or_else(String::new, |added| stands(added, language));
    output.result(&sentence);
    if let Some((added, version)) = added.and_then(|added| Some((added, added.wanted()?))) {
        output.record(&VersionRecord::of(added, version));
    }
    Ok(Summary::of_verb("commands rollback", Exit::Done, sentence))
}

pub(super) fn remove(session: &Session, name: &str) -> Result<Summary, Problem> {
    let language = session.language();
    let installation = Installation::open(&session.configuration)?;
    installation.wait(installation.catalog().remove(name)).map_err(not_found)?;
    let is_back =
        matches!(installation.changed_catalog()?.find(name).map(|command| command.source), Ok(Source::Packaged));
    let word = if is_back { Word::RemovedPackaged } else { Word::RemovedCommand };
    let sentence = word.with(language, &[&name]);
    session.output.result(&sentence);
    Ok(Summary::of_verb("commands remove", Exit::Done, sentence))
}
