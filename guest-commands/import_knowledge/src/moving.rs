//! Moves the files of a folder away that were imported, once their items are committed.

use encargo_sdk::prelude::*;

use crate::host::Files;
use crate::imported::{FileResult, Imported};

/// Where files go that were imported wholly, and the others.
const DONE: &str = "done";
const FAILED: &str = "failed";

/// What became of the files.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    done: u64,
    failed: u64,
    /// Those that stay, with the reason.
    stayed: Vec<String>,
}

/// Moves all files of an import, each by what became of it. One that cannot be moved does not stop the others.
pub(crate) fn move_files(run: &Run, files: &Files, imported: &Imported) -> Result<Moved> {
    let mut moved = Moved::default();
    let phase = Phase::new(text!("moving files", "moviendo archivos"), text!("files", "archivos"));
    for file in run.track(imported.files.iter().enumerate(), phase) {
        let (index, file) = file?;
        let is_whole = is_whole(file);
        match files.move_into(index, if is_whole { DONE } else { FAILED }) {
            Ok(_) if is_whole => moved.done += 1,
            Ok(_) => moved.failed += 1,
            // It would be said of every file.
            Err(error) if matches!(error.code(), ErrorCode::Refused | ErrorCode::Denied) => {
                moved.stayed.push(error.message);
                break;
            }
            Err(error) if error.ends_run() => return Err(error),
            Err(error) => moved.stayed.push(error.message),
        }
    }
    Ok(moved)
}

/// Whether all records of a file were taken.
fn is_whole(file: &FileResult) -> bool {
    file.invalid == 0 && file.broken.is_none()
}

impl Moved {
    /// Adds to the report where the files are; one that stayed makes it partial.
    pub(crate) fn tell(&self, mut report: Report) -> Report {
        let Self { done, failed, stayed } = self;
        for (n, folder) in [(done, DONE), (failed, FAILED)] {
            if *n > 0 {
                report = report.note(text!("files moved into `{folder}`: {n}", "archivos movidos a `{folder}`: {n}"));
            }
        }
        if stayed.is_empty() {
            return report;
        }
        for reason in stayed {
            report = report
                .note(text!("imported, and stays where it is: {reason}", "se importó, y queda donde está: {reason}"));
        }
        report.outcome(Outcome::Partial)
    }
}
