//! What became of an import, file by file.

use crate::sink::Written;
use encargo_sdk_records::format::Format;
use encargo_sdk_records::problem::Broken;

/// What became of one file.
#[derive(Debug, Clone)]
pub struct FileResult {
    /// Its name.
    pub name: String,
    /// What it was read as; none when it could not be opened.
    pub format: Option<Format>,
    /// What its characters are written in.
    pub encoding: &'static str,
    /// What stands between the cells of a CSV file.
    pub delimiter: Option<char>,
    /// Records in it.
    pub read: u64,
    /// Those that were not valid.
    pub invalid: u64,
    /// Those that came before in this run.
    pub duplicate: u64,
    /// How many of those had other tags, which were added, or another source.
    pub united: u64,
    /// What became of the others.
    pub written: Written,
    /// Sentences on what a person may not have meant.
    pub warnings: Vec<String>,
    /// Sentences on how it was read.
    pub notes: Vec<String>,
    /// From where it could not be read on.
    pub broken: Option<Broken>,
}

/// What became of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Each file, in order.
    pub files: Vec<FileResult>,
    /// Whether nothing was written because something was wrong, or too much.
    pub refused: bool,
    /// How many items that no file has were deleted; none where that was not done.
    pub deleted: Option<u64>,
}

impl Imported {
    /// Whether anything of the files was taken, be it only found as it should be.
    pub(crate) fn is_any_taken(&self) -> bool {
        !self.refused && self.files.iter().any(|file| file.read > 0 || file.broken.is_none())
    }
}

impl FileResult {
    /// Whether another reading found the same records.
    pub(crate) fn has_same_records(&self, other: &Self) -> bool {
        let of = |file: &Self| (file.read, file.invalid, file.broken.is_some());
        of(self) == of(other)
    }

    /// A file of which nothing is read yet.
    pub(crate) fn of(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            format: None,
            encoding: "UTF-8",
            delimiter: None,
            read: 0,
            invalid: 0,
            duplicate: 0,
            united: 0,
            written: Written::default(),
            warnings: Vec::new(),
            notes: Vec::new(),
            broken: None,
        }
    }
}
