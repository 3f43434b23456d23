//! One of the two standard streams.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use super::shown::{Span, drawn, in_json, rendered};
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
    pub(super) fn line(&self, spans: &[Span<'_>]) {
        self.write(&format!("{}\n", drawn(spans, self.is_coloured)));
    }

    /// Writes a line that begins with a label of the host's.
    pub(super) fn labelled(&self, (style, label): Span<'_>, text: &[Span<'_>]) {
        let label = if self.is_coloured { style.wrap(label) } else { label.to_owned() };
        // The text goes on where the label ended, so its first line is none that could begin with another label.
        let rest = [&[(Style::Plain, ": ")], text].concat();
        self.write(&format!("{label}{}\n", drawn(&rest, self.is_coloured)));
    }

    /// Writes a question, whose words were filled in before, without a line's end.
    pub(super) fn question(&self, text: &str) {
        self.write(&drawn(&[(Style::Plain, text)], false));
    }

    /// Writes a line of JSON.
    pub(super) fn json(&self, line: &str) {
        self.write(&format!("{}\n", in_json(line)));
    }

    /// Writes help with the colours that its renderer gave it.
    pub(super) fn rendered(&self, help: &str) {
        self.write(&format!("{}\n", rendered(help)));
    }

    fn write(&self, text: &str) {
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
