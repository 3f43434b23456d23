//! Lists the packaged commands: every `target/commands/*.wasm`, as a table of `include_bytes!`. Compiles nothing.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script through the environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../target/commands");
    // A folder that is missing would count as changed at every build.
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut components: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    components.retain(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    components.sort();

    let mut table = String::from("&[\n");
    for path in &components {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_stem().and_then(|name| name.to_str()).ok_or("a component's file name is not UTF-8")?;
        let path = path.to_str().ok_or("the target folder's name is not UTF-8")?;
        writeln!(table, "    Packaged {{ name: {name:?}, component: include_bytes!({path:?}) }},")?;
    }
    table.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("packaged.rs"), table)?;
    Ok(())
}
