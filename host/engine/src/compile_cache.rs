//! Compiled components on the disk, so that a command starts in milliseconds.
//!
//! The folder belongs to one user and nobody else may write to it or put another in its place: what lies in it is run as
//! native code. One that is not so is passed over for the next, and where there is none each component is compiled anew. A hash beside
//! each file finds damage; it is no protection against that user. Files older than a month go when a new one comes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use encargo_backends::held;
use encargo_model::Digest;
use rustix::fs::Access;
use wasmtime::component::Component;
use xxhash_rust::xxh3::xxh3_128;

use crate::bounds::Bounds;
use crate::compiling::Waiting;
use crate::error::{CacheError, LoadError};
use crate::sweep::sweep;

/// How long a compiled component is kept.
const KEPT_FOR: Duration = Duration::from_secs(30 * 86_400);

/// A folder of compiled components for one configuration of the engine.
pub(crate) struct CompileCache {
    folder: Option<PathBuf>,
    unusable: Vec<CacheError>,
}

impl CompileCache {
    /// Takes the first folder that is this user's own and can be written, and none where there is no such.
    pub(crate) fn open(caches: &[PathBuf], engine: &wasmtime::Engine) -> Self {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let name = format!("{:016x}", hasher.finish());
        let mut unusable = Vec::new();
        let folder = caches.iter().find_map(|cache| usable(cache, &name).map_err(|error| unusable.push(error)).ok());
        Self { folder, unusable }
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref().and_then(Path::parent)
    }

    pub(crate) fn unusable(&self) -> &[CacheError] {
        &self.unusable
    }

    /// The component, from the cache or compiled now. A cache that cannot be written costs time, nothing else.
    pub(crate) fn load(
        &self,
        engine: &wasmtime::Engine,
        digest: &Digest,
        bytes: &[u8],
        waiting: &Waiting<'_>,
    ) -> Result<Component, LoadError> {
        let path = self.folder.as_ref().map(|folder| folder.join(format!("{digest}.cwasm")));
        if let Some(component) = path.as_ref().and_then(|path| self.cached(engine, path)) {
            return Ok(component);
        }
        Bounds::OPERATOR.check(bytes)?;
        let (compiler, bytes) = (engine.clone(), bytes.to_vec());
        let refused = |error: wasmtime::Error| LoadError::NotAComponent(first_line(&error));
        let began = Instant::now();
        let compiled = waiting.await_work(move || compiler.precompile_component(&bytes).map_err(refused))?;
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%digest, took_ms, "a component was compiled");
        if let Some((folder, path)) = self.folder.as_ref().zip(path.as_ref())
            && let Err(error) = store(folder, path, &compiled)
        {
            tracing::warn!(%digest, cause = %error, "a compiled component was not kept");
        }
        deserialized(engine, &compiled).map_err(refused)
    }

    fn cached(&self, engine: &wasmtime::Engine, path: &Path) -> Option<Component> {
        let compiled = fs::read(path).ok()?;
        let expected = fs::read_to_string(path.with_extension("xxh3")).ok()?;
        if hash(&compiled) != expected {
            return None;
        }
        deserialized(engine, &compiled).ok()
    }
}

/// The folder of this name in a cache, made where there is none.
fn usable(cache: &Path, name: &str) -> Result<PathBuf, CacheError> {
    let folder = cache.join(name);
    let fails = |source| CacheError::Io { path: cache.to_owned(), source };
    check_above(cache)?;
    if !folder.is_dir() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(fails)?;
    }
    check_above(cache)?;
    for folder in [cache, &folder] {
        let (link, metadata) = (fs::symlink_metadata(folder).map_err(fails)?, fs::metadata(folder).map_err(fails)?);
        if [link.uid(), metadata.uid()].iter().any(|&owner| owner != this_user()) || metadata.mode() & 0o022 != 0 {
            return Err(CacheError::Foreign(folder.to_owned()));
        }
    }
    rustix::fs::access(&folder, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK)
        .map_err(|error| fails(error.into()))?;
    Ok(folder)
}

/// Whoever may rename in the folder above can put a folder of their own in the place of one that was just looked at:
/// its owner, and others unless it is as `/tmp`, where each may rename only what is theirs.
fn check_above(cache: &Path) -> Result<(), CacheError> {
    const STICKY: u32 = 0o1000;
    let Some(metadata) = cache.ancestors().skip(1).find_map(|above| fs::metadata(above).ok()) else { return Ok(()) };
    let is_open = metadata.mode() & 0o002 != 0 && metadata.mode() & STICKY == 0;
    if is_open || ![0, this_user()].contains(&metadata.uid()) {
        return Err(CacheError::Foreign(cache.to_owned()));
    }
    Ok(())
}

fn this_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// A lost cache file is made again, so nothing needs to be synced.
fn store(folder: &Path, path: &Path, compiled: &[u8]) -> io::Result<()> {
    let mut unfinished = held::make_file(folder)?;
    fs::write(path.with_extension("xxh3"), hash(compiled))?;
    unfinished.write_all(compiled)?;
    unfinished.persist(path)?;
    held::sweep_files(folder);
    // One that is still in use is compiled again, once a month.
    sweep(folder, KEPT_FOR)
}

#[expect(
    unsafe_code,
    reason = "the bytes were just compiled, or lie in this user's own folder with the hash beside them"
)]
fn deserialized(engine: &wasmtime::Engine, compiled: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes were made by `precompile_component` of an engine with the same compatibility hash.
    unsafe { Component::deserialize(engine, compiled) }
}

fn hash(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

pub(crate) fn first_line(error: &wasmtime::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(folder: &Path, mode: u32) {
        fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn the_first_folder_of_this_users_own_is_taken_and_made_for_it_alone() {
        let all = std::env::temp_dir().join(format!("encargo-caches-{}", std::process::id()));
        fs::create_dir(&all).unwrap();
        mode(&all, 0o755);
        let [shared, open, linked, own] = ["shared", "open/cache", "linked", "own/of/mine"].map(|name| all.join(name));
        fs::create_dir(&shared).unwrap();
        mode(&shared, 0o777);
        fs::create_dir(all.join("open")).unwrap();
        mode(&all.join("open"), 0o777);
        symlink("/proc", &linked).unwrap();
        let nowhere = PathBuf::from("/proc/nothing/cache");

        let engine = wasmtime::Engine::default();
        let cache = CompileCache::open(&[nowhere, shared, open.clone(), linked, own.clone()], &engine);
        assert_eq!(cache.folder(), Some(own.as_path()));
        assert_eq!(cache.unusable().len(), 4, "{:?}", cache.unusable());
        assert!(
            cache.unusable()[1..]
                .iter()
                .all(|error| matches!(error, CacheError::Foreign(_)) || error.to_string().contains("linked"))
        );
        assert_eq!(fs::metadata(&own).unwrap().mode() & 0o777, 0o700);
        assert!(!open.exists());
        let again = CompileCache::open(std::slice::from_ref(&own), &engine);
        assert_eq!((again.folder(), again.unusable().len()), (Some(own.as_path()), 0));
        fs::remove_dir_all(all).unwrap();
    }

    #[test]
    fn without_a_folder_a_component_is_compiled_all_the_same() {
        let engine = wasmtime::Engine::default();
        let cache = CompileCache::open(&[], &engine);
        assert_eq!(cache.folder(), None);
        let empty = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];
        let waiting = Waiting { most: KEPT_FOR, signal: &|| None, slow: &|| () };
        cache.load(&engine, &Digest("empty".to_owned()), &empty, &waiting).unwrap();
        assert!(cache.load(&engine, &Digest("none".to_owned()), b"nothing", &waiting).is_err());
    }
}
