//! Takes back what a run mended: rows that are still as it left them get what they had before.

use encargo_sdk::journal::{Entry, Journal};
use encargo_sdk::prelude::*;
use serde_json::Value as Json;

use super::COMMAND;
use super::fixes::{self, hash};
use crate::sql;

/// Takes back what a run did in one tenant; nothing where it did nothing there.
pub(crate) fn undo(run: &Run, database: &Database, name: &str, tally: &mut Tally) -> Result<bool> {
    let transaction = database.begin()?;
    let Some(journal) = Journal::find(&transaction, COMMAND, name)? else { return Ok(false) };
    let mut kept = 0;
    for fixer in fixes::ALL {
        let relation = fixer.relation;
        for page in journal.entries(&transaction, relation, None) {
            run.check()?;
            for entry in page? {
                if restore(&transaction, relation, &entry)? {
                    journal.forget(&transaction, &entry)?;
                    tally.add(relation, Action::Updated, 1);
                } else {
                    kept += 1;
                    tally.add(relation, Action::Kept, 1);
                }
            }
        }
    }
    if kept == 0 {
        journal.remove(&transaction)?;
    }
    transaction.commit()?;
    Ok(true)
}

/// Gives a row what it had; whether it was still as it was left, and what it named is there where the database wants that.
fn restore(transaction: &Transaction, relation: &str, entry: &Entry) -> Result<bool> {
    let (Ok(id), Some(before)) = (entry.row_key.parse::<i64>(), &entry.before) else { return Ok(false) };
    let before: Json = serde_json::from_str(before).unwrap_or_default();
    let integer = |column: &str| before[column].as_i64();
    let is_as_left = |now: Option<String>| now.as_ref() == Some(&entry.hash);
    let changed = match relation {
        "chats" | "files" => {
            let (read, set, column) = match relation {
                "chats" => (sql::CHAT_AGENT, sql::RESTORE_CHAT_AGENT, "agent_id"),
                _ => (sql::FILE_DOCUMENT, sql::RESTORE_FILE_DOCUMENT, "document_id"),
            };
            let now: Option<Option<i64>> = transaction.row(read, &[&id])?;
            if !is_as_left(now.map(|now| hash(&[&now]))) {
                return Ok(false);
            }
            transaction.execute(set, &[&id, &integer(column)])?
        }
        "sentiments" => {
            let now: Option<i64> = transaction.row(sql::SENTIMENT_CHAT, &[&id])?;
            if !is_as_left(now.map(|now| hash(&[&now]))) {
                return Ok(false);
            }
            transaction.execute(sql::RESTORE_SENTIMENT_CHAT, &[&id, &integer("chat_id")])?
        }
        "analytics_events" => {
            let now: Option<(Option<i64>, Option<i64>)> = transaction.row(sql::EVENT, &[&id])?;
            if !is_as_left(now.map(|(chat, agent)| hash(&[&chat, &agent]))) {
                return Ok(false);
            }
            transaction.execute(sql::SET_EVENT, &[&id, &integer("chat_id"), &integer("agent_id")])?
        }
        _ => {
            let now: Option<String> = transaction.row(sql::ITEM_HASH, &[&id])?;
            if !is_as_left(now.map(|now| hash(&[&now]))) {
                return Ok(false);
            }
            transaction.execute(sql::SET_CONTENT_HASH, &[&id, &before["content_hash"].as_str().unwrap_or_default()])?
        }
    };
    Ok(changed == 1)
}
