//! The databases: whether each opens and answers, and has this program's schema.

use encargo_model::Tenant;

use super::ProbeStatus;
use crate::{Platform, PlatformError};

/// Opens every file and reads the ends of its tables.
pub(super) fn database(platform: &Platform) -> (ProbeStatus, String) {
    let tenants = match platform.tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let main = platform.read_main_once().err().map(|why| format!("`platform.db`: {}", words(&why)));
    let of_tenant =
        |tenant: &Tenant| platform.read_once(tenant).err().map(|why| format!("`{}`: {}", tenant.slug, words(&why)));
    let broken: Vec<_> = main.into_iter().chain(tenants.iter().filter_map(of_tenant)).collect();
    if broken.is_empty() {
        // What lies between the ends is not looked at, and who reads this is told so.
        (ProbeStatus::Ok, format!("{} opened; the data is checked by validate_system", files(&tenants)))
    } else {
        (ProbeStatus::Failed, broken.join("; "))
    }
}

/// Compares every file's schema version with this program's.
pub(super) fn schema(platform: &Platform) -> (ProbeStatus, String) {
    let tenants = match platform.tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let wrong: Vec<_> = tenants
        .iter()
        .filter_map(|tenant| {
            platform.check_tenant(tenant).err().map(|why| format!("`{}`: {}", tenant.slug, words(&why)))
        })
        .collect();
    if wrong.is_empty() {
        (ProbeStatus::Ok, format!("{} at the version of this program", files(&tenants)))
    } else {
        (ProbeStatus::Failed, wrong.join("; "))
    }
}

fn files(tenants: &[Tenant]) -> String {
    match tenants.len() {
        0 => "`platform.db`".to_owned(),
        1 => "`platform.db` and 1 tenant".to_owned(),
        several => format!("`platform.db` and {several} tenants"),
    }
}

/// What is wrong, without the file's name: a command reads it.
fn words(why: &PlatformError) -> String {
    match why {
        PlatformError::Corrupt { .. } => "damaged or missing; restore it from a backup".to_owned(),
        PlatformError::NeedsMigrate { from, to, .. } => {
            format!("schema version {from}, and {to} is needed; run `encargo migrate`")
        }
        PlatformError::TooNew { found, known, .. } => format!("schema version {found}, and {known} is known here"),
        PlatformError::Busy { .. } => "another process is using it".to_owned(),
        PlatformError::ReadOnly { .. } => "cannot be written".to_owned(),
        PlatformError::DiskFull { lack, .. } => lack.to_string(),
        _ => "cannot be opened".to_owned(),
    }
}
