//! Where an export goes: the format and the names of its files.

use std::cell::Cell;

use encargo_sdk::files::{self, Destination, Sink};
use encargo_sdk::prelude::*;

use crate::format::Format;
use crate::manifest;
use crate::relation::{Relation, What};

/// Where the files go and what they are called.
#[derive(Debug)]
pub(crate) struct Place {
    /// The argument that names it.
    pub(crate) argument: &'static str,
    pub(crate) destination: Destination,
    pub(crate) format: Format,
    /// What the names of files in a folder have of the run, so that they replace no earlier ones.
    pub(crate) stamp: Option<String>,
    /// Whether names of files in a folder are numbered.
    pub(crate) is_split: bool,
    /// Whether each file gets a manifest.
    pub(crate) manifests: bool,
    /// How many files were begun.
    pub(crate) begun: Cell<usize>,
}

/// No export has more files, with their manifests: each is open until all are written.
const MOST_FILES: usize = 200;

/// A file in the making.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) name: String,
    pub(crate) sink: Sink,
    pub(crate) manifest: Option<Sink>,
}

impl Place {
    /// The format that was asked for, else that of the file's name, else CSV.
    ///
    /// # Errors
    /// `usage` for more than one type where there is room for one.
    pub(crate) fn format(destination: &Destination, format: Option<Format>, types: usize) -> Result<Format> {
        ensure!(
            types <= 1 || *destination == Destination::Folder,
            Usage,
            "`--output` is one file and {types} types are to be exported; name a folder, or one type with `--type`",
            "`--output` es un solo archivo y se exportan {types} tipos; indique una carpeta, o un tipo con `--type`"
        );
        let of_name = || if let Destination::File(name) = destination { Format::from_name(name) } else { None };
        Ok(format.or_else(of_name).unwrap_or(Format::Csv))
    }

    /// The name of a file: `chats.csv`, `chats-0002.csv`, `chats.20270101T000000.000000Z-1.deleted.csv`.
    pub(crate) fn name(&self, relation: Relation, what: What, part: usize) -> String {
        if let Destination::File(name) = &self.destination {
            return format!("{name}{}", self.beside(what));
        }
        let stamp = self.stamp.as_ref().map_or(String::new(), |stamp| format!(".{stamp}"));
        let deleted = if what == What::Deletions { ".deleted" } else { "" };
        let part = if self.is_split { format!("-{part:04}") } else { String::new() };
        format!("{}{stamp}{deleted}{part}.{}", relation.word(), self.format.word())
    }

    /// Begins a file and its manifest: where either cannot stand, nothing is exported.
    pub(crate) fn begin(&self, relation: Relation, what: What, part: usize) -> Result<Begun> {
        let (argument, name) = (self.argument, self.name(relation, what, part));
        let is_file = matches!(self.destination, Destination::File(_));
        self.begun.set(self.begun.get() + if self.manifests { 2 } else { 1 });
        ensure!(
            self.begun.get() <= MOST_FILES,
            TooLarge,
            "`{name}` would be one of more than {MOST_FILES} files, and nothing was exported; a larger `--max-rows` or `--max-bytes` makes them fewer",
            "`{name}` sería uno de más de {MOST_FILES} archivos, y no se exportó nada; un `--max-rows` o `--max-bytes` mayor hace menos"
        );
        let sink = match what {
            What::Deletions if is_file => files::create_beside(argument, &self.beside(what))?,
            _ => files::create(argument, &name)?,
        };
        let manifest = match (self.manifests, is_file) {
            (false, _) => None,
            (true, false) => Some(files::create(argument, &format!("{name}{}", manifest::SUFFIX))?),
            (true, true) => {
                Some(files::create_beside(argument, &format!("{}{}", self.beside(what), manifest::SUFFIX))?)
            }
        };
        Ok(Begun { name, sink, manifest })
    }

    /// What stands behind the one file's name.
    fn beside(&self, what: What) -> String {
        match what {
            What::Records => String::new(),
            What::Deletions => format!(".deleted.{}", self.format.word()),
        }
    }
}

/// What names of an incremental export have of their run, so that they sort in the order of the runs.
pub(crate) fn stamp(started_at: Instant, attempt: u32) -> String {
    let (seconds, rest) = (started_at.micros().div_euclid(1_000_000), started_at.micros().rem_euclid(1_000_000));
    let mut second = Instant::from_micros(seconds * 1_000_000).rfc3339();
    second.retain(|character| !matches!(character, '-' | ':' | 'Z'));
    format!("{second}.{rest:06}Z-{attempt}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(destination: Destination, stamp: Option<&str>, is_split: bool) -> Place {
        let stamp = stamp.map(str::to_owned);
        Place {
            argument: "output",
            destination,
            format: Format::Csv,
            stamp,
            is_split,
            manifests: false,
            begun: Cell::new(0),
        }
    }

    #[test]
    fn a_folder_takes_all_types_and_a_file_one() {
        let all = Relation::ALL.len();
        assert_eq!(Place::format(&Destination::Folder, None, all).unwrap(), Format::Csv);
        for destination in [Destination::File("all.csv".to_owned()), Destination::StandardOutput] {
            let refused = Place::format(&destination, None, all).unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Usage);
            assert!(refused.message.contains("7 types"), "{}", refused.message);
        }
    }

    #[test]
    fn the_format_that_was_asked_for_wins_over_the_suffix() {
        let file = |format| Place::format(&Destination::File("k.json.gz".to_owned()), format, 1).unwrap();
        assert_eq!(file(None), Format::Json);
        assert_eq!(file(Some(Format::Xml)), Format::Xml);
        assert_eq!(Place::format(&Destination::StandardOutput, None, 1).unwrap(), Format::Csv);
    }

    #[test]
    fn a_stamp_is_a_time_without_what_names_may_not_have() {
        assert_eq!(stamp(Instant::from_micros(1_735_689_600_000_007), 2), "20250101T000000.000007Z-2");
    }

    #[test]
    fn a_name_says_type_run_deletions_and_part() {
        let folder = |stamp, is_split| place(Destination::Folder, stamp, is_split);
        let chats = |place: Place, what, part| place.name(Relation::Chats, what, part);
        assert_eq!(chats(folder(None, false), What::Records, 1), "chats.csv");
        assert_eq!(chats(folder(None, true), What::Records, 12), "chats-0012.csv");
        assert_eq!(chats(folder(Some("T-1"), false), What::Records, 1), "chats.T-1.csv");
        assert_eq!(chats(folder(Some("T-1"), true), What::Deletions, 2), "chats.T-1.deleted-0002.csv");
        let file = || place(Destination::File("c.csv.gz".to_owned()), Some("T-1"), false);
        assert_eq!(chats(file(), What::Records, 1), "c.csv.gz");
        assert_eq!(chats(file(), What::Deletions, 1), "c.csv.gz.deleted.csv");
    }
}
