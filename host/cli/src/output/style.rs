//! Colours, and when there are any.

use crate::config::Environment;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Heading,
    Good,
    Warning,
    Error,
    Hint,
}

impl Style {
    pub(super) fn wrap(self, text: &str) -> String {
        let code = match self {
            Self::Plain => return text.to_owned(),
            Self::Heading => "1",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Error => "1;31",
            Self::Hint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    Always,
    Never,
    OnTerminals,
}

impl Colours {
    /// A flag decides, else `NO_COLOR`, else `CLICOLOR_FORCE`, else whether the terminal has any.
    pub(crate) fn choose(flag: Option<bool>, environment: &Environment) -> Self {
        let forced = environment.get("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        match flag {
            Some(true) => Self::Always,
            Some(false) => Self::Never,
            None if environment.get("NO_COLOR").is_some() => Self::Never,
            None if forced => Self::Always,
            None if environment.get("TERM") == Some("dumb") => Self::Never,
            None => Self::OnTerminals,
        }
    }

    pub(super) fn on(self, is_terminal: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::OnTerminals => is_terminal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_decides_over_the_variables() {
        let none = Environment::default();
        let no = Environment::of([("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]);
        for (flag, environment, colours) in [
            (None, &none, Colours::OnTerminals),
            (None, &no, Colours::Never),
            (Some(true), &no, Colours::Always),
            (None, &Environment::of([("CLICOLOR_FORCE", "1")]), Colours::Always),
            (None, &Environment::of([("CLICOLOR_FORCE", "0")]), Colours::OnTerminals),
            (Some(false), &Environment::of([("CLICOLOR_FORCE", "1")]), Colours::Never),
            (None, &Environment::of([("TERM", "dumb")]), Colours::Never),
        ] {
            assert_eq!(Colours::choose(flag, environment), colours, "{flag:?} {environment:?}");
        }
    }
}
