//! An installation of a test's own.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::{Output, binary, checkout, test_component};

/// A folder with an installation in it, gone when this is dropped.
///
/// The environment of its processes is empty but for a home and a cache that all tests share, so that components
/// are compiled once.
#[derive(Debug)]
pub struct TestHost {
    folder: TempDir,
}

impl TestHost {
    /// An empty folder; the data directory is not made yet.
    pub fn new() -> Self {
        Self { folder: TempDir::with_prefix("encargo-test-").expect("a temporary folder can be made") }
    }

    /// An installation with the default tenant `demo` and nothing in it.
    #[track_caller]
    pub fn with_tenant() -> Self {
        let host = Self::new();
        let _ = host.run(["init_system", "--only", "tenants"]).exits(0);
        host
    }

    /// Where its processes are started.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its data directory.
    pub fn data(&self) -> PathBuf {
        self.folder().join("encargo-data")
    }

    /// A process that is not started yet.
    pub fn command<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Command {
        let mut command = Command::new(binary());
        self.prepare(&mut command).args(arguments);
        command
    }

    /// Gives a process the environment, the folder and the closed input of this host.
    pub fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let cache = checkout().join("target/test-cache");
        command
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .env("HOME", self.folder())
            .env("XDG_CACHE_HOME", cache)
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
    }

    /// Runs `encargo` to its end.
    #[track_caller]
    pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I) -> Output {
        Output::of(&self.command(arguments).output().expect("the binary can be started"))
    }

    /// Runs `encargo` to its end, with something on its standard input.
    #[track_caller]
    pub fn run_with_input<I: IntoIterator<Item: AsRef<OsStr>>>(&self, arguments: I, input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        let mut process = command.stdin(Stdio::piped()).spawn().expect("the binary can be started");
        // A process that refuses its arguments closes its input unread.
        let _ = process.stdin.take().expect("the input is piped").write_all(input);
        Output::of(&process.wait_with_output().expect("the process can be waited for"))
    }

    /// Places a guest of the tests where the operator places commands.
    #[track_caller]
    pub fn place(&self, guest: &str) -> PathBuf {
        let component = fs::read(test_component(guest)).expect("a component can be read");
        self.file(&format!("encargo-data/commands/{guest}.wasm"), component)
    }

    /// Writes a file into the folder, with the folders above it, and gives its path.
    #[track_caller]
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        fs::create_dir_all(path.parent().expect("the folder is above it")).expect("a folder can be made");
        fs::write(&path, content).expect("a file can be written");
        path
    }
}

impl Default for TestHost {
    fn default() -> Self {
        Self::new()
    }
}
