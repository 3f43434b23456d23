//! The databases: whether each opens and answers, and has this program's schema.

use encargo_model::Tenant;

use super::ProbeStatus;
use crate::Platform;

/// Opens every file and reads the ends of its tables.
pub(super) fn database(platform: &Platform) -> (ProbeStatus, String) {
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let main = platform.registry().read_once().err().map(|why| format!("`platform.db`: {}", why.without_names()));
    let of_tenant = |tenant: &Tenant| {
        platform.files().read_once(tenant).err().map(|why| format!("`{}`: {}", tenant.slug, why.without_names()))
    };
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
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let wrong: Vec<_> = tenants
        .iter()
        .filter_map(|tenant| {
            platform.files().check(tenant).err().map(|why| format!("`{}`: {}", tenant.slug, why.without_names()))
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
