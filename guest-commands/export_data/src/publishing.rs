//! Files get their names once all are written, each before its manifest.

use encargo_sdk::prelude::*;

use crate::exporting::{Asked, Written};
use crate::format::Format;
use crate::manifest::{Manifest, Place};

/// Publishes all parts of all files, and answers the names of each file's parts.
pub(crate) fn publish(run: &Run, asked: &Asked, format: Format, files: Vec<Written>) -> Result<Vec<(Written, String)>> {
    let mut published = Vec::new();
    for mut file in files {
        let parts = std::mem::take(&mut file.parts);
        let of = parts.len();
        let names: Vec<_> = parts.iter().map(|part| part.begun.name.clone()).collect();
        for (at, part) in parts.into_iter().enumerate() {
            let stored = part.begun.sink.published()?;
            if let Some(beside) = part.begun.manifest {
                // The file first: a manifest never speaks of what is not there yet.
                let place = Place { number: at + 1, of };
                let told = (part.begun.name, part.records, stored);
                Manifest::of(run, asked, &file, (place, format), told).publish(beside)?;
            }
        }
        let names = match &names[..] {
            [first, .., last] => format!("{first} .. {last}"),
            names => names.concat(),
        };
        published.push((file, names));
    }
    Ok(published)
}
