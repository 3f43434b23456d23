//! The clock: whether it agrees with that of the storage, and whether it ever went back.

use std::fs;
use std::io;
use std::path::Path;

use encargo_model::{Timestamp, text};
use tempfile::NamedTempFile;

use super::{Answer, Around};
use crate::data_dir::make_folder;

/// Two clocks may be this far apart, in seconds, before there is a warning.
const FAR: f64 = 2.0;
/// What was changed later than now by more than this, in seconds, was changed before the clock went back.
const LATER: f64 = 60.0;

/// Compares the clock with the times that the storage gives to a new file and to the databases.
pub(super) fn clock(around: &Around) -> Answer {
    let data = around.platform.data();
    // Where nothing can be written the storage's own look says so.
    let storage = time_of_storage(&data.scratch()).ok();
    let now = around.clock.now();
    let apart = storage.map(|storage| seconds(storage) - seconds(now));
    let changed = [data.platform_db(), data.engine_db()].into_iter().filter_map(|file| modified(&file).ok());
    let ahead = changed.map(|at| seconds(at) - seconds(now)).fold(0.0, f64::max);
    let mut looks = Vec::new();
    if let Some(apart) = apart.filter(|apart| apart.abs() > FAR) {
        looks.push(text!(
            "the storage's clock is {apart:+.1} s from this machine's",
            "el reloj del almacén está a {apart:+.1} s del de esta máquina"
        ));
    }
    if ahead > LATER {
        looks.push(text!(
            "the data was changed {ahead:.0} s later than now, so the clock went back",
            "los datos se cambiaron {ahead:.0} s después de ahora, así que el reloj retrocedió"
        ));
    }
    let answer = Answer::ok(text!("it is {now}", "son las {now}")).but(looks);
    match apart {
        Some(apart) => answer.with("apart", apart, "seconds"),
        None => answer,
    }
}

fn time_of_storage(folder: &Path) -> io::Result<Timestamp> {
    make_folder(folder)?;
    let file = NamedTempFile::new_in(folder)?;
    let at = modified(file.path())?;
    file.close()?;
    Ok(at)
}

fn modified(path: &Path) -> io::Result<Timestamp> {
    let since = fs::metadata(path)?.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX)))
}

fn seconds(at: Timestamp) -> f64 {
    at.0 as f64 / 1e6
}
