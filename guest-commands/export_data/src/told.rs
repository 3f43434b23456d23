//! The report of an export.

use encargo_sdk::prelude::*;

use crate::exporting::{Asked, Written};
use crate::relation::What;

/// What a run is told of at its end, beside what each file says.
pub(crate) struct Told {
    /// Files and the names of their first and last parts.
    pub(crate) files: Vec<(Written, String)>,
    /// Whether an empty export is a problem.
    pub(crate) fail_if_empty: bool,
    /// Types of which more is within the overlap than is remembered.
    pub(crate) cut: Vec<&'static str>,
}

/// The report of all files.
pub(crate) fn report(run: &Run, asked: &Asked, told: &Told) -> Report {
    let mut table = table!("Exported" / "Exportado": "tenant" / "inquilino", "type" / "tipo", "exported" / "exportados", "file" / "archivo");
    let (mut tally, mut list, mut all) = (Tally::default(), Vec::new(), 0);
    for (file, names) in &told.files {
        let (shape, word) = (file.what.shape(file.relation), file.relation.word());
        let grouping = &file.grouping;
        all += grouping.items;
        tally.add(shape.items, Action::Read, grouping.items);
        if let Some(inner) = &shape.inner {
            tally.add(inner.items, Action::Read, grouping.inner_items);
        }
        let (secrets, oversized) = (file.secrets, file.oversized);
        if secrets > 0 {
            tally.add(shape.items, Action::Skipped, secrets);
            tally.note(text!(
                "{secrets} settings hold secrets and were left out; `--include-secrets` exports them",
                "{secrets} ajustes tienen secretos y no se exportaron; `--include-secrets` los exporta"
            ));
        }
        if oversized > 0 {
            tally.note(text!(
                "`{word}`: {oversized} records are larger than `--max-bytes`; each is whole in a part of its own",
                "`{word}`: {oversized} registros son mayores que `--max-bytes`; cada uno está entero en una parte propia"
            ));
        }
        let what = match file.what {
            What::Records => word.to_owned(),
            What::Deletions => text!("deleted {word}", "{word} borrados"),
        };
        table.row(&[&run.tenant().unwrap_or_default(), &what, &grouping.items, names]);
        list.push(format!("{what} {}", grouping.items));
    }
    notes(run, asked, told, &mut tally);
    let list = list.join(", ");
    let report = tally.report(text!("Exported: {list}", "Exportado: {list}")).table(table);
    match all == 0 && told.fail_if_empty {
        false => report,
        true => report.outcome(Outcome::Problems).note(text!(
            "there was nothing to export; the files hold no record",
            "no había nada que exportar; los archivos no tienen ningún registro"
        )),
    }
}

fn notes(run: &Run, asked: &Asked, told: &Told, tally: &mut Tally) {
    if asked.masks.is_some() {
        tally.note(text!(
            "ids, keys, texts of people, e-mail addresses and telephone numbers are masked; names within agents and \
             knowledge are not found, and times, counts, tools and the names of settings stay as they are",
            "los ids, las claves, los textos de personas, los correos y los teléfonos están enmascarados; no se buscan nombres \
             dentro de agentes y conocimientos, y las horas, cantidades, herramientas y nombres de ajustes quedan como están"
        ));
    }
    let Some(cursor) = &asked.cursor else { return };
    let (name, now) = (&cursor.name, run.started_at());
    tally.note(text!(
        "cursor `{name}`: the next incremental export begins with what changes after {now}",
        "cursor `{name}`: la siguiente exportación incremental empieza con lo que cambie después de {now}"
    ));
    if !told.cut.is_empty() {
        let types = told.cut.join(", ");
        tally.note(text!(
            "{types}: so much changed within the overlap that a part of it comes again next time; a shorter `--overlap` makes it less",
            "{types}: cambió tanto dentro del solape que una parte volverá la próxima vez; un `--overlap` más corto la reduce"
        ));
    }
}
