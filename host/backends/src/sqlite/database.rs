//! One tenant's rows, as one run sees them.

use std::path::Path;
use std::rc::Rc;

use encargo_model::{Batch, ErrorCode, Kind, Value, text};

use super::connect::Durability;
use super::cursor::{Cursor, Reading, read_only};
use super::session::{Scope, Session};
use super::{Transaction, checkpoints, ids};
use crate::BackendError;
use crate::platform::Identity;

/// One tenant's rows, as one run sees them: within its permissions and limits. It stays on its thread.
pub struct Database {
    session: Rc<Session>,
}

impl Database {
    /// Opens a file that was looked at.
    pub(crate) fn open(
        path: &Path,
        identity: &Identity,
        access: crate::Access,
        durability: Durability,
    ) -> Result<Self, BackendError> {
        let session = Session::open(path, (identity.tenant, &identity.slug), access, durability)?;
        // Its head has said so already, in 31 bits.
        let sql = "SELECT count(*) FROM identity WHERE installation = ?1 AND tenant_id = ?2 AND slug = ?3";
        let Identity { installation, tenant, slug } = identity.clone();
        let is_own = session.run_own(sql, &[Value::Text(installation), Value::Integer(tenant), Value::Text(slug)])?;
        if is_own != Some(Value::Integer(1)) {
            let message = text!(
                "the rows at the place of the tenant `{}` are not its own",
                "las filas que están en el lugar del inquilino `{}` no son suyas";
                identity.slug
            );
            return Err(BackendError::new(ErrorCode::Internal, message));
        }
        Ok(Self { session: Rc::new(session) })
    }

    /// Reads a few rows at once. Inside an open transaction they are those that it sees.
    ///
    /// # Errors
    /// `too-large` when there are more than `max_rows` or a batch can hold; `read-only` for a statement that writes.
    pub fn rows(&self, sql: &str, values: &[Value], kinds: &[Kind], max_rows: u32) -> Result<Batch, BackendError> {
        self.session.enter()?;
        let prepared = self.session.prepare(sql, values)?;
        if !prepared.read_only {
            self.session.give_back(prepared);
            return Err(read_only());
        }
        let mut reading = Reading::new(&self.session, prepared, kinds)?;
        let most = max_rows.min(Batch::MOST_ROWS);
        let read = reading.next(&self.session, most as usize);
        let more = read.is_ok().then(|| reading.has_more(&self.session)).transpose();
        self.session.give_back(reading.prepared);
        let batch = read?;
        if more?.unwrap_or(false) {
            let message = if batch.rows == most {
                text!(
                    "the SQL finds more than {most} rows; read them by a cursor",
                    "el SQL encuentra más de {most} filas; léalas con un cursor"
                )
            } else {
                text!(
                    "the rows have more than {} bytes; read them by a cursor",
                    "las filas tienen más de {} bytes; léalas con un cursor";
                    Batch::MOST_BYTES
                )
            };
            return Err(BackendError::new(ErrorCode::TooLarge, message));
        }
        Ok(batch)
    }

    /// Changes rows in a transaction of its own and says how many.
    ///
    /// # Errors
    /// `transaction-open`, and those of the statement.
    pub fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, BackendError> {
        self.session.enter()?;
        self.session.check_idle()?;
        let prepared = self.session.prepare(sql, values)?;
        if prepared.read_only {
            return self.session.run(prepared);
        }
        self.session.alone(|session| session.run(prepared))
    }

    /// Begins a transaction. Dropping it rolls back.
    ///
    /// # Errors
    /// `transaction-open` when one is open already, `busy` when another run writes for longer than five seconds.
    pub fn begin(&self, read_write: bool) -> Result<Transaction, BackendError> {
        let scope = if read_write { Scope::ReadWrite } else { Scope::ReadOnly };
        let serial = self.session.begin(scope)?;
        Ok(Transaction::new(Rc::clone(&self.session), serial))
    }

    /// Reads any number of rows from one snapshot with nothing else in it. Nothing can be written until the cursor
    /// was read to its end or dropped.
    ///
    /// # Errors
    /// As [`Database::begin`], and those of the statement.
    pub fn stream(&self, sql: &str, values: &[Value], kinds: &[Kind]) -> Result<Cursor, BackendError> {
        let serial = self.session.begin(Scope::Stream)?;
        Cursor::open(&self.session, serial, sql, values, kinds).inspect_err(|_| self.session.roll_back(serial))
    }

    /// What the last committed checkpoint of this loop of the run, or of the run that it resumes, stored.
    ///
    /// # Errors
    /// `invalid` for a name that is none, and when the rows cannot be read.
    pub fn checkpoint(&self, loop_name: &str) -> Result<Option<String>, BackendError> {
        checkpoints::load(&self.session, loop_name)
    }

    /// Forgets the checkpoints of all loops.
    ///
    /// # Errors
    /// `transaction-open`, `busy`.
    pub fn clear_checkpoints(&self) -> Result<(), BackendError> {
        checkpoints::clear(&self.session)
    }

    /// The first of `n` consecutive ids that no row of the tenant has. Those taken inside a transaction that is rolled
    /// back may be given again to another process.
    ///
    /// # Errors
    /// `read-only` inside a read-only transaction or a stream, `invalid` for too many.
    pub fn ids(&self, n: u32) -> Result<i64, BackendError> {
        ids::take(&self.session, n)
    }

    /// The tenant's own setting of this name, as JSON. It needs no permission.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, BackendError> {
        self.session.enter()?;
        let found =
            self.session.run_own("SELECT value FROM settings WHERE name = ?1", &[Value::Text(name.to_owned())])?;
        Ok(found.and_then(|value| if let Value::Text(text) = value { Some(text) } else { None }))
    }

    /// Passes when neither a transaction nor a stream is open.
    ///
    /// # Errors
    /// `transaction-open`.
    pub fn check_idle(&self) -> Result<(), BackendError> {
        self.session.check_idle()
    }
}
