//! The process's environment, read once at the start and handed on.

use std::collections::BTreeMap;

/// The variables that were set when the process began. An empty one counts as not set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was started with; what is not UTF-8 is left out.
    pub(crate) fn of_process() -> Self {
        let variables = std::env::vars_os();
        Self(
            variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect(),
        )
    }

    /// These variables and no others.
    #[cfg(test)]
    pub(crate) fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// A variable's value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Those of the variables that are on a list.
    pub(crate) fn only(&self, names: &[String]) -> BTreeMap<String, String> {
        let pick = |name: &String| Some((name.clone(), self.get(name)?.to_owned()));
        names.iter().filter_map(pick).collect()
    }
}
