//! The formats that a report is written in.

mod chart;
mod csv;
mod html;
mod json;
mod markdown;
mod style;
mod text;

use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;

use crate::document::Document;

/// A format; the file of a report ends in its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Format {
    /// A page with charts, for a browser or a mail.
    Html,
    /// For a terminal or a mail without markup, 80 columns wide.
    Text,
    /// Markdown with tables.
    Markdown,
    /// A row for each figure.
    Csv,
    /// All figures, unrounded, for programs.
    Json,
}

impl Format {
    /// What a file's name ends in.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "txt",
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format that was asked for, else that of the file's name, else a page; on standard output text.
    pub(crate) fn choose(asked: Option<Self>, destination: &Destination) -> Self {
        let otherwise = || match destination {
            Destination::File(name) => Self::of_name(name).unwrap_or(Self::Html),
            Destination::Folder => Self::Html,
            Destination::StandardOutput => Self::Text,
        };
        asked.unwrap_or_else(otherwise)
    }

    /// The format that a file's name asks for; `.gz` and `.zst` behind the suffix are the host's.
    fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let plain = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        let (_, suffix) = plain.rsplit_once('.')?;
        Self::ALL.iter().copied().find(|format| format.suffix() == suffix || format.word() == suffix)
    }

    /// The whole file.
    pub(crate) fn write(self, document: &Document) -> String {
        match self {
            Self::Html => html::write(document),
            Self::Text => text::write(document),
            Self::Markdown => markdown::write(document),
            Self::Csv => csv::write(document),
            Self::Json => json::write(document),
        }
    }
}

/// The most characters of the name of a row, which is an agent's or a statement; JSON has all of it.
const LONGEST: usize = 300;

/// A text of one line: what others wrote has breaks and control characters in it, which would end it.
fn one_line(text: &str) -> String {
    text.split(|character: char| character.is_control() || character.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text as it stands in HTML and SVG, between tags and in quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in one_line(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A text of at most so many characters, with a mark where it was cut.
fn cut(text: &str, most: usize) -> String {
    let text = one_line(text);
    match text.char_indices().nth(most) {
        None => text,
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_that_was_asked_for_wins_over_the_suffix() {
        let file = |name: &str| Destination::File(name.to_owned());
        for (asked, destination, format) in [
            (None, file("r.md"), Format::Markdown),
            (None, file("R.JSON.gz"), Format::Json),
            (None, file("r.markdown"), Format::Markdown),
            (Some(Format::Csv), file("r.json"), Format::Csv),
            (None, file("r"), Format::Html),
            (None, Destination::Folder, Format::Html),
            (None, Destination::StandardOutput, Format::Text),
        ] {
            assert_eq!(Format::choose(asked, &destination), format);
        }
    }

    #[test]
    fn what_others_wrote_stays_in_its_line() {
        assert_eq!(one_line("a\nb\u{1b}[31m\tc  d"), "a b [31m c d");
        assert_eq!(
            (cut("abcdef", 4), cut("abcd", 4), cut("áéíóú", 3)),
            ("abc…".to_owned(), "abcd".to_owned(), "áé…".to_owned())
        );
    }
}
