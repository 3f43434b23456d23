//! Files that were exported, compared with their manifests.

use std::io::Read;

use encargo_sdk::files::{self, Entry};
use encargo_sdk::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::counting::Counting;
use crate::format::Format;
use crate::manifest::{Manifest, SUFFIX, VERSION};
use crate::relation::{Relation, What};
use crate::series::Series;

/// No manifest is larger.
const LARGEST: u64 = 1 << 20;

/// A file that an argument names: the argument, the file's place there and its name.
#[derive(Clone, Copy)]
struct Named<'a>(&'a str, u32, &'a str);

/// Compares one file with its manifest.
pub(crate) fn one(run: &Run, file: InputFile, against: InputFile) -> Result<Report> {
    let name =
        |argument| Ok::<_, Error>(files::entries(argument)?.into_iter().next().map_or(String::new(), |e| e.name));
    let (data, manifest) = (name(file.argument)?, name(against.argument)?);
    let mut verified = Verified::default();
    verified.file(run, Named(file.argument, 0, &data), Named(against.argument, 0, &manifest))?;
    Ok(verified.report())
}

/// Compares all files of a folder with their manifests.
pub(crate) fn folder(run: &Run, folder: InputFolder) -> Result<Report> {
    let argument = folder.argument;
    let entries = files::entries(argument)?;
    let named = |(place, entry): (usize, &'_ Entry)| (u32::try_from(place).unwrap_or(u32::MAX), entry.name.clone());
    let (manifests, data): (Vec<_>, Vec<_>) =
        entries.iter().enumerate().map(named).partition(|(_, name)| name.ends_with(SUFFIX));
    ensure!(
        !manifests.is_empty(),
        NotFound,
        "no file of the folder is a manifest (`*.manifest.json`); `--manifest` writes them with an export",
        "ningún archivo de la carpeta es un manifiesto (`*.manifest.json`); `--manifest` los escribe con una exportación"
    );
    let mut verified = Verified::default();
    for (place, name) in &data {
        match manifests.iter().find(|(_, manifest)| manifest.strip_suffix(SUFFIX) == Some(name)) {
            Some((at, manifest)) => {
                verified.file(run, Named(argument, *place, name), Named(argument, *at, manifest))?;
            }
            None => verified.wrong(name, text!("it has no manifest", "no tiene manifiesto")),
        }
    }
    for (file, why) in verified.series.problems() {
        verified.wrong(&file, why);
    }
    for (_, manifest) in &manifests {
        let of = manifest.strip_suffix(SUFFIX).unwrap_or_default();
        if !data.iter().any(|(_, name)| name == of) {
            verified.wrong(of, text!("it is missing", "falta"));
        }
    }
    Ok(verified.report())
}

/// What was found.
#[derive(Default)]
struct Verified {
    right: u64,
    rows: u64,
    /// Names of files with what is wrong with them.
    wrong: Vec<(String, String)>,
    /// The parts that were seen.
    series: Series,
}

impl Verified {
    fn wrong(&mut self, file: &str, why: String) {
        self.wrong.push((file.to_owned(), why));
    }

    fn file(&mut self, run: &Run, data: Named<'_>, manifest: Named<'_>) -> Result<()> {
        let manifest = match read(manifest)? {
            Ok(manifest) => manifest,
            Err(why) => {
                self.wrong(data.2, why);
                return Ok(());
            }
        };
        if let Some(part) = manifest.part {
            self.series.take_in(data.2, part);
        }
        match compare(run, data, &manifest)? {
            None => {
                self.right += 1;
                self.rows += manifest.rows;
            }
            Some(why) => self.wrong(data.2, why),
        }
        Ok(())
    }

    fn report(self) -> Report {
        let (right, wrong) = (self.right, self.wrong.len() as u64);
        let summary = text!(
            "Verified: {right} files are as their manifests say, {wrong} are not",
            "Verificado: {right} archivos son como dicen sus manifiestos, {wrong} no"
        );
        let report = Report::new(summary)
            .count("files", Action::Unchanged, right)
            .count("files", Action::Invalid, wrong)
            .count("rows", Action::Read, self.rows);
        if self.wrong.is_empty() {
            return report;
        }
        let notes = self.wrong.iter().map(|(file, why)| format!("`{file}`: {why}"));
        report.outcome(Outcome::VerificationFailed).notes(notes.collect::<Vec<_>>())
    }
}

/// Reads a manifest; or what is wrong with it.
fn read(Named(argument, place, name): Named<'_>) -> Result<std::result::Result<Manifest, String>> {
    let mut text = String::new();
    let read = files::read_as_is(argument, place)?.take(LARGEST).read_to_string(&mut text);
    if let Err(error) = read {
        // What is not UTF-8 is no manifest; all else is the host's to say.
        return if error.kind() == std::io::ErrorKind::InvalidData {
            Ok(Err(no_manifest(name)))
        } else {
            Err(error.into())
        };
    }
    Ok(understood(&text, name))
}

fn no_manifest(name: &str) -> String {
    text!("`{name}` is no manifest of an export", "`{name}` no es un manifiesto de una exportación")
}

/// The manifest that a text is; or what is wrong with it.
fn understood(text: &str, name: &str) -> std::result::Result<Manifest, String> {
    let manifest: Manifest = serde_json::from_str(text).map_err(|_| no_manifest(name))?;
    if manifest.manifest != VERSION {
        let version = manifest.manifest;
        return Err(text!(
            "its manifest has the version {version}, and this command reads {VERSION}",
            "su manifiesto tiene la versión {version}, y este comando lee la {VERSION}"
        ));
    }
    Ok(manifest)
}

/// What is wrong with a file, if anything is: its name, its bytes as they are stored, their hash, and its records.
fn compare(run: &Run, Named(argument, place, name): Named<'_>, manifest: &Manifest) -> Result<Option<String>> {
    let Manifest { file, bytes, sha256, rows, .. } = manifest;
    if file != name {
        return Ok(Some(text!("its manifest is that of `{file}`", "su manifiesto es el de `{file}`")));
    }
    let (Some(format), Some(relation)) = (Format::from_word(&manifest.format), Relation::from_word(&manifest.type_))
    else {
        return Ok(Some(text!(
            "its manifest names a type or format that this command does not know",
            "su manifiesto nombra un tipo o formato que este comando no conoce"
        )));
    };
    let (mut hash, mut found) = (Sha256::new(), 0);
    let verifying = Phase::new(text!("verifying", "verificando"), text!("bytes", "bytes")).of(*bytes);
    let mut source = files::read_as_is(argument, place)?;
    loop {
        let chunk = source.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        run.check()?;
        hash.update(&chunk);
        found += chunk.len() as u64;
        run.progress(&verifying, found);
    }
    if found != *bytes {
        return Ok(Some(text!(
            "it has {found} bytes, and its manifest says {bytes}",
            "tiene {found} bytes, y su manifiesto dice {bytes}"
        )));
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    if hash != *sha256 {
        return Ok(Some(text!(
            "its SHA-256 is `{hash}`, and its manifest says `{sha256}`",
            "su SHA-256 es `{hash}`, y su manifiesto dice `{sha256}`"
        )));
    }
    let what = if manifest.deletions { What::Deletions } else { What::Records };
    let mut counting = Counting::new(format, what.shape(relation));
    let mut source = files::read(argument, place)?;
    loop {
        let chunk = source.next_chunk()?;
        if chunk.is_empty() {
            break;
        }
        run.check()?;
        counting.take_in(&chunk);
    }
    let found = counting.records();
    Ok((found != *rows).then(|| {
        text!(
            "it has {found} records, and its manifest says {rows}",
            "tiene {found} registros, y su manifiesto dice {rows}"
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_manifest_of_this_version_or_said_to_be_none() {
        let manifest = Manifest {
            manifest: VERSION,
            file: "a.csv".to_owned(),
            type_: "agents".to_owned(),
            format: "csv".to_owned(),
            tenant: Some("demo".to_owned()),
            columns: vec!["slug".to_owned()],
            rows: 1,
            bytes: 2,
            sha256: "00".to_owned(),
            since: None,
            until: None,
            high_water_mark: None,
            excel: false,
            deletions: false,
            part: None,
            anonymized: Vec::new(),
            cursor: None,
        };
        assert_eq!(understood(&manifest.text(), "m"), Ok(manifest.clone()));
        let newer = Manifest { manifest: VERSION + 1, ..manifest }.text();
        assert!(understood(&newer, "m").unwrap_err().contains("version 2"));
        for text in ["", "{}", "[1]", "\u{0}"] {
            assert!(understood(text, "m").unwrap_err().contains("no manifest"), "{text}");
        }
    }
}
