//! How long a small read takes in the database: one tenant after the other, one with each sample.

use std::time;

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;

use crate::sql::NEWEST_CHAT;

/// The tenants, and which is next.
#[derive(Debug)]
pub(crate) struct Probe {
    tenants: Vec<String>,
    next: usize,
    /// How many reads failed, and what the last one said.
    pub(crate) failed: u64,
    pub(crate) problem: Option<String>,
}

#[derive(FromRow)]
struct Newest {
    #[expect(dead_code, reason = "that it can be read is what is measured")]
    id: i64,
}

impl Probe {
    pub(crate) fn of_tenants() -> Result<Self> {
        Ok(Self { tenants: tenants::list()?, next: 0, failed: 0, problem: None })
    }

    /// Reads in the next tenant, and answers how many milliseconds that took; none where there is no tenant, or where it
    /// failed, which is counted.
    pub(crate) fn read(&mut self) -> Result<Option<f64>> {
        let Some(tenant) = self.tenants.get(self.next) else { return Ok(None) };
        let took = milliseconds(tenant);
        match took {
            Ok(took) => {
                self.next = (self.next + 1) % self.tenants.len();
                Ok(Some(took))
            }
            Err(error) if error.ends_run() => Err(error),
            Err(error) => {
                self.failed += 1;
                self.problem = Some(format!("{tenant}: {}", error.message));
                self.next = (self.next + 1) % self.tenants.len();
                Ok(None)
            }
        }
    }
}

/// Opening a tenant's rows is not part of it: a server has them open.
fn milliseconds(tenant: &str) -> Result<f64> {
    let rows = tenants::open(tenant)?;
    let begun = time::Instant::now();
    rows.row::<Newest>(NEWEST_CHAT, &[])?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}
