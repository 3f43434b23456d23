//! The demo within a transaction: what of it is there, and what its journal says about that.

use std::collections::BTreeMap;

use encargo_sdk::journal::{Entry, Journal};
use encargo_sdk::prelude::*;

use crate::kind::Kind;
use crate::look::{find, fingerprint};

/// The command that the journal belongs to, and its name.
const COMMAND: &str = env!("CARGO_PKG_NAME");
const NAME: &str = "demo";

/// How many ids are taken at a time.
const IDS: u32 = 500;

/// What is known of a thing before it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// It is to be made.
    New,
    /// It is there as it was made.
    Unchanged(String),
    /// It is there and people changed it, or it was theirs from the beginning.
    Kept(String),
    /// It was made and somebody deleted it.
    Gone,
}

/// The demo.
pub(crate) struct Demo<'a> {
    pub(crate) run: &'a Run,
    pub(crate) transaction: &'a Transaction,
    pub(crate) journal: Journal,
    /// By kind and natural key.
    entries: BTreeMap<(Kind, String), Entry>,
    pub(crate) tally: Tally,
    /// The files that this run made, with their hashes: should the rest fail, they go again.
    pub(crate) files: Vec<(String, String)>,
    ids: std::ops::Range<i64>,
}

impl<'a> Demo<'a> {
    /// The demo of the tenant, if it was ever set up.
    pub(crate) fn find(run: &'a Run, transaction: &'a Transaction) -> Result<Option<Self>> {
        let Some(journal) = Journal::find(transaction, COMMAND, NAME)? else { return Ok(None) };
        let mut demo = Self::of(run, transaction, journal);
        for kind in Kind::ALL {
            for page in demo.journal.entries(transaction, kind.relation(), None) {
                let keyed = |entry: Entry| ((kind, entry.source_key.clone().unwrap_or_default()), entry);
                demo.entries.extend(page?.into_iter().map(keyed));
            }
        }
        Ok(Some(demo))
    }

    /// The demo of the tenant, begun where there is none.
    pub(crate) fn find_or_begin(run: &'a Run, transaction: &'a Transaction) -> Result<Self> {
        if let Some(demo) = Self::find(run, transaction)? {
            return Ok(demo);
        }
        Ok(Self::of(run, transaction, Journal::begin(transaction, run, COMMAND, NAME, "set up", "{}")?))
    }

    fn of(run: &'a Run, transaction: &'a Transaction, journal: Journal) -> Self {
        Self {
            run,
            transaction,
            journal,
            entries: BTreeMap::new(),
            tally: Tally::default(),
            files: Vec::new(),
            ids: 0..0,
        }
    }

    /// An id that no row has.
    pub(crate) fn id(&mut self) -> Result<i64> {
        if self.ids.is_empty() {
            let first = self.run.ids(IDS)?;
            self.ids = first..first + i64::from(IDS);
        }
        self.ids.start += 1;
        Ok(self.ids.start - 1)
    }

    /// What is known of a thing; it is counted.
    pub(crate) fn state(&mut self, kind: Kind, key: &str) -> Result<State> {
        let state = match self.entries.get(&(kind, key.to_owned())) {
            Some(entry) => match fingerprint(self.transaction, kind, &entry.row_key)? {
                None => State::Gone,
                Some(now) if now == entry.hash => State::Unchanged(entry.row_key.clone()),
                Some(_) => State::Kept(entry.row_key.clone()),
            },
            None => find(self.transaction, kind, key)?.map_or(State::New, State::Kept),
        };
        let action = match state {
            State::New => Action::Created,
            State::Unchanged(_) => Action::Unchanged,
            State::Kept(_) => Action::Kept,
            State::Gone => Action::Skipped,
        };
        self.tally.add(kind.relation(), action, 1);
        Ok(state)
    }

    /// The entries of a kind, in the order of their keys.
    pub(crate) fn entries(&self, kind: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |((of, _), _)| *of == kind).map(|(_, entry)| entry)
    }

    /// Notes things that were made: natural key and row of each.
    pub(crate) fn note(&self, kind: Kind, made: &[(String, String)]) -> Result<()> {
        let entry = |(key, row_key): &(String, String)| {
            let hash = fingerprint(self.transaction, kind, row_key)?.unwrap_or_default();
            Ok(Entry::created(kind.relation(), row_key, hash).from_source(key))
        };
        let entries: Result<Vec<_>> = made.iter().map(entry).collect();
        self.journal.note(self.transaction, &entries?)
    }
}
