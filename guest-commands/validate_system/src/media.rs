//! The media folder beside its rows: both are read in the order of their names, once.

use std::cmp::Ordering;

use encargo_sdk::files::{Entry, Root};
use encargo_sdk::media::sha256_of;
use encargo_sdk::prelude::*;
use encargo_sdk::stream::Stream;

use crate::found::Found;
use crate::issues::media;
use crate::{shapes, sql, texts};

/// The row of a file.
#[derive(Debug, FromRow)]
struct FileRow {
    name: String,
    id: i64,
    bytes: i64,
    sha256: String,
}

/// Compares the folder with the rows; `contents` reads each file too.
pub(crate) fn check(run: &Run, database: &Database, folder: &str, contents: bool, found: &mut Found) -> Result<()> {
    let root = files::root(folder);
    let mut rows: Stream<FileRow> = database.stream(sql::FILES, &[])?;
    let mut entries = root.pages(None).flat_map(|page| match page {
        Ok(page) => page.into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(error)],
    });
    let (mut row, mut entry) = (rows.next().transpose()?, entries.next().transpose()?);
    loop {
        run.check()?;
        let order = match (&row, &entry) {
            (None, None) => return Ok(()),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(row), Some(entry)) => row.name.cmp(&entry.name),
        };
        if let (Some(row), true) = (&row, order.is_le()) {
            look_at_row(row, found);
            let beside = entry.as_ref().filter(|_| order.is_eq());
            look_beside(&root, row, beside, contents, found)?;
        }
        if let (Some(entry), Ordering::Greater) = (&entry, order) {
            found.note(&media::UNKNOWN, "media", "", || entry.name.clone());
        }
        if order.is_le() {
            row = rows.next().transpose()?;
        }
        if order.is_ge() {
            entry = entries.next().transpose()?;
        }
    }
}

/// What the row tells by itself.
fn look_at_row(row: &FileRow, found: &mut Found) {
    let id = || row.id.to_string();
    if row.bytes < 0 || !shapes::is_sha256(&row.sha256) {
        found.note(&media::MALFORMED, "files", if row.bytes < 0 { "bytes" } else { "sha256" }, id);
    }
    if texts::damage(&row.name).is_some() {
        found.note(&media::ENCODING, "files", "name", id);
    }
}

/// What the row tells beside its file.
fn look_beside(root: &Root<'_>, row: &FileRow, entry: Option<&Entry>, contents: bool, found: &mut Found) -> Result<()> {
    let id = || row.id.to_string();
    let Some(entry) = entry else {
        let issue = if shapes::is_file_name(&row.name) { &media::MISSING } else { &media::NAME };
        found.note(issue, "files", &row.name, id);
        return Ok(());
    };
    let is_of_size = entry.size.is_none_or(|size| u64::try_from(row.bytes) == Ok(size));
    // A size below 0 and a hash that is none were told already.
    if !is_of_size && row.bytes >= 0 {
        found.note(&media::SIZE, "files", &row.name, id);
    }
    if contents
        && is_of_size
        && shapes::is_sha256(&row.sha256)
        && !sha256_of(root, &row.name)?.is_some_and(|hash| row.sha256.eq_ignore_ascii_case(&hash))
    {
        found.note(&media::CHECKSUM, "files", &row.name, id);
    }
    Ok(())
}
