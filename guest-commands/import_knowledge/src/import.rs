//! The import itself, over any sources and into any sink: passes over the files, duplicates, resuming.

#[cfg(test)]
mod tests;

use encargo_sdk::error::{Error, ErrorCode, Result};
use encargo_sdk::text;

use crate::chunks::Sources;
use crate::encoding::Decoder;
use crate::format::{self, Format};
use crate::imported::{FileResult, Imported};
use crate::item::{Hasher, Item};
use crate::problem::{Broken, Problem};
use crate::record::Record;
use crate::seen::Seen;
use crate::sink::{Checkpoint, KnowledgeSink, Written};
use crate::validate::Validator;

/// How many records lie between two looks at whether the run should end.
const STRIDE: u64 = 1_000;

/// Who is told along the way.
pub trait Watcher {
    /// Something is wrong with a record, or with the rest of the file.
    ///
    /// # Errors
    /// It could not be kept.
    fn problem(&mut self, file: &str, problem: &Problem) -> Result<()>;

    /// So many records are read, of so many when that is known.
    ///
    /// # Errors
    /// `cancelled` when the import should end.
    fn progress(&mut self, done: u64, total: Option<u64>) -> Result<()>;
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether one bad record keeps all from being written.
    pub strict: bool,
    /// The format of all files; told from each when none is given.
    pub format: Option<Format>,
    /// Where an interrupted import is taken up.
    pub resume: Option<Checkpoint>,
}

/// Imports all files.
///
/// A strict import reads everything once before it writes anything, and writes nothing when something is wrong.
///
/// # Errors
/// What the sink or the watcher answers; `invalid` when the files are not those that the checkpoint speaks of, or
/// changed between the two times that they are read.
pub fn import<K: KnowledgeSink, W: Watcher>(
    sources: &dyn Sources,
    sink: &mut K,
    watcher: &mut W,
    options: &Options,
) -> Result<Imported> {
    let mut pass = Pass {
        sources,
        watcher,
        options,
        validator: Validator::default(),
        record: Record::default(),
        done: 0,
        total: None,
    };
    let count = sources.names().len();
    // A run that wrote something had been found valid before it did.
    if options.strict && options.resume.is_none() {
        let files = (0..count).map(|index| pass.file(index, &mut |_| Ok(true))).collect::<Result<Vec<_>>>()?;
        if files.iter().any(|file| file.invalid > 0 || file.broken.is_some()) {
            return Ok(Imported { files, refused: true, forgot: 0 });
        }
        pass.total = Some(pass.done);
        pass.done = 0;
    }
    let checkpoint = options.resume.clone().unwrap_or_default();
    let mut writing = Writing {
        sink,
        seen: Seen::expecting(pass.total),
        hasher: Hasher::default(),
        checkpoint: Checkpoint::default(),
        skip: 0,
    };
    let mut files = Vec::with_capacity(count);
    for index in 0..count {
        let name = &sources.names()[index];
        let base = writing.begin(name, index, &checkpoint)?;
        let before = writing.sink.written();
        let mut file = pass.file(index, &mut |item| writing.item(item, before, base))?;
        if options.strict && (file.invalid > 0 || file.broken.is_some()) {
            return Err(changed(name));
        }
        writing.sink.flush()?;
        file.written = writing.sink.written().since(before, base);
        writing.finish(&file, sources.names().get(index + 1))?;
        files.push(file);
    }
    writing.sink.commit(&writing.checkpoint)?;
    Ok(Imported { files, refused: false, forgot: writing.seen.emptied })
}

fn changed(name: &str) -> Error {
    let message = text!("`{name}` changed while it was imported", "`{name}` cambió mientras se importaba");
    Error::new(ErrorCode::Invalid, message)
}

/// Reads files and checks their records.
struct Pass<'a, W> {
    sources: &'a dyn Sources,
    watcher: &'a mut W,
    options: &'a Options,
    validator: Validator,
    record: Record,
    done: u64,
    total: Option<u64>,
}

impl<W: Watcher> Pass<'_, W> {
    /// Reads one file; `take` gets its valid items and answers whether each was new in this run.
    fn file(&mut self, index: usize, take: &mut dyn FnMut(&Item<'_>) -> Result<bool>) -> Result<FileResult> {
        let name = &self.sources.names()[index];
        let mut file = FileResult::of(name);
        let opened = self
            .sources
            .open(index)
            .map_err(|error| Broken::unreadable(1, error))
            .and_then(|chunks| format::open(name, Decoder::new(chunks), self.options.format));
        let mut opened = match opened {
            Ok(opened) => opened,
            Err(broken) => {
                self.broken(&mut file, broken)?;
                return Ok(file);
            }
        };
        file.format = Some(opened.format);
        loop {
            match opened.records.next(&mut self.record) {
                Ok(true) => file.read += 1,
                Ok(false) => break,
                Err(broken) => {
                    self.broken(&mut file, broken)?;
                    break;
                }
            }
            match self.validator.item(&self.record, opened.records.columns()) {
                Ok(item) => file.duplicate += u64::from(!take(&item)?),
                Err(problems) => {
                    file.invalid += 1;
                    problems.iter().try_for_each(|problem| self.watcher.problem(name, problem))?;
                }
            }
            self.done += 1;
            if self.done.is_multiple_of(STRIDE) {
                self.watcher.progress(self.done, self.total)?;
            }
        }
        file.encoding = opened.records.encoding();
        file.delimiter = opened.records.delimiter();
        file.warnings = opened.records.columns().warnings();
        Ok(file)
    }

    fn broken(&mut self, file: &mut FileResult, broken: Broken) -> Result<()> {
        if matches!(broken.error.code, ErrorCode::Cancelled | ErrorCode::Timeout | ErrorCode::Denied) {
            return Err(broken.error);
        }
        let (line, record, code) = (broken.line, file.read + 1, broken.code);
        let (column, value, message) = (String::new(), String::new(), broken.error.message.clone());
        self.watcher.problem(&file.name, &Problem { line, record, column, code, value, message })?;
        file.broken = Some(broken);
        Ok(())
    }
}

/// Hands new items to the sink and keeps the checkpoint.
struct Writing<'a, K> {
    sink: &'a mut K,
    seen: Seen,
    hasher: Hasher,
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

    fn item(&mut self, item: &Item<'_>, before: Written, base: Written) -> Result<bool> {
        let identity = self.hasher.identity(item);
        if !self.seen.insert(identity.key) {
            return Ok(false);
        }
        self.checkpoint.items += 1;
        if self.checkpoint.items <= self.skip {
            return Ok(true);
        }
        self.sink.write(item, &identity)?;
        if self.sink.is_due() {
            self.sink.flush()?;
            self.checkpoint.written = self.sink.written().since(before, base);
            self.sink.commit(&self.checkpoint)?;
        }
        Ok(true)
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
