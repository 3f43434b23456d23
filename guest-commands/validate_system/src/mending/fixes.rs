//! The fixers. None of them guesses or removes a row: a name that leads nowhere is taken out, as the schema itself does it
//! when the row behind the name goes, and what is worked out from other columns is worked out again.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::journal::Entry;
use encargo_sdk::knowledge::{Absent, Hasher, Item};
use encargo_sdk::pages::pages;
use encargo_sdk::prelude::*;
use serde_json::{Value as Json, json};

use super::Mending;
use crate::issues::{Issue, chats, knowledge, media, records};
use crate::sql;

/// What mends issues of one relation. A relation has one fixer, so that a row stands in a journal once.
pub(crate) struct Fixer {
    pub(crate) issues: &'static [&'static Issue],
    pub(crate) relation: &'static str,
    pub(super) mend: fn(&Mending<'_>) -> Result<()>,
}

pub(crate) static ALL: &[Fixer] = &[
    Fixer { issues: &[&chats::WITHOUT_AGENT], relation: "chats", mend: chat_agents },
    Fixer { issues: &[&chats::SENTIMENT_OF_ANOTHER_CHAT], relation: "sentiments", mend: sentiment_chats },
    Fixer { issues: &[&media::WITHOUT_DOCUMENT], relation: "files", mend: file_documents },
    Fixer { issues: &[&records::EVENT_CHAT, &records::EVENT_AGENT], relation: "analytics_events", mend: events },
    Fixer { issues: &[&knowledge::CONTENT_HASH], relation: "knowledge_items", mend: content_hashes },
];

/// What a row's mended columns look like, to see later whether somebody changed them.
pub(super) fn hash(values: &[&dyn ToValue]) -> String {
    let mut fingerprint = Fingerprint::default();
    fingerprint.row(values);
    fingerprint.finish()
}

/// Goes through rows a page at a time in the order of their ids; `change` answers a row as it was, and its hash afterwards.
fn each<T: FromRow>(
    mending: &Mending<'_>,
    relation: &str,
    find: &str,
    id: impl Fn(&T) -> i64,
    mut change: impl FnMut(&T) -> Result<Option<(Json, String)>>,
) -> Result<()> {
    let page = |after: Option<&i64>| mending.transaction.rows::<T>(find, &[&after.copied().unwrap_or(i64::MIN)]);
    for page in pages(None, page, &id) {
        let mut entries = Vec::new();
        for row in page? {
            if let Some((before, after)) = change(&row)? {
                entries.push(Entry::updated(relation, id(&row), before.to_string(), after));
            }
        }
        mending.note(&entries)?;
    }
    Ok(())
}

fn chat_agents(mending: &Mending<'_>) -> Result<()> {
    each(
        mending,
        "chats",
        sql::FIND_CHATS,
        |row: &(i64, i64)| row.0,
        |&(id, agent)| {
            mending.transaction.execute(sql::EMPTY_CHAT_AGENT, &[&id])?;
            Ok(Some((json!({ "agent_id": agent }), hash(&[&None::<i64>]))))
        },
    )
}

fn sentiment_chats(mending: &Mending<'_>) -> Result<()> {
    each(
        mending,
        "sentiments",
        sql::FIND_SENTIMENTS,
        |row: &(i64, i64, i64)| row.0,
        |&(id, chat, right)| {
            mending.transaction.execute(sql::SET_SENTIMENT_CHAT, &[&id, &right])?;
            Ok(Some((json!({ "chat_id": chat }), hash(&[&right]))))
        },
    )
}

fn file_documents(mending: &Mending<'_>) -> Result<()> {
    each(
        mending,
        "files",
        sql::FIND_FILES,
        |row: &(i64, i64)| row.0,
        |&(id, document)| {
            mending.transaction.execute(sql::EMPTY_FILE_DOCUMENT, &[&id])?;
            Ok(Some((json!({ "document_id": document }), hash(&[&None::<i64>]))))
        },
    )
}

/// An event whose chat or agent leads nowhere: its names as they are, and as they will be.
#[derive(FromRow)]
struct Event {
    id: i64,
    chat: Option<i64>,
    agent: Option<i64>,
    right_chat: Option<i64>,
    right_agent: Option<i64>,
}

fn events(mending: &Mending<'_>) -> Result<()> {
    each(
        mending,
        "analytics_events",
        sql::FIND_EVENTS,
        |row: &Event| row.id,
        |row| {
            // Of two issues one may stand silenced.
            let chat = if mending.wants(&records::EVENT_CHAT) { row.right_chat } else { row.chat };
            let agent = if mending.wants(&records::EVENT_AGENT) { row.right_agent } else { row.agent };
            if (chat, agent) == (row.chat, row.agent) {
                return Ok(None);
            }
            mending.transaction.execute(sql::SET_EVENT, &[&row.id, &chat, &agent])?;
            Ok(Some((json!({ "chat_id": row.chat, "agent_id": row.agent }), hash(&[&chat, &agent]))))
        },
    )
}

#[derive(FromRow)]
struct Hashed {
    id: i64,
    title: String,
    body: String,
    language: String,
    tags: String,
    source: String,
    content_hash: String,
}

fn content_hashes(mending: &Mending<'_>) -> Result<()> {
    let mut hasher = Hasher::default();
    each(
        mending,
        "knowledge_items",
        sql::FIND_ITEMS,
        |row: &Hashed| row.id,
        |row| {
            let Hashed { id, title, body, language, tags, source, content_hash } = row;
            let item = Item { external_id: "-", title, body, language, tags, source, absent: Absent::default() };
            let right = hasher.identity(&item).content_hash;
            if right == content_hash {
                return Ok(None);
            }
            mending.transaction.execute(sql::SET_CONTENT_HASH, &[id, &right])?;
            Ok(Some((json!({ "content_hash": content_hash }), hash(&[&right]))))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues;

    #[test]
    fn what_is_told_as_fixable_has_a_fixer_and_a_relation_has_one() {
        for issue in issues::all() {
            let fixers = ALL.iter().filter(|fixer| fixer.issues.contains(&issue)).count();
            assert_eq!(fixers, usize::from(issue.fixable), "{}", issue.id);
        }
        for fixer in ALL {
            assert_eq!(ALL.iter().filter(|other| other.relation == fixer.relation).count(), 1, "{}", fixer.relation);
        }
    }
}
