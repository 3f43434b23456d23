//! The databases: whether each opens and answers, and has this program's schema.

use encargo_model::{Exit, Tenant};

use super::ProbeStatus;
use crate::{Platform, PlatformError};

/// Opens every file and reads the ends of its tables.
pub(super) fn database(platform: &Platform) -> (ProbeStatus, String) {
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let main = platform.registry().read_once().err().map(|why| ("platform.db", why));
    let of_tenant = |tenant| platform.files().read_once(tenant).err().map(|why| (tenant.slug.as_str(), why));
    // What lies between the ends is not looked at, and who reads this is told so.
    let well = || format!("{} opened; the data is checked by validate_system", files(&tenants));
    judge(main.into_iter().chain(tenants.iter().filter_map(of_tenant)), well)
}

/// Compares every file's schema version with this program's.
pub(super) fn schema(platform: &Platform) -> (ProbeStatus, String) {
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return (ProbeStatus::Failed, format!("the list of tenants: {error}")),
    };
    let wrong = tenants.iter().filter_map(|tenant| Some((tenant.slug.as_str(), platform.files().check(tenant).err()?)));
    judge(wrong, || format!("{} at the version of this program", files(&tenants)))
}

/// The worst of what is wrong with the named files, and all of it in words; `well` when there is nothing.
fn judge<'a>(
    wrong: impl Iterator<Item = (&'a str, PlatformError)>,
    well: impl FnOnce() -> String,
) -> (ProbeStatus, String) {
    let (losses, words): (Vec<_>, Vec<_>) = wrong
        .map(|(name, why)| (why.exit() == Exit::Verification, format!("`{name}`: {}", why.without_names())))
        .unzip();
    match losses.iter().any(|&is_loss| is_loss) {
        _ if words.is_empty() => (ProbeStatus::Ok, well()),
        true => (ProbeStatus::Lost, words.join("; ")),
        false => (ProbeStatus::Failed, words.join("; ")),
    }
}

fn files(tenants: &[Tenant]) -> String {
    match tenants.len() {
        0 => "`platform.db`".to_owned(),
        1 => "`platform.db` and 1 tenant".to_owned(),
        several => format!("`platform.db` and {several} tenants"),
    }
}
