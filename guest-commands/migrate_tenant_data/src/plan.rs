//! What there is to copy, where nobody said from where and to where.

use encargo_sdk::prelude::*;
use encargo_sdk::tenants;

use crate::sql;
use crate::transfer::What;

#[derive(FromRow)]
struct Counts {
    agents: u64,
    tools: u64,
    knowledge_items: u64,
    documents: u64,
    files: u64,
    settings: u64,
}

/// A table of the tenants and what each has of what was asked for; nothing is written.
pub(crate) fn plan(types: &Choices<What>) -> Result<Report> {
    let mut table = table!(
        "What could be copied" / "Lo que se podría copiar":
        "tenant" / "inquilino", "kind" / "tipo", "rows" / "filas",
    );
    let mut tally = Tally::default();
    let mut slugs = Vec::new();
    for slug in tenants::list()? {
        let database = tenants::open(&slug)?;
        let Some(counts) = database.row::<Counts>(sql::COUNTS, &[])? else { continue };
        for (what, relation, n) in [
            (What::Agents, "agents", counts.agents),
            (What::Agents, "tools", counts.tools),
            (What::Knowledge, "knowledge_items", counts.knowledge_items),
            (What::Knowledge, "documents", counts.documents),
            (What::Knowledge, "files", counts.files),
            (What::Settings, "settings", counts.settings),
        ] {
            if types.iter().any(|wanted| wanted == what) {
                table.row(&[&slug, &relation, &n]);
                tally.add(relation, Action::Read, n);
            }
        }
        slugs.push(slug);
    }
    let names = |at: usize, other: &str| slugs.get(at).cloned().unwrap_or_else(|| other.to_owned());
    let (from, to) = (names(0, "a"), names(1, "b"));
    tally.note(text!(
        "nothing was copied; say from where and to where: `migrate_tenant_data --from={from} --to={to}`",
        "no se copió nada; diga de dónde y adónde: `migrate_tenant_data --from={from} --to={to}`"
    ));
    let n = slugs.len();
    let report = tally.report(text!(
        "{n} tenants have data that could be copied",
        "{n} inquilinos tienen datos que se podrían copiar"
    ));
    Ok(report.table(table))
}
