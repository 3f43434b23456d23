//! What one attempt has while it runs: its job, its databases and files, and what it used.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encargo_backends::{Access, Database, Files, Platform};
use encargo_model::{Clock, CommandError, ErrorCode, LogLevel, LogLine, Permission, TableChange, Tenant};
use send_wrapper::SendWrapper;
use wasmtime_wasi::{ResourceTable, WasiCtx, WasiCtxView, WasiView};

use crate::control::Control;
use crate::host::RunHost;
use crate::job::Job;
use crate::limiter::Limiter;

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
    pub(crate) checkpoint_saved: bool,
    /// Stays on the run's thread, as wasmtime's store does.
    pub(crate) here: SendWrapper<Here>,
}

/// What must not leave the run's thread.
pub(crate) struct Here {
    /// The run's own tenant's rows, opened at their first use.
    pub(crate) own: Option<Rc<Database>>,
    pub(crate) files: Rc<RefCell<Files>>,
    /// What databases that were closed again had committed.
    pub(crate) changes: BTreeMap<(String, String), TableChange>,
}

impl State {
    /// Traps when the run has to end. Every host call begins with it.
    pub(crate) fn alive(&self) -> wasmtime::Result<()> {
        match self.control.reason() {
            None => Ok(()),
            Some(reason) => Err(wasmtime::Error::msg(reason.as_str())),
        }
    }

    /// Passes when the permission was requested and granted.
    pub(crate) fn may(&self, permission: &Permission) -> Result<(), CommandError> {
        if self.permissions.contains(permission) {
            return Ok(());
        }
        let words = permission.words(encargo_model::Language::En);
        Err(self.explain(CommandError::new(
            ErrorCode::Denied,
            format!("the command may not {words}: it needs the permission `{permission}`"),
        )))
    }

    /// Adds to a denial who can lift it: the operator, where the component requests the permission.
    pub(crate) fn explain(&self, error: CommandError) -> CommandError {
        let is_explained = error.message.contains("commands grant") || error.message.contains("permissions(");
        if error.code != ErrorCode::Denied || is_explained {
            return error;
        }
        let named = error.message.split('`').filter_map(|word| word.parse::<Permission>().ok()).next_back();
        let command = &self.job.command;
        let message = match named {
            Some(permission) if self.job.requested.contains(&permission) => {
                format!("{}; grant it with `encargo commands grant {command} {permission}`", error.message)
            }
            Some(permission) => format!(
                "{}; its description does not request it: add `{permission}` to `permissions(..)`",
                error.message
            ),
            None => error.message,
        };
        CommandError { message, ..error }
    }

    /// Opens a tenant's rows for this run.
    pub(crate) fn open_tenant(&self, tenant: &Tenant) -> Result<Rc<Database>, CommandError> {
        let access = Access {
            permissions: self.permissions.clone(),
            limits: self.job.limits.clone(),
            interrupt: Arc::clone(&self.control.interrupt),
            checkpoint_key: self.job.resume_key.clone(),
            run: self.job.run,
            clock: Arc::clone(&self.clock),
        };
        self.platform.files().open(tenant, access).map(Rc::new)
    }

    /// The run's own tenant's rows.
    pub(crate) fn own(&mut self) -> Result<Rc<Database>, CommandError> {
        if let Some(own) = &self.here.own {
            return Ok(Rc::clone(own));
        }
        let Some(tenant) = &self.job.tenant else {
            return Err(CommandError::new(ErrorCode::Invalid, "a command of system scope opens tenants by name"));
        };
        let own = self.open_tenant(tenant)?;
        self.here.own = Some(Rc::clone(&own));
        Ok(own)
    }
}

impl Here {
    /// Adds up what a database committed, before it is closed.
    pub(crate) fn collect(&mut self, database: &Database) {
        for change in database.changes() {
            self.add(&change);
        }
    }

    /// Adds rows of the platform's own tables, which no tenant's database counts.
    pub(crate) fn changed_platform(&mut self, table: &str, inserted: u64, updated: u64) {
        self.add(&TableChange { tenant: None, table: table.to_owned(), inserted, updated, deleted: 0 });
    }

    fn add(&mut self, change: &TableChange) {
        let key = (change.tenant.clone().unwrap_or_default(), change.table.clone());
        let none = TableChange { inserted: 0, updated: 0, deleted: 0, ..change.clone() };
        let sum = self.changes.entry(key).or_insert(none);
        sum.inserted += change.inserted;
        sum.updated += change.updated;
        sum.deleted += change.deleted;
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
    line_bytes: usize,
    limit: u64,
    used: AtomicU64,
    dropped: AtomicU64,
}

impl Log {
    pub(crate) fn new(host: &Arc<dyn RunHost>, clock: &Arc<dyn Clock>, line_bytes: u64, limit: u64) -> Self {
        Self {
            host: Arc::clone(host),
            clock: Arc::clone(clock),
            line_bytes: usize::try_from(line_bytes).unwrap_or(usize::MAX),
            limit,
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
            let message = format!(
                "the log reached its limit of {} bytes: {dropped} more lines were counted and not kept",
                self.limit
            );
            self.host.log(LogLine { at: self.clock.now(), level: LogLevel::Warning, message, fields: Vec::new() });
        }
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn cut(&self, text: &str) -> String {
        let end = text.floor_char_boundary(self.line_bytes);
        let kept = &text[..end];
        if end < text.len() { format!("{kept}… ({} more bytes)", text.len() - end) } else { kept.to_owned() }
    }
}
