//! Compiled components on the disk, so that a command starts in milliseconds.
//!
//! The folder belongs to one user and nobody else may write to it: what lies in it is run as native code. A hash beside
//! each file finds damage; it is no protection against that user. Files older than a month go when a new one comes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use encargo_model::Digest;
use wasmtime::component::Component;
use xxhash_rust::xxh3::xxh3_128;

use crate::error::{EngineError, LoadError};
use crate::sweep::sweep;

/// How long a compiled component is kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

/// A folder of compiled components for one configuration of the engine.
pub(crate) struct CompileCache {
    folder: PathBuf,
}

impl CompileCache {
    pub(crate) fn open(cache: &Path, engine: &wasmtime::Engine) -> Result<Self, EngineError> {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let folder = cache.join(format!("{:016x}", hasher.finish()));
        let fails = |source| EngineError::Cache { path: folder.clone(), source };
        if !folder.is_dir() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(fails)?;
        }
        for folder in [cache, &folder] {
            let metadata = fs::metadata(folder).map_err(fails)?;
            if metadata.uid() != rustix::process::geteuid().as_raw() || metadata.mode() & 0o022 != 0 {
                return Err(EngineError::ForeignCache(folder.to_owned()));
            }
        }
        Ok(Self { folder })
    }

    /// The component, from the cache or compiled now. A cache that cannot be written costs time, nothing else.
    pub(crate) fn load(
        &self,
        engine: &wasmtime::Engine,
        digest: &Digest,
        bytes: &[u8],
    ) -> Result<Component, LoadError> {
        let path = self.folder.join(format!("{digest}.cwasm"));
        if let Some(component) = self.cached(engine, &path) {
            return Ok(component);
        }
        let compiled =
            engine.precompile_component(bytes).map_err(|error| LoadError::NotAComponent(first_line(&error)))?;
        let stored = self.store(&path, &compiled).is_ok();
        match stored.then(|| self.cached(engine, &path)).flatten() {
            Some(component) => Ok(component),
            None => Component::new(engine, bytes).map_err(|error| LoadError::NotAComponent(first_line(&error))),
        }
    }

    #[expect(unsafe_code, reason = "the folder is this user's own, and the hash beside the file was just checked")]
    fn cached(&self, engine: &wasmtime::Engine, path: &Path) -> Option<Component> {
        let compiled = fs::read(path).ok()?;
        let expected = fs::read_to_string(path.with_extension("xxh3")).ok()?;
        if hash(&compiled) != expected {
            return None;
        }
        // SAFETY: the bytes were made by `precompile_component` of an engine with the same compatibility hash.
        unsafe { Component::deserialize(engine, &compiled) }.ok()
    }

    #[expect(clippy::disallowed_methods, reason = "a lost cache file is made again, so nothing needs to be synced")]
    fn store(&self, path: &Path, compiled: &[u8]) -> io::Result<()> {
        let unfinished = path.with_extension(format!("{}.new", std::process::id()));
        fs::write(path.with_extension("xxh3"), hash(compiled))?;
        fs::write(&unfinished, compiled)?;
        fs::rename(&unfinished, path)?;
        // One that is still in use is compiled again, once a month.
        sweep(&self.folder, KEPT_FOR)
    }
}

fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

pub(crate) fn first_line(error: &wasmtime::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
