//! A copy from one tenant to another, and what a move deletes afterwards.
//!
//! The journal of a transfer is named as its run and lies in the target. Its state is `copying` while media is put in
//! place, `ready` with the one transaction in which all rows come to be there, and `moved` once a move has deleted what it
//! had to; so a run that is resumed, and one that takes it back, know how far it was.

use std::collections::HashMap;

use encargo_sdk::journal::{Entry, Journal, kept};
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;
use serde::{Deserialize, Serialize};

use crate::copying::{Arrived, Copying, Ready};
use crate::counterpart::{came_to, counterparts, source_key};
use crate::rows::{Agent, Document, Kind, KnowledgeItem, MediaFile, Tool};
use crate::told::{Copied, Told};
use crate::{media, moving, settings, sql};
use encargo_sdk::secrets::without_secrets;

/// The command's name in journals.
pub(crate) const COMMAND: &str = "migrate_tenant_data";

/// Kinds of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum What {
    /// Agents and the tools that they have.
    Agents,
    /// Items, documents and files with their media.
    Knowledge,
    /// Settings.
    Settings,
}

/// What happens to what is there already and says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum OnConflict {
    /// It stays as it is.
    Skip,
    /// It takes what the source says.
    Overwrite,
    /// The source's comes beside it under another name; settings are skipped.
    Rename,
    /// Nothing is copied.
    Fail,
}

/// What was asked for.
pub(crate) struct Asked {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) types: Choices<What>,
    pub(crate) on_conflict: OnConflict,
    pub(crate) is_move: bool,
    pub(crate) include_secrets: bool,
}

impl Asked {
    pub(crate) fn wants(&self, what: What) -> bool {
        self.types.iter().any(|wanted| wanted == what)
    }

    /// Whether all kinds were asked for, and with them tools that no agent has.
    fn wants_all(&self) -> bool {
        [What::Agents, What::Knowledge, What::Settings].into_iter().all(|what| self.wants(what))
    }
}

/// What a journal says of its transfer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Details {
    pub(crate) from: String,
    pub(crate) is_move: bool,
}

/// A tool's link to its agent.
#[derive(Debug, Clone, Serialize, Deserialize, ToRow, FromRow)]
pub(crate) struct Link {
    pub(crate) agent_id: i64,
    pub(crate) tool_id: i64,
    pub(crate) created_at: Instant,
}

impl Link {
    /// The relation, as journals name it.
    pub(crate) const RELATION: &'static str = "agent_tools";

    /// How a journal names it.
    pub(crate) fn key(&self) -> String {
        format!("{},{}", self.agent_id, self.tool_id)
    }

    /// Where links are written; one that is there stays.
    pub(crate) fn into() -> Writer {
        Writer::into(Self::RELATION).key(["agent_id", "tool_id"]).skip()
    }
}

/// Copies what was asked for, and deletes it from the source where it was to be moved.
pub(crate) fn transfer(run: &Run, asked: &Asked) -> Result<Report> {
    let target = tenants::open(&asked.to)?;
    let source = tenants::open_beside(&asked.from)?;
    let mut journal = begin(run, asked, &target)?;
    let mut told = Told::default();
    if journal.state == "copying" {
        let snapshot = source.begin_read_only()?;
        if asked.wants(What::Knowledge) {
            let ends = [asked.from.as_str(), asked.to.as_str()];
            media::copy(run, ends, &snapshot, &target, &journal, asked.on_conflict)?;
        }
        let transaction = target.begin()?;
        told.copied = copy(run, asked, &snapshot, &transaction, &journal)?;
        let is_verified = told.copied.iter().all(Copied::is_verified);
        let conflicts = told.check_conflicts(&asked.to);
        if !is_verified || conflicts.is_err() {
            transaction.rollback()?;
            snapshot.rollback()?;
            crate::undo::take_back_media(run, &asked.to, &target, journal)?;
            conflicts?;
            return Ok(told.report(&asked.from, &asked.to, asked.is_move).outcome(Outcome::VerificationFailed).note(
                text!(
                    "what was written did not read back as it was, so nothing was copied",
                    "lo escrito no se leyó como era, así que no se copió nada"
                ),
            ));
        }
        let details = journal.details.clone();
        journal.change(&transaction, run, "ready", &details)?;
        transaction.commit()?;
        snapshot.rollback()?;
    } else {
        let run = run.id();
        told.notes.push(text!(
            "the rows were copied by an earlier attempt of the run {run}",
            "las filas las copió un intento anterior de la ejecución {run}"
        ));
    }
    if asked.is_move {
        drop((target, source));
        told.moved = moving::delete_from_source(run, asked)?;
        let target = tenants::open(&asked.to)?;
        let transaction = target.begin()?;
        let details = journal.details.clone();
        journal.change(&transaction, run, "moved", &details)?;
        transaction.commit()?;
    }
    let failed: u64 = told.copied.iter().map(|copied| copied.failed).sum();
    if failed > 0 {
        told.notes.push(text!(
            "{failed} files were not copied: their media is missing or not what their rows say; `validate_system` names them",
            "{failed} archivos no se copiaron: su contenido falta o no es el que dicen sus filas; `validate_system` los nombra"
        ));
    }
    let id = run.id();
    told.notes.push(text!(
        "take it back with `migrate_tenant_data --undo={id}`",
        "deshágalo con `migrate_tenant_data --undo={id}`"
    ));
    Ok(told.report(&asked.from, &asked.to, asked.is_move))
}

/// The run's journal: its own from an earlier attempt, or a new one.
fn begin(run: &Run, asked: &Asked, target: &Database) -> Result<Journal> {
    let transaction = target.begin()?;
    let journal = match Journal::find(&transaction, COMMAND, run.id())? {
        Some(journal) => journal,
        None => {
            let details = kept(&Details { from: asked.from.clone(), is_move: asked.is_move })?;
            Journal::begin(&transaction, run, COMMAND, run.id(), "copying", &details)?
        }
    };
    transaction.commit()?;
    Ok(journal)
}

fn copy(
    run: &Run,
    asked: &Asked,
    source: &Transaction,
    target: &Transaction,
    journal: &Journal,
) -> Result<Vec<Copied>> {
    let Asked { from, on_conflict, include_secrets, .. } = asked;
    let copying = Copying { run, from, source, target, journal, on_conflict: *on_conflict };
    let mut copied = Vec::new();
    if asked.wants(What::Agents) {
        copied.extend(agents(&copying, asked.wants_all(), *include_secrets)?);
    }
    if asked.wants(What::Knowledge) {
        copied.extend(knowledge(&copying)?);
    }
    if asked.wants(What::Settings) {
        copied.push(settings::copy(&copying, *include_secrets)?);
    }
    Ok(copied)
}

/// Tools before the agents that have them.
fn agents(copying: &Copying<'_>, all_tools: bool, include_secrets: bool) -> Result<[Copied; 3]> {
    let all = if all_tools { Tool::ALL } else { sql::TOOLS_IN_USE };
    let mut tools = HashMap::new();
    let prepare = |tool: &mut Tool| {
        match without_secrets(&tool.configuration).filter(|_| !include_secrets) {
            Some(configuration) => tool.configuration = configuration,
            None => return Ok(Ready::Yes),
        }
        Ok(Ready::WithoutSecrets)
    };
    let copied_tools = copying.relation(all, prepare, |came| {
        tools.extend(came.iter().map(|came| (came.source, came.target)));
        Ok(())
    })?;
    let mut links = Copied::of(Link::RELATION);
    let copied_agents =
        copying.relation::<Agent>(Agent::ALL, |_| Ok(Ready::Yes), |came| link(copying, came, &tools, &mut links))?;
    Ok([copied_tools, copied_agents, links])
}

/// Gives the agents that were written the tools that they have in the source.
fn link(copying: &Copying<'_>, came: &[Arrived], tools: &HashMap<i64, i64>, copied: &mut Copied) -> Result<()> {
    for agent in came.iter().filter(|agent| agent.is_written) {
        for tool in copying.source.rows::<i64>(sql::LINKS, &[&agent.source])? {
            copied.source += 1;
            let Some(&tool_id) = tools.get(&tool) else {
                copied.failed += 1;
                continue;
            };
            let link = Link { agent_id: agent.target, tool_id, created_at: copying.run.started_at() };
            if copying.target.write_rows(&Link::into(), [&link])?.inserted == 1 {
                copied.created += 1;
                copying.journal.note(copying.target, &[Entry::created(Link::RELATION, link.key(), "")])?;
            } else {
                copied.unchanged += 1;
            }
        }
    }
    Ok(())
}

/// Documents before the files that belong to them.
fn knowledge(copying: &Copying<'_>) -> Result<[Copied; 3]> {
    let items = copying.relation::<KnowledgeItem>(KnowledgeItem::ALL, |_| Ok(Ready::Yes), |_| Ok(()))?;
    let mut documents = HashMap::new();
    let copied_documents = copying.relation::<Document>(
        Document::ALL,
        |_| Ok(Ready::Yes),
        |came| {
            documents.extend(came.iter().map(|came| (came.source, came.target)));
            Ok(())
        },
    )?;
    let prepare = |file: &mut MediaFile| {
        let there = counterparts(copying.from, std::slice::from_ref(file), copying.target)?;
        let is_created = media::is_created(file, there.get(&file.id), copying.on_conflict);
        file.document_id = file.document_id.and_then(|id| documents.get(&id).copied());
        if !is_created {
            return Ok(Ready::Yes);
        }
        let key = source_key(copying.from, file.id);
        match came_to(media::RELATION, std::iter::once(key.clone()), copying.target)?.remove(&key) {
            Some(name) => file.name = name,
            None => return Ok(Ready::No),
        }
        Ok(Ready::Yes)
    };
    // Media is never replaced: what would be overwritten comes under another name.
    let on_conflict =
        if copying.on_conflict == OnConflict::Overwrite { OnConflict::Rename } else { copying.on_conflict };
    let files = Copying { on_conflict, ..*copying }.relation(MediaFile::ALL, prepare, |_| Ok(()))?;
    Ok([items, copied_documents, files])
}
