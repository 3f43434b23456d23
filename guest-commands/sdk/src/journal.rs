//! What a command did to rows, kept beside them and committed with them, so that the same command can take it back.
//!
//! A journal belongs to a command and has a name, and an entry for each row. An entry's `hash` is the command's own: what
//! the row, with what hangs on it, looked like when the work was done. Whoever takes it back works it out again, and leaves
//! alone what people changed since. It needs `read,insert,update,delete:journals,journal_entries`.
#![cfg_attr(
    target_family = "wasm",
    expect(clippy::allow_attributes, reason = "what `section!` writes into other crates is written here too")
)]

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorCode, Result};
use crate::pages::pages;
use crate::run::Run;
use crate::sql::{HUNDRED, in_hundred};
use crate::text;
use crate::time::Instant;
use crate::transaction::Transaction;
use crate::value::ToValue;
use crate::writer::Writer;
use crate::{Choice, FromRow, ToRow, statements};

/// How many entries are read at a time.
const PAGE: u32 = 500;

statements! {
    FIND = "SELECT id, command, name, state, details, created_at FROM journals WHERE command = $1 AND name = $2";
    LIST = "SELECT id, command, name, state, details, created_at FROM journals WHERE command = $1 AND id > $2 \
            ORDER BY id LIMIT 500";
    BEGIN = "INSERT INTO journals (id, command, name, state, details, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)";
    CHANGE = "UPDATE journals SET state = $2, details = $3, updated_at = $4 WHERE id = $1";
    DELETE_ENTRIES = "DELETE FROM journal_entries WHERE journal_id = $1";
    DELETE = "DELETE FROM journals WHERE id = $1";
    ENTRIES = "SELECT relation, row_key, source_key, action, before, hash FROM journal_entries \
               WHERE journal_id = $1 AND relation = $2 AND row_key > $3 ORDER BY row_key LIMIT $4";
    FORGET = "DELETE FROM journal_entries WHERE journal_id = $1 AND relation = $2 AND row_key = $3";
    FORGET_ALL = "DELETE FROM journal_entries WHERE journal_id = $1 AND relation = $2";
    FORGET_HUNDRED = concat!(
        "DELETE FROM journal_entries WHERE row_key IN (",
        crate::hundred!(),
        ") AND journal_id = $101 AND relation = $102"
    );
}

/// A journal: its command and name are unique within a tenant.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Journal {
    /// Its id.
    pub id: i64,
    /// The command that it belongs to.
    pub command: String,
    /// Its name, such as `demo` or the id of a run.
    pub name: String,
    /// How far the work is, a word of the command's own.
    pub state: String,
    /// What the command needs to go on or to take it back, as JSON.
    pub details: String,
    /// When it was begun.
    pub created_at: Instant,
}

/// What was done to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Done {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was removed.
    Deleted,
}

/// One row that a command did something to.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Entry {
    /// The row's relation.
    pub relation: String,
    /// The row's id in decimal digits, or its natural key where it has none.
    pub row_key: String,
    /// The key of the row that it was made from.
    pub source_key: Option<String>,
    /// What was done; a word of [`Done`].
    pub action: String,
    /// The row as it was, as JSON; for what was changed or removed.
    pub before: Option<String>,
    /// What it looked like afterwards.
    pub hash: String,
}

#[derive(ToRow)]
struct Written<'a> {
    journal_id: i64,
    relation: &'a str,
    row_key: &'a str,
    source_key: Option<&'a str>,
    action: &'a str,
    before: Option<&'a str>,
    hash: &'a str,
}

impl Entry {
    /// A row that was made.
    pub fn created(relation: &str, row_key: impl ToString, hash: impl Into<String>) -> Self {
        Self::of(relation, row_key, Done::Created, None, hash)
    }

    /// A row that was changed, as it was before.
    pub fn updated(relation: &str, row_key: impl ToString, before: String, hash: impl Into<String>) -> Self {
        Self::of(relation, row_key, Done::Updated, Some(before), hash)
    }

    /// A row that was removed, as it was before.
    pub fn deleted(relation: &str, row_key: impl ToString, before: String) -> Self {
        Self::of(relation, row_key, Done::Deleted, Some(before), "")
    }

    #[expect(clippy::needless_pass_by_value, reason = "an id is handed over as it is, and a name by reference")]
    fn of(relation: &str, row_key: impl ToString, done: Done, before: Option<String>, hash: impl Into<String>) -> Self {
        let action = done.word().to_owned();
        let (relation, row_key) = (relation.to_owned(), row_key.to_string());
        Self { relation, row_key, source_key: None, action, before, hash: hash.into() }
    }

    /// The key of the row that it was made from.
    #[expect(clippy::needless_pass_by_value, reason = "an id is handed over as it is, and a name by reference")]
    #[must_use]
    pub fn from_source(mut self, key: impl ToString) -> Self {
        self.source_key = Some(key.to_string());
        self
    }
}

impl Journal {
    /// The journal of this name, where there is one.
    ///
    /// # Errors
    /// What the database says.
    pub fn find(transaction: &Transaction, command: &str, name: &str) -> Result<Option<Self>> {
        transaction.row(FIND, &[&command, &name])
    }

    /// All journals of a command, in the order in which they were begun.
    ///
    /// # Errors
    /// What the database says.
    pub fn all(transaction: &Transaction, command: &str) -> Result<Vec<Self>> {
        let page = |after: Option<&i64>| transaction.rows(LIST, &[&command, &after.copied().unwrap_or(0)]);
        let pages: Result<Vec<Vec<Self>>> = pages(None, page, |journal: &Self| journal.id).collect();
        Ok(pages?.into_iter().flatten().collect())
    }

    /// Begins a journal; it is there once the transaction commits.
    ///
    /// # Errors
    /// `unique` where there is one of this name; what the database says.
    pub fn begin(
        transaction: &Transaction,
        run: &Run,
        command: &str,
        name: &str,
        state: &str,
        details: &str,
    ) -> Result<Self> {
        let (id, created_at) = (run.ids(1)?, run.started_at());
        transaction.execute(BEGIN, &[&id, &command, &name, &state, &details, &created_at])?;
        let own = str::to_owned;
        Ok(Self { id, command: own(command), name: own(name), state: own(state), details: own(details), created_at })
    }

    /// Says how far the work is.
    ///
    /// # Errors
    /// What the database says.
    pub fn change(&mut self, transaction: &Transaction, run: &Run, state: &str, details: &str) -> Result<()> {
        transaction.execute(CHANGE, &[&self.id, &state, &details, &run.started_at()])?;
        (self.state, self.details) = (state.to_owned(), details.to_owned());
        Ok(())
    }

    /// Notes what was done. Of a row that is noted already the newer entry counts.
    ///
    /// # Errors
    /// What the database says.
    pub fn note(&self, transaction: &Transaction, entries: &[Entry]) -> Result<()> {
        let written: Vec<_> = entries
            .iter()
            .map(|entry| Written {
                journal_id: self.id,
                relation: &entry.relation,
                row_key: &entry.row_key,
                source_key: entry.source_key.as_deref(),
                action: &entry.action,
                before: entry.before.as_deref(),
                hash: &entry.hash,
            })
            .collect();
        let into = Writer::into("journal_entries").key(["journal_id", "relation", "row_key"]).update();
        transaction.write_rows(&into, &written).map(drop)
    }

    /// The entries for one relation, in pages, after the row key given.
    pub fn entries<'a>(
        &'a self,
        transaction: &'a Transaction,
        relation: &'a str,
        after: Option<String>,
    ) -> impl Iterator<Item = Result<Vec<Entry>>> + 'a {
        let page =
            move |after: Option<&String>| self.page(transaction, relation, after.map_or("", String::as_str), PAGE);
        pages(after, page, |entry: &Entry| entry.row_key.clone())
    }

    /// The next entries for one relation, at most so many, after a row key, or after none, which is empty.
    ///
    /// # Errors
    /// What the database says.
    pub fn page(&self, transaction: &Transaction, relation: &str, after: &str, most: u32) -> Result<Vec<Entry>> {
        transaction.rows(ENTRIES, &[&self.id, &relation, &after, &most])
    }

    /// Forgets an entry: what it speaks of was taken back, or is not the command's any more.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget(&self, transaction: &Transaction, entry: &Entry) -> Result<()> {
        transaction.execute(FORGET, &[&self.id, &entry.relation, &entry.row_key]).map(drop)
    }

    /// Forgets all entries for one relation.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_all(&self, transaction: &Transaction, relation: &str) -> Result<()> {
        transaction.execute(FORGET_ALL, &[&self.id, &relation]).map(drop)
    }

    /// Forgets the entries for rows of one relation, by their keys.
    ///
    /// # Errors
    /// What the database says.
    pub fn forget_rows(&self, transaction: &Transaction, relation: &str, row_keys: &[&str]) -> Result<()> {
        for keys in row_keys.chunks(HUNDRED) {
            let mut parameters = in_hundred(keys).unwrap_or_default();
            let more: [&dyn ToValue; 2] = [&self.id, &relation];
            parameters.extend(more);
            transaction.execute(FORGET_HUNDRED, &parameters)?;
        }
        Ok(())
    }

    /// Forgets all entries; the journal stays.
    ///
    /// # Errors
    /// What the database says.
    pub fn clear(&self, transaction: &Transaction) -> Result<()> {
        transaction.execute(DELETE_ENTRIES, &[&self.id]).map(drop)
    }

    /// Removes the journal and its entries.
    ///
    /// # Errors
    /// What the database says.
    pub fn remove(self, transaction: &Transaction) -> Result<()> {
        self.clear(transaction)?;
        transaction.execute(DELETE, &[&self.id]).map(drop)
    }
}

/// A row as JSON, to be kept in a journal.
///
/// # Errors
/// `internal` for what has no JSON.
pub fn kept<T: Serialize>(row: &T) -> Result<String> {
    serde_json::to_string(row).map_err(|error| Error::new(ErrorCode::Internal, error.to_string()))
}

/// A row that was kept in a journal.
///
/// # Errors
/// `invalid` for what another version of the command kept.
pub fn read_back<T: DeserializeOwned>(before: &str) -> Result<T> {
    serde_json::from_str(before).map_err(|error| {
        let message = text!("the journal cannot be read: {error}", "el diario no se puede leer: {error}");
        Error::new(ErrorCode::Invalid, message)
    })
}
