//! What makes two runs the same work.

use encargo_model::{ArgumentKind, Description, ResolvedArgument};
use sha2::{Digest, Sha256};

/// A hash over the command, the tenant, the arguments that change the work, and the digest of the input.
pub(crate) fn resume_key(
    description: &Description,
    tenant: Option<&str>,
    arguments: &[ResolvedArgument],
    input: &str,
) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    part(&description.name);
    part(tenant.unwrap_or(""));
    for argument in arguments {
        let changes_the_work = description
            .argument(&argument.name)
            .is_some_and(|spec| !spec.tuning && !spec.secret && spec.kind != ArgumentKind::Output);
        if changes_the_work {
            part(&argument.name);
            part(&argument.written);
        }
    }
    part(input);
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
