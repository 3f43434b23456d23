//! `encargo-pack`: lifts a built component's description to its top level, or prints the schema of descriptions.

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use encargo_model::is_unseen;
use encargo_pack::Spanish;

const USAGE: &str = "\
usage: encargo-pack IN.wasm OUT.wasm [--description FILE.json] [--spanish FILE.toml]
       encargo-pack --schema";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--schema"] => io::stdout()
            .write_all(encargo_pack::schema_json().as_bytes())
            .map_err(|error| format!("the schema could not be written: {error}")),
        [input, output, ref options @ ..] => pack(input, output, options),
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

fn pack(input: &str, output: &str, options: &[&str]) -> Result<(), String> {
    let (mut description, mut spanish) = (None, None);
    for option in options.chunks(2) {
        match *option {
            ["--description", path] if description.is_none() => description = Some(read(path)?),
            ["--spanish", path] if spanish.is_none() => {
                let text = String::from_utf8(read(path)?).map_err(|error| format!("`{path}`: {error}"))?;
                spanish = Some(Spanish::parse(&text).map_err(|error| format!("`{path}`: {error}"))?);
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    let lifted = encargo_pack::lift(&read(input)?, description.as_deref(), spanish);
    let lifted = lifted.map_err(|error| format!("`{input}`: {error}"))?;
    fs::write(output, lifted).map_err(|error| format!("`{output}` cannot be written: {error}"))
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("`{path}` cannot be read: {error}"))
}
