//! The databases: whether each opens and answers, and has this program's schema.

use encargo_model::{Exit, Tenant, Text, text};

use super::{Answer, ProbeStatus};
use crate::{BackendError, Platform, PlatformError};

/// Opens every file and reads the ends of its tables.
pub(super) fn database(platform: &Platform) -> Answer {
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return Answer::failed(of_tenants(&error)),
    };
    let main = platform.registry().read_once().err().map(|why| ("platform.db", why));
    let of_tenant = |tenant| platform.files().read_once(tenant).err().map(|why| (tenant.slug.as_str(), why));
    // What lies between the ends is not looked at, and who reads this is told so.
    let well = || {
        text!(
            "{files} opened; the data is checked by validate_system",
            "{files}: se abrieron; los datos los comprueba validate_system",
            files = files(&tenants)
        )
    };
    judge(main.into_iter().chain(tenants.iter().filter_map(of_tenant)), well)
}

/// Compares every file's schema version with this program's.
pub(super) fn schema(platform: &Platform) -> Answer {
    let tenants = match platform.registry().tenants() {
        Ok(tenants) => tenants,
        Err(error) => return Answer::failed(of_tenants(&error)),
    };
    let wrong = tenants.iter().filter_map(|tenant| Some((tenant.slug.as_str(), platform.files().check(tenant).err()?)));
    judge(wrong, || {
        text!(
            "{files} at the version of this program",
            "{files} en la versión de este programa",
            files = files(&tenants)
        )
    })
}

/// The worst of what is wrong with the named files, and all of it in words; `well` when there is nothing.
fn judge<'a>(wrong: impl Iterator<Item = (&'a str, PlatformError)>, well: impl FnOnce() -> Text) -> Answer {
    let (losses, words): (Vec<_>, Vec<_>) = wrong
        .map(|(name, why)| {
            let words = text!("`{name}`: {why}", "`{name}`: {why}", why = why.without_names());
            (why.exit() == Exit::Verification, words)
        })
        .unzip();
    match losses.iter().any(|&is_loss| is_loss) {
        _ if words.is_empty() => Answer::ok(well()),
        true => Answer::new(ProbeStatus::Lost, Text::joined(words, "; ")),
        false => Answer::failed(Text::joined(words, "; ")),
    }
}

fn of_tenants(error: &BackendError) -> Text {
    text!("the list of tenants: {error}", "la lista de inquilinos: {error}", error = error)
}

fn files(tenants: &[Tenant]) -> Text {
    match tenants.len() {
        0 => text!("`platform.db`", "`platform.db`"),
        1 => text!("`platform.db` and 1 tenant", "`platform.db` y 1 inquilino"),
        several => text!("`platform.db` and {several} tenants", "`platform.db` y {several} inquilinos"),
    }
}
