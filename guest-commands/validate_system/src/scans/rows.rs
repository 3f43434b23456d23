//! What is looked at in a row of each relation.

use encargo_sdk::knowledge::{Absent, Item};
use encargo_sdk::prelude::Kind::{self, Integer, Real, Text};

use super::{Look, Scan};
use crate::issues::{agents, chats, knowledge, media, records, storage};
use crate::module::Module;
use crate::shapes::{is_json, is_language, is_media_type, is_object, is_texts};
use crate::sql;

const fn scan(
    module: Module,
    relation: &'static str,
    sql: &'static str,
    kinds: &'static [Kind],
    look: fn(&mut Look<'_>),
) -> Scan {
    Scan { module, relation, sql, kinds, look }
}

/// Every relation that is read whole, in the order of the modules.
pub(crate) static ALL: &[Scan] = &[
    scan(
        Module::Agents,
        "agents",
        sql::AGENTS,
        &[Integer, Integer, Integer, Text, Text, Text, Text, Text, Text],
        |row| {
            row.check(!row.text(3).trim().is_empty() && !row.text(4).trim().is_empty(), &agents::UNNAMED, 3);
            row.texts(&[3, 4, 5, 6, 7], &agents::ENCODING);
            row.times(1, &[2], &agents::TIME_ORDER);
            row.check(is_language(row.text(8)), &agents::LANGUAGE, 8);
        },
    ),
    scan(Module::Agents, "tools", sql::TOOLS, &[Integer, Integer, Integer, Text, Text, Text, Text, Text], |row| {
        row.check(!row.text(3).trim().is_empty() && !row.text(4).trim().is_empty(), &agents::UNNAMED, 3);
        row.texts(&[3, 4, 5, 6], &agents::ENCODING);
        row.times(1, &[2], &agents::TIME_ORDER);
        row.check(is_object(row.text(7)), &agents::TOOL_CONFIGURATION, 7);
    }),
    scan(
        Module::Knowledge,
        "knowledge_items",
        sql::ITEMS,
        &[Integer, Integer, Integer, Integer, Text, Text, Text, Text, Text, Text, Text, Text],
        item,
    ),
    scan(
        Module::Chats,
        "chats",
        sql::CHATS,
        &[Integer, Integer, Integer, Integer, Integer, Integer, Text, Text, Text],
        |row| {
            row.times(1, &[2, 3, 4, 5], &chats::TIME_ORDER);
            row.check(row.text(6) != "open" || row.is_null(5), &chats::RESOLVED_WHILE_OPEN, 5);
            row.texts(&[7], &chats::ENCODING);
            row.check(row.text(8).is_empty() || is_language(row.text(8)), &chats::LANGUAGE, 8);
        },
    ),
    scan(Module::Chats, "messages", sql::MESSAGES, &[Integer, Integer, Integer, Text], |row| {
        if let Some(column) = [1, 2].into_iter().find(|&column| row.integer(column).is_some_and(|n| n < 0)) {
            row.check(false, &chats::NEGATIVE, column);
        }
        row.texts(&[3], &chats::ENCODING);
    }),
    scan(Module::Chats, "sentiments", sql::SENTIMENTS, &[Integer, Real, Real], |row| {
        let is_in = |column, low: f64| row.real(column).is_some_and(|n| (low..=1.0).contains(&n));
        if let Some((column, _)) = [(1, -1.0), (2, 0.0)].into_iter().find(|&(column, low)| !is_in(column, low)) {
            row.check(false, &chats::SENTIMENT_RANGE, column);
        }
    }),
    scan(Module::Chats, "feedback", sql::FEEDBACK, &[Integer, Text], |row| row.texts(&[1], &chats::ENCODING)),
    scan(Module::Documents, "documents", sql::DOCUMENTS, &[Integer, Integer, Integer, Text, Text, Text], |row| {
        row.times(1, &[2], &media::DOCUMENT_TIME_ORDER);
        row.check(is_media_type(row.text(3)), &media::DOCUMENT_MEDIA_TYPE, 3);
        row.texts(&[4, 5], &media::DOCUMENT_ENCODING);
    }),
    scan(Module::Analytics, "analytics_events", sql::EVENTS, &[Integer, Text, Text], |row| {
        row.check(!row.text(1).trim().is_empty(), &records::EVENT_NAME, 1);
        row.check(is_object(row.text(2)), &records::PROPERTIES, 2);
        row.texts(&[1, 2], &records::EVENT_ENCODING);
    }),
    scan(Module::Logs, "logs", sql::LOGS, &[Integer, Integer, Integer, Text, Text], |row| {
        row.times(1, &[2], &records::EXPIRES_BEFORE);
        row.check(is_object(row.text(4)), &records::CONTEXT, 4);
        row.texts_with_control(&[3, 4], &records::LOG_ENCODING);
    }),
    scan(Module::Storage, "journals", sql::JOURNALS, &[Integer, Text], |row| {
        row.check(is_json(row.text(1)), &storage::JOURNAL, 1);
    }),
    scan(Module::Storage, "journal_entries", sql::ENTRIES, &[Integer, Text, Text, Text], |row| {
        row.check(is_json(row.text(3)), &storage::JOURNAL, 3);
    }),
];

/// A knowledge item: its hashes are worked out as whoever writes items does.
fn item(row: &mut Look<'_>) {
    let (external_id, title, body) = (row.text(4), row.text(5), row.text(6));
    let (language, tags, source, hash) = (row.text(7), row.text(8), row.text(9), row.text(10));
    let given = if external_id.starts_with('~') { "" } else { external_id };
    let item = Item { external_id: given, title, body, language, tags, source, absent: Absent::default() };
    let identity = row.hasher.identity(&item);
    let (is_own, is_hashed) = (identity.external_id == external_id, identity.content_hash == hash);
    row.check(is_hashed, &knowledge::CONTENT_HASH, 10);
    // Taken to another version of the format, an item keeps its id, and its title and language may change.
    row.check(is_own || row.integer(3) != Some(1) || !row.is_null(11), &knowledge::OWN_ID, 4);
    row.check(is_texts(tags), &knowledge::TAGS, 8);
    row.texts(&[4, 5, 6, 8, 9], &knowledge::ENCODING);
    row.times(1, &[2], &knowledge::TIME_ORDER);
    row.check(language.is_empty() || is_language(language), &knowledge::LANGUAGE, 7);
    row.check(!title.trim().is_empty() && !body.trim().is_empty(), &knowledge::EMPTY, 5);
    row.check(row.is_null(11) || is_object(row.text(11)), &knowledge::LEGACY, 11);
    row.check(row.integer(3).is_some_and(|version| version > 0), &knowledge::FORMAT, 3);
}
