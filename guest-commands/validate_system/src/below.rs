//! What lies below the rows, and the commands: the host looks, because no SQL of a command sees it.

use encargo_sdk::maintenance::{self, Damage, DamageKind};
use encargo_sdk::prelude::*;

use crate::found::Found;
use crate::issues::{Issue, storage};
use crate::module::Module;

/// How a tenant's rows are stored. References of relations whose module is looked at too are that module's.
pub(crate) fn integrity(tenant: &str, has: impl Fn(Module) -> bool, found: &mut Found) -> Result<()> {
    for damage in maintenance::check_integrity(tenant)? {
        let module = Module::of_relation(&damage.subject);
        if damage.kind != DamageKind::Reference || module == Module::Storage || !has(module) {
            note(&damage, found);
        }
    }
    Ok(())
}

/// The commands of the installation.
pub(crate) fn commands(found: &mut Found) -> Result<()> {
    maintenance::check_commands()?.iter().for_each(|damage| note(damage, found));
    Ok(())
}

fn note(damage: &Damage, found: &mut Found) {
    let relation = if damage.subject.is_empty() { "file" } else { &damage.subject };
    found.note_several(issue(damage.kind), damage.count, relation, &damage.detail);
}

fn issue(kind: DamageKind) -> &'static Issue {
    match kind {
        DamageKind::Structure => &storage::STRUCTURE,
        DamageKind::Index => &storage::INDEX,
        DamageKind::Schema => &storage::SCHEMA,
        DamageKind::Reference => &storage::REFERENCE,
        DamageKind::Rule => &storage::RULE,
        DamageKind::Counter => &storage::COUNTER,
        DamageKind::Unreadable => &storage::UNREADABLE,
        DamageKind::Grant => &storage::GRANT,
        DamageKind::Revoked => &storage::REVOKED,
    }
}
