//! What a thing looks like now, with what hangs on it.

use encargo_sdk::fingerprint::Fingerprint;
use encargo_sdk::prelude::*;

use crate::kind::Kind;
use crate::sql;

#[derive(FromRow)]
struct Chat {
    external_id: String,
    title: String,
    status: String,
    language: String,
    is_pinned: i64,
    legal_hold: i64,
    resolved_at: i64,
}

/// The row of this natural key: its id, or the key itself where it has none.
pub(crate) fn find(transaction: &Transaction, kind: Kind, key: &str) -> Result<Option<String>> {
    let statement = match kind {
        Kind::Tools => sql::FIND_TOOL,
        Kind::Agents => sql::FIND_AGENT,
        Kind::Knowledge => sql::FIND_ITEM,
        Kind::Documents => sql::FIND_DOCUMENT,
        Kind::Chats => sql::FIND_CHAT,
        Kind::Settings => sql::FIND_SETTING,
        // They have no natural key: only the journal knows them.
        Kind::Logs | Kind::Events => return Ok(None),
    };
    let found = transaction.row::<i64>(statement, &[&key])?;
    Ok(found.map(|id| if kind == Kind::Settings { key.to_owned() } else { id.to_string() }))
}

/// The fingerprint of a thing as it is now; none when it is gone.
pub(crate) fn fingerprint(transaction: &Transaction, kind: Kind, row_key: &str) -> Result<Option<String>> {
    let id = if kind == Kind::Settings { 0 } else { id_of(row_key)? };
    let mut seen = Fingerprint::default();
    let is_there = match kind {
        Kind::Tools => {
            let row = transaction.row::<(String, String, String, String, String, i64)>(sql::LOOK_AT_TOOL, &[&id])?;
            row.inspect(|row| seen.row(&[&row.0, &row.1, &row.2, &row.3, &row.4, &row.5])).is_some()
        }
        Kind::Agents => {
            let is_there = six(transaction, sql::LOOK_AT_AGENT, id, &mut seen)?;
            transaction.rows::<i64>(sql::LOOK_AT_LINKS, &[&id])?.iter().for_each(|tool| seen.add(tool));
            is_there
        }
        Kind::Knowledge => six(transaction, sql::LOOK_AT_ITEM, id, &mut seen)?,
        Kind::Documents => {
            let is_there = six(transaction, sql::LOOK_AT_DOCUMENT, id, &mut seen)?;
            pairs(transaction, sql::LOOK_AT_FILES, &id, &mut seen)?;
            is_there
        }
        Kind::Chats => chat(transaction, id, &mut seen)?,
        Kind::Settings => pairs(transaction, sql::LOOK_AT_SETTING, &row_key, &mut seen)?,
        Kind::Logs => pairs(transaction, sql::LOOK_AT_LOG, &id, &mut seen)?,
        Kind::Events => pairs(transaction, sql::LOOK_AT_EVENT, &id, &mut seen)?,
    };
    Ok(is_there.then(|| seen.finish()))
}

/// The id that a row key is.
pub(crate) fn id_of(row_key: &str) -> Result<i64> {
    row_key.parse().map_err(|_| {
        Error::new(ErrorCode::Internal, text!("`{row_key}` is no id", "`{row_key}` no es un identificador"))
    })
}

/// The agent does not count: who deletes an agent has not edited its chats.
fn chat(transaction: &Transaction, id: i64, seen: &mut Fingerprint) -> Result<bool> {
    let Some(chat) = transaction.row::<Chat>(sql::LOOK_AT_CHAT, &[&id])? else { return Ok(false) };
    seen.row(&[&chat.external_id, &chat.title, &chat.status, &chat.language]);
    seen.row(&[&chat.is_pinned, &chat.legal_hold, &chat.resolved_at]);
    pairs(transaction, sql::LOOK_AT_MESSAGES, &id, seen)?;
    for (comment, rating) in transaction.rows::<(String, i64)>(sql::LOOK_AT_FEEDBACK, &[&id])? {
        seen.row(&[&comment, &rating]);
    }
    Ok(true)
}

/// Takes in a row of six texts, and answers whether there is one.
fn six(transaction: &Transaction, statement: &str, id: i64, seen: &mut Fingerprint) -> Result<bool> {
    type Row = (String, String, String, String, String, String);
    let row = transaction.row::<Row>(statement, &[&id])?;
    Ok(row.inspect(|row| seen.row(&[&row.0, &row.1, &row.2, &row.3, &row.4, &row.5])).is_some())
}

/// Takes in rows of two texts each, and answers whether there were any.
fn pairs(transaction: &Transaction, statement: &str, key: &dyn ToValue, seen: &mut Fingerprint) -> Result<bool> {
    let rows = transaction.rows::<(String, String)>(statement, &[key])?;
    rows.iter().for_each(|(first, second)| seen.row(&[first, second]));
    Ok(!rows.is_empty())
}
