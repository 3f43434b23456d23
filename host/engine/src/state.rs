//! What one attempt has while it runs: its job, its databases and files, and what it used.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encargo_backends::{Access, BackendError, Database, Files, Ledger, Platform};
use encargo_model::{Clock, ErrorCode, Language, Limits, LogLevel, LogLine, Permission, Tenant, text};
use send_wrapper::SendWrapper;
use wasmtime_wasi::{ResourceTable, WasiCtx, WasiCtxView, WasiView};

use crate::control::Control;
use crate::host::RunHost;
use crate::job::Job;
use crate::limiter::Limiter;
use crate::phase::Phase;
use crate::rows::{Rows, Seat};

/// What wasmtime's store holds for one attempt.
pub(crate) struct State {
    pub(crate) wasi: WasiCtx,
    pub(crate) table: ResourceTable,
    pub(crate) limiter: Limiter,
    pub(crate) control: Arc<Control>,
    pub(crate) host: Arc<dyn RunHost>,
    pub(crate) log: Arc<Log>,
    pub(crate) job: Job,
    pub(crate) permissions: BTreeSet<Permission>,
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<dyn Clock>,
    /// What the run committed: every database adds to it, and so do the platform's own tables.
    pub(crate) ledger: Ledger,
    pub(crate) checkpoint_saved: bool,
    pub(crate) phase: Phase,
    /// Stays on the run's thread, as wasmtime's store does.
    pub(crate) here: SendWrapper<Here>,
}

/// What must not leave the run's thread.
pub(crate) struct Here {
    pub(crate) rows: Rows,
    pub(crate) files: Rc<RefCell<Files>>,
}

impl State {
    /// Traps when the run has to end. Every host call begins with it.
    pub(crate) fn alive(&self) -> wasmtime::Result<()> {
        self.control.called();
        match self.control.reason() {
            None => Ok(()),
            Some(reason) => Err(wasmtime::Error::msg(reason.as_str())),
        }
    }

    /// Passes when the permission was requested and granted.
    pub(crate) fn may(&self, permission: &Permission) -> Result<(), BackendError> {
        if self.permissions.contains(permission) {
            return Ok(());
        }
        let message = text!(
            "the command may not {words}: it needs the permission `{permission}`",
            "el comando no puede {words}: necesita el permiso `{permission}`",
            words = permission.words()
        );
        Err(BackendError::denied(permission.clone(), message))
    }

    /// A tenant's rows, opened for this run unless they are the seat's open ones. Those that were open there before are
    /// closed. Beside the tenant that is worked in one is opened with what the run may do without changing anything.
    pub(crate) fn open_tenant(&mut self, seat: Seat, tenant: &Tenant) -> Result<Rc<Database>, BackendError> {
        if let Some(open) = self.here.rows.of(seat, &tenant.slug)? {
            return Ok(open);
        }
        let may = |permission: &&Permission| seat == Seat::Main || !permission.changes();
        let access = Access {
            permissions: self.permissions.iter().filter(may).cloned().collect(),
            limits: self.job.limits.clone(),
            interrupt: Arc::clone(&self.control.interrupt),
            checkpoint_key: self.job.resume_key.clone(),
            run: self.job.run,
            ledger: self.ledger.clone(),
            clock: Arc::clone(&self.clock),
        };
        let opened = Rc::new(self.platform.files().open(tenant, access)?);
        self.here.rows.put(seat, &tenant.slug, &opened);
        Ok(opened)
    }

    /// The tenant that the run is inside of.
    pub(crate) fn own_tenant(&self) -> Result<Tenant, BackendError> {
        self.job.tenant.clone().ok_or_else(|| {
            let message = text!(
                "a command of system scope opens tenants by name",
                "un comando de ámbito de sistema abre los inquilinos por su nombre"
            );
            BackendError::new(ErrorCode::Invalid, message)
        })
    }

    /// The run's own tenant's rows.
    pub(crate) fn own(&mut self) -> Result<Rc<Database>, BackendError> {
        let tenant = self.own_tenant()?;
        self.open_tenant(Seat::Main, &tenant)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// The run's log: cuts long lines, and counts what comes after the limit instead of keeping it.
pub(crate) struct Log {
    host: Arc<dyn RunHost>,
    clock: Arc<dyn Clock>,
    /// The language of the run.
    language: Language,
    line_bytes: usize,
    limit: u64,
    used: AtomicU64,
    dropped: AtomicU64,
}

impl Log {
    pub(crate) fn new(host: &Arc<dyn RunHost>, clock: &Arc<dyn Clock>, language: Language, limits: &Limits) -> Self {
        Self {
            host: Arc::clone(host),
            clock: Arc::clone(clock),
            language,
            line_bytes: usize::try_from(limits.log_line_bytes).unwrap_or(usize::MAX),
            limit: limits.log_bytes,
            used: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
        }
    }

    pub(crate) fn line(&self, level: LogLevel, message: &str, fields: &[(String, String)]) {
        let bytes = message.len() + fields.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        let bytes = bytes.min(self.line_bytes);
        if self.used.load(Ordering::Relaxed) + bytes as u64 > self.limit {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.used.fetch_add(bytes as u64, Ordering::Relaxed);
        let fields = fields.iter().map(|(key, value)| (key.clone(), self.cut(value))).collect();
        self.host.log(LogLine { at: self.clock.now(), level, message: self.cut(message), fields });
    }

    /// Says how many lines were not kept; the run is over.
    pub(crate) fn finish(&self) {
        let dropped = self.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            let message = text!(
                "the log reached its limit of {} bytes: {dropped} more lines were counted and not kept",
                "el registro llegó a su límite de {} bytes: {dropped} líneas más se contaron y no se guardaron";
                self.limit
            );
            let message = message.get(self.language).to_owned();
            self.host.log(LogLine { at: self.clock.now(), level: LogLevel::Warning, message, fields: Vec::new() });
        }
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn cut(&self, text: &str) -> String {
        let end = text.floor_char_boundary(self.line_bytes);
        let kept = &text[..end];
        if end == text.len() {
            return kept.to_owned();
        }
        let cut = text!("{kept}… ({} more bytes)", "{kept}… ({} bytes más)"; text.len() - end);
        cut.get(self.language).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{FakeHost, clock};

    fn log(line_bytes: u64, limit: u64) -> (Arc<FakeHost>, Log) {
        let fake = Arc::new(FakeHost::default());
        let host: Arc<dyn RunHost> = Arc::clone(&fake) as Arc<dyn RunHost>;
        let limits = Limits { log_line_bytes: line_bytes, log_bytes: limit, ..Limits::default() };
        (fake, Log::new(&host, &clock(), Language::En, &limits))
    }

    #[test]
    fn lines_are_kept_up_to_the_last_byte_of_the_limit_and_then_counted() {
        let (host, log) = log(100, 10);
        log.line(LogLevel::Info, "12345", &[]);
        log.line(LogLevel::Info, "1", &[("abc".to_owned(), "d".to_owned())]);
        assert_eq!(log.used(), 10);
        log.line(LogLevel::Info, "x", &[]);
        log.line(LogLevel::Info, "", &[]);
        log.line(LogLevel::Info, "y", &[]);
        assert_eq!((log.used(), host.messages()), (10, ["12345", "1", ""].map(str::to_owned).to_vec()));
        log.finish();
        let last = host.messages().pop();
        let words = "the log reached its limit of 10 bytes: 2 more lines were counted and not kept";
        assert_eq!(last.as_deref(), Some(words));
        let lines = host.lines.lock().unwrap();
        assert_eq!(lines[1].fields, [("abc".to_owned(), "d".to_owned())]);
        assert!(lines.iter().all(|line| line.at == clock().now()));
        assert_eq!((lines[0].level, lines[3].level), (LogLevel::Info, LogLevel::Warning));
    }

    #[test]
    fn a_log_within_its_limit_says_nothing_at_the_end() {
        let (host, log) = log(100, 10);
        log.finish();
        assert_eq!(host.messages(), Vec::<String>::new());
    }

    #[test]
    fn a_long_line_is_cut_between_characters_and_costs_what_is_kept() {
        let (host, log) = log(4, 100);
        log.line(LogLevel::Info, "abcd", &[]);
        log.line(LogLevel::Info, "abc\u{e9}\u{1b}", &[("key\u{7}".to_owned(), "valued".to_owned())]);
        assert_eq!(host.messages(), ["abcd", "abc… (3 more bytes)"]);
        let fields = host.lines.lock().unwrap()[1].fields.clone();
        assert_eq!(fields, [("key\u{7}".to_owned(), "valu… (2 more bytes)".to_owned())]);
        assert_eq!(log.used(), 8);
    }
}
