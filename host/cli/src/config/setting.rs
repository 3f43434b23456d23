//! A setting: a value and where it came from.

use encargo_model::Origin;

/// A value with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

impl<T> Setting<T> {
    /// What holds when nothing else is said.
    pub(crate) fn default(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }

    /// The file's value instead, where it has one.
    pub(crate) fn or_file(self, key: &str, value: Option<T>) -> Self {
        self.or(Origin::Settings(key.to_owned()), value)
    }

    /// A variable's value instead, where it is set.
    pub(crate) fn or_variable(self, name: &str, value: Option<T>) -> Self {
        self.or(Origin::Environment(name.to_owned()), value)
    }

    /// A flag's value instead, where it is given.
    pub(crate) fn or_flag(self, value: Option<T>) -> Self {
        self.or(Origin::Given, value)
    }

    fn or(self, origin: Origin, value: Option<T>) -> Self {
        match value {
            Some(value) => Self { value, origin },
            None => self,
        }
    }
}
