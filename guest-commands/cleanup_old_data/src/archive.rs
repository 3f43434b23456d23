//! What is to be deleted, written to files first: one for each relation, as JSON lines in the shape of an export, published,
//! read back and compared before the first row goes. What is deleted then is what was archived: each transaction reads
//! its rows once more, and those that do not give the same line stay.
//!
//! A file's name has the run and the attempt in it, so that no archive ever takes the place of another one.

mod lines;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write as _;

use encargo_sdk::files::{Destination, Published, Source};
use encargo_sdk::media::{Sha256, copy};
use encargo_sdk::prelude::*;
use encargo_sdk::shape::{CHATS as CHAT, FEEDBACK as RATING, Grouping, Json, Shape};

use crate::{Job, sql};
use lines::{Line, Lines, Sum};

/// Text is handed to the host in pieces of about this size.
const PIECE: usize = 512 << 10;

/// A relation whose rows are archived; the first member of a line is its id, and the second that of its chat where it goes
/// with one.
pub(crate) struct Relation {
    name: &'static str,
    shape: &'static Shape,
    /// Its rows in the order of what they go with.
    statement: &'static str,
}

/// What goes together.
pub(crate) struct Set {
    relations: &'static [Relation],
    /// The last id of the first so many.
    last_of: &'static str,
    /// The keys of a range whose rows would take others with them that lie elsewhere.
    astray: Option<&'static str>,
}

const SENTIMENT: Shape = Shape {
    items: "sentiments",
    item: "sentiment",
    columns: encargo_sdk::columns![
        "id" Integer, "chat_id" Integer, "message_id" Integer, "label" Text, "score" Real, "confidence" Real,
        "model" Text, "created_at" Time,
    ],
    inner: None,
};

const LOG: Shape = Shape {
    items: "logs",
    item: "line",
    columns: encargo_sdk::columns![
        "id" Integer, "level" Text, "message" Text, "context" Text, "created_at" Time, "expires_at" Time,
    ],
    inner: None,
};

const EVENT: Shape = Shape {
    items: "analytics_events",
    item: "event",
    columns: encargo_sdk::columns![
        "id" Integer, "name" Text, "chat_id" Integer, "agent_id" Integer, "properties" Text, "value" Real,
        "created_at" Time,
    ],
    inner: None,
};

/// Chats, and what goes with them.
pub(crate) const CHATS: Set = Set {
    relations: &[
        Relation { name: "chats", shape: &CHAT, statement: sql::ARCHIVED_CHATS },
        Relation { name: "feedback", shape: &RATING, statement: sql::ARCHIVED_FEEDBACK },
        Relation { name: "sentiments", shape: &SENTIMENT, statement: sql::ARCHIVED_SENTIMENTS },
    ],
    last_of: sql::LAST_OF_CHATS,
    astray: Some(sql::ASTRAY_CHATS),
};

/// Lines of the log.
pub(crate) const LOGS: Set = Set {
    relations: &[Relation { name: "logs", shape: &LOG, statement: sql::ARCHIVED_LOGS }],
    last_of: sql::LAST_OF_LOGS,
    astray: None,
};

/// Events of the analytics.
pub(crate) const EVENTS: Set = Set {
    relations: &[Relation { name: "analytics_events", shape: &EVENT, statement: sql::ARCHIVED_EVENTS }],
    last_of: sql::LAST_OF_EVENTS,
    astray: None,
};

/// The folder that was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder {
    argument: &'static str,
}

impl Folder {
    /// Takes the argument.
    ///
    /// # Errors
    /// `usage` where it is no folder.
    pub(crate) fn of(output: Output) -> Result<Self> {
        ensure!(
            files::destination(output.argument)? == Destination::Folder,
            Usage,
            "`--archive-to` is a folder, in which each relation gets a file of its own",
            "`--archive-to` es una carpeta, en la que cada relación tiene un archivo propio"
        );
        Ok(Self { argument: output.argument })
    }
}

/// What was archived, as it is read along with the deleting.
pub(crate) struct Archive {
    set: &'static Set,
    /// The last id that it may have.
    pub(crate) to: i64,
    /// Whether there may be more behind it, for another run.
    pub(crate) is_cut: bool,
    readers: Vec<Reader>,
}

impl Archive {
    /// Writes what a range of ids has and the times that it is compared with, at most `most` things of it, and reads it back.
    ///
    /// # Errors
    /// What writing says; `failed` where what is read back is not what was written.
    pub(crate) fn write(
        job: &Job<'_>,
        folder: Folder,
        set: &'static Set,
        [after, last]: [i64; 2],
        times: &[i64],
        most: u64,
    ) -> Result<Self> {
        let snapshot = job.database.begin_read_only()?;
        let first = [&[after, last][..], times, &[i64::try_from(most).unwrap_or(i64::MAX)]].concat();
        let to = snapshot.row::<Option<i64>>(set.last_of, &bind(&first))?.flatten().unwrap_or(after);
        let range = [&[after, to][..], times].concat();
        let mut written = Vec::new();
        for relation in set.relations {
            written.push(write(job, folder, &snapshot, relation, &range)?);
        }
        snapshot.rollback()?;
        let is_cut = written.first().is_some_and(|(_, sum)| sum.lines() >= most);
        let mut readers = Vec::new();
        for (sink, sum) in written {
            let Some(sink) = sink else {
                readers.push(Reader::default());
                continue;
            };
            let published = sink.finish()?;
            verify(job, &published, &sum)?;
            readers.push(Reader {
                source: Some(published.read_back()?),
                published: Some(published),
                ..Reader::default()
            });
        }
        Ok(Self { set, to, is_cut, readers })
    }

    /// The keys up to `to` whose rows are not those that were archived, in a transaction in which nothing else changes them;
    /// ranges come in order.
    ///
    /// # Errors
    /// What reading says.
    pub(crate) fn differing(
        &mut self,
        job: &Job<'_>,
        transaction: &Transaction,
        [after, to]: [i64; 2],
        times: &[i64],
    ) -> Result<BTreeSet<i64>> {
        let range = [&[after, to][..], times].concat();
        let (mut differing, mut present) = (BTreeSet::new(), BTreeSet::new());
        for (relation, reader) in self.set.relations.iter().zip(&mut self.readers) {
            let archived = by_key(reader.up_to(job, to)?);
            let (mut lines, mut now) = (Lines::default(), Vec::new());
            rows(job, transaction, relation, &range, |piece, _| lines.feed(piece, |line| now.push(line)))?;
            let now = by_key(now);
            present.extend(now.keys().copied());
            let keys = archived.keys().chain(now.keys());
            differing.extend(keys.filter(|key| archived.get(key) != now.get(key)));
        }
        if let Some(astray) = self.set.astray {
            let astray = transaction.rows::<i64>(astray, &[&after, &to])?;
            differing.extend(astray.into_iter().filter(|key| present.contains(key)));
        }
        Ok(differing)
    }
}

/// The ranges that are left of one, lower ends not included, without some ids of it.
pub(crate) fn without(ids: &BTreeSet<i64>, [after, to]: [i64; 2]) -> Vec<[i64; 2]> {
    let (mut ranges, mut from) = (Vec::new(), after);
    for &id in ids.range(after.saturating_add(1)..=to) {
        ranges.push([from, id - 1]);
        from = id;
    }
    ranges.push([from, to]);
    ranges.retain(|[from, to]| from < to);
    ranges
}

fn by_key(lines: Vec<Line>) -> BTreeMap<i64, Vec<u128>> {
    let mut by_key: BTreeMap<i64, Vec<u128>> = BTreeMap::new();
    for Line { key, hash } in lines {
        by_key.entry(key).or_default().push(hash);
    }
    by_key
}

/// Hands over the lines of a range, some at a time, with how many things they are so far.
fn rows(
    job: &Job<'_>,
    transaction: &Transaction,
    relation: &Relation,
    range: &[i64],
    mut take: impl FnMut(&[u8], u64) -> Result<()>,
) -> Result<()> {
    let (mut json, mut grouping) = (Json::new(relation.shape, true), Grouping::new(relation.shape));
    let mut piece = Vec::new();
    for batch in transaction.batches(relation.statement, &bind(range), &relation.shape.kinds())? {
        job.run.check()?;
        let batch = batch?;
        json.rows(&batch, 0..batch.rows as usize, &mut grouping, &mut piece);
        if piece.len() >= PIECE {
            take(&piece, grouping.items)?;
            piece.clear();
        }
    }
    json.close(&mut piece);
    json.end(&mut piece);
    take(&piece, grouping.items)
}

/// Writes the file of a relation; none where it has no rows.
fn write(
    job: &Job<'_>,
    folder: Folder,
    snapshot: &Transaction,
    relation: &Relation,
    range: &[i64],
) -> Result<(Option<files::Sink>, Sum)> {
    let attempt = match job.run.attempt() {
        1 => String::new(),
        attempt => format!("-{attempt}"),
    };
    let name = format!("{}-{}{attempt}.jsonl.zst", relation.name, job.run.id());
    let archiving = Phase::new(text!("archiving", "archivando"), text!("rows", "filas"));
    let (mut sink, mut lines, mut sum) = (None, Lines::default(), Sum::default());
    rows(job, snapshot, relation, range, |piece, done| {
        job.run.progress(&archiving, done);
        if piece.is_empty() {
            return Ok(());
        }
        let to = match sink.take() {
            Some(sink) => sink,
            None => files::create(folder.argument, &name)?,
        };
        sink.insert(to).write_all(piece)?;
        lines.feed(piece, |line| sum.add(&line))
    })?;
    Ok((sink, sum))
}

/// Compares what is stored with what the host stored and with what was written.
fn verify(job: &Job<'_>, published: &Published, written: &Sum) -> Result<()> {
    let stored = published.stored()?;
    let (mut hash, mut bytes) = (Sha256::default(), 0);
    copy(&mut published.read_back_as_is()?, |chunk| {
        hash.add(chunk);
        bytes += chunk.len() as u64;
        job.run.check()
    })?;
    let (mut lines, mut sum) = (Lines::default(), Sum::default());
    copy(&mut published.read_back()?, |chunk| {
        lines.feed(chunk, |line| sum.add(&line))?;
        job.run.check()
    })?;
    ensure!(
        bytes == stored.bytes && hash.finish() == stored.sha256 && sum == *written && lines.are_whole(),
        Failed,
        "the archive reads back otherwise than it was written, so nothing was deleted",
        "el archivo histórico no se lee como se escribió, así que no se borró nada"
    );
    Ok(())
}

/// Reads an archived file from its start, a range of keys at a time; one that was not made is empty.
#[derive(Default)]
struct Reader {
    source: Option<Source>,
    lines: Lines,
    /// Lines that were read and not asked for yet.
    waiting: VecDeque<Line>,
    /// What is read stays there as long as this does.
    #[expect(dead_code, reason = "in a dry run the bytes go with it")]
    published: Option<Published>,
}

impl Reader {
    /// The next lines, those whose keys are not behind `to`.
    fn up_to(&mut self, job: &Job<'_>, to: i64) -> Result<Vec<Line>> {
        let mut found = Vec::new();
        loop {
            while let Some(line) = self.waiting.pop_front_if(|line| line.key <= to) {
                found.push(line);
            }
            let Some(source) = self.source.as_mut().filter(|_| self.waiting.is_empty()) else { return Ok(found) };
            job.run.check()?;
            let chunk = source.next_chunk()?;
            if chunk.is_empty() {
                self.source = None;
            }
            self.lines.feed(&chunk, |line| self.waiting.push_back(line))?;
        }
    }
}

/// Every parameter here is an integer.
pub(crate) fn bind(integers: &[i64]) -> Vec<&dyn ToValue> {
    integers.iter().map(|integer| integer as &dyn ToValue).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_cut_around_what_stays() {
        for (ids, [after, to], expected) in [
            (vec![], [0, 9], vec![[0, 9]]),
            (vec![1], [0, 9], vec![[1, 9]]),
            (vec![5], [0, 9], vec![[0, 4], [5, 9]]),
            (vec![5, 6, 9], [0, 9], vec![[0, 4], [6, 8]]),
            (vec![0, 10, 4], [0, 9], vec![[0, 3], [4, 9]]),
            (vec![1], [0, 1], vec![]),
            (vec![-7], [i64::MIN, -7], vec![[i64::MIN, -8]]),
        ] {
            assert_eq!(without(&ids.iter().copied().collect(), [after, to]), expected, "{ids:?}");
        }
    }
}
