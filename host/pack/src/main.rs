//! `encargo-pack`: lifts a built component's description to its top level, or prints the schema of descriptions.

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use encargo_model::is_unseen;
use encargo_pack::Spanish;

const USAGE: &str = "usage: encargo-pack IN.wasm OUT.wasm [--spanish FILE.toml]\n       encargo-pack --schema";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--schema"] => io::stdout()
            .write_all(encargo_pack::schema_json().as_bytes())
            .map_err(|error| format!("the schema could not be written: {error}")),
        [input, output] => pack(input, output, None),
        [input, output, "--spanish", spanish] => pack(input, output, Some(spanish)),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // The names in a component are whatever its author wrote.
            let is_plain = |c: char| c == '\n' || !is_unseen(c);
            let spell = |c: char| if is_plain(c) { c.to_string() } else { c.escape_unicode().to_string() };
            let problem: String = problem.chars().map(spell).collect();
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(io::stderr(), "error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn pack(input: &str, output: &str, spanish: Option<&str>) -> Result<(), String> {
    let built = read(input)?;
    let spanish = spanish.map(|path| {
        let text = String::from_utf8(read(path)?).map_err(|error| format!("`{path}`: {error}"))?;
        Spanish::parse(&text).map_err(|error| format!("`{path}`: {error}"))
    });
    let lifted = encargo_pack::lift(&built, spanish.transpose()?).map_err(|error| format!("`{input}`: {error}"))?;
    fs::write(output, lifted).map_err(|error| format!("`{output}` cannot be written: {error}"))
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("`{path}` cannot be read: {error}"))
}
