//! Where the checkout, the binary and the inputs are.

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the checkout")
}

/// The `encargo` that `scripts/test` built: beside the folder that this test binary runs from.
pub fn binary() -> PathBuf {
    let this = std::env::current_exe().expect("a running test has a path");
    let release = this.ancestors().nth(2).expect("test binaries lie in <target>/release/deps");
    let binary = release.join("encargo");
    assert!(binary.is_file(), "{} is missing: run the tests with `scripts/test`, which builds it", binary.display());
    binary
}

/// A packed guest of the tests.
pub fn test_component(name: &str) -> PathBuf {
    let component = checkout().join("target/test-commands").join(name).with_extension("wasm");
    assert!(component.is_file(), "{} is missing: `scripts/build-commands` makes it", component.display());
    component
}

/// The larger real inputs: `$ENCARGO_TEST_DATA`, else `../shared/data`, where there is one.
pub fn real_data() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "the one variable that tells where the inputs are")]
    let given = std::env::var_os("ENCARGO_TEST_DATA").map(PathBuf::from);
    given.or_else(|| Some(checkout().parent()?.join("shared/data"))).filter(|folder| folder.is_dir())
}

/// Every Rust source of the checkout, in order; build outputs are left out.
pub fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![checkout().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the checkout can be read") {
            let path = entry.expect("an entry can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !path.is_symlink() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
