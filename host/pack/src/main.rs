//! `encargo-pack`: lifts a built component's description to its top level, or prints the schema of descriptions.

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use encargo_model::is_unseen;

const USAGE: &str = "usage: encargo-pack IN.wasm OUT.wasm\n       encargo-pack --schema";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--schema"] => io::stdout()
            .write_all(encargo_pack::schema_json().as_bytes())
            .map_err(|error| format!("the schema could not be written: {error}")),
        [input, output] => pack(input, output),
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

fn pack(input: &str, output: &str) -> Result<(), String> {
    let built = fs::read(input).map_err(|error| format!("`{input}` cannot be read: {error}"))?;
    let lifted = encargo_pack::lift(&built).map_err(|error| format!("`{input}`: {error}"))?;
    fs::write(output, lifted).map_err(|error| format!("`{output}` cannot be written: {error}"))
}
