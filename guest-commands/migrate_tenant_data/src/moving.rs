//! What a move deletes from its source: what the target has with the same content, in short transactions.
//!
//! Each transaction notes the rows as they were in a journal of the source's, also named as the run, so that taking the move
//! back brings them back as they were.

use encargo_sdk::files;
use encargo_sdk::journal::{Entry, Journal, kept, read_back};
use encargo_sdk::media::sha256_of;
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;

use crate::counterpart::counterparts;
use crate::media::root_of;
use crate::rows::{Agent, Document, Kind, KnowledgeItem, MediaFile, Setting, Tool};
use crate::transfer::{Asked, COMMAND, Details, Link, What};
use crate::{settings, sql};

struct Moving<'a> {
    run: &'a Run,
    from: &'a str,
    source: &'a Database,
    target: &'a Database,
    journal: Journal,
    tally: Tally,
}

/// Deletes from the source what the target has, and says what stays with its reason.
pub(crate) fn delete_from_source(run: &Run, asked: &Asked) -> Result<Tally> {
    let source = tenants::open(&asked.from)?;
    let target = tenants::open_beside(&asked.to)?;
    let transaction = source.begin()?;
    let journal = match Journal::find(&transaction, COMMAND, run.id())? {
        Some(journal) => journal,
        None => {
            let details = kept(&Details { from: asked.from.clone(), is_move: true })?;
            Journal::begin(&transaction, run, COMMAND, run.id(), "deleting", &details)?
        }
    };
    transaction.commit()?;
    let mut moving =
        Moving { run, from: &asked.from, source: &source, target: &target, journal, tally: Tally::default() };
    if asked.wants(What::Settings) {
        moving.settings(asked.include_secrets)?;
    }
    if asked.wants(What::Knowledge) {
        moving.relation(|_, _: &MediaFile| Ok(None))?;
        moving.media()?;
        moving.relation(|transaction, document: &Document| {
            let files: Option<u64> = transaction.row(sql::LINKS_OF_DOCUMENT, &[&document.id])?;
            Ok((files > Some(0)).then(|| text!("files of theirs stay", "se quedan archivos suyos")))
        })?;
        moving.relation(|_, _: &KnowledgeItem| Ok(None))?;
    }
    if asked.wants(What::Agents) {
        moving.relation(|transaction, agent: &Agent| {
            let chats: Option<u64> = transaction.row(sql::CHATS_OF_AGENT, &[&agent.id])?;
            Ok((chats > Some(0)).then(|| text!("they have chats, which stay", "tienen chats, que se quedan")))
        })?;
        moving.relation(|transaction, tool: &Tool| {
            let links: Option<u64> = transaction.row(sql::LINKS_OF_TOOL, &[&tool.id])?;
            Ok((links > Some(0)).then(|| text!("agents that stay have them", "los tienen agentes que se quedan")))
        })?;
    }
    Ok(moving.tally)
}

impl Moving<'_> {
    /// Deletes the rows of one relation that the target has and that nothing holds; `holds` says what does.
    fn relation<K: Kind>(&mut self, holds: impl Fn(&Transaction, &K) -> Result<Option<String>>) -> Result<()> {
        let deleting = Phase::new(text!("deleting from the source", "borrando del origen"), K::RELATION);
        let (mut after, mut done) = (i64::MIN, 0);
        let mut kept_for: Vec<(String, u64)> = Vec::new();
        loop {
            self.run.check()?;
            self.run.progress(&deleting, done);
            let transaction = self.source.begin()?;
            let rows: Vec<K> = transaction.rows(K::PAGE, &[&after])?;
            let Some(last) = rows.last() else { break };
            after = last.id();
            let there = counterparts(self.from, &rows, self.target)?;
            for row in &rows {
                done += 1;
                let is_there = there.get(&row.id()).is_some_and(|other| other.row.content() == row.content());
                let held = match is_there {
                    true => holds(&transaction, row)?,
                    false => Some(text!("the target has them otherwise", "el destino los tiene de otra forma")),
                };
                match held {
                    None => self.delete(&transaction, row)?,
                    Some(reason) => match kept_for.iter_mut().find(|(known, _)| *known == reason) {
                        Some((_, n)) => *n += 1,
                        None => kept_for.push((reason, 1)),
                    },
                }
            }
            transaction.commit()?;
        }
        for (reason, n) in kept_for {
            self.tally.add(K::RELATION, Action::Kept, n);
            let (relation, from) = (K::RELATION, self.from);
            self.tally.note(text!(
                "{n} {relation} stay in `{from}`: {reason}",
                "{n} {relation} se quedan en `{from}`: {reason}"
            ));
        }
        Ok(())
    }

    fn delete<K: Kind>(&mut self, transaction: &Transaction, row: &K) -> Result<()> {
        let mut entries = vec![Entry::deleted(K::RELATION, row.id(), kept(row)?)];
        if K::RELATION == Agent::RELATION {
            for link in transaction.rows::<Link>(sql::WHOLE_LINKS, &[&row.id()])? {
                transaction.execute(sql::UNLINK, &[&link.agent_id, &link.tool_id])?;
                entries.push(Entry::deleted(Link::RELATION, link.key(), kept(&link)?));
            }
        }
        self.journal.note(transaction, &entries)?;
        let deleted = transaction.execute(K::DELETE, &[&row.id()])?;
        self.tally.add(K::RELATION, Action::Deleted, deleted);
        Ok(())
    }

    fn settings(&mut self, include_secrets: bool) -> Result<()> {
        let mut after = String::new();
        loop {
            self.run.check()?;
            let transaction = self.source.begin()?;
            let page: Vec<Setting> = transaction.rows(sql::SETTINGS, &[&after])?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.name);
            for setting in page {
                let there: Option<Setting> = self.target.row(sql::SETTING, &[&setting.name])?;
                let is_left = encargo_sdk::secrets::is_secret(&setting.name) && !include_secrets;
                if is_left || there.is_none_or(|there| there.value != setting.value) {
                    self.tally.add(settings::RELATION, Action::Kept, 1);
                    continue;
                }
                self.journal
                    .note(&transaction, &[Entry::deleted(settings::RELATION, &setting.name, kept(&setting)?)])?;
                let deleted = transaction.execute(sql::DELETE_SETTING, &[&setting.name])?;
                self.tally.add(settings::RELATION, Action::Deleted, deleted);
            }
            transaction.commit()?;
        }
    }

    /// Removes the media of the files whose rows are gone: by the journal, so that an interrupted move finds them again.
    fn media(&mut self) -> Result<()> {
        let name = root_of(self.from);
        let root = files::root(&name);
        let transaction = self.source.begin_read_only()?;
        // An earlier move may have been killed between its rows and their media, and had a journal of its own.
        let journals = Journal::all(&transaction, COMMAND)?;
        let moves = journals.iter().filter(|journal| journal.state == "deleting");
        for page in moves.flat_map(|journal| journal.entries(&transaction, MediaFile::RELATION, None)) {
            for entry in page? {
                self.run.check()?;
                let file: MediaFile = read_back(entry.before.as_deref().unwrap_or_default())?;
                let is_used = !transaction.rows::<MediaFile>(MediaFile::BY_KEY, &in_one(&file.name))?.is_empty();
                // Another file that has the name since is not what was moved.
                if !is_used && sha256_of(&root, &file.name)?.is_some_and(|hash| hash == file.sha256) {
                    root.remove(&file.name)?;
                    self.tally.add("media", Action::Deleted, 1);
                }
            }
        }
        transaction.rollback()
    }
}

/// One name for a statement that looks up a hundred.
pub(crate) fn in_one(name: &String) -> Vec<&dyn ToValue> {
    encargo_sdk::sql::in_hundred(std::slice::from_ref(name)).unwrap_or_default()
}
