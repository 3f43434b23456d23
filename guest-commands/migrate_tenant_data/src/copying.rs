//! Copies the rows of one relation, a chunk at a time, and reads back what it wrote.

use std::collections::{HashMap, HashSet};

use encargo_sdk::journal::{Entry, Journal, kept};
use encargo_sdk::prelude::*;

use crate::counterpart::{counterparts, free_key, source_key};
use crate::rows::Kind;
use crate::told::{Copied, NAMED};
use crate::transfer::OnConflict;

/// What copying a relation works with: one snapshot of the source and one transaction of the target.
pub(crate) struct Copying<'a> {
    pub(crate) run: &'a Run,
    pub(crate) from: &'a str,
    pub(crate) source: &'a Transaction,
    pub(crate) target: &'a Transaction,
    pub(crate) journal: &'a Journal,
    pub(crate) on_conflict: OnConflict,
}

/// What becomes of a row before it is compared with what is there.
pub(crate) enum Ready {
    /// It is as it is to be written.
    Yes,
    /// It is, and something of it was left out.
    WithoutSecrets,
    /// It cannot be copied.
    No,
}

/// Where a row of the source is in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arrived {
    pub(crate) source: i64,
    pub(crate) target: i64,
    /// Whether it was written now.
    pub(crate) is_written: bool,
}

impl Copying<'_> {
    /// Copies all rows that `all` reads. `prepare` makes a row ready for the target; `arrived` is told of each chunk
    /// where its rows are now.
    ///
    /// # Errors
    /// What the databases say, and what the two functions answer.
    pub(crate) fn relation<K: Kind>(
        &self,
        all: &str,
        mut prepare: impl FnMut(&mut K) -> Result<Ready>,
        mut arrived: impl FnMut(&[Arrived]) -> Result<()>,
    ) -> Result<Copied> {
        let mut copied = Copied::of(K::RELATION);
        let copying = Phase::new(text!("copying", "copiando"), K::RELATION);
        // Where the target has nothing, there is nothing to look up.
        let is_empty = self.target.row::<i64>(K::ANY, &[])?.is_none();
        for rows in self.source.chunks::<K>(all, &[])? {
            self.run.check()?;
            self.run.progress(&copying, copied.source);
            let came = self.chunk(rows?, is_empty, &mut prepare, &mut copied)?;
            arrived(&came)?;
        }
        Ok(copied)
    }

    fn chunk<K: Kind>(
        &self,
        rows: Vec<K>,
        is_empty: bool,
        prepare: &mut impl FnMut(&mut K) -> Result<Ready>,
        copied: &mut Copied,
    ) -> Result<Vec<Arrived>> {
        let there = if is_empty { HashMap::new() } else { counterparts(self.from, &rows, self.target)? };
        let (mut fresh, mut overwritten, mut came) = (Vec::new(), Vec::new(), Vec::new());
        // Keys of the source's own rows are not free for those that get another one.
        let keys = rows.iter().filter(|_| !there.is_empty()).filter_map(Kind::key);
        let mut taken: HashSet<String> = keys.map(str::to_owned).collect();
        for mut wanted in rows {
            let source = wanted.id();
            copied.source += 1;
            match prepare(&mut wanted)? {
                Ready::Yes => {}
                Ready::WithoutSecrets => copied.secrets += 1,
                Ready::No => {
                    copied.failed += 1;
                    continue;
                }
            }
            let Some(other) = there.get(&source) else {
                fresh.push((source, wanted));
                continue;
            };
            let arrived = Arrived { source, target: other.row.id(), is_written: false };
            if other.row.content() == wanted.content() {
                copied.unchanged += 1;
                came.push(arrived);
                continue;
            }
            match (self.on_conflict, other.row.key()) {
                (OnConflict::Overwrite, _) => {
                    wanted.take_place_of(&other.row);
                    wanted.touch(self.run.started_at());
                    overwritten.push((other.row.clone(), wanted));
                    came.push(Arrived { is_written: true, ..arrived });
                }
                // What an earlier transfer made and somebody has changed since stays as it is.
                (OnConflict::Rename, Some(key)) if !other.came => {
                    // Whoever made it ready may have found a key for it.
                    if wanted.key() == Some(key) {
                        let free = free_key::<K>(key, self.target, |name| taken.contains(name))?;
                        taken.insert(free.clone());
                        wanted.set_key(free);
                    }
                    copied.renamed += 1;
                    fresh.push((source, wanted));
                }
                (OnConflict::Skip | OnConflict::Rename, _) => {
                    copied.skipped += 1;
                    came.push(arrived);
                }
                (OnConflict::Fail, key) => {
                    if copied.conflicts.len() < NAMED {
                        copied.conflicts.push(key.map_or_else(|| other.row.id().to_string(), str::to_owned));
                    }
                }
            }
        }
        self.overwrite(&overwritten, copied)?;
        came.extend(self.create(fresh, copied)?);
        Ok(came)
    }

    fn create<K: Kind>(&self, fresh: Vec<(i64, K)>, copied: &mut Copied) -> Result<Vec<Arrived>> {
        let Ok(n @ 1..) = u32::try_from(fresh.len()) else { return Ok(Vec::new()) };
        let first = self.run.ids(n)?;
        let (mut rows, mut entries, mut came) = (Vec::new(), Vec::new(), Vec::new());
        for (target, (source, mut row)) in (first..).zip(fresh) {
            row.set_id(target);
            row.touch(self.run.started_at());
            let state = row.state();
            copied.written.add(&state);
            entries.push(Entry::created(K::RELATION, target, state).from_source(source_key(self.from, source)));
            came.push(Arrived { source, target, is_written: true });
            rows.push(row);
        }
        copied.created += self.target.write_rows(&Writer::into(K::RELATION), &rows)?.inserted;
        self.journal.note(self.target, &entries)?;
        for row in self.target.stream::<K>(K::BETWEEN, &[&first, &(first + i64::from(n))])? {
            copied.read_back.add(&row?.state());
        }
        Ok(came)
    }

    fn overwrite<K: Kind>(&self, overwritten: &[(K, K)], copied: &mut Copied) -> Result<()> {
        if overwritten.is_empty() {
            return Ok(());
        }
        let rows = overwritten.iter().map(|(_, after)| after);
        copied.overwritten += self.target.write_rows(&Writer::into(K::RELATION).key(["id"]).update(), rows)?.updated;
        for (before, after) in overwritten {
            let entry = Entry::updated(K::RELATION, after.id(), kept(before)?, after.state());
            self.journal.note(self.target, &[entry])?;
            copied.written.add(&after.state());
            if let Some(row) = self.target.row::<K>(K::BY_ID, &[&after.id()])? {
                copied.read_back.add(&row.state());
            }
        }
        Ok(())
    }
}
