//! What is not as it was made: stored data, or a command.

use crate::Text;

/// What kind of damage it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DamageKind {
    /// Stored data cannot be read as what it is.
    Structure,
    /// An index does not hold what its relation holds.
    Index,
    /// The schema is not the one that the migrations make.
    Schema,
    /// Rows name rows that are not there.
    Reference,
    /// Rows break a rule of their relation.
    Rule,
    /// Ids that are in use would be given again.
    Counter,
    /// A file among the commands is none.
    Unreadable,
    /// What was granted or revoked is for nothing.
    Grant,
    /// A command may not do what it asks for.
    Revoked,
}

impl DamageKind {
    /// Its word in the contract.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Index => "index",
            Self::Schema => "schema",
            Self::Reference => "reference",
            Self::Rule => "rule",
            Self::Counter => "counter",
            Self::Unreadable => "unreadable",
            Self::Grant => "grant",
            Self::Revoked => "revoked",
        }
    }
}

/// Something that is not as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Damage {
    /// What kind of damage it is.
    pub kind: DamageKind,
    /// The relation or the command; empty where it is about no single one.
    pub subject: String,
    /// One sentence without a full stop.
    pub detail: Text,
    /// How many rows, entries or things it is about.
    pub count: u64,
}
