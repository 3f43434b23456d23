//! Compiled components on the disk, so that a command starts in milliseconds however large its component is.
//!
//! A file is mapped, and nothing of it is read but what runs. Beside it lie its hash and its identity: one of another identity, such as
//! that of a cache that was copied, is read and compared with the hash first, and compiled again when it is damaged. It
//! is no protection against the folder's own user. Files older than a month go when a new one comes.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use encargo_backends::held;
use encargo_model::{Digest, FileIdentity, Text};
use wasmtime::component::Component;
use xxhash_rust::xxh3::xxh3_128;

use crate::bounds::Bounds;
use crate::cache_folder::first_usable;
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
    /// Takes the first folder that can be used, and none where there is no such.
    pub(crate) fn open(caches: &[PathBuf], engine: &wasmtime::Engine) -> Self {
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let (folder, unusable) = first_usable(caches, &format!("{:016x}", hasher.finish()));
        Self { folder, unusable }
    }

    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref().and_then(Path::parent)
    }

    pub(crate) fn unusable(&self) -> &[CacheError] {
        &self.unusable
    }

    /// The component of this code, where it was compiled before.
    pub(crate) fn find(&self, engine: &wasmtime::Engine, code: &Digest) -> Option<Component> {
        let path = compiled_file(self.folder.as_ref()?, code);
        let identity = FileIdentity::of(&fs::metadata(&path).ok()?);
        let note = fs::read_to_string(note_of(&path)).ok()?;
        let (expected, noted) = note.split_once(' ')?;
        let is_known = noted.parse() == Ok(identity);
        // Where code may not be mapped from files it is read each time.
        if is_known && let Ok(component) = mapped(engine, &path) {
            return Some(component);
        }
        let compiled = fs::read(&path).ok()?;
        if hash(&compiled) != expected {
            return None;
        }
        if !is_known {
            // What cannot be noted is compared again the next time.
            let _ = note_down(&path, expected, &identity);
        }
        deserialized(engine, &compiled).ok()
    }

    /// Compiles a component. A cache that cannot be written costs time, nothing else.
    pub(crate) fn compile(
        &self,
        engine: &wasmtime::Engine,
        code: &Digest,
        bytes: &[u8],
        bounds: Bounds,
        waiting: &Waiting<'_>,
    ) -> Result<Component, LoadError> {
        bounds.check(bytes)?;
        let (compiler, bytes) = (engine.clone(), bytes.to_vec());
        let refused = |error: wasmtime::Error| LoadError::NotAComponent(Text::quoted(first_line(&error)));
        let began = Instant::now();
        let compiled = waiting.await_work(move || compiler.precompile_component(&bytes).map_err(refused))?;
        let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%code, took_ms, "a component was compiled");
        if let Some(folder) = &self.folder
            && let Err(error) = store(folder, &compiled_file(folder, code), &compiled)
        {
            tracing::warn!(%code, cause = %error, "a compiled component was not kept");
        }
        deserialized(engine, &compiled).map_err(refused)
    }
}

fn compiled_file(folder: &Path, code: &Digest) -> PathBuf {
    folder.join(format!("{code}.cwasm"))
}

/// Where a compiled file's hash and identity stand.
fn note_of(compiled: &Path) -> PathBuf {
    compiled.with_extension("xxh3")
}

fn store(folder: &Path, path: &Path, compiled: &[u8]) -> io::Result<()> {
    put(path, compiled)?;
    note_down(path, &hash(compiled), &FileIdentity::of(&fs::metadata(path)?))?;
    held::sweep_files(folder);
    // One that is still in use is compiled again, once a month.
    sweep(folder, KEPT_FOR)
}

fn note_down(compiled: &Path, hash: &str, identity: &FileIdentity) -> io::Result<()> {
    put(&note_of(compiled), format!("{hash} {identity}").as_bytes())
}

/// Puts a whole file into its place, where others may have the one before mapped. It is on the disk before it has its name:
/// after a crash nobody would look at its bytes again. A lost cache file is made again, so the folder needs no syncing.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut unfinished = held::make_file(path.parent().unwrap_or(path))?;
    unfinished.write_all(bytes)?;
    unfinished.as_file().sync_data()?;
    unfinished.persist(path)?;
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "the file is one that this user put into a folder of its own, and has not changed since"
)]
fn mapped(engine: &wasmtime::Engine, path: &Path) -> wasmtime::Result<Component> {
    // SAFETY: the file was made by `precompile_component` of an engine with the same compatibility hash. It is not written
    // to while it is mapped: another is only ever put in its place.
    unsafe { Component::deserialize_file(engine, path) }
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
    use super::*;

    const EMPTY: [u8; 8] = [0, b'a', b's', b'm', 0x0d, 0, 1, 0];

    fn waiting() -> Waiting<'static> {
        Waiting { most: KEPT_FOR, signal: &|| None, slow: &|| () }
    }

    fn code(name: &str) -> Digest {
        Digest(name.to_owned())
    }

    /// A cache in a folder of its own, with an empty component in it.
    struct Filled {
        engine: wasmtime::Engine,
        cache: CompileCache,
        compiled: PathBuf,
    }

    impl Filled {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("encargo-compiled-{name}-{}", std::process::id()));
            let engine = wasmtime::Engine::default();
            let cache = CompileCache::open(&[folder], &engine);
            assert!(cache.find(&engine, &code("empty")).is_none());
            cache.compile(&engine, &code("empty"), &EMPTY, Bounds::OPERATOR, &waiting()).unwrap();
            let compiled = compiled_file(cache.folder.as_ref().unwrap(), &code("empty"));
            Self { engine, cache, compiled }
        }

        fn is_found(&self) -> bool {
            self.cache.find(&self.engine, &code("empty")).is_some()
        }

        fn note(&self) -> String {
            fs::read_to_string(note_of(&self.compiled)).unwrap()
        }

        /// The same bytes in a file of another identity.
        fn copy(&self, change: impl FnOnce(&mut Vec<u8>)) {
            let mut bytes = fs::read(&self.compiled).unwrap();
            change(&mut bytes);
            put(&self.compiled, &bytes).unwrap();
        }
    }

    impl Drop for Filled {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(self.cache.folder().unwrap());
        }
    }

    #[test]
    fn what_was_compiled_is_found_by_its_code() {
        let filled = Filled::new("found");
        assert!(filled.is_found() && filled.cache.find(&filled.engine, &code("other")).is_none());
        let all = fs::read_dir(filled.compiled.parent().unwrap()).unwrap().count();
        assert_eq!(all, 2, "nothing unfinished is left behind");
    }

    #[test]
    fn what_is_older_than_a_month_goes_when_another_comes() {
        let filled = Filled::new("month");
        let another =
            || filled.cache.compile(&filled.engine, &code("another"), &EMPTY, Bounds::OPERATOR, &waiting()).unwrap();
        let file = fs::File::options().append(true).open(&filled.compiled).unwrap();
        let made_at = file.metadata().unwrap().modified().unwrap();
        let made_before = |days: u64| file.set_modified(made_at - Duration::from_secs(days * 86_400)).unwrap();
        made_before(29);
        another();
        assert!(filled.compiled.exists());
        made_before(31);
        another();
        assert!(!filled.compiled.exists());
    }

    #[test]
    fn a_file_of_its_identity_is_not_compared_with_its_hash() {
        let filled = Filled::new("mapped");
        let (_, identity) = filled.note().split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        put(&note_of(&filled.compiled), format!("no-hash {identity}").as_bytes()).unwrap();
        assert!(filled.is_found());
    }

    #[test]
    fn a_copy_is_compared_with_its_hash_and_known_from_then_on() {
        let filled = Filled::new("copied");
        let before = filled.note();
        filled.copy(|_| ());
        assert!(filled.is_found());
        let (hash, identity) = before.split_once(' ').unwrap();
        let after = filled.note();
        assert!(after.starts_with(hash) && !after.ends_with(identity), "{before} {after}");
        let now = FileIdentity::of(&fs::metadata(&filled.compiled).unwrap());
        assert_eq!(after, format!("{hash} {now}"));
    }

    #[test]
    fn what_is_damaged_is_not_found_and_compiled_again() {
        let filled = Filled::new("damaged");
        filled.copy(|bytes| *bytes.last_mut().unwrap() ^= 1);
        assert!(!filled.is_found());
        filled.cache.compile(&filled.engine, &code("empty"), &EMPTY, Bounds::OPERATOR, &waiting()).unwrap();
        assert!(filled.is_found());
        fs::remove_file(note_of(&filled.compiled)).unwrap();
        assert!(!filled.is_found());
    }

    #[test]
    fn without_a_folder_a_component_is_compiled_all_the_same() {
        let engine = wasmtime::Engine::default();
        let cache = CompileCache::open(&[], &engine);
        assert_eq!(cache.folder(), None);
        cache.compile(&engine, &code("empty"), &EMPTY, Bounds::OPERATOR, &waiting()).unwrap();
        assert!(cache.find(&engine, &code("empty")).is_none());
        assert!(cache.compile(&engine, &code("none"), b"nothing", Bounds::OPERATOR, &waiting()).is_err());
    }

    #[test]
    fn an_error_is_told_by_its_first_line() {
        assert_eq!(first_line(&wasmtime::Error::msg("one\ntwo")), "one");
    }
}
