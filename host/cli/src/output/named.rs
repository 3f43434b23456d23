//! What codes are called where people read them; in JSON they stay as they are.

use encargo_model::{Action, Language, RunStatus, Tier};

/// What became of counted things; a code that is not known here stays.
pub(crate) fn action(action: &Action, language: Language) -> &str {
    match (language, action) {
        (Language::En, action) | (Language::Es, action @ Action::Other(_)) => action.as_str(),
        (Language::Es, Action::Read) => "leídos",
        (Language::Es, Action::Created) => "creados",
        (Language::Es, Action::Updated) => "actualizados",
        (Language::Es, Action::Unchanged) => "sin cambios",
        (Language::Es, Action::Deleted) => "borrados",
        (Language::Es, Action::Kept) => "conservados",
        (Language::Es, Action::Duplicate) => "duplicados",
        (Language::Es, Action::Invalid) => "inválidos",
        (Language::Es, Action::Skipped) => "omitidos",
        (Language::Es, Action::Failed) => "fallidos",
    }
}

/// The state of a run.
pub(crate) const fn status(status: RunStatus, language: Language) -> &'static str {
    match (language, status) {
        (Language::En, status) => status.as_str(),
        (Language::Es, RunStatus::Queued) => "en cola",
        (Language::Es, RunStatus::Running) => "en curso",
        (Language::Es, RunStatus::Succeeded) => "terminada",
        (Language::Es, RunStatus::Problems) => "con problemas",
        (Language::Es, RunStatus::Partial) => "parcial",
        (Language::Es, RunStatus::Failed) => "fallida",
        (Language::Es, RunStatus::TimedOut) => "sin tiempo",
        (Language::Es, RunStatus::Cancelled) => "cancelada",
        (Language::Es, RunStatus::Interrupted) => "interrumpida",
        (Language::Es, RunStatus::Lost) => "perdida",
        (Language::Es, RunStatus::Skipped) => "omitida",
        (Language::Es, RunStatus::Expired) => "caducada",
    }
}

/// A limit of a run. A record may be of a version that had other limits: a name that is not known stays.
pub(crate) fn limit(name: &str, language: Language) -> &str {
    match (language, name) {
        (Language::Es, "wall") => "reloj",
        (Language::Es, "memory") => "memoria",
        (Language::Es, "sql-memory") => "memoria-sql",
        (Language::Es, "log") => "registro",
        (Language::Es, "result") => "informe",
        (Language::Es, "temporary") => "temporal",
        (Language::Es, "calls") => "llamadas",
        (Language::Es, "output") => "salida",
        (Language::Es, "transaction") => "transacción",
        (Language::Es, "statement") => "sentencia",
        (Language::Es, "statements") => "sentencias",
        (Language::Es, "batch-rows") => "filas-lote",
        (Language::Es, "log-lines") => "líneas",
        (Language::Es, "files") => "archivos",
        (Language::Es, "open-files") => "abiertos",
        (_, name) => name,
    }
}

/// Whose a command is.
pub(crate) const fn tier(tier: Tier, language: Language) -> &'static str {
    match (language, tier) {
        (Language::En, tier) => tier.as_str(),
        (Language::Es, Tier::Packaged) => "incluido",
        (Language::Es, Tier::Operator) => "operador",
        (Language::Es, Tier::Tenant) => "inquilino",
    }
}

/// What `doctor` looks at.
pub(crate) fn check(name: &str, language: Language) -> &str {
    match (language, name) {
        (Language::Es, "version") => "versión",
        (Language::Es, "packaged") => "incluidos",
        (Language::Es, "configuration") => "configuración",
        (Language::Es, "cpu limit") => "límite de cpu",
        (Language::Es, "data directory") => "directorio",
        (Language::Es, "disk") => "disco",
        (Language::Es, "folders") => "carpetas",
        (Language::Es, "log") => "registro",
        (Language::Es, "schema") => "esquema",
        (Language::Es, "commands") => "comandos",
        (Language::Es, "installation") => "instalación",
        (Language::Es, "engine store") => "almacén",
        (Language::Es, "writing") => "escritura",
        (Language::Es, "platform") => "plataforma",
        (Language::Es, "tenant") => "inquilino",
        (Language::Es, "administrator") => "administración",
        (Language::Es, "engine") => "motor",
        (_, name) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_spanish_name_of_its_own() {
        let mut names = RunStatus::ALL.map(|state| status(state, Language::Es)).to_vec();
        assert!(RunStatus::ALL.iter().all(|state| status(*state, Language::Es) != state.as_str()), "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), RunStatus::ALL.len());
    }
}
