//! What is shown of something that goes on: a board on a terminal, a line elsewhere, a record for programs.

use crate::bindings::encargo::run::run as wit;

pub use wit::Piece;

/// A line of a board, in pieces.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoardLine(Vec<Piece>);

impl BoardLine {
    /// The same with a piece behind it; `style` is a word of the contract.
    #[must_use]
    pub fn piece(mut self, style: &str, text: impl Into<String>) -> Self {
        self.0.push(Piece { style: style.to_owned(), text: text.into() });
        self
    }

    /// The same with a plain piece behind it.
    #[must_use]
    pub fn plain(self, text: impl Into<String>) -> Self {
        self.piece("plain", text)
    }

    /// The text of all pieces.
    pub fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    pub(crate) fn pieces(self) -> Vec<Piece> {
        self.0
    }
}
