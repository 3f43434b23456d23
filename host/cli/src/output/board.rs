//! How something stands that goes on: a board on a terminal, a line of results elsewhere, a record for programs.

use encargo_model::{Board, Piece, PieceStyle, Run};
use serde::Serialize;
use serde_json::{Map, Value};

use super::shown::{drawn, in_one_line, spelled};
use super::{Output, Style, Verbosity};

/// Where a terminal does not say how wide it is.
const USUAL_WIDTH: u16 = 80;

/// One moment of it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "sample")]
struct SampleRecord<'a> {
    run: String,
    #[serde(flatten)]
    details: &'a Map<String, Value>,
}

impl Output {
    /// Shows a board.
    pub(crate) fn board(&self, run: &Run, board: &Board) {
        if self.json {
            return self.record(&SampleRecord { run: run.id.to_string(), details: &board.details });
        }
        if self.verbosity < Verbosity::NORMAL {
            return;
        }
        if self.progress.has_bars() {
            let width = usize::from(self.remarks.width().unwrap_or(USUAL_WIDTH));
            self.progress.draw_board(run, picture(&board.lines, width, self.remarks.is_coloured));
        }
        if !self.progress.has_bars() || !self.for_results().is_terminal {
            self.result(&spelled(&board.line));
        }
    }
}

/// The lines of a board as a terminal is sent them, none wider than it.
fn picture(lines: &[Vec<Piece>], width: usize, is_coloured: bool) -> String {
    let lines = lines.iter().map(|pieces| {
        // A terminal breaks a line that is as wide as it is, in some of them.
        let mut left = width.saturating_sub(1);
        let spans = pieces.iter().map(|piece| {
            let text: String = in_one_line(&piece.text).chars().take(left).collect();
            left -= text.chars().count();
            (style(piece.style), text)
        });
        let spans: Vec<_> = spans.collect();
        drawn(&spans.iter().map(|(style, text)| (*style, text.as_str())).collect::<Vec<_>>(), is_coloured)
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn style(style: PieceStyle) -> Style {
    match style {
        PieceStyle::Plain => Style::Plain,
        PieceStyle::Heading => Style::Heading,
        PieceStyle::Good => Style::Good,
        PieceStyle::Warning => Style::Warning,
        PieceStyle::Bad => Style::Error,
        PieceStyle::Faint => Style::Hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(style: PieceStyle, text: &str) -> Piece {
        Piece { style, text: text.to_owned() }
    }

    #[test]
    fn no_line_of_a_board_is_wider_than_the_terminal_or_more_than_text() {
        let lines = [
            vec![piece(PieceStyle::Heading, "cpu "), piece(PieceStyle::Bad, "████████")],
            vec![piece(PieceStyle::Plain, "error: x\u{1b}[2J\nmore")],
            vec![],
        ];
        assert_eq!(picture(&lines, 40, false), "cpu ████████\n  error: x\\u{1b}[2J\\nmore\n");
        assert_eq!(picture(&lines[..1], 9, true), "\u{1b}[1mcpu \u{1b}[0m\u{1b}[1;31m████\u{1b}[0m");
        assert_eq!(picture(&lines[..1], 3, false), "cp");
        assert_eq!(picture(&lines[..1], 0, false), "");
    }
}
