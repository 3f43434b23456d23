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
    assert!(component.is_file(), "{} is missing: `scripts/build-commands --test-guests` makes it", component.display());
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

/// The sources of the host, the SDK and the commands by their places in the checkout, without the tests in them.
pub fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for path in rust_files() {
        let place = path.strip_prefix(checkout()).unwrap_or(&path);
        let (of_tests, source) = (["tests", "tests.rs"], fs::read_to_string(&path).expect("a source can be read"));
        let is_said = place.starts_with("host") || place.starts_with("guest-commands");
        if is_said && !place.iter().any(|part| of_tests.iter().any(|name| part == *name)) {
            let said = source.split("#[cfg(test)]").next().unwrap_or_default();
            sources.push((place.display().to_string(), said.to_owned()));
        }
    }
    sources
}

/// Each packaged command's component, by the name of its file.
pub fn packaged_components() -> Vec<(String, Vec<u8>)> {
    let folder = fs::read_dir(checkout().join("target/commands")).expect("`scripts/build-commands` makes the folder");
    let component = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_stem().expect("a component has a name").to_string_lossy().into_owned();
        (name, fs::read(&path).expect("a component can be read"))
    };
    folder.map(component).collect()
}

/// Every package of the contract with its text, in the order of their names.
pub fn contract() -> Vec<(String, String)> {
    let wit = checkout().join("wit");
    let entries = fs::read_dir(&wit).expect("the contract can be read").filter_map(Result::ok);
    let mut packages: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    packages.sort();
    let text = |package: &String| {
        fs::read_to_string(wit.join(package).join(format!("{package}.wit"))).expect("a package has its file")
    };
    packages.iter().map(|package| (package.clone(), text(package))).collect()
}
