//! What one statement finds: every row that it answers is a fault.

use encargo_sdk::batch::{Batch, Cells};
use encargo_sdk::prelude::*;

use crate::found::Found;
use crate::issues::{Issue, agents, chats, knowledge, media, records, storage};
use crate::sql;

/// A statement, and the issue that each of its rows is.
pub(crate) struct Query {
    pub(crate) issue: &'static Issue,
    pub(crate) relation: &'static str,
    sql: &'static str,
    /// The kinds of the key's columns.
    kinds: &'static [Kind],
}

const ID: &[Kind] = &[Kind::Integer];
const TWO_IDS: &[Kind] = &[Kind::Integer, Kind::Integer];
const ROW_OF: &[Kind] = &[Kind::Text, Kind::Integer];

const fn query(issue: &'static Issue, relation: &'static str, sql: &'static str) -> Query {
    Query { issue, relation, sql, kinds: ID }
}

pub(crate) static ALL: &[Query] = &[
    Query { kinds: TWO_IDS, ..query(&agents::LINK_WITHOUT_AGENT, "agent_tools", sql::LINKS_WITHOUT_AGENT) },
    Query { kinds: TWO_IDS, ..query(&agents::LINK_WITHOUT_TOOL, "agent_tools", sql::LINKS_WITHOUT_TOOL) },
    Query { kinds: TWO_IDS, ..query(&agents::CROSSED, "agent_tools", sql::LINKS_CROSSED) },
    query(&agents::SAME_SLUG, "agents", sql::AGENTS_OF_ONE_SLUG),
    query(&agents::SAME_SLUG, "tools", sql::TOOLS_OF_ONE_SLUG),
    query(&agents::SAME_NAME, "agents", sql::AGENTS_OF_ONE_NAME),
    query(&knowledge::SAME_EXTERNAL_ID, "knowledge_items", sql::ITEMS_OF_ONE_EXTERNAL_ID),
    query(&knowledge::SAME_CONTENT, "knowledge_items", sql::ITEMS_OF_ONE_CONTENT),
    query(&chats::WITHOUT_AGENT, "chats", sql::CHATS_WITHOUT_AGENT),
    query(&chats::MESSAGE_WITHOUT_CHAT, "messages", sql::MESSAGES_WITHOUT_CHAT),
    query(&chats::SENTIMENT_WITHOUT_MESSAGE, "sentiments", sql::SENTIMENTS_WITHOUT_MESSAGE),
    query(&chats::SENTIMENT_WITHOUT_CHAT, "sentiments", sql::SENTIMENTS_WITHOUT_CHAT),
    query(&chats::SENTIMENT_OF_ANOTHER_CHAT, "sentiments", sql::SENTIMENTS_OF_ANOTHER_CHAT),
    query(&chats::FEEDBACK_WITHOUT_CHAT, "feedback", sql::FEEDBACK_WITHOUT_CHAT),
    query(&chats::CROSSED, "chats", sql::CHATS_CROSSED),
    query(&chats::CROSSED, "messages", sql::MESSAGES_CROSSED),
    query(&chats::CROSSED, "sentiments", sql::SENTIMENTS_CROSSED),
    query(&chats::CROSSED, "feedback", sql::FEEDBACK_CROSSED),
    query(&chats::MESSAGE_BEFORE_CHAT, "messages", sql::MESSAGES_BEFORE_CHAT),
    query(&chats::SAME_EXTERNAL_ID, "chats", sql::CHATS_OF_ONE_EXTERNAL_ID),
    query(&media::DOCUMENT_SAME_EXTERNAL_ID, "documents", sql::DOCUMENTS_OF_ONE_EXTERNAL_ID),
    query(&media::WITHOUT_DOCUMENT, "files", sql::FILES_WITHOUT_DOCUMENT),
    query(&media::CROSSED, "files", sql::FILES_CROSSED),
    query(&records::EVENT_CHAT, "analytics_events", sql::EVENTS_WITHOUT_CHAT),
    query(&records::EVENT_AGENT, "analytics_events", sql::EVENTS_WITHOUT_AGENT),
    Query { kinds: ROW_OF, ..query(&storage::TOMBSTONE, "deletions", sql::TOMBSTONES_OF_LIVING) },
];

impl Query {
    /// Notes every row that it answers.
    pub(crate) fn run(&self, run: &Run, database: &Database, found: &mut Found) -> Result<()> {
        for batch in database.batches(self.sql, &[], self.kinds)? {
            run.check()?;
            let batch = batch?;
            for row in 0..batch.rows as usize {
                found.note(self.issue, self.relation, "", || key(&batch, row));
            }
        }
        Ok(())
    }
}

/// The values of a row, as its key is written.
fn key(batch: &Batch, row: usize) -> String {
    let written = batch.columns.iter().map(|column| match &column.cells {
        Cells::Integers(cells) => cells.get(row).map(ToString::to_string).unwrap_or_default(),
        _ => column.text(row).unwrap_or_default().to_owned(),
    });
    written.collect::<Vec<_>>().join("-")
}
