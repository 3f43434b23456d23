//! One of the two standard streams.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::{Colours, Style};

/// A stream that never panics: when its reader is gone the rest is dropped, another failure is kept for the end.
#[derive(Debug)]
pub(crate) struct Stream {
    sink: Sink,
    pub(super) is_terminal: bool,
    pub(super) is_coloured: bool,
    state: Mutex<State>,
}

#[derive(Debug, Clone, Copy)]
enum Sink {
    Stdout,
    Stderr,
}

#[derive(Debug)]
enum State {
    Open,
    /// The reader went away, as `head` does.
    Closed,
    Failed(io::Error),
}

impl Stream {
    pub(super) fn stdout(colours: Colours) -> Self {
        Self::new(Sink::Stdout, io::stdout().is_terminal(), colours)
    }

    pub(super) fn stderr(colours: Colours) -> Self {
        Self::new(Sink::Stderr, io::stderr().is_terminal(), colours)
    }

    fn new(sink: Sink, is_terminal: bool, colours: Colours) -> Self {
        Self { sink, is_terminal, is_coloured: colours.on(is_terminal), state: Mutex::new(State::Open) }
    }

    /// Writes a line, and it is out when this returns.
    pub(super) fn line(&self, text: &str) {
        self.text(&format!("{text}\n"));
    }

    /// Writes a text as it is, and it is out when this returns.
    pub(super) fn text(&self, text: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(*state, State::Open) {
            return;
        }
        let written = match self.sink {
            Sink::Stdout => write(&mut io::stdout().lock(), text),
            Sink::Stderr => write(&mut io::stderr().lock(), text),
        };
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => *state = State::Closed,
            Err(error) => *state = State::Failed(error),
        }
    }

    /// What went wrong, unless the reader went away.
    pub(super) fn failure(&self) -> Option<String> {
        match &*self.state.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Failed(error) => Some(error.to_string()),
            _ => None,
        }
    }

    /// The text in a style, where the stream has colours.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.is_coloured { style.wrap(text) } else { text.to_owned() }
    }

    /// How many columns a terminal has.
    pub(super) fn width(&self) -> Option<u16> {
        let size = match self.sink {
            Sink::Stdout => rustix::termios::tcgetwinsize(io::stdout()),
            Sink::Stderr => rustix::termios::tcgetwinsize(io::stderr()),
        };
        size.ok().map(|size| size.ws_col).filter(|columns| self.is_terminal && *columns > 0)
    }
}

fn write(sink: &mut impl Write, text: &str) -> io::Result<()> {
    sink.write_all(text.as_bytes())?;
    sink.flush()
}

/// A command's text made safe for a terminal: control characters, which could move the cursor or forge a line, are
/// written out.
pub(super) fn printable(text: &str) -> String {
    let is_safe = |c: char| !c.is_control() || c == '\n' || c == '\t';
    if text.chars().all(is_safe) {
        return text.to_owned();
    }
    let spell = |c: char| if is_safe(c) { c.to_string() } else { c.escape_default().to_string() };
    text.chars().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_cannot_move_the_cursor() {
        assert_eq!(printable("213 leídas\n\tok"), "213 leídas\n\tok");
        assert_eq!(printable("\u{1b}[2Jgone\r"), "\\u{1b}[2Jgone\\r");
    }
}
