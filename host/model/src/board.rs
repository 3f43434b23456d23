//! How something stands that goes on: what a command shows while it runs, and keeps nowhere.

use serde_json::{Map, Value};

/// One moment of it, in each of the ways in which it may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Board {
    /// For a terminal, where it takes the place of the one before; lines of pieces.
    pub lines: Vec<Vec<Piece>>,
    /// For results that are read line by line.
    pub line: String,
    /// For programs.
    pub details: Map<String, Value>,
}

/// A text in a style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How it stands out.
    pub style: PieceStyle,
    /// Of one line.
    pub text: String,
}

/// How a text stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceStyle {
    /// Not at all.
    Plain,
    /// As a heading.
    Heading,
    /// As something that is well.
    Good,
    /// As something to look at.
    Warning,
    /// As something that is wrong.
    Bad,
    /// As something beside the rest.
    Faint,
}

impl Board {
    /// The most lines that one has.
    pub const MOST_LINES: usize = 100;
}

impl PieceStyle {
    /// The style of a word of the contract; plain for one that is not known here.
    pub fn from_word(word: &str) -> Self {
        match word {
            "heading" => Self::Heading,
            "good" => Self::Good,
            "warning" => Self::Warning,
            "bad" => Self::Bad,
            "faint" => Self::Faint,
            _ => Self::Plain,
        }
    }
}
