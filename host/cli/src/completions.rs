//! What a shell offers when a tab is pressed.
//!
//! The script that `encargo completions` prints asks this program, with `ENCARGO_COMPLETE` set to the shell's name and
//! the line behind `--`. The answer is read from descriptions and the list of tenants. No command is executed, nothing
//! is locked, and whatever goes wrong is an answer without candidates: there is nobody to read a message.

mod bash;
mod line;

use std::io::Write;

use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Zsh};

use crate::config::Environment;

/// The variable that says that a shell asks, and which.
const VARIABLE: &str = "ENCARGO_COMPLETE";

/// A shell that completes lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
}

impl Shell {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::Bash, Self::Zsh, Self::Fish, Self::Elvish, Self::Powershell];

    /// Its name on a command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Elvish => "elvish",
            Self::Powershell => "powershell",
        }
    }

    /// The shell of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shell| shell.name() == name)
    }

    /// What the shell has to read. It asks this very program, wherever that lies.
    pub(crate) fn script(self) -> String {
        let program = std::env::current_exe().ok().and_then(|path| path.into_os_string().into_string().ok());
        let program = program.unwrap_or_else(|| "encargo".to_owned());
        let Some(adapter) = self.adapter() else { return bash::script(VARIABLE, &program) };
        let mut script = Vec::new();
        // A list of bytes takes everything.
        let _ = adapter.write_registration(VARIABLE, "encargo", "encargo", &program, &mut script);
        String::from_utf8_lossy(&script).into_owned()
    }

    /// What speaks with the shell; none for bash, which has rules of its own for `=`.
    fn adapter(self) -> Option<&'static dyn EnvCompleter> {
        match self {
            Self::Bash => None,
            Self::Zsh => Some(&Zsh),
            Self::Fish => Some(&Fish),
            Self::Elvish => Some(&Elvish),
            Self::Powershell => Some(&Powershell),
        }
    }

    /// Whether it quotes what it inserts; the others complete names of files by themselves, or not at all.
    const fn quotes(self) -> bool {
        matches!(self, Self::Zsh | Self::Fish | Self::Elvish)
    }
}

/// The shell that asks; none when this is a call like any other.
pub(crate) fn asked(environment: &Environment) -> Option<Shell> {
    Shell::named(environment.get(VARIABLE)?)
}

/// Answers the line of this process.
pub(crate) fn answer(shell: Shell, environment: &Environment) {
    let words: Vec<_> = std::env::args_os().skip_while(|word| word != "--").skip(1).collect();
    let mut candidates = Vec::new();
    let answered = match shell.adapter() {
        None => bash::answer(words, environment, &mut candidates),
        Some(adapter) => {
            let mut line = line::command(&words, shell.quotes(), environment);
            adapter.write_complete(&mut line, words, std::env::current_dir().ok().as_deref(), &mut candidates)
        }
    };
    if answered.is_ok() {
        // A shell that has gone reads nothing.
        let _ = std::io::stdout().write_all(&candidates);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_is_known_by_its_name_and_has_a_script_that_asks_this_program() {
        let program = std::env::current_exe().expect("a test is a program").display().to_string();
        for shell in Shell::ALL {
            assert_eq!(Shell::named(shell.name()), Some(shell));
            let script = shell.script();
            assert!(script.contains(VARIABLE) && script.contains(&program), "{script}");
        }
        assert_eq!((Shell::named("tcsh"), asked(&Environment::default())), (None, None));
    }
}
