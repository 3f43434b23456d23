//! Takes the demo back: what is as it was made goes, what people changed or use is theirs from now on.

use encargo_sdk::journal::Entry;
use encargo_sdk::prelude::*;

use crate::demo::Demo;
use crate::kind::Kind;
use crate::look::{fingerprint, id_of};
use crate::media;
use crate::sql;

/// How many of the things that are kept are named.
const NAMED: usize = 5;

/// What was taken back.
pub(crate) struct Removed {
    pub(crate) tally: Tally,
    /// Files whose rows are gone, with their hashes: they go once the transaction is committed.
    pub(crate) files: Vec<(String, String)>,
    /// The keys of what was changed or is used, and therefore kept.
    kept: Vec<String>,
}

/// Removes what the journal names and is unchanged, and the journal.
pub(crate) fn remove(demo: Demo<'_>) -> Result<Removed> {
    let mut removed = Removed { tally: Tally::default(), files: Vec::new(), kept: Vec::new() };
    for kind in Kind::REMOVED {
        let (mut deleted, mut others) = (0, 0);
        for entry in demo.entries(kind) {
            match fingerprint(demo.transaction, kind, &entry.row_key)? {
                None => {}
                Some(now) if now == entry.hash && !is_used(demo.transaction, kind, entry)? => {
                    delete(demo.transaction, kind, entry, &mut removed)?;
                    deleted += 1;
                }
                Some(_) => {
                    others += 1;
                    removed.kept.push(entry.source_key.clone().unwrap_or_default());
                }
            }
        }
        removed.tally.add(kind.relation(), Action::Deleted, deleted);
        if others > 0 {
            removed.tally.add(kind.relation(), Action::Kept, others);
        }
    }
    demo.journal.remove(demo.transaction)?;
    Ok(removed)
}

impl Removed {
    /// A sentence about what was kept, if anything was.
    pub(crate) fn about_kept(&self) -> Option<String> {
        let (n, more) = (self.kept.len(), if self.kept.len() > NAMED { ", ..." } else { "" });
        let names = self.kept.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        (n > 0).then(|| {
            text!(
                "{n} changed or used since and therefore kept, as the tenant's own from now on: {names}{more}",
                "{n} cambiados o usados desde entonces y por eso conservados, en adelante propios del inquilino: {names}{more}"
            )
        })
    }
}

/// Removes the files of documents that are gone. One that is not as it was made stays.
pub(crate) fn remove_files(removed: &mut Removed) -> Result<()> {
    for (name, hash) in std::mem::take(&mut removed.files) {
        if media::remove(&name, &hash)? {
            removed.tally.add("files", Action::Deleted, 1);
        } else {
            removed.tally.add("files", Action::Kept, 1);
            removed.tally.note(text!(
                "the file `{name}` is not what it was and is kept",
                "el archivo `{name}` ya no es el que era y se conserva"
            ));
        }
    }
    Ok(())
}

/// Whether something that stays needs it.
fn is_used(transaction: &Transaction, kind: Kind, entry: &Entry) -> Result<bool> {
    let statement = match kind {
        Kind::Agents => sql::CHATS_OF_AGENT,
        Kind::Tools => sql::AGENTS_OF_TOOL,
        _ => return Ok(false),
    };
    Ok(transaction.row::<i64>(statement, &[&id_of(&entry.row_key)?])?.is_some_and(|n| n > 0))
}

fn delete(transaction: &Transaction, kind: Kind, entry: &Entry, removed: &mut Removed) -> Result<()> {
    if kind == Kind::Settings {
        return transaction.execute(sql::DELETE_SETTING, &[&entry.row_key]).map(drop);
    }
    let id = id_of(&entry.row_key)?;
    let statements: &[(&str, &str)] = match kind {
        Kind::Chats => &[
            ("sentiments", sql::DELETE_SENTIMENTS),
            ("feedback", sql::DELETE_FEEDBACK),
            ("messages", sql::DELETE_MESSAGES),
            ("", sql::DELETE_CHAT),
        ],
        Kind::Documents => {
            removed.files.extend(transaction.rows::<(String, String)>(sql::LOOK_AT_FILES, &[&id])?);
            &[("", sql::DELETE_FILES), ("", sql::DELETE_DOCUMENT)]
        }
        Kind::Agents => &[("", sql::DELETE_LINKS), ("", sql::DELETE_AGENT)],
        Kind::Tools => &[("", sql::DELETE_TOOL)],
        Kind::Knowledge => &[("", sql::DELETE_ITEM)],
        Kind::Logs => &[("", sql::DELETE_LOG)],
        Kind::Settings | Kind::Events => &[("", sql::DELETE_EVENT)],
    };
    for (counted, statement) in statements {
        let n = transaction.execute(statement, &[&id])?;
        if !counted.is_empty() {
            removed.tally.add(counted, Action::Deleted, n);
        }
    }
    Ok(())
}
