//! Takes a copy or a move back, by the journals that it left.
//!
//! First what a move deleted comes back to the source, then what was made in the target goes, unless somebody has changed it
//! since. Both can be interrupted and begun again: what was taken back is no more in the journal.

use encargo_sdk::files;
use encargo_sdk::journal::{Done, Entry, Journal, read_back};
use encargo_sdk::prelude::*;
use encargo_sdk::tenants;

use crate::media::{self, root_of};
use crate::moving::in_one;
use crate::rows::{Agent, Document, Kind, KnowledgeItem, MediaFile, Setting, Tool};
use crate::transfer::{COMMAND, Details, Link};
use crate::{settings, sql};

/// Takes back what the run with this id did.
pub(crate) fn undo(run: &Run, id: &str) -> Result<Report> {
    let Some((to, journal)) = find(id)? else {
        let message = text!(
            "no tenant has a copy or a move of the run `{id}` to take back",
            "ningún inquilino tiene una copia o un traslado de la ejecución `{id}` que deshacer"
        );
        return Err(Error::new(ErrorCode::NotFound, message));
    };
    let details: Details = read_back(&journal.details)?;
    let mut tally = Tally::default();
    if details.is_move {
        bring_back(run, id, [&details.from, &to], &mut tally)?;
    }
    let target = tenants::open(&to)?;
    remove(run, &target, &journal, &mut tally)?;
    let kept = tally.all(Action::Kept);
    tally.take_in(&take_back_media(run, &to, &target, journal)?);
    if kept > 0 {
        tally.note(text!(
            "{kept} rows were changed since, or are in use, and stay as they are",
            "{kept} filas se cambiaron después, o están en uso, y quedan como están"
        ));
    }
    let deleted = tally.all(Action::Deleted);
    Ok(tally.report(text!(
        "Took back the run {id}: {deleted} rows and files were removed from `{to}`",
        "Se deshizo la ejecución {id}: se quitaron {deleted} filas y archivos de `{to}`"
    )))
}

/// The target of a run's transfer, and the journal in it.
fn find(id: &str) -> Result<Option<(String, Journal)>> {
    for slug in tenants::list()? {
        let database = tenants::open(&slug)?;
        let transaction = database.begin_read_only()?;
        let journal = Journal::find(&transaction, COMMAND, id)?;
        transaction.rollback()?;
        // The source of a move has one too, of what was deleted there.
        if let Some(journal) = journal.filter(|journal| journal.state != "deleting") {
            return Ok(Some((slug, journal)));
        }
    }
    Ok(None)
}

/// Brings back to the source what a move deleted there.
fn bring_back(run: &Run, id: &str, [from, to]: [&str; 2], tally: &mut Tally) -> Result<()> {
    let source = tenants::open(from)?;
    let transaction = source.begin()?;
    let Some(journal) = Journal::find(&transaction, COMMAND, id)? else { return transaction.rollback() };
    transaction.commit()?;
    let back = Back { run, database: &source, journal: &journal };
    back.rows::<Tool>(tally, |_| Ok(true))?;
    back.rows::<Agent>(tally, |_| Ok(true))?;
    back.links(tally)?;
    back.rows::<KnowledgeItem>(tally, |_| Ok(true))?;
    back.rows::<Document>(tally, |_| Ok(true))?;
    let names = [root_of(from), root_of(to)];
    let [source_root, target_root] = [files::root(&names[0]), files::root(&names[1])];
    let place = |file: &MediaFile| {
        // The copy may have another name; its bytes are known.
        for name in came_as(to, from, file)? {
            let copy = MediaFile { name, ..file.clone() };
            if media::place(&target_root, &source_root, &copy, &file.name)? == media::Media::There {
                return Ok(true);
            }
        }
        Ok(false)
    };
    back.rows::<MediaFile>(tally, place)?;
    back.settings(tally)?;
    let transaction = source.begin()?;
    journal.remove(&transaction)?;
    transaction.commit()
}

/// The names that a file of the source may have in the target.
fn came_as(to: &str, from: &str, file: &MediaFile) -> Result<Vec<String>> {
    let target = tenants::open_beside(to)?;
    let key = crate::counterpart::source_key(from, file.id);
    let came = crate::counterpart::came_to(media::RELATION, std::iter::once(key), &target)?;
    Ok(came.into_values().chain([file.name.clone()]).collect())
}

struct Back<'a> {
    run: &'a Run,
    database: &'a Database,
    journal: &'a Journal,
}

impl Back<'_> {
    /// Writes the rows of a relation again that are not there; `ready` puts in place what they need.
    fn rows<K: Kind>(&self, tally: &mut Tally, ready: impl Fn(&K) -> Result<bool>) -> Result<()> {
        self.each(K::RELATION, |transaction, entry| {
            let row: K = read_back(entry.before.as_deref().unwrap_or_default())?;
            let is_taken = match row.key() {
                Some(key) => !transaction.rows::<K>(K::BY_KEY, &in_one(&key.to_owned()))?.is_empty(),
                None => false,
            };
            if is_taken || transaction.row::<K>(K::BY_ID, &[&row.id()])?.is_some() {
                tally.add(K::RELATION, Action::Unchanged, 1);
            } else if ready(&row)? {
                transaction.write_rows(&Writer::into(K::RELATION), [&row])?;
                tally.add(K::RELATION, Action::Created, 1);
            } else {
                tally.add(K::RELATION, Action::Failed, 1);
            }
            Ok(())
        })
    }

    fn links(&self, tally: &mut Tally) -> Result<()> {
        self.each(Link::RELATION, |transaction, entry| {
            let link: Link = read_back(entry.before.as_deref().unwrap_or_default())?;
            let counts = transaction.write_rows(&Link::into(), [&link])?;
            tally.add(Link::RELATION, Action::Created, counts.inserted);
            Ok(())
        })
    }

    fn settings(&self, tally: &mut Tally) -> Result<()> {
        self.each(settings::RELATION, |transaction, entry| {
            let setting: Setting = read_back(entry.before.as_deref().unwrap_or_default())?;
            if transaction.row::<Setting>(sql::SETTING, &[&setting.name])?.is_none() {
                transaction.write_rows(&settings::into(), [&setting])?;
                tally.add(settings::RELATION, Action::Created, 1);
            }
            Ok(())
        })
    }

    /// Goes through the entries of a relation, a page in a transaction, and forgets each that was taken back.
    fn each(&self, relation: &str, mut back: impl FnMut(&Transaction, &Entry) -> Result<()>) -> Result<()> {
        loop {
            self.run.check()?;
            let transaction = self.database.begin()?;
            let Some(page) = self.journal.entries(&transaction, relation, None).next().transpose()? else {
                return transaction.rollback();
            };
            for entry in &page {
                back(&transaction, entry)?;
                self.journal.forget(&transaction, entry)?;
            }
            transaction.commit()?;
        }
    }
}

/// Removes from the target what was made there, and gives back what was overwritten, in one transaction.
fn remove(run: &Run, target: &Database, journal: &Journal, tally: &mut Tally) -> Result<()> {
    run.check()?;
    let transaction = target.begin()?;
    let removing = Removing { transaction: &transaction, journal };
    removing.settings(tally)?;
    removing.rows::<MediaFile>(tally, None)?;
    removing.rows::<Document>(tally, Some(sql::LINKS_OF_DOCUMENT))?;
    removing.rows::<KnowledgeItem>(tally, None)?;
    removing.links(tally)?;
    removing.rows::<Agent>(tally, Some(sql::CHATS_OF_AGENT))?;
    removing.rows::<Tool>(tally, Some(sql::LINKS_OF_TOOL))?;
    transaction.commit()
}

struct Removing<'a> {
    transaction: &'a Transaction,
    journal: &'a Journal,
}

impl Removing<'_> {
    fn each(&self, relation: &str, mut one: impl FnMut(&Entry) -> Result<()>) -> Result<()> {
        for page in self.journal.entries(self.transaction, relation, None) {
            page?.iter().try_for_each(&mut one)?;
        }
        Ok(())
    }

    /// Takes back the rows of a relation that are as they were left and that nothing uses; `uses` counts what does.
    fn rows<K: Kind>(&self, tally: &mut Tally, uses: Option<&str>) -> Result<()> {
        self.each(K::RELATION, |entry| {
            let id: i64 = entry.row_key.parse().unwrap_or_default();
            let Some(row) = self.transaction.row::<K>(K::BY_ID, &[&id])? else {
                return self.journal.forget(self.transaction, entry);
            };
            let used: Option<u64> = uses.map_or(Ok(None), |uses| self.transaction.row(uses, &[&id]))?;
            let is_created = entry.action == Done::Created.word();
            if row.state() != entry.hash || (is_created && used > Some(0)) {
                tally.add(K::RELATION, Action::Kept, 1);
                return Ok(());
            }
            if is_created {
                self.transaction.execute(K::DELETE, &[&id])?;
                tally.add(K::RELATION, Action::Deleted, 1);
            } else {
                let before: K = read_back(entry.before.as_deref().unwrap_or_default())?;
                self.transaction.write_rows(&Writer::into(K::RELATION).key(["id"]).update(), [&before])?;
                tally.add(K::RELATION, Action::Updated, 1);
            }
            self.journal.forget(self.transaction, entry)
        })
    }

    fn links(&self, tally: &mut Tally) -> Result<()> {
        self.each(Link::RELATION, |entry| {
            let ids =
                entry.row_key.split_once(',').and_then(|(a, t)| Some((a.parse::<i64>().ok()?, t.parse::<i64>().ok()?)));
            if let Some((agent, tool)) = ids {
                let deleted = self.transaction.execute(sql::UNLINK, &[&agent, &tool])?;
                tally.add(Link::RELATION, Action::Deleted, deleted);
            }
            self.journal.forget(self.transaction, entry)
        })
    }

    fn settings(&self, tally: &mut Tally) -> Result<()> {
        self.each(settings::RELATION, |entry| {
            match self.transaction.row::<Setting>(sql::SETTING, &[&entry.row_key])? {
                None => {}
                Some(setting) if setting.state() != entry.hash => {
                    tally.add(settings::RELATION, Action::Kept, 1);
                    return Ok(());
                }
                Some(_) if entry.action == Done::Created.word() => {
                    self.transaction.execute(sql::DELETE_SETTING, &[&entry.row_key])?;
                    tally.add(settings::RELATION, Action::Deleted, 1);
                }
                Some(_) => {
                    let before: Setting = read_back(entry.before.as_deref().unwrap_or_default())?;
                    self.transaction.write_rows(&settings::into(), [&before])?;
                    tally.add(settings::RELATION, Action::Updated, 1);
                }
            }
            self.journal.forget(self.transaction, entry)
        })
    }
}

/// Removes the media that a transfer brought and that no row speaks of, and then its journal.
pub(crate) fn take_back_media(run: &Run, to: &str, target: &Database, journal: Journal) -> Result<Tally> {
    let mut tally = Tally::default();
    let name = root_of(to);
    let root = files::root(&name);
    let transaction = target.begin_read_only()?;
    for page in journal.entries(&transaction, media::RELATION, None) {
        for entry in page? {
            run.check()?;
            let is_used = !transaction.rows::<MediaFile>(MediaFile::BY_KEY, &in_one(&entry.row_key))?.is_empty();
            // Another file of that name is not what the transfer brought.
            if is_used || encargo_sdk::media::sha256_of(&root, &entry.row_key)?.is_none_or(|hash| hash != entry.hash) {
                continue;
            }
            root.remove(&entry.row_key)?;
            tally.add(media::RELATION, Action::Deleted, 1);
        }
    }
    transaction.rollback()?;
    let transaction = target.begin()?;
    journal.remove(&transaction)?;
    transaction.commit()?;
    Ok(tally)
}
