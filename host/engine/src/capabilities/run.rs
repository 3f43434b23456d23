//! `encargo:run`: the run that the guest is part of.

use encargo_backends::BackendError;
use encargo_model::ErrorCode;

use crate::bindings::encargo::run::run as wit;
use crate::bindings::encargo::types::types::Error;
use crate::state::State;

impl wit::Host for State {
    fn context(&mut self) -> wasmtime::Result<wit::RunContext> {
        self.alive()?;
        let job = &self.job;
        Ok(wit::RunContext {
            run: job.run.to_string(),
            command: job.command.clone(),
            tenant: job.tenant.as_ref().map(|tenant| tenant.slug.clone()),
            selected: job.selected.clone(),
            started_at: job.started_at.0,
            attempt: job.attempt,
            dry_run: job.dry_run,
            language: job.language.to_string(),
            environment: job.environment.clone(),
        })
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
            format!("not confirmed: {question} Answer yes on a terminal, or give --yes"),
        );
        Ok(self.answer(Err(error)))
    }

    fn progress(&mut self, phase: String, done: u64, total: wit::Total, unit: String) -> wasmtime::Result<()> {
        self.alive()?;
        let read = self.here.files.borrow().read_bytes();
        let progress = self.phase.progress(phase, done, total, unit, read);
        self.host.progress(progress);
        Ok(())
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
