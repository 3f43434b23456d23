//! The formats of the report's file.

mod junit;
mod sarif;
mod text;

use std::io::Write;

use encargo_sdk::choice::Choices;
use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;

use crate::module::Module;
use crate::report;
use crate::severity::Severity;
use crate::verdict::Verdict;

/// How the file of the report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Format {
    /// Lines for people.
    Text,
    /// One JSON object, as `details` of `--json`.
    Json,
    /// JUnit's XML: a test case for each issue that was looked for.
    Junit,
    /// SARIF 2.1.0: a rule for each issue, a result for each that was found.
    Sarif,
}

impl Format {
    /// The format that a file's name asks for.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let bare = [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        match bare.rsplit_once('.')?.1 {
            "txt" => Some(Self::Text),
            "json" => Some(Self::Json),
            "xml" => Some(Self::Junit),
            "sarif" => Some(Self::Sarif),
            _ => None,
        }
    }

    /// The name of the file where a folder was given.
    fn file_name(self) -> &'static str {
        match self {
            Self::Text => "validate_system.txt",
            Self::Json => "validate_system.json",
            Self::Junit => "validate_system.xml",
            Self::Sarif => "validate_system.sarif",
        }
    }
}

/// What was looked for, found and decided.
pub(crate) struct Told<'a> {
    pub(crate) verdict: &'a Verdict,
    pub(crate) modules: &'a Choices<Module>,
    pub(crate) fail_level: Severity,
    /// Whether the contents of files were compared.
    pub(crate) contents: bool,
}

/// Writes the file of an output argument; nothing where neither a file nor a format was asked for.
pub(crate) fn write(told: &Told<'_>, format: Option<Format>, output: Option<Output>) -> Result<()> {
    if format.is_none() && output.is_none() {
        return Ok(());
    }
    let argument = output.map_or("output", |output| output.argument);
    let (name, format) = match files::destination(argument)? {
        Destination::File(name) => {
            let format = format.or_else(|| Format::from_name(&name)).unwrap_or(Format::Text);
            (name, format)
        }
        _ => {
            let format = format.unwrap_or(Format::Text);
            (format.file_name().to_owned(), format)
        }
    };
    let text = match format {
        Format::Text => text::written(told),
        Format::Json => format!("{:#}\n", report::details(told.verdict, told.modules)),
        Format::Junit => junit::written(told),
        Format::Sarif => format!("{:#}\n", sarif::written(told)),
    };
    let mut sink = files::create(argument, &name)?;
    sink.write_all(text.as_bytes())?;
    sink.publish()
}
