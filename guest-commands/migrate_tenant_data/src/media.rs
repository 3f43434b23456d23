//! The files of the root `media`. A file is in place before the row that speaks of it, and gone after it.
//!
//! Each is noted in the target's journal before it is made, so whatever happens to the run, the next one finds it, and
//! taking the run back removes it.

use std::io::Write as _;

use encargo_sdk::files::{self, Root};
use encargo_sdk::journal::{Entry, Journal};
use encargo_sdk::media::{self, Sha256, sha256_of};
use encargo_sdk::prelude::*;

use crate::counterpart::{Counterpart, counterparts, free_key, source_key};
use crate::rows::{Kind as _, MediaFile};
use crate::transfer::OnConflict;

/// How journals name a file, beside its row.
pub(crate) const RELATION: &str = "media";

/// The name of a tenant's root.
pub(crate) fn root_of(tenant: &str) -> String {
    format!("{tenant}/media")
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// The target has it, with the bytes that its row speaks of.
    There,
    /// The source has none, or one with other bytes than its row speaks of.
    Missing,
    /// The target has another file of that name.
    Other,
}

/// Puts the media of all files in place whose rows are going to be created.
pub(crate) fn copy(
    run: &Run,
    [from, to]: [&str; 2],
    source: &Transaction,
    target: &Database,
    journal: &Journal,
    on_conflict: OnConflict,
) -> Result<()> {
    let (source_root, target_root) = (root_of(from), root_of(to));
    let (source_root, target_root) = (files::root(&source_root), files::root(&target_root));
    let copying = Phase::new(text!("copying media", "copiando archivos"), text!("files", "archivos"));
    let (mut after, mut done) = (i64::MIN, 0);
    loop {
        run.progress(&copying, done);
        let page: Vec<MediaFile> = source.rows(MediaFile::PAGE, &[&after])?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        let there = counterparts(from, &page, target)?;
        for file in &page {
            run.check()?;
            done += 1;
            let key = source_key(from, file.id);
            if !is_created(file, there.get(&file.id), on_conflict) {
                continue;
            }
            let mut name = match there.get(&file.id) {
                Some(_) => free_key::<MediaFile>(&file.name, target, |_| false)?,
                None => file.name.clone(),
            };
            // What has the name without a row is no file of the target's; it stays, unless it is this very file.
            loop {
                note(target, journal, &name, &key, &file.sha256)?;
                match place(&source_root, &target_root, file, &name)? {
                    Media::There => break,
                    Media::Missing => {
                        forget(target, journal, &name)?;
                        break;
                    }
                    Media::Other => {
                        forget(target, journal, &name)?;
                        name = free_key::<MediaFile>(&name, target, |_| false)?;
                    }
                }
            }
        }
    }
}

/// Whether a file's row is going to be created. What would be overwritten is created under another name.
pub(crate) fn is_created(file: &MediaFile, there: Option<&Counterpart<MediaFile>>, on_conflict: OnConflict) -> bool {
    match there {
        None => true,
        Some(there) if there.row.content() == file.content() => false,
        Some(there) => !there.came && matches!(on_conflict, OnConflict::Rename | OnConflict::Overwrite),
    }
}

fn note(target: &Database, journal: &Journal, name: &str, key: &str, sha256: &str) -> Result<()> {
    let transaction = target.begin()?;
    journal.note(&transaction, &[Entry::created(RELATION, name, sha256).from_source(key)])?;
    transaction.commit()
}

fn forget(target: &Database, journal: &Journal, name: &str) -> Result<()> {
    let transaction = target.begin()?;
    journal.forget(&transaction, &Entry::created(RELATION, name, ""))?;
    transaction.commit()
}

/// Copies a file's bytes from one root to another, unless they are there.
///
/// # Errors
/// What reading and writing say; a file that is missing is an answer.
pub(crate) fn place(from: &Root<'_>, to: &Root<'_>, file: &MediaFile, name: &str) -> Result<Media> {
    let mut sink = match to.create(name) {
        Ok(sink) => sink,
        Err(error) if error.code() == ErrorCode::AlreadyExists => {
            let same = sha256_of(to, name)?.is_some_and(|hash| hash == file.sha256);
            return Ok(if same { Media::There } else { Media::Other });
        }
        Err(error) => return Err(error),
    };
    let Some(mut bytes) = media::open(from, &file.name)? else { return Ok(Media::Missing) };
    let mut hash = Sha256::default();
    media::copy(&mut bytes, |chunk| {
        hash.add(chunk);
        Ok(sink.write_all(chunk)?)
    })?;
    if hash.finish() != file.sha256 {
        return Ok(Media::Missing);
    }
    sink.publish()?;
    Ok(Media::There)
}
