//! Phases of a run: what it does now, and how much of that there is.

use crate::bindings::encargo::run::run as wit;

/// What a run does now, and how much of it there is to do.
///
/// ```
/// # use encargo_sdk::prelude::*;
/// # let size_of_all_files = Some(3 << 20);
/// let checking = Phase::new(text!("checking", "comprobando"), text!("records", "registros")).of_input(size_of_all_files);
/// let importing = Phase::new(text!("importing", "importando"), text!("records", "registros")).of(14);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Phase {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) total: wit::Total,
}

impl Phase {
    /// A phase that does nobody knows how many units; `unit` is a plural noun.
    pub fn new(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self { name: name.into(), unit: unit.into(), total: wit::Total::Unknown }
    }

    /// So many units are to be done, where that is known.
    #[must_use]
    pub fn of(self, units: impl Into<Option<u64>>) -> Self {
        Self { total: units.into().map_or(wit::Total::Unknown, wit::Total::Units), ..self }
    }

    /// Files of so many stored bytes are to be read, the sizes of their entries together; none when one is a stream. The
    /// host counts what is read of them.
    #[must_use]
    pub fn of_input(self, bytes: Option<u64>) -> Self {
        Self { total: bytes.map_or(wit::Total::Unknown, wit::Total::InputBytes), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_that_is_not_known_is_unknown() {
        let phase = || Phase::new("checking", "records");
        for (phase, total) in [
            (phase(), wit::Total::Unknown),
            (phase().of(3), wit::Total::Units(3)),
            (phase().of(3).of(None), wit::Total::Unknown),
            (phase().of_input(Some(9)), wit::Total::InputBytes(9)),
            (phase().of_input(None), wit::Total::Unknown),
        ] {
            assert_eq!(phase.total, total);
        }
    }
}
