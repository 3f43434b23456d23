//! What the demo consists of: everything here is written by hand, in English and Spanish.

pub(crate) mod agents;
pub(crate) mod dialogues;
pub(crate) mod documents;
pub(crate) mod knowledge;
pub(crate) mod phrases;
pub(crate) mod settings;

/// The languages, in the order in which every pair of texts is.
pub(crate) const LANGUAGES: [&str; 2] = ["en", "es"];
