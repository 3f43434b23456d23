//! What is asked of a person at a terminal; nobody is asked elsewhere.

use std::io::{self, IsTerminal, stderr, stdin};
use std::os::fd::AsFd;

use encargo_model::text;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::error::Problem;
use crate::output::{Output, Word};

/// Whether a secret on stderr is seen by a person and lands in no file.
pub(super) fn can_show() -> bool {
    stderr().is_terminal()
}

/// How often a question that nobody answers looks for a signal and the run's end.
const LOOK_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Whether the person at the terminal typed a yes; without a terminal nobody did, and a signal or the run's end is a no.
pub(crate) fn confirm(output: &Output, question: &str, is_interrupted: impl Fn() -> bool) -> bool {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return false;
    }
    output
        .ask(&Word::TypeYes.with(output.language, &[&question]), || typed_line(is_interrupted))
        .is_ok_and(|answer| is_yes(&answer))
}

/// A line from the terminal. Reading alone would go on after a signal and past the run's end.
fn typed_line(is_interrupted: impl Fn() -> bool) -> io::Result<String> {
    let terminal = stdin();
    wait_for(&terminal, is_interrupted)?;
    let mut line = String::new();
    terminal.read_line(&mut line).map(|_| line)
}

fn wait_for(terminal: &impl AsFd, is_interrupted: impl Fn() -> bool) -> io::Result<()> {
    loop {
        let ready = poll(&mut [PollFd::new(terminal, PollFlags::IN)], Some(&LOOK_EVERY));
        if is_interrupted() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match ready {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// A whole word in either language: a stray key is no yes.
fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "yes" | "sí" | "si")
}

/// A new password, typed twice.
pub(crate) fn ask_password(output: &Output, email: &str) -> Result<String, Problem> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        return Err(Problem::usage(text!(
            "there is no terminal to ask for the password on",
            "no hay terminal en la que pedir la contraseña"
        ))
        .hint(text!("name a file with --password-file", "indique un archivo con --password-file")));
    }
    let ask = |question: &str| {
        let typed = output.ask(question, rpassword::read_password);
        typed.map_err(|error| {
            Problem::new(
                encargo_model::Exit::Failed,
                text!("no password could be read: {error}", "no se pudo leer la contraseña: {error}"),
            )
        })
    };
    let password = ask(&Word::PasswordAsk.with(output.language, &[&email]))?;
    if ask(Word::PasswordRepeat.get(output.language))? != password {
        return Err(Problem::new(
            encargo_model::Exit::WrongKey,
            text!("the two passwords differ; nothing was changed", "las dos contraseñas difieren; no se cambió nada"),
        ));
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_question_that_nobody_answers_ends_with_the_run() {
        let (silent, mut other_end) = io::pipe().unwrap();
        let looks = Cell::new(0);
        let third_look = || looks.replace(looks.get() + 1) == 2;
        assert_eq!(wait_for(&silent, third_look).unwrap_err().kind(), io::ErrorKind::Interrupted);
        other_end.write_all(b"yes\n").unwrap();
        assert!(wait_for(&silent, || false).is_ok());
    }

    #[test]
    fn only_a_whole_yes_is_one() {
        for (answer, yes) in
            [("yes\n", true), ("SÍ\n", true), ("si", true), ("y\n", false), ("\n", false), ("yes no", false)]
        {
            assert_eq!(is_yes(answer), yes, "{answer:?}");
        }
    }
}
