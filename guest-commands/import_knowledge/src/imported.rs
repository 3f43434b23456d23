//! What became of an import, file by file.

use crate::encoding::Encoding;
use crate::format::Format;
use crate::problem::Broken;
use crate::sink::Written;

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileResult {
    /// Its name.
    pub name: String,
    /// What it was read as; none when it could not be opened.
    pub format: Option<Format>,
    /// What its characters are written in.
    pub encoding: Encoding,
    /// What stands between the cells of a CSV file.
    pub delimiter: Option<char>,
    /// Records in it.
    pub read: u64,
    /// Those that were not valid.
    pub invalid: u64,
    /// Those whose external id came before in this run.
    pub duplicate: u64,
    /// What became of the others.
    pub written: Written,
    /// Sentences on its columns.
    pub warnings: Vec<String>,
    /// From where it could not be read on.
    pub broken: Option<Broken>,
}

/// What became of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Each file, in order.
    pub files: Vec<FileResult>,
    /// Whether nothing was written because something was wrong and the import is strict.
    pub refused: bool,
    /// How often so many items had come that earlier ones were forgotten, so that their duplicates count as updated
    /// or unchanged.
    pub forgot: u64,
}

impl FileResult {
    /// A file of which nothing is read yet.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            format: None,
            encoding: Encoding::Utf8,
            delimiter: None,
            read: 0,
            invalid: 0,
            duplicate: 0,
            written: Written::default(),
            warnings: Vec::new(),
            broken: None,
        }
    }
}
