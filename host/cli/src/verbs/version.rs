//! `encargo version`.

use encargo_model::Exit;
use serde::Serialize;

use super::{Kind, Verb};
use crate::error::Problem;
use crate::output::{Summary, Word};
use crate::packaged::PACKAGED;
use crate::session::Session;

pub(super) const VERB: Verb = Verb {
    name: "version",
    summary: Word::VerbVersion,
    takes: &[],
    kind: Kind::Own { arguments: |command, _| command, run: |session, _| version(session) },
};

/// This binary's version.
pub(super) const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "version")]
struct VersionRecord {
    version: &'static str,
    commands: Vec<&'static str>,
}

/// Shows this binary's version.
pub(crate) fn version(session: &Session) -> Result<Summary, Problem> {
    let line = format!("encargo {VERSION}");
    session.output.result(&line);
    session
        .output
        .record(&VersionRecord { version: VERSION, commands: PACKAGED.iter().map(|command| command.name).collect() });
    Ok(Summary::of_verb("version", Exit::Done, line))
}
