//! The named roots of a run.

use std::collections::BTreeMap;
use std::path::PathBuf;

use encargo_backends::Platform;
use encargo_model::{Permission, ROOTS, Tenant};

use crate::job::Job;

/// The folders behind the named roots: the tenant's, or in system scope those of each tenant of the run, as `acme/media`.
/// Whoever may not list the tenants has none there.
pub(crate) fn roots(job: &Job, platform: &Platform) -> BTreeMap<String, PathBuf> {
    let data = platform.data();
    let of = |prefix: String, tenant: &Tenant| {
        let root = |root: &&str| Some((format!("{prefix}{root}"), data.named_root(root, tenant)?));
        ROOTS.iter().filter_map(root).collect::<Vec<_>>()
    };
    if let Some(tenant) = &job.tenant {
        return of(String::new(), tenant).into_iter().collect();
    }
    let has_roots = |permission: &Permission| {
        use Permission::{CreateFiles, ListFiles, MoveFiles, RemoveFiles};
        matches!(permission, ListFiles(_) | CreateFiles(_) | RemoveFiles(_) | MoveFiles(_))
    };
    let permissions = job.permissions();
    if !permissions.contains(&Permission::ListTenants) || !permissions.iter().any(has_roots) {
        return BTreeMap::new();
    }
    // Where the list cannot be read, the first call that opens a tenant says so.
    let tenants = platform.registry().tenants().unwrap_or_default();
    let reached = tenants.iter().filter(|tenant| job.reaches(&tenant.slug));
    reached.flat_map(|tenant| of(format!("{}/", tenant.slug), tenant)).collect()
}
