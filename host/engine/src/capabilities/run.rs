//! `encargo:run`: the run that the guest is part of.

use encargo_backends::BackendError;
use encargo_model::{Board, ErrorCode, LogLevel, Piece, PieceStyle, Progress, Total, text};

use crate::bindings::encargo::run::run as wit;
use crate::bindings::encargo::types::types::Error;
use crate::job::Job;
use crate::state::State;

impl State {
    /// What the host tells about the run.
    fn told<T>(&self, of: impl FnOnce(&Job) -> T) -> wasmtime::Result<T> {
        self.alive()?;
        Ok(of(&self.job))
    }
}

impl wit::Host for State {
    fn id(&mut self) -> wasmtime::Result<String> {
        self.told(|job| job.run.to_string())
    }

    fn command(&mut self) -> wasmtime::Result<String> {
        self.told(|job| job.command.clone())
    }

    fn tenant(&mut self) -> wasmtime::Result<Option<String>> {
        self.told(|job| job.tenant.as_ref().map(|tenant| tenant.slug.clone()))
    }

    fn selected_tenants(&mut self) -> wasmtime::Result<Option<Vec<String>>> {
        self.told(|job| job.selected.clone())
    }

    fn started_at(&mut self) -> wasmtime::Result<i64> {
        self.told(|job| job.started_at.0)
    }

    fn attempt(&mut self) -> wasmtime::Result<u32> {
        self.told(|job| job.attempt)
    }

    fn dry_run(&mut self) -> wasmtime::Result<bool> {
        self.told(|job| job.dry_run)
    }

    fn language(&mut self) -> wasmtime::Result<String> {
        self.told(|job| job.language.to_string())
    }

    fn environment(&mut self) -> wasmtime::Result<String> {
        self.told(|job| job.environment.clone())
    }

    fn verbosity(&mut self) -> wasmtime::Result<u32> {
        self.told(|job| job.verbosity.into())
    }

    fn say(&mut self, text: String) -> wasmtime::Result<()> {
        self.alive()?;
        for line in text.lines() {
            self.log.line(LogLevel::Said, line, &[]);
        }
        Ok(())
    }

    fn confirm(&mut self, question: String) -> wasmtime::Result<Result<(), Error>> {
        self.alive()?;
        let control = std::sync::Arc::clone(&self.control);
        if self.job.dry_run || self.host.confirm(&question, &|| control.reason().is_some()) {
            return Ok(Ok(()));
        }
        // A question that nobody answered in time ends the run as its deadline does.
        self.alive()?;
        let error = BackendError::new(
            ErrorCode::Refused,
            text!(
                "not confirmed: {question} Answer yes on a terminal, or give --yes",
                "sin confirmar: {question} Responda que sí en una terminal, o dé --yes"
            ),
        );
        Ok(self.answer(Err(error)))
    }

    fn progress(
        &mut self,
        phase: String,
        done: u64,
        total: Option<u64>,
        unit: String,
        input_bytes: Option<u64>,
    ) -> wasmtime::Result<()> {
        self.alive()?;
        let read = self.here.files.borrow().read_bytes();
        let (number, read) = self.phase.follow(&phase, done, &unit, read);
        let total = match (total, input_bytes) {
            (Some(units), _) => Total::Units(units),
            (None, Some(bytes)) => Total::Input { read, bytes },
            (None, None) => Total::Unknown,
        };
        self.host.progress(Progress { phase, number, done, total, unit });
        Ok(())
    }

    fn show(
        &mut self,
        board: Vec<Vec<wit::Piece>>,
        line: String,
        details: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        self.alive()?;
        let shown = board_of(board, line, &details).map(|board| self.host.show(&board));
        Ok(self.answer(shown))
    }

    fn cancelled(&mut self) -> wasmtime::Result<bool> {
        self.alive()?;
        Ok(self.host.signal().is_some())
    }

    fn ids(&mut self, n: u32) -> wasmtime::Result<Result<i64, Error>> {
        self.alive()?;
        let ids = match &self.job.tenant {
            Some(_) => self.own().and_then(|own| own.ids(n)),
            None => self.platform.registry().ids(n, self.clock.now()),
        };
        Ok(self.answer(ids))
    }

    fn checkpoint(&mut self, loop_name: String) -> wasmtime::Result<Result<Option<String>, Error>> {
        self.alive()?;
        if !self.job.resume || self.job.tenant.is_none() {
            return Ok(Ok(None));
        }
        let checkpoint = self.own().and_then(|own| own.checkpoint(&loop_name));
        Ok(self.answer(checkpoint))
    }
}

fn board_of(board: Vec<Vec<wit::Piece>>, line: String, details: &str) -> Result<Board, BackendError> {
    if board.len() > Board::MOST_LINES {
        let most = Board::MOST_LINES;
        let message = text!("a board has {most} lines at most", "un tablero tiene {most} líneas como máximo");
        return Err(BackendError::new(ErrorCode::TooLarge, message));
    }
    let details = serde_json::from_str(details).map_err(|error| {
        let message = text!("the details are no JSON object: {error}", "los detalles no son un objeto JSON: {error}");
        BackendError::new(ErrorCode::Invalid, message)
    })?;
    let piece = |piece: wit::Piece| Piece { style: PieceStyle::from_word(&piece.style), text: piece.text };
    let lines = board.into_iter().map(|pieces| pieces.into_iter().map(piece).collect()).collect();
    Ok(Board { lines, line, details })
}
