//! Phases of a run: what it does now, and how much of that there is.

/// What a run does now, and how much of it there is to do.
///
/// ```
/// # use encargo_sdk::prelude::*;
/// # let size_of_all_files = Some(3 << 20);
/// let checking = Phase::new(text!("checking", "comprobando"), text!("records", "registros")).of_input(size_of_all_files);
/// let importing = Phase::new(text!("importing", "importando"), text!("records", "registros")).of(14);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) total: Option<u64>,
    pub(crate) input_bytes: Option<u64>,
}

impl Phase {
    /// A phase that does nobody knows how many units; `unit` is a plural noun.
    pub fn new(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), unit: unit.into(), total: None, input_bytes: None }
    }

    /// So many units are to be done, where that is known.
    #[must_use]
    pub fn of(self, units: impl Into<Option<u64>>) -> Self {
        Self { total: units.into(), ..self }
    }

    /// Files of so many stored bytes are to be read, the sizes of their entries together; none when one is a stream. The
    /// host counts what is read of them, and where the units are not known goes by that.
    #[must_use]
    pub fn of_input(self, bytes: Option<u64>) -> Self {
        Self { input_bytes: bytes, ..self }
    }
}
