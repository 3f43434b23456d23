//! Passes over the files: each record read, checked and handed on.

use encargo_sdk::error::Result;
use encargo_sdk::text;

use super::{Options, Phase, Watcher, changed};
use crate::imported::FileResult;
use crate::validate::Validator;
use encargo_sdk::knowledge::Item;
use encargo_sdk_records::chunks::Sources;
use encargo_sdk_records::columns::Columns;
use encargo_sdk_records::encoding::Decoder;
use encargo_sdk_records::format;
use encargo_sdk_records::problem::{Broken, Problem, shown};
use encargo_sdk_records::record::Record;

/// How many records lie between two looks at whether the run should end.
const STRIDE: u64 = 1_000;

/// Where a valid item was read.
pub(super) struct Place<'a> {
    /// The number of its file, from 0.
    pub(super) file: usize,
    /// The number of its record in the file.
    pub(super) record: u64,
    /// The physical line on which that begins.
    pub(super) line: u64,
    /// The file's columns.
    pub(super) columns: &'a Columns,
}

/// Takes a valid item; the watcher is there to be told.
type Take<'t, W> = dyn FnMut(&Item<'_>, &Place<'_>, &mut W) -> Result<()> + 't;

/// Reads files and checks their records.
pub(super) struct Pass<'a, W> {
    pub(super) sources: &'a dyn Sources,
    pub(super) watcher: &'a mut W,
    pub(super) options: &'a Options,
    validator: Validator,
    record: Record,
    phase: Phase,
    done: u64,
    total: Option<u64>,
    /// Whether the watcher knows already what is wrong.
    is_told: bool,
}

impl<'a, W: Watcher> Pass<'a, W> {
    pub(super) fn new(sources: &'a dyn Sources, watcher: &'a mut W, options: &'a Options) -> Self {
        let (validator, record) = (Validator::default(), Record::default());
        let phase = Phase::Checking;
        Self { sources, watcher, options, validator, record, phase, done: 0, total: None, is_told: false }
    }

    /// What is wrong with the records was told.
    pub(super) fn be_silent(&mut self) {
        self.is_told = true;
        self.total = Some(self.done);
    }

    /// The next records are the first ones, read for this.
    pub(super) fn begin(&mut self, phase: Phase) -> Result<()> {
        (self.phase, self.done) = (phase, 0);
        self.tell()
    }

    fn tell(&mut self) -> Result<()> {
        self.watcher.progress(self.phase, self.done, self.total)
    }

    /// Reads all files.
    pub(super) fn all(&mut self, take: &mut Take<'_, W>) -> Result<Vec<FileResult>> {
        (0..self.sources.names().len()).map(|index| self.file(index, take)).collect()
    }

    /// Reads all files once more.
    pub(super) fn again(&mut self, take: &mut Take<'_, W>) -> Result<()> {
        let total = self.total;
        self.begin(Phase::Comparing)?;
        self.all(take)?;
        match total {
            Some(total) if total != self.done => Err(changed(&self.sources.names()[0])),
            _ => Ok(()),
        }
    }

    /// Reads one file; `take` gets its valid items.
    pub(super) fn file(&mut self, index: usize, take: &mut Take<'_, W>) -> Result<FileResult> {
        let name = &self.sources.names()[index];
        let mut file = FileResult::of(name);
        let encoding = self.options.encoding;
        let opened = self.sources.open(index).map_err(|error| Broken::unreadable(1, error)).and_then(|chunks| {
            format::open(name, Decoder::new(chunks, encoding), self.options.format, &self.options.shaping)
        });
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
            let columns = opened.records.columns();
            match self.validator.item(&self.record, columns) {
                Ok(item) => {
                    let (record, line) = (self.record.number, self.record.line);
                    take(&item, &Place { file: index, record, line, columns }, self.watcher)?;
                }
                Err(problems) => {
                    file.invalid += 1;
                    if !self.is_told {
                        problems.iter().try_for_each(|problem| self.watcher.problem(name, problem))?;
                    }
                }
            }
            self.done += 1;
            if self.done.is_multiple_of(STRIDE) {
                self.tell()?;
            }
        }
        self.tell()?;
        let text = opened.records.text();
        file.encoding = text.encoding;
        file.delimiter = opened.records.delimiter();
        file.warnings = opened.records.columns().warnings();
        file.warnings.extend(text.odd_word().map(odd));
        file.notes = opened.records.notes();
        Ok(file)
    }

    fn broken(&mut self, file: &mut FileResult, broken: Broken) -> Result<()> {
        if broken.error.ends_run() {
            return Err(broken.error);
        }
        if !self.is_told {
            let (line, record, code) = (broken.line, file.read + 1, broken.code);
            let (column, value, message) = (String::new(), String::new(), broken.error.message.clone());
            self.watcher.problem(&file.name, &Problem { line, record, column, code, value, message })?;
        }
        file.broken = Some(broken);
        Ok(())
    }
}

/// A text that was guessed to be Windows-1252 does not read like it.
fn odd(word: &str) -> String {
    let word = shown(word);
    text!(
        "read as Windows-1252, but `{word}` reads like another encoding: give it as `--encoding` (windows-1251, macintosh, shift_jis, ...)",
        "leído como Windows-1252, pero `{word}` parece de otra codificación: indícala con `--encoding` (windows-1251, macintosh, shift_jis, ...)"
    )
}
