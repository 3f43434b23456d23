//! The exit codes, one table for every command and verb.

use crate::{Language, Text};

/// How a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// All was done, or there was nothing to do.
    Done = 0,
    /// Bad input data, full disk, guest error.
    Failed = 1,
    /// Unknown command, bad argument, bad configuration.
    Usage = 2,
    /// Some rows, tenants or files failed and the rest is done.
    Partial = 3,
    /// A check found problems.
    Problems = 4,
    /// A hash, a database or a total is not what it should be.
    Verification = 5,
    /// No such tenant, file, version or run.
    NotFound = 10,
    /// Another run holds the lock.
    LockHeld = 11,
    /// Wrong key or password.
    WrongKey = 12,
    /// Refused by a guard.
    Refused = 13,
    /// A sandbox limit, a missing permission, an import that is not offered.
    Sandbox = 14,
    /// The wall clock ran out.
    TimedOut = 124,
    /// Ctrl-C.
    Interrupted = 130,
    /// SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// Every code, in order.
    pub const ALL: [Self; 14] = [
        Self::Done,
        Self::Failed,
        Self::Usage,
        Self::Partial,
        Self::Problems,
        Self::Verification,
        Self::NotFound,
        Self::LockHeld,
        Self::WrongKey,
        Self::Refused,
        Self::Sandbox,
        Self::TimedOut,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The code with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|exit| exit.code() == code)
    }

    /// What the code says, for `--explain-exit`.
    pub fn meaning(self, language: Language) -> String {
        let (en, es) = match self {
            Self::Done => ("done; also when there was nothing to do", "hecho; también cuando no había nada que hacer"),
            Self::Failed => (
                "failed: bad input data, a full disk or an error of the command",
                "falló: datos de entrada malos, disco lleno o error del comando",
            ),
            Self::Usage => (
                "usage or configuration: unknown command, bad argument, a folder for a file, not a component, no data directory",
                "uso o configuración: comando desconocido, argumento malo, carpeta en lugar de archivo, no es un componente, sin directorio de datos",
            ),
            Self::Partial => (
                "partial: some rows, tenants or files failed, the rest is done",
                "parcial: algunas filas, inquilinos o archivos fallaron, el resto está hecho",
            ),
            Self::Problems => ("a check found problems", "una comprobación encontró problemas"),
            Self::Verification => (
                "verification failed: a hash, a database or a total is not what it should be",
                "falló la verificación: un hash, una base de datos o un total no es lo que debería",
            ),
            Self::NotFound => (
                "not found: a tenant, file, backup, version or run",
                "no encontrado: un inquilino, archivo, respaldo, versión o ejecución",
            ),
            Self::LockHeld => (
                "another run of the same command and tenant holds the lock",
                "otra ejecución del mismo comando e inquilino tiene el bloqueo",
            ),
            Self::WrongKey => ("wrong key or password", "clave o contraseña equivocada"),
            Self::Refused => (
                "refused by a guard: it needs --yes, or this environment does not allow it",
                "rechazado por una protección: necesita --yes, o este entorno no lo permite",
            ),
            Self::Sandbox => (
                "a sandbox limit was reached, a permission is missing, or the component needs what is not offered",
                "se alcanzó un límite del aislamiento, falta un permiso, o el componente necesita lo que no se ofrece",
            ),
            Self::TimedOut => ("timed out", "se agotó el tiempo"),
            Self::Interrupted => ("interrupted with Ctrl-C", "interrumpido con Ctrl-C"),
            Self::Terminated => ("terminated by SIGTERM", "terminado por SIGTERM"),
        };
        Text::both(en, es).get(language).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_number() {
        for exit in Exit::ALL {
            assert_eq!(Exit::from_code(exit.code()), Some(exit));
        }
        assert_eq!(Exit::from_code(77), None);
    }
}
