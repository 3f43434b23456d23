//! The sentences of [`PlatformError`]: for the operator, with the files' names, and for a command, without them.

use std::error::Error;
use std::path::Path;

use encargo_model::{Text, Worded, english_display, text};

use super::PlatformError;

english_display!(PlatformError);

impl Worded for PlatformError {
    fn text(&self) -> Text {
        match self {
            Self::NotInitialised { path } => text!(
                "there is no data directory at `{}`; `encargo init_system` or `encargo migrate` makes one",
                "no hay directorio de datos en `{}`; `encargo init_system` o `encargo migrate` crea uno";
                path.display()
            ),
            Self::NeedsMigrate { path, from, to } => text!(
                "`{}` has schema version {from} and this program needs {to}; run `encargo migrate`",
                "`{}` tiene la versión de esquema {from} y este programa necesita la {to}; ejecute `encargo migrate`";
                path.display()
            ),
            Self::TooNew { path, found, known } => text!(
                "`{}` has schema version {found} and this program knows {known}; use the newer program that wrote it",
                "`{}` tiene la versión de esquema {found} y este programa conoce la {known}; use el programa más nuevo que lo escribió";
                path.display()
            ),
            Self::EnvironmentMismatch { recorded, given } => text!(
                "this data directory belongs to the environment `{recorded}`, and `{given}` is configured; correct `environment` or choose another data directory",
                "este directorio de datos pertenece al entorno `{recorded}`, y está configurado `{given}`; corrija `environment` o elija otro directorio de datos"
            ),
            Self::Corrupt { path } => text!(
                "`{}` is damaged or not a database; `encargo restore_data` brings it back from a backup",
                "`{}` está dañado o no es una base de datos; `encargo restore_data` lo recupera de un respaldo";
                path.display()
            ),
            Self::PlatformLost { path } => text!(
                "`{}` is gone and with it who the tenants are, whose files are still there; register them again by what their files say with `encargo migrate --rebuild-platform`, and bring back people and names with `encargo restore_data`",
                "`{}` ya no está, y con él quiénes son los inquilinos, cuyos archivos siguen ahí; regístrelos de nuevo por lo que dicen sus archivos con `encargo migrate --rebuild-platform`, y recupere personas y nombres con `encargo restore_data`";
                path.display()
            ),
            Self::PlatformThere { path } => text!(
                "`{}` is there, so the tenants are not registered again; move it away first if it is not the right one",
                "`{}` está ahí, así que no se registra de nuevo a los inquilinos; apártelo antes si no es el correcto";
                path.display()
            ),
            Self::Disagreeing { one, other, why } => text!(
                "`{}` and `{}` {why}; move the one that is not to be registered out of the folder",
                "`{}` y `{}` {why}; saque de la carpeta el que no se ha de registrar",
                why = why;
                one.display(),
                other.display()
            ),
            Self::TenantLost { path, slug, empty } => text!(
                "`{}`, the file of the tenant `{slug}`, {what}; bring it back with `encargo restore_data --tenant={slug}`, or give the tenant up with `encargo tenants forget {slug}`",
                "`{}`, el archivo del inquilino `{slug}`, {what}; recupérelo con `encargo restore_data --tenant={slug}`, o renuncie al inquilino con `encargo tenants forget {slug}`",
                what = if *empty {
                    text!("has no bytes any more", "ya no tiene bytes")
                } else {
                    text!("is gone", "ya no está")
                };
                path.display()
            ),
            Self::Foreign { path, slug, whose } => text!(
                "`{}` is not the file of the tenant `{slug}`: {whose}; put back the tenant's own",
                "`{}` no es el archivo del inquilino `{slug}`: {whose}; reponga el suyo",
                whose = whose;
                path.display()
            ),
            Self::EngineLost { path } => text!(
                "the engine store `{}` is gone, and with it history, grants and revocations; restore it from a backup, or do without them with `encargo migrate --new-engine-store`",
                "el almacén del motor `{}` ya no está, y con él el historial, las concesiones y las revocaciones; restáurelo de un respaldo, o prescinda de ellos con `encargo migrate --new-engine-store`";
                path.display()
            ),
            Self::ReadOnly { path } => text!(
                "`{}` cannot be written; make it writable for this user or choose another data directory",
                "no se puede escribir `{}`; permita que este usuario lo escriba o elija otro directorio de datos";
                path.display()
            ),
            Self::DiskFull { path, lack } => text!(
                "`{}` cannot be written: {lack}; remove what is not needed there and try again",
                "no se puede escribir `{}`: {lack}; borre lo que no haga falta ahí e inténtelo de nuevo",
                lack = lack;
                path.display()
            ),
            Self::Busy { path } => text!(
                "another process is using `{}`; try again when it is done",
                "otro proceso está usando `{}`; inténtelo de nuevo cuando termine";
                path.display()
            ),
            Self::Unfinished { path, why } => text!(
                "the restore in `{}` was begun and has to be finished before anything else, and cannot be: {why}",
                "la restauración en `{}` se inició y tiene que terminarse antes de todo lo demás, y no se puede: {why}",
                why = why.text();
                path.display()
            ),
            Self::Quarantined { tenants, .. } => text!(
                "the files of these tenants could not be migrated, all others were: {which}",
                "no se pudieron migrar los archivos de estos inquilinos, todos los demás sí: {which}",
                which = Text::joined(
                    tenants.iter().map(|(slug, why)| text!("`{slug}` ({why})", "`{slug}` ({why})", why = why.text())),
                    ", "
                )
            ),
            Self::Io { path, source } => unusable(path, source),
            Self::Database { path, source } => unusable(path, source),
        }
    }
}

fn unusable(path: &Path, source: &dyn Error) -> Text {
    text!("`{}` cannot be used: {source}", "no se puede usar `{}`: {source}"; path.display())
}

impl PlatformError {
    /// What is wrong with a database, without its name: a command reads it.
    pub(crate) fn without_names(&self) -> Text {
        match self {
            Self::Corrupt { .. } => {
                text!(
                    "damaged; `encargo restore_data` brings it back from a backup",
                    "dañado; `encargo restore_data` lo recupera de un respaldo"
                )
            }
            Self::TenantLost { empty, slug, .. } => text!(
                "{what}; bring it back with `encargo restore_data --tenant={slug}`, or give the tenant up with `encargo tenants forget {slug}`",
                "{what}; recupérelo con `encargo restore_data --tenant={slug}`, o renuncie al inquilino con `encargo tenants forget {slug}`",
                what = if *empty {
                    text!("lost, the file has no bytes any more", "perdido, el archivo ya no tiene bytes")
                } else {
                    text!("lost, the file is gone", "perdido, el archivo ya no está")
                }
            ),
            Self::Foreign { whose, .. } => text!(
                "not its own file, {whose}; put back the tenant's own",
                "no es su propio archivo, {whose}; reponga el suyo",
                whose = whose
            ),
            Self::NeedsMigrate { from, to, .. } => text!(
                "schema version {from}, and {to} is needed; run `encargo migrate`",
                "versión de esquema {from}, y se necesita la {to}; ejecute `encargo migrate`"
            ),
            Self::TooNew { found, known, .. } => text!(
                "schema version {found}, and {known} is known here",
                "versión de esquema {found}, y aquí se conoce la {known}"
            ),
            Self::Busy { .. } => text!("another process is using it", "otro proceso lo está usando"),
            Self::ReadOnly { .. } => text!("cannot be written", "no se puede escribir"),
            Self::DiskFull { lack, .. } => lack.text(),
            _ => text!("cannot be opened", "no se puede abrir"),
        }
    }
}
