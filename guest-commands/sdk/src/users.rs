//! The people who log in, for commands of system scope.

use crate::bindings::encargo::users::users as wit;
use crate::error::Result;

pub use wit::Ensured;

/// Makes sure that there is an administrator. The host makes or takes the password; the command never has it.
///
/// # Errors
/// `invalid` for a bad address, `denied` without the permission `ensure:admin`.
pub fn ensure_admin(name: &str, email: &str) -> Result<Ensured> {
    wit::ensure_admin(name, email)
}
