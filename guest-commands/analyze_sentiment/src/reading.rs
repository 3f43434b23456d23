//! Reading a message: from its text to what a model weighs. Integer arithmetic alone, in a fixed order, so that a text has the
//! same result on every machine.

pub mod dense;
pub mod folding;
pub mod grams;
pub mod language;
pub mod lexicon;
pub mod model;
pub mod tokens;

use dense::Dense;
use lexicon::Lexicon;
use tokens::Tokens;

/// Reads one message after the other, in buffers that are used again.
#[derive(Debug, Default)]
pub struct Reader {
    /// Its pieces.
    pub tokens: Tokens,
    /// What holds of it as a whole.
    pub dense: Dense,
}

impl Reader {
    /// Takes a message apart.
    pub fn split(&mut self, text: &str) {
        self.tokens.read(text);
    }

    /// Looks the pieces up in the lexicon of the language that they turned out to be in.
    pub fn look_up(&mut self, lexicon: &Lexicon<'_>) {
        self.dense.read(&self.tokens, lexicon);
    }
}
