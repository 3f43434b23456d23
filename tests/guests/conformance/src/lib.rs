//! A guest that calls every function of the contract, through the bare bindings, and notes what each answered.

mod database;
mod files;
mod installation;
mod metrics;
mod run;

use encargo_sdk::prelude::*;

/// Call every function of the contract.
#[derive(Args)]
#[command(
    scope = "either",
    effect = "changes",
    idempotent = true,
    permissions(
        "read,insert,update,delete:chats",
        "insert:messages",
        "list-files,create-files,remove-files,move-files:temporary",
        "move-files:arguments",
        "check:disk,integrity,commands,space,statements,orphans,machine,process,runs",
        "read-settings:theme",
        "keep:copy",
        "take,restore:backup",
        "optimize:database",
        "end:orphans",
        "list,create:tenants",
        "ensure:admin"
    )
)]
struct Conformance {
    /// A file to read.
    file: Option<InputFile>,

    /// A folder whose files are moved.
    folder: Option<InputFolder>,

    /// A folder to write into.
    output: Option<Output>,
}

/// What was called so far: `interface.function: ` with the word of each answer, `ok` or an error's code.
#[derive(Default)]
struct Calls {
    notes: Vec<String>,
}

impl Calls {
    /// Notes one call, and hands over what it answered.
    fn told<T>(&mut self, function: &str, answer: Result<T>) -> Option<T> {
        let (word, answer) = match answer {
            Ok(answer) => ("ok".to_owned(), Some(answer)),
            Err(error) => (error.code, None),
        };
        let begins = format!("{function}: ");
        match self.notes.iter_mut().find(|note| note.starts_with(&begins)) {
            Some(note) => *note = format!("{note}, {word}"),
            None => self.notes.push(begins + &word),
        }
        answer
    }
}

impl Command for Conformance {
    fn run(self, run: &Run) -> Result<Report> {
        let mut calls = Calls::default();
        run::call(&mut calls);
        metrics::call(&mut calls);
        if run.tenant().is_some() {
            database::call(&mut calls)?;
            let file = self.file.map_or("file", |file| file.argument);
            let folder = self.folder.map_or("folder", |folder| folder.argument);
            files::call(&mut calls, file, folder, self.output.map_or("output", |output| output.argument));
        } else {
            installation::call(&mut calls);
        }
        Ok(Report::new("called").notes(calls.notes))
    }
}

export_command!(Conformance);
