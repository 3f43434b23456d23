//! How transactions begin and end.

use encargo_model::{ErrorCode, text};

use super::{Scope, Session, rolled_back};
use crate::BackendError;
use crate::sqlite::tally::Snapshot;

/// How often a rollback is tried: an interrupt that comes between two calls can end one, never two.
const ROLLBACKS: u32 = 3;

impl Session {
    /// Begins a transaction and answers its number.
    pub(in crate::sqlite) fn begin(&self, scope: Scope) -> Result<u64, BackendError> {
        self.enter()?;
        self.check_idle()?;
        match scope {
            Scope::ReadWrite => self.run_own("BEGIN IMMEDIATE", &[])?,
            Scope::ReadOnly | Scope::Stream => self.run_own("BEGIN", &[])?,
        };
        let serial = self.serial.get() + 1;
        self.serial.set(serial);
        self.open.set(Some((serial, scope)));
        // From here on it keeps others from writing, or the log from being emptied. A wait for the lock is over.
        *self.timed.borrow_mut() = Some(self.access.meter.transaction());
        self.tally.restore(&Snapshot::default());
        if scope != Scope::ReadWrite {
            // The snapshot is taken by the first read, which is to be now.
            self.run_own("SELECT count(*) FROM id_blocks", &[]).inspect_err(|_| self.roll_back(serial))?;
        }
        Ok(serial)
    }

    /// What a transaction may do, while it is the open one.
    pub(in crate::sqlite) fn scope_of(&self, serial: u64) -> Result<Scope, BackendError> {
        match self.open.get() {
            Some((open, scope)) if open == serial => Ok(scope),
            _ => Err(BackendError::new(
                ErrorCode::Invalid,
                text!(
                    "the transaction is over: it was rolled back after an error",
                    "la transacción ha acabado: se deshizo tras un error"
                ),
            )),
        }
    }

    pub(in crate::sqlite) fn commit(&self, serial: u64) -> Result<(), BackendError> {
        self.scope_of(serial)?;
        self.end_readings();
        let committed = self.enter().and_then(|()| self.check_time()).and_then(|()| self.run_own("COMMIT", &[]));
        match committed {
            Ok(_) => {
                let changes = self.tally.snapshot().changes(&self.tenant);
                changes.into_iter().for_each(|change| self.access.ledger.add(change));
                self.access.media.committed(self.tenant_id);
                self.forget_open();
                Ok(())
            }
            Err(error) => {
                self.roll_back(serial);
                Err(error)
            }
        }
    }

    /// Rolls back, if this transaction is the open one.
    pub(in crate::sqlite) fn roll_back(&self, serial: u64) {
        if self.scope_of(serial).is_err() {
            return;
        }
        self.end_readings();
        for _ in 0..ROLLBACKS {
            if self.connection.is_autocommit() || self.run_own("ROLLBACK", &[]).is_ok() {
                break;
            }
        }
        self.forget_transaction();
    }

    /// Rolls back whatever is open, and answers whether there was anything.
    pub(in crate::sqlite) fn roll_back_open(&self) -> bool {
        let open = self.open.get();
        if let Some((serial, _)) = open {
            self.roll_back(serial);
        }
        open.is_some()
    }

    /// Runs work in a transaction of its own.
    pub(in crate::sqlite) fn alone<T>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, BackendError>,
    ) -> Result<T, BackendError> {
        let serial = self.begin(Scope::ReadWrite)?;
        match work(self) {
            Ok(done) => self.commit(serial).map(|()| done),
            Err(error) => {
                self.roll_back(serial);
                Err(error)
            }
        }
    }

    pub(in crate::sqlite) fn forget_transaction(&self) {
        self.end_readings();
        self.tally.restore(&Snapshot::default());
        self.forget_open();
    }

    fn forget_open(&self) {
        self.open.set(None);
        self.timed.borrow_mut().take();
    }

    /// Refuses to commit what was open for too long. The watcher ends the run for it, but looks now and then alone.
    fn check_time(&self) -> Result<(), BackendError> {
        let most = self.access.limits.transaction_seconds;
        if self.timed.borrow().as_ref().is_none_or(|open| open.elapsed() <= most) {
            return Ok(());
        }
        let message = text!(
            "the transaction was open for longer than {} s, its limit `transaction_seconds`",
            "la transacción estuvo abierta más de {} s, su límite `transaction_seconds`";
            most.as_secs_f64()
        );
        Err(BackendError::new(ErrorCode::Quota, rolled_back(&message)))
    }

    fn end_readings(&self) {
        for reading in self.readings.borrow_mut().drain(..) {
            if let Some(reading) = reading.borrow_mut().take() {
                self.give_back(reading.prepared);
            }
        }
    }
}
