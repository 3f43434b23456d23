//! The import's sources, sink and watcher, over the host.

mod files;
mod target;
mod telling;

pub(crate) use files::{Files, Input};
pub(crate) use target::{LOOP, Target, checkpoint};
pub(crate) use telling::{Telling, Told};
