//! A command's description inside its component: lifted to the top level, read without running anything, validated.
//!
//! A Rust guest leaves a framed fragment in a custom section of its core module, which survives linking. `lift` brings it
//! to the component's top level, the same place for every language; `describe` reads it there and nowhere else.
#![deny(missing_docs)]

mod error;
mod fragment;
mod lift;
mod nested;
mod read;
mod schema;
mod spanish;
mod statements;
mod top;
mod validate;
mod wording;

pub use error::PackError;
pub use fragment::FRAME;
pub use lift::lift;
pub use read::{Described, describe, read};
pub use schema::schema_json;
pub use spanish::Spanish;
pub use statements::statements;
pub use validate::{HOST_FLAGS, is_command_name, validate};
pub use wording::{Place, missing_spanish};

/// The name of the custom section, in a core module and at the top level alike.
pub const SECTION: &str = "encargo:command";

/// The name of the custom section of a core module in which its SQL stands.
pub const STATEMENTS: &str = "encargo:statements";

/// The most bytes of a description's JSON.
pub const MOST_BYTES: usize = 256 << 10;
