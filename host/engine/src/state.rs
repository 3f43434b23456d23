//! What one attempt has while it runs: its job, its databases and files, and what it used.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use encargo_backends::probes::Services;
use encargo_backends::{Access, BackendError, Database, Files, Ledger, MadeMedia, Platform, StatementLog};
use encargo_model::{Clock, ErrorCode, Permission, Tenant, text};
use send_wrapper::SendWrapper;
use wasmtime_wasi::{ResourceTable, WasiCtx, WasiCtxView, WasiView};

use crate::control::Control;
use crate::host::RunHost;
use crate::job::Job;
use crate::limiter::Limiter;
use crate::log::Log;
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
    /// The services that the operator named.
    pub(crate) services: Arc<Services>,
    /// What the run committed: every database adds to it, and so do the platform's own tables.
    pub(crate) ledger: Ledger,
    /// What the run made among its tenants' media.
    pub(crate) media: MadeMedia,
    /// What the run's statements took, in all of its databases.
    pub(crate) statements: StatementLog,
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
            meter: Arc::clone(&self.control.meter),
            checkpoint_key: self.job.resume_key.clone(),
            run: self.job.run,
            ledger: self.ledger.clone(),
            media: self.media.clone(),
            statements: self.statements.clone(),
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
