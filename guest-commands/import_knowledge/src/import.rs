//! The import itself, over any sources and into any sink: passes over the files, repeated records, resuming.

mod missing;
mod passes;
#[cfg(test)]
mod tests;

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::{Choice, text};

use crate::completing::Completing;
use crate::imported::{FileResult, Imported};
use crate::presence::{MostErrors, Presence};
use crate::repeats::{Fate, Look, Repeats};
use crate::sink::{Checkpoint, KnowledgeSink, Written};
use encargo_sdk::knowledge::{Hasher, Item};
use encargo_sdk_records::chunks::Sources;
use encargo_sdk_records::format::Format;
use encargo_sdk_records::problem::{Code, Problem, shown};
use encargo_sdk_records::record::Field;
use encargo_sdk_records::shaping::Shaping;
use passes::{Pass, Place};

/// Who is told along the way.
pub trait Watcher {
    /// Something is wrong with a record, or with the rest of the file.
    ///
    /// # Errors
    /// It could not be kept.
    fn problem(&mut self, file: &str, problem: &Problem) -> Result<()>;

    /// So many records of a phase are read, of so many when that is known.
    ///
    /// # Errors
    /// `cancelled` when the import should end.
    fn progress(&mut self, phase: Phase, done: u64, total: Option<u64>) -> Result<()>;

    /// Asks whether so many of the stored items, which no file has, may be deleted.
    ///
    /// # Errors
    /// `refused` when they may not.
    fn confirm(&mut self, missing: u64, stored: u64) -> Result<()>;
}

/// What becomes of items that are known, and of those that are new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Choice)]
pub enum Mode {
    /// New ones are created, known ones keep what a file has no column for.
    #[default]
    Upsert,
    /// New ones are created, known ones stay as they are.
    Insert,
    /// Known ones are updated, new ones are left out.
    Update,
    /// New ones are created, and of known ones what a file has no column for is emptied.
    Replace,
}

/// What the files are read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Each record is looked at for the first time.
    Checking,
    /// Records that come more than once are held against each other.
    Comparing,
    /// What is to be written is.
    Importing,
    /// What no file has is deleted.
    Deleting,
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether one bad record keeps all from being written.
    pub strict: bool,
    /// The format of all files; told from each when none is given.
    pub format: Option<Format>,
    /// The encoding of all files; told from each when none is given.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// What becomes of known and of new items.
    pub mode: Mode,
    /// Whether items that no file has are deleted.
    pub delete_missing: bool,
    /// In a lenient import, how many wrong records keep all from being written.
    pub most_errors: Option<MostErrors>,
    /// How records of other shapes become items.
    pub shaping: Shaping,
    /// Where an interrupted import is taken up.
    pub resume: Option<Checkpoint>,
}

/// Imports all files.
///
/// Everything is read and checked before anything is written. A strict import writes nothing when something is wrong.
///
/// # Errors
/// What the sink or the watcher answers; `invalid` when the files are not those that the checkpoint speaks of, or
/// changed between two times that they are read.
pub fn import<K: KnowledgeSink, W: Watcher>(
    sources: &dyn Sources,
    sink: &mut K,
    watcher: &mut W,
    options: &Options,
) -> Result<Imported> {
    let mut pass = Pass::new(sources, watcher, options);
    let mut hasher = Hasher::default();
    let checked = check(&mut pass, &mut hasher)?;
    let Checked { mut files, mut repeats, presence } = checked;
    if is_too_wrong(&files, options) {
        // A run that wrote something had been found valid before it did.
        return if options.resume.is_none() {
            Ok(Imported { files, refused: true, deleted: None })
        } else {
            Err(changed(&files[0].name))
        };
    }
    let is_whole = files.iter().all(|file| file.invalid == 0 && file.broken.is_none());
    let presence = presence.filter(|_| is_whole);
    if let Some(presence) = &presence {
        missing::confirm(presence, sink, pass.watcher)?;
    }
    pass.begin(Phase::Importing)?;
    let checkpoint = options.resume.clone().unwrap_or_default();
    let had_items = match options.mode {
        Mode::Upsert => sink.has_items()?,
        Mode::Update => true,
        Mode::Insert | Mode::Replace => false,
    };
    let mut writing = Writing {
        sink,
        hasher,
        repeats: &mut repeats,
        completing: Completing::new(options.mode == Mode::Update),
        had_items,
        checkpoint: Checkpoint { deleted: checkpoint.deleted, ..Checkpoint::default() },
        skip: 0,
    };
    for (index, checked) in files.iter_mut().enumerate() {
        let name = &sources.names()[index];
        let base = writing.begin(name, index, &checkpoint)?;
        let before = writing.sink.written();
        let mut counts = Counts::default();
        let file = pass.file(index, &mut |item, _, _| writing.item(item, before, base, &mut counts))?;
        if !checked.has_same_records(&file) {
            return Err(changed(name));
        }
        writing.flush()?;
        checked.written = writing.sink.written().since(before, base);
        (checked.duplicate, checked.united) = (counts.duplicate, counts.united);
        checked.invalid += counts.superseded;
        writing.finish(checked, sources.names().get(index + 1))?;
    }
    let Writing { mut checkpoint, .. } = writing;
    sink.commit(&checkpoint)?;
    let deleted = match presence {
        Some(presence) => Some(missing::delete(&presence, sink, pass.watcher, &mut checkpoint)?),
        None => None,
    };
    Ok(Imported { files, refused: false, deleted })
}

/// What is known of the files before anything is written.
struct Checked {
    files: Vec<FileResult>,
    repeats: Repeats,
    /// The items of all files, where the others are to be deleted.
    presence: Option<Presence>,
}

/// Whether so much is wrong that nothing is written. A file that cannot be read on lacks nobody knows how many records.
fn is_too_wrong(files: &[FileResult], options: &Options) -> bool {
    let sum = |of: fn(&FileResult) -> u64| files.iter().map(of).sum::<u64>();
    let (invalid, read) = (sum(|file| file.invalid), sum(|file| file.read));
    let is_broken = files.iter().any(|file| file.broken.is_some());
    match options.most_errors {
        _ if options.strict => is_broken || invalid > 0,
        Some(most) => is_broken || most.are_exceeded(invalid, read),
        None => false,
    }
}

/// Reads everything, tells of what is wrong, and finds the records that come more than once.
fn check<W: Watcher>(pass: &mut Pass<'_, W>, hasher: &mut Hasher) -> Result<Checked> {
    let mut look = Look::first();
    pass.begin(Phase::Checking)?;
    let mut presence = pass.options.delete_missing.then(Presence::default);
    let mut files = pass.all(&mut |item, _, _| {
        look.note(hasher.key(item));
        presence.as_mut().map_or(Ok(()), |presence| presence.note(hasher.identity(item).external_id))
    })?;
    if let Some(presence) = &mut presence {
        presence.settle();
    }
    pass.be_silent();
    let keys = look.repeated(|look| {
        pass.again(&mut |item, _, _| {
            look.note(hasher.key(item));
            Ok(())
        })
    })?;
    let mut repeats = Repeats::of(keys);
    if repeats.is_empty() {
        return Ok(Checked { files, repeats, presence });
    }
    pass.again(&mut |item, _, _| {
        repeats.note(hasher, item);
        Ok(())
    })?;
    repeats.settle();
    if repeats.conflicts {
        tell_of_conflicts(pass, hasher, &repeats, &mut files)?;
    }
    Ok(Checked { files, repeats, presence })
}

/// Tells of each record whose id comes again with another content. In a strict import all of them are invalid.
fn tell_of_conflicts<W: Watcher>(
    pass: &mut Pass<'_, W>,
    hasher: &mut Hasher,
    repeats: &Repeats,
    files: &mut [FileResult],
) -> Result<()> {
    let strict = pass.options.strict;
    let names = pass.sources.names();
    pass.again(&mut |item, place: &Place<'_>, watcher| {
        let Some(times) = repeats.conflict(hasher, item) else { return Ok(()) };
        let message = if strict {
            text!(
                "this id comes {times} times, not always with the same content",
                "este identificador aparece {times} veces, no siempre con el mismo contenido"
            )
        } else {
            text!(
                "this id comes {times} times, not always with the same content: the last stands",
                "este identificador aparece {times} veces, no siempre con el mismo contenido: queda el último"
            )
        };
        let column = place.columns.name(Field::ExternalId).to_owned();
        let (line, record, value) = (place.line, place.record, shown(item.external_id));
        files[place.file].invalid += u64::from(strict);
        watcher.problem(&names[place.file], &Problem { line, record, column, code: Code::Repeated, value, message })
    })
}

fn changed(name: &str) -> Error {
    let message = text!("`{name}` changed while it was imported", "`{name}` cambió mientras se importaba");
    Error::new(ErrorCode::Invalid, message)
}

/// What became of the items of a file that were not written.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    duplicate: u64,
    united: u64,
    superseded: u64,
}

/// Hands items to the sink and keeps the checkpoint.
struct Writing<'a, K> {
    sink: &'a mut K,
    hasher: Hasher,
    repeats: &'a mut Repeats,
    completing: Completing,
    /// Whether there were items before this run, of which a record may lack something.
    had_items: bool,
    checkpoint: Checkpoint,
    /// How many items of this file are written already.
    skip: u64,
}

impl<K: KnowledgeSink> Writing<'_, K> {
    /// Begins a file, and answers what became of it before an interruption.
    fn begin(&mut self, name: &str, index: usize, resumed: &Checkpoint) -> Result<Written> {
        self.checkpoint.file = name.to_owned();
        self.checkpoint.items = 0;
        let interrupted = index == resumed.finished.len();
        if interrupted && !resumed.file.is_empty() && resumed.file != name {
            return Err(changed(&resumed.file));
        }
        let (skip, base) = match resumed.finished.get(index) {
            Some(&finished) => (u64::MAX, finished),
            None if interrupted => (resumed.items, resumed.written),
            None => (0, Written::default()),
        };
        self.skip = skip;
        Ok(base)
    }

    fn item(&mut self, item: &Item<'_>, before: Written, base: Written, counts: &mut Counts) -> Result<()> {
        let fate = if self.repeats.is_empty() { Fate::Written } else { self.repeats.fate(&mut self.hasher, item) };
        match fate {
            Fate::Written => self.write(item, before, base),
            Fate::United(tags, source) => {
                let mut united = Item { tags: &tags, source: &source, ..*item };
                united.absent.tags &= tags == item.tags;
                united.absent.source &= source == item.source;
                self.write(&united, before, base)
            }
            Fate::Duplicate(differs) => {
                counts.duplicate += 1;
                counts.united += u64::from(differs);
                Ok(())
            }
            Fate::Superseded => {
                counts.superseded += 1;
                Ok(())
            }
        }
    }

    fn write(&mut self, item: &Item<'_>, before: Written, base: Written) -> Result<()> {
        self.checkpoint.items += 1;
        if self.checkpoint.items <= self.skip {
            return Ok(());
        }
        if self.completing.only_known || (self.had_items && item.absent.any()) {
            self.completing.add(item, &mut self.hasher, self.sink)?;
        } else {
            self.sink.write(item, &self.hasher.identity(item))?;
        }
        if self.sink.is_due() {
            self.flush()?;
            self.checkpoint.written = self.sink.written().since(before, base);
            self.sink.commit(&self.checkpoint)?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.completing.flush(&mut self.hasher, self.sink)?;
        self.sink.flush()
    }

    fn finish(&mut self, file: &FileResult, next: Option<&String>) -> Result<()> {
        self.checkpoint.finished.push(file.written);
        self.checkpoint.file = next.cloned().unwrap_or_default();
        self.checkpoint.items = 0;
        self.checkpoint.written = Written::default();
        if self.sink.is_due() {
            self.sink.commit(&self.checkpoint)?;
        }
        Ok(())
    }
}
