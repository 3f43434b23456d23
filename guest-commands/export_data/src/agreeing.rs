//! Which options go together, where the description alone cannot say it.

use encargo_sdk::files::Destination;
use encargo_sdk::prelude::*;

use crate::format::Format;
use crate::parts::Most;
use crate::{ExportData, cursor, size};

impl ExportData {
    /// Refuses options that have no meaning together.
    pub(crate) fn agree(&self) -> Result<()> {
        if self.verify.is_some() || self.verify_folder.is_some() {
            return self.agree_with_verifying();
        }
        if let Some(name) = &self.cursor {
            cursor::check_name(name)?;
        }
        ensure!(
            !self.incremental || self.since.is_none() && self.until.is_none(),
            Usage,
            "`--incremental` goes by its cursor and not by `--since` and `--until`; leave these out, or export a range without it",
            "`--incremental` sigue su cursor y no `--since` ni `--until`; quítelos, o exporte un intervalo sin él"
        );
        ensure!(
            !self.incremental || !self.anonymize,
            Usage,
            "`--anonymize` gives other ids in each export, so that the changes of `--incremental` would belong to nothing; leave one of them out",
            "`--anonymize` da otros ids en cada exportación, así que los cambios de `--incremental` no serían de nada; quite uno de los dos"
        );
        ensure!(
            !self.anonymize || !self.include_secrets,
            Usage,
            "`--anonymize` masks the values of settings, so `--include-secrets` has no meaning; leave one of them out",
            "`--anonymize` enmascara los valores de los ajustes, así que `--include-secrets` no tiene sentido; quite uno de los dos"
        );
        Ok(())
    }

    /// Refuses options of an export where nothing is exported.
    fn agree_with_verifying(&self) -> Result<()> {
        let given = [
            ("format", self.format.is_some()),
            ("since", self.since.is_some()),
            ("until", self.until.is_some()),
            ("incremental", self.incremental),
            ("anonymize", self.anonymize),
            ("max-rows", self.max_rows.is_some()),
            ("max-bytes", self.max_bytes.is_some()),
            ("fail-if-empty", self.fail_if_empty),
            ("include-secrets", self.include_secrets),
            ("excel", self.excel),
            ("manifest", self.manifest),
        ];
        if let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
            bail!(
                Usage,
                "`--{option}` is for an export, and `--verify` and `--verify-folder` export nothing; leave it out",
                "`--{option}` es para una exportación, y `--verify` y `--verify-folder` no exportan nada; quítelo"
            );
        }
        Ok(())
    }

    /// Refuses options that have no meaning for where and how the export goes.
    pub(crate) fn agree_with(&self, format: Format, destination: &Destination) -> Result<()> {
        ensure!(
            !self.excel || format == Format::Csv,
            Usage,
            "`--excel` is for CSV; leave it out, or say `--format=csv`",
            "`--excel` es para CSV; quítelo, o indique `--format=csv`"
        );
        ensure!(
            !self.manifest || *destination != Destination::StandardOutput,
            Usage,
            "`--manifest` writes beside a file, and `--output` is standard output; name a file or a folder",
            "`--manifest` escribe junto a un archivo, y `--output` es la salida estándar; indique un archivo o una carpeta"
        );
        ensure!(
            !self.incremental || *destination != Destination::StandardOutput,
            Usage,
            "`--incremental` writes what was deleted beside a file, and `--output` is standard output; name a file or a folder",
            "`--incremental` escribe lo borrado junto a un archivo, y `--output` es la salida estándar; indique un archivo o una carpeta"
        );
        ensure!(
            self.max_rows.is_none() && self.max_bytes.is_none() || *destination == Destination::Folder,
            Usage,
            "`--max-rows` and `--max-bytes` make several files, and `--output` is one; name a folder",
            "`--max-rows` y `--max-bytes` hacen varios archivos, y `--output` es uno solo; indique una carpeta"
        );
        Ok(())
    }

    /// The most that a file has.
    pub(crate) fn most(&self) -> Result<Most> {
        let bytes = self.max_bytes.as_deref().map(size::bytes);
        ensure!(
            bytes != Some(None),
            Usage,
            "`--max-bytes` is a size such as `100mb`, `64mib` or `1000000`",
            "`--max-bytes` es un tamaño como `100mb`, `64mib` o `1000000`"
        );
        Ok(Most { records: self.max_rows, bytes: bytes.flatten() })
    }

    /// From when to when, in microseconds; none for everything.
    pub(crate) fn range(&self) -> Result<Option<(i64, i64)>> {
        if self.since.is_none() && self.until.is_none() {
            return Ok(None);
        }
        let since = self.since.unwrap_or(Instant::from_micros(i64::MIN));
        let until = self.until.unwrap_or(Instant::from_micros(i64::MAX));
        ensure!(
            since < until,
            Usage,
            "`--since` ({since}) is not before `--until` ({until}), so nothing lies between them",
            "`--since` ({since}) no es anterior a `--until` ({until}), así que no hay nada entre ambos"
        );
        Ok(Some((since.micros(), until.micros())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing() -> ExportData {
        ExportData {
            type_: Choices::all(),
            format: None,
            since: None,
            until: None,
            incremental: false,
            cursor: None,
            overlap: None,
            reset_cursor: false,
            anonymize: false,
            max_rows: None,
            max_bytes: None,
            fail_if_empty: false,
            include_secrets: false,
            excel: false,
            manifest: false,
            verify: None,
            against: None,
            verify_folder: None,
            output: None,
        }
    }

    fn between(since: Option<i64>, until: Option<i64>) -> ExportData {
        let at = |micros: Option<i64>| micros.map(Instant::from_micros);
        ExportData { since: at(since), until: at(until), ..nothing() }
    }

    #[test]
    fn a_range_may_be_open_but_not_empty() {
        assert_eq!(between(None, None).range().unwrap(), None);
        assert_eq!(between(Some(5), None).range().unwrap(), Some((5, i64::MAX)));
        assert_eq!(between(None, Some(5)).range().unwrap(), Some((i64::MIN, 5)));
        assert_eq!(between(Some(5), Some(6)).range().unwrap(), Some((5, 6)));
        assert_eq!(between(Some(5), Some(5)).range().unwrap_err().code(), ErrorCode::Usage);
    }

    #[test]
    fn what_has_no_meaning_together_is_refused() {
        let folder = || Some(InputFolder { argument: "verify-folder" });
        for refused in [
            ExportData { incremental: true, ..between(Some(5), None) },
            ExportData { incremental: true, ..between(None, Some(5)) },
            ExportData { incremental: true, anonymize: true, ..nothing() },
            ExportData { anonymize: true, include_secrets: true, ..nothing() },
            ExportData { incremental: true, verify_folder: folder(), ..nothing() },
            ExportData { verify_folder: folder(), ..between(Some(5), None) },
        ] {
            assert_eq!(refused.agree().unwrap_err().code(), ErrorCode::Usage);
        }
        assert_eq!(ExportData { incremental: true, ..nothing() }.agree(), Ok(()));
        assert_eq!(ExportData { verify_folder: folder(), ..nothing() }.agree(), Ok(()));
        let sized = |text: &str| ExportData { max_bytes: Some(text.to_owned()), ..nothing() };
        assert_eq!(sized("2kb").most().unwrap().bytes, Some(2_000));
        assert_eq!(sized("2 potatoes").most().unwrap_err().code(), ErrorCode::Usage);
    }
}
