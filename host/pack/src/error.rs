//! Why a component's description cannot be read or lifted.

use encargo_model::{Text, Worded, english_display, text};

use crate::{MOST_BYTES, nested::DEEPEST};

/// Why a component's description cannot be read or lifted.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A core module, which has no typed interface.
    CoreModule,
    /// Something else altogether.
    NotWebAssembly,
    /// The bytes end too early or make no sense.
    Damaged {
        /// Counted from the start of the file.
        offset: usize,
        /// What the parser says.
        problem: Text,
    },
    /// A file that cannot be read.
    Io(#[from] std::io::Error),
    /// Components within components, further than anything real goes.
    TooDeep,
    /// No description at the top level.
    NotLifted,
    /// No description anywhere.
    Missing,
    /// More than one description, where each component is one command.
    Several(usize),
    /// The top level says something else than the modules below it.
    Differs,
    /// It has a description that is not the one beside it.
    DiffersBeside,
    /// Not TOML; names line and column.
    Toml(#[from] toml::de::Error),
    /// Spanish texts that are not exactly those of the description.
    Spanish(Vec<Text>),
    /// A description beyond any reason.
    TooLarge(usize),
    /// A fragment that is not framed as the SDK frames it.
    Frame(Text),
    /// Not JSON, or not of the published shape; names line and column.
    Json(#[from] serde_json::Error),
    /// Of the right shape and still wrong.
    Invalid(Vec<Text>),
}

impl Worded for PackError {
    fn text(&self) -> Text {
        match self {
            Self::CoreModule => text!(
                "not a component but a core WebAssembly module; build it for the target `wasm32-wasip2`",
                "no es un componente sino un módulo básico de WebAssembly; compílelo para el destino `wasm32-wasip2`"
            ),
            Self::NotWebAssembly => text!(
                "not a component: it does not begin as WebAssembly does",
                "no es un componente: no empieza como WebAssembly"
            ),
            Self::Damaged { offset, problem } => text!(
                "the component is cut short or damaged at byte {offset}: {problem}",
                "el componente está cortado o dañado en el byte {offset}: {problem}",
                problem = problem
            ),
            Self::Io(error) => text!("it cannot be read: {error}", "no se puede leer: {error}"),
            Self::TooDeep => text!(
                "the component has modules nested more than {DEEPEST} deep",
                "el componente tiene módulos anidados a más de {DEEPEST} niveles"
            ),
            Self::NotLifted => text!(
                "the component has no description at its top level; if it was built with the SDK, `encargo-pack IN.wasm OUT.wasm` lifts it there",
                "el componente no tiene descripción en su nivel superior; si se construyó con el SDK, `encargo-pack IN.wasm OUT.wasm` la sube allí"
            ),
            Self::Missing => text!(
                "the component has no description in any of its modules; `export_command!` of the SDK writes one, and `--description FILE.json` gives one to a component of another language",
                "el componente no tiene descripción en ninguno de sus módulos; `export_command!` del SDK escribe una, y `--description ARCHIVO.json` la da a un componente de otro lenguaje"
            ),
            Self::Several(found) => text!(
                "the component has {found} descriptions, where one is expected: it exports one command",
                "el componente tiene {found} descripciones, y se espera una: exporta un comando"
            ),
            Self::Differs => text!(
                "the component's description at the top level is not the one in its modules; lift the component as it was built",
                "la descripción del componente en el nivel superior no es la de sus módulos; súbala del componente tal como se construyó"
            ),
            Self::DiffersBeside => text!(
                "the component has a description of its own, and it is not the one beside it",
                "el componente tiene una descripción propia, y no es la que lo acompaña"
            ),
            Self::Toml(error) => text!(
                "the file of Spanish texts cannot be read: {error}",
                "no se puede leer el archivo de textos en español: {error}"
            ),
            Self::Spanish(problems) => text!(
                "the Spanish texts do not fit the description: {problems}",
                "los textos en español no encajan con la descripción: {problems}",
                problems = Text::joined(problems, "; ")
            ),
            Self::TooLarge(bytes) => text!(
                "the description has {bytes} bytes; at most {MOST_BYTES} are read",
                "la descripción tiene {bytes} bytes; se leen como máximo {MOST_BYTES}"
            ),
            Self::Frame(problem) => text!(
                "the description in the module is not framed as the SDK frames it: {problem}",
                "la descripción en el módulo no está enmarcada como lo hace el SDK: {problem}",
                problem = problem
            ),
            Self::Json(error) => text!(
                "the description does not follow `wit/command/description.schema.json`: {error}",
                "la descripción no sigue `wit/command/description.schema.json`: {error}"
            ),
            Self::Invalid(problems) => text!(
                "the description is not acceptable: {problems}",
                "la descripción no es aceptable: {problems}",
                problems = Text::joined(problems, "; ")
            ),
        }
    }
}

english_display!(PackError);

impl From<wasmparser::BinaryReaderError> for PackError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Damaged { offset: error.offset(), problem: Text::quoted(error.message()) }
    }
}
