//! Lists the packaged commands: every `target/commands/*.wasm`, as a table of `include_bytes!`. Compiles nothing.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// From the package's folder, where cargo starts this. Absolute paths would lead a second checkout that shares the
/// target folder to the commands of the first.
const FOLDER: &str = "../../target/commands";

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    // A folder that is missing would count as changed at every build.
    fs::create_dir_all(FOLDER)?;
    println!("cargo::rerun-if-changed={FOLDER}");

    let paths = fs::read_dir(FOLDER)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    let mut components: Vec<_> =
        paths.iter().filter(|path| path.extension().is_some_and(|end| end == "wasm")).collect();
    components.sort();

    let mut table = String::from("&[\n");
    for path in components {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a component's file name is not UTF-8")?;
        let component = format!("include_bytes!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{FOLDER}/{name}.wasm\"))");
        writeln!(table, "    Packaged {{ name: {name:?}, component: {component} }},")?;
    }
    table.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("packaged.rs"), table)?;
    Ok(())
}
