//! Named cursors: up to where a consumer has a tenant's changes, kept in a journal among the tenant's rows.
//!
//! A cursor has a place for each type: the time at which the run began that exported it last. What is stamped, noted or
//! given an id since then, less the overlap, is looked at again, because a transaction commits later than it stamps. Of
//! what was exported within the overlap the journal remembers the key and the state, so that only what is new or
//! another comes again. A place is moved once all files are published, in one transaction: a run that is killed before
//! exports the same again.

use std::collections::BTreeMap;

use encargo_sdk::journal::{Entry, Journal};
use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::relation::{Relation, What};

/// Whose journals they are.
const COMMAND: &str = "export_data";
/// The one state of such a journal.
const STATE: &str = "exported";
/// How many rows of a type are remembered at most; the others come again, as long as they are within the overlap.
const MOST: usize = 100_000;

/// A cursor as it was when the export began.
pub(crate) struct Cursor {
    pub(crate) name: String,
    journal: Option<i64>,
    places: Places,
    overlap: Duration,
    reset: bool,
    now: Instant,
}

/// By the words of the types: when the run began that exported them last, in microseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Places {
    types: BTreeMap<String, Instant>,
}

/// From where on one type is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    /// Stamps, silent changes and deletions from this time on.
    pub(crate) since: i64,
    /// Ids from this one on.
    pub(crate) id: i64,
    /// The journal that remembers; 0 for none.
    pub(crate) journal: i64,
}

/// What the next export has to know of a type.
pub(crate) struct Seen {
    pub(crate) relation: Relation,
    entries: Vec<Entry>,
    /// Whether there is more than is remembered.
    pub(crate) is_cut: bool,
}

impl Cursor {
    /// Reads a cursor in the snapshot that is exported.
    ///
    /// # Errors
    /// `invalid` for one of another version of the command.
    pub(crate) fn open(
        run: &Run,
        snapshot: &Transaction,
        name: String,
        overlap: Duration,
        reset: bool,
    ) -> Result<Self> {
        let journal = Journal::find(snapshot, COMMAND, &name)?;
        let places = journal.as_ref().map(|journal| places(&name, &journal.details)).transpose()?.unwrap_or_default();
        Ok(Self { name, journal: journal.map(|journal| journal.id), places, overlap, reset, now: run.started_at() })
    }

    /// When the type was exported last; none for never. Behind a clock that was set back nothing can be said of what
    /// changed since, so that everything comes again.
    pub(crate) fn place(&self, relation: Relation) -> Option<Instant> {
        self.places.types.get(relation.word()).copied().filter(|place| !self.reset && *place <= self.now)
    }

    /// From where on the type is looked at: all of it where it was never exported.
    pub(crate) fn window(&self, relation: Relation) -> Window {
        match self.place(relation) {
            Some(place) => Window { journal: self.journal.unwrap_or(0), ..self.window_from(place) },
            None => Window { since: i64::MIN, id: i64::MIN, journal: 0 },
        }
    }

    /// The window of the overlap before a time.
    fn window_from(&self, place: Instant) -> Window {
        let from = place - self.overlap;
        Window { since: from.micros(), id: Run::first_id_at(from), journal: 0 }
    }

    /// What of a type the next export will look at again, in the snapshot that is exported.
    pub(crate) fn seen(&self, snapshot: &Transaction, relation: Relation) -> Result<Seen> {
        let Window { since, id, .. } = self.window_from(self.now);
        let (mut entries, mut is_cut) = (Vec::new(), false);
        let queries = relation.queries();
        let records: &[&dyn ToValue] = if relation.is_few() { &[] } else { &[&since, &id, &since] };
        for (what, statement, values) in [
            (What::Deletions, queries.gone_window, &[&since as &dyn ToValue][..]),
            (What::Records, queries.window, records),
        ] {
            let name = relation.remembered_as(what);
            for rows in snapshot.chunks::<(String, String)>(statement, values)? {
                let rows = rows?;
                let room = MOST.saturating_sub(entries.len());
                is_cut |= rows.len() > room;
                entries.extend(rows.into_iter().take(room).map(|(key, state)| Entry::created(&name, key, state)));
                if is_cut {
                    break;
                }
            }
        }
        Ok(Seen { relation, entries, is_cut })
    }

    /// Moves the cursor to this run, for the types that were exported.
    ///
    /// # Errors
    /// `invalid` where another run moved it meanwhile, whose files and these are not in one order.
    pub(crate) fn advance(mut self, run: &Run, seen: &[Seen]) -> Result<()> {
        let transaction = run.database()?.begin()?;
        let found = Journal::find(&transaction, COMMAND, &self.name)?;
        let stands =
            found.as_ref().map(|journal| places(&self.name, &journal.details)).transpose()?.unwrap_or_default();
        let name = &self.name;
        ensure!(
            found.as_ref().map(|journal| journal.id) == self.journal && stands == self.places,
            Invalid,
            "another run moved the cursor `{name}` while this one exported; its files are there, export again",
            "otra ejecución movió el cursor `{name}` mientras esta exportaba; sus archivos están ahí, exporte otra vez"
        );
        for Seen { relation, .. } in seen {
            self.places.types.insert(relation.word().to_owned(), self.now);
        }
        let details = serde_json::to_string(&self.places).unwrap_or_default();
        let mut journal = match found {
            Some(journal) => journal,
            None => Journal::begin(&transaction, run, COMMAND, &self.name, STATE, &details)?,
        };
        journal.change(&transaction, run, STATE, &details)?;
        for Seen { relation, entries, .. } in seen {
            for what in [What::Records, What::Deletions] {
                journal.forget_all(&transaction, &relation.remembered_as(what))?;
            }
            journal.note(&transaction, entries)?;
        }
        transaction.commit()
    }
}

/// Refuses a name of a cursor that is none.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let is_name = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    ensure!(
        is_name,
        Usage,
        "`--cursor` is a name of 1 to 64 letters, digits, `-`, `_` and `.`",
        "`--cursor` es un nombre de 1 a 64 letras, cifras, `-`, `_` y `.`"
    );
    Ok(())
}

fn places(name: &str, details: &str) -> Result<Places> {
    serde_json::from_str(details).map_err(|_| {
        let message = text!(
            "the cursor `{name}` is of another version of this command; choose another name, which begins with everything",
            "el cursor `{name}` es de otra versión de este comando; elija otro nombre, que empieza con todo"
        );
        Error::new(ErrorCode::Invalid, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cursor(place: Option<i64>, now: i64) -> Cursor {
        let types = place.map(|place| ("chats".to_owned(), Instant::from_micros(place))).into_iter().collect();
        let (name, overlap, now) = ("default".to_owned(), Duration::from_micros(10), Instant::from_micros(now));
        Cursor { name, journal: Some(7), places: Places { types }, overlap, reset: false, now }
    }

    #[test]
    fn a_window_begins_before_the_place_and_with_everything_where_there_is_none() {
        let window = cursor(Some(100), 200).window(Relation::Chats);
        assert_eq!((window.since, window.journal), (90, 7));
        assert_eq!(cursor(Some(100), 50).window(Relation::Chats).since, i64::MIN, "the clock was set back");
        assert_eq!(
            cursor(Some(100), 200).window(Relation::Agents),
            Window { since: i64::MIN, id: i64::MIN, journal: 0 }
        );
        let reset = Cursor { reset: true, ..cursor(Some(100), 200) };
        assert_eq!((reset.place(Relation::Chats), reset.window(Relation::Chats).since), (None, i64::MIN));
    }

    #[test]
    fn places_are_read_back_and_those_of_another_version_refused() {
        let places_of = cursor(Some(3), 4).places;
        assert_eq!(places("default", &serde_json::to_string(&places_of).unwrap()).unwrap(), places_of);
        assert_eq!(places("default", "{}").unwrap_err().code(), ErrorCode::Invalid);
    }

    #[test]
    fn a_name_is_a_word() {
        for name in ["default", "nightly-2.eu_west", "a"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "ñ", "a/b", &"x".repeat(65)] {
            assert_eq!(check_name(name).unwrap_err().code(), ErrorCode::Usage, "{name}");
        }
    }
}
