//! What the run says at its end: the main figures, and where the report is.

use encargo_sdk::prelude::*;

use crate::document::Document;
use crate::reading::Gathered;
use crate::shown;

/// The report of the run.
pub(crate) fn report(run: &Run, document: &Document, gathered: &Gathered, file: &str) -> Report {
    let tag = &document.chosen.tag;
    let mut table = table!("Figures" / "Cifras": "tenant" / "inquilino", "section" / "sección", "figure" / "cifra", "value" / "valor", "before" / "antes", "change" / "cambio");
    for section in &document.sections {
        for figure in &section.figures {
            let change = shown::change(figure.value, figure.before);
            let (value, before) = (shown::value(figure.value), shown::value(figure.before));
            table.row(&[&run.tenant().unwrap_or_default(), &section.name, &figure.name, &value, &before, &change]);
        }
    }
    let all = &gathered.now.all;
    let [now, before] = document.times();
    Report::new(text!("Reported on {tag} in `{file}`", "Informe de {tag} en `{file}`"))
        .count("chats", Action::Read, all.chats.begun)
        .count("messages", Action::Read, all.messages.n())
        .count("feedback", Action::Read, all.ratings_given())
        .count("sentiments", Action::Read, all.feelings.n())
        .count("files", Action::Created, 1)
        .table(table)
        .note(text!("{now}; {before}", "{now}; {before}"))
        .notes(document.notes.iter().cloned())
}

/// The report of a run whose sums do not come out: nothing was written.
pub(crate) fn refuse(faults: Vec<String>) -> Report {
    let n = faults.len();
    Report::new(text!(
        "No report was written: {n} sums do not come out; `encargo validate_system` looks for what is wrong",
        "No se escribió ningún informe: {n} sumas no cuadran; `encargo validate_system` busca qué está mal"
    ))
    .outcome(Outcome::VerificationFailed)
    .count("files", Action::Failed, 1)
    .notes(faults)
}
