//! Why a component's description cannot be read or lifted.

use crate::{MOST_BYTES, nested::DEEPEST};

/// Why a component's description cannot be read or lifted.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A core module, which has no typed interface.
    #[error("not a component but a core WebAssembly module; build it for the target `wasm32-wasip2`")]
    CoreModule,
    /// Something else altogether.
    #[error("not a component: it does not begin as WebAssembly does")]
    NotWebAssembly,
    /// The bytes end too early or make no sense.
    #[error("the component is cut short or damaged at byte {offset}: {problem}")]
    Damaged {
        /// Counted from the start of the file.
        offset: usize,
        /// What the parser says.
        problem: String,
    },
    /// A file that cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Components within components, further than anything real goes.
    #[error("the component has modules nested more than {DEEPEST} deep")]
    TooDeep,
    /// No description at the top level.
    #[error(
        "the component has no description at its top level; if it was built with the SDK, `encargo-pack IN.wasm OUT.wasm` lifts it there"
    )]
    NotLifted,
    /// No description anywhere.
    #[error(
        "the component has no description in any of its modules; `export_command!` of the SDK writes one, and `--description FILE.json` gives one to a component of another language"
    )]
    Missing,
    /// More than one description, where each component is one command.
    #[error("the component has {0} descriptions, where one is expected: it exports one command")]
    Several(usize),
    /// The top level says something else than the modules below it.
    #[error(
        "the component's description at the top level is not the one in its modules; lift the component as it was built"
    )]
    Differs,
    /// It has a description that is not the one beside it.
    #[error("the component has a description of its own, and it is not the one beside it")]
    DiffersBeside,
    /// Not TOML; names line and column.
    #[error("the file of Spanish texts cannot be read: {0}")]
    Toml(#[from] toml::de::Error),
    /// Spanish texts that are not exactly those of the description.
    #[error("the Spanish texts do not fit the description: {}", .0.join("; "))]
    Spanish(Vec<String>),
    /// A description beyond any reason.
    #[error("the description has {0} bytes; at most {MOST_BYTES} are read")]
    TooLarge(usize),
    /// A fragment that is not framed as the SDK frames it.
    #[error("the description in the module is not framed as the SDK frames it: {0}")]
    Frame(&'static str),
    /// Not JSON, or not of the published shape; names line and column.
    #[error("the description does not follow `wit/command/description.schema.json`: {0}")]
    Json(#[from] serde_json::Error),
    /// Of the right shape and still wrong.
    #[error("the description is not acceptable: {}", .0.join("; "))]
    Invalid(Vec<String>),
}

impl From<wasmparser::BinaryReaderError> for PackError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Damaged { offset: error.offset(), problem: error.message().to_owned() }
    }
}
