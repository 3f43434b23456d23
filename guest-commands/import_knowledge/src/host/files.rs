//! The files to import: those of an argument, or of the tenant's own folder.

use encargo_sdk::error::Result;
use encargo_sdk::files::{self, Entry};

use encargo_sdk_records::chunks::{Chunks, Sources};
use encargo_sdk_records::format::Format;

/// Where the files are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Input {
    /// Behind a path argument.
    Argument(&'static str),
    /// In a named root.
    Root(&'static str),
}

/// The files, in the order of their names.
pub(crate) struct Files {
    input: Input,
    names: Vec<String>,
    /// Each one's place among all files of the argument.
    places: Vec<u32>,
    /// How many bytes they have together, as stored; none when one is a stream.
    bytes: Option<u64>,
    left_out: Vec<String>,
}

impl Files {
    /// Lists them. In a folder those that no format is known of are left out, and hidden ones.
    pub(crate) fn list(input: Input, format: Option<Format>) -> Result<Self> {
        let entries = match input {
            Input::Argument(argument) => files::entries(argument)?,
            Input::Root(root) => files::root(root).pages(None).collect::<Result<Vec<_>>>()?.concat(),
        };
        let one = matches!(input, Input::Argument("file"));
        let mut all = Self { input, names: Vec::new(), places: Vec::new(), bytes: Some(0), left_out: Vec::new() };
        for (place, Entry { name, size, .. }) in (0..).zip(entries) {
            if one || is_taken(&name, format) {
                all.names.push(name);
                all.places.push(place);
                all.bytes = all.bytes.zip(size).map(|(bytes, size)| bytes + size);
            } else {
                all.left_out.push(name);
            }
        }
        Ok(all)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How many bytes they have together, as stored; none when one is a stream.
    pub(crate) fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// Moves one away into a folder inside its own, and answers where it is then.
    ///
    /// # Errors
    /// As [`files::move_entry`].
    pub(crate) fn move_into(&self, index: usize, folder: &str) -> Result<String> {
        match self.input {
            Input::Argument(argument) => files::move_entry(argument, self.places[index], folder),
            Input::Root(root) => files::root(root).move_into(&self.names[index], folder),
        }
    }

    /// The names of files in the folder that are not imported.
    pub(crate) fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

fn is_taken(name: &str, format: Option<Format>) -> bool {
    !name.starts_with('.') && (format.is_some() || Format::from_name(name).is_some())
}

impl Sources for Files {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn open(&self, index: usize) -> Result<Box<dyn Chunks>> {
        let source = match self.input {
            Input::Argument(argument) => files::read(argument, self.places[index])?,
            Input::Root(root) => files::root(root).read(&self.names[index])?,
        };
        Ok(Box::new(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_and_those_of_no_format_are_left_out_of_a_folder() {
        for (name, format, taken) in [
            ("faq.csv", None, true),
            ("faq.csv.gz", None, true),
            (".faq.csv", None, false),
            ("notes.md", None, false),
            ("notes.md", Some(Format::Csv), true),
            (".hidden", Some(Format::Csv), false),
        ] {
            assert_eq!(is_taken(name, format), taken, "{name} {format:?}");
        }
    }
}
