//! `encargo:users`: the administrator. The password never reaches the guest.

use std::fs::File;
use std::io::Read;

use encargo_backends::BackendError;
use encargo_model::{ErrorCode, Permission, text};

use crate::bindings::encargo::types::types::Error;
use crate::bindings::encargo::users::users as wit;
use crate::state::State;

/// Without characters that are easily confused.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789_";

impl wit::Host for State {
    fn ensure_admin(&mut self, name: String, email: String) -> wasmtime::Result<Result<wit::Ensured, Error>> {
        self.alive()?;
        let ensured = self
            .may(&Permission::EnsureAdmin)
            .and_then(|()| self.job.check_system(&text!("make an administrator", "crear una cuenta de administración")))
            .and_then(|()| self.ensure(&name, &email));
        if matches!(ensured, Ok(wit::Ensured::Created)) {
            self.ledger.add_platform("users", 1, 0);
        }
        Ok(self.answer(ensured))
    }
}

impl State {
    fn ensure(&self, name: &str, email: &str) -> Result<wit::Ensured, BackendError> {
        if self.platform.registry().administrator()?.is_some() {
            return Ok(wit::Ensured::Unchanged);
        }
        let given = self.host.admin_password();
        let shown = given.is_none() && !self.job.dry_run && self.host.can_show_password();
        let password = if shown { Some(generated()?) } else { given };
        self.platform.registry().create_administrator(name, email, password.as_deref())?;
        match password {
            Some(password) if shown => self.host.show_password(email, &password),
            _ => {}
        }
        Ok(wit::Ensured::Created)
    }
}

/// Twenty characters of five random bits each.
fn generated() -> Result<String, BackendError> {
    let mut random = [0_u8; 20];
    File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut random)).map_err(|_| {
        BackendError::new(
            ErrorCode::Unavailable,
            text!("no random numbers for a password", "no hay números aleatorios para una contraseña"),
        )
    })?;
    Ok(random.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_generated_passwords_differ_and_are_long() {
        let (one, other) = (generated().unwrap(), generated().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.len(), 20);
        // Of 32 characters; fewer than 17 in two hundred has never been seen.
        let many = (0..10).map(|_| generated().unwrap()).collect::<String>();
        assert!(many.chars().collect::<std::collections::BTreeSet<_>>().len() > 16, "{many}");
    }
}
