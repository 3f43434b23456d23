//! Slow statements and what would make them faster, as they are told.

use encargo_sdk::prelude::*;
use encargo_sdk::report::Table;
use encargo_sdk::upkeep::{self, Advice, AdviceKind, Statement};
use serde_json::{Value as Json, json};

/// How many lines each of the two tables has.
const SHOWN: usize = 200;
/// How much of a statement's text is shown; all of it is in the details.
const LONGEST: usize = 160;

/// What was found in all tenants.
#[derive(Default)]
pub(crate) struct Slow {
    statements: Vec<(String, Statement)>,
    advice: Vec<(String, Advice)>,
    more: u64,
}

impl Slow {
    /// Looks at what statements took in a tenant, and at its indexes.
    ///
    /// # Errors
    /// What keeps it from being looked at.
    pub(crate) fn look(&mut self, tenant: &str, most: u32, least_gain: u32) -> Result<()> {
        let keep = |tenant: &str, more: &mut u64, room: bool| {
            *more += u64::from(!room);
            room.then(|| tenant.to_owned())
        };
        for statement in upkeep::slow_statements(tenant, most)? {
            if let Some(tenant) = keep(tenant, &mut self.more, self.statements.len() < SHOWN) {
                self.statements.push((tenant, statement));
            }
        }
        for advice in upkeep::advise(tenant, least_gain)? {
            if let Some(tenant) = keep(tenant, &mut self.more, self.advice.len() < SHOWN) {
                self.advice.push((tenant, advice));
            }
        }
        Ok(())
    }

    /// Adds what was found to a report.
    pub(crate) fn tell(&self, mut report: Report) -> Report {
        if !self.statements.is_empty() {
            report = report.table(self.slow());
        }
        if !self.advice.is_empty() {
            report = report.table(self.indexes());
        }
        let advised = |(_, advice): &&(String, Advice)| !advice.statement.is_empty();
        for (tenant, advice) in self.advice.iter().filter(advised) {
            let sql = &advice.statement;
            report = report.note(text!("to follow it in `{tenant}`: `{sql}`", "para seguirlo en `{tenant}`: `{sql}`"));
        }
        if self.more > 0 {
            let n = self.more;
            report = report.note(text!(
                "{n} more statements and advices are not listed",
                "{n} sentencias y consejos más no se enumeran"
            ));
        }
        report
    }

    fn slow(&self) -> Table {
        let mut table = table!(
            "Statements that took most" / "Sentencias que más costaron":
            "tenant" / "inquilino", "id" / "id", "calls" / "veces", "rows" / "filas", "total ms" / "ms en total",
            "mean ms" / "media ms", "p95 ms" / "p95 ms", "statement" / "sentencia", "plan" / "cómo se hace",
        );
        for (tenant, one) in &self.statements {
            let id = one.id.get(..8).unwrap_or(&one.id);
            let [total, mean, p95] = [one.total_us, one.mean_us, one.p95_us].map(milliseconds);
            let plan = one.plan.join("; ").replace('`', "'");
            let plan = if plan.is_empty() { plan } else { format!("`{plan}`") };
            table.row(&[tenant, &id, &one.calls, &one.rows, &total, &mean, &p95, &shortened(&one.text), &plan]);
        }
        table
    }

    fn indexes(&self) -> Table {
        let mut table = table!(
            "Indexes" / "Índices":
            "tenant" / "inquilino", "what" / "qué", "index" / "índice", "helps" / "ayuda a", "steps before" / "pasos antes",
            "with it" / "con él", "bytes" / "bytes", "detail" / "detalle",
        );
        for (tenant, one) in &self.advice {
            let what = match one.kind {
                AdviceKind::Index => text!("advised", "aconsejado"),
                AdviceKind::Equal => text!("twice", "repetido"),
                AdviceKind::Covered => text!("covered", "cubierto"),
                AdviceKind::Unused => text!("unused", "sin uso"),
            };
            let helps: Vec<&str> = one.helps.iter().map(|id| id.get(..8).unwrap_or(id)).collect();
            let numbers = [one.work.0, one.work.1, one.bytes];
            let [before, with, bytes] = numbers.map(|n| if n == 0 { String::new() } else { n.to_string() });
            let index = format!("`{}`", one.index);
            table.row(&[tenant, &what, &index, &helps.join(" "), &before, &with, &bytes, &one.detail]);
        }
        table
    }

    /// The same for programs.
    pub(crate) fn details(&self) -> (Json, Json) {
        let statement = |(tenant, one): &(String, Statement)| {
            json!({
                "tenant": tenant, "id": one.id, "text": one.text, "command": one.command, "plan": one.plan,
                "calls": one.calls, "rows": one.rows, "total_us": one.total_us, "mean_us": one.mean_us,
                "p95_us": one.p95_us, "longest_us": one.longest_us,
            })
        };
        let advice = |(tenant, one): &(String, Advice)| {
            json!({
                "tenant": tenant, "kind": one.kind.word(), "relation": one.relation, "index": one.index,
                "statement": one.statement, "detail": one.detail, "helps": one.helps,
                "work_before": one.work.0, "work_after": one.work.1, "ns_before": one.nanoseconds.0,
                "ns_after": one.nanoseconds.1, "bytes": one.bytes,
            })
        };
        (self.statements.iter().map(statement).collect(), self.advice.iter().map(advice).collect())
    }
}

fn milliseconds(microseconds: u64) -> String {
    format!("{}.{:02}", microseconds / 1_000, microseconds % 1_000 / 10)
}

/// The beginning of a statement, quoted: it is the words of another command.
fn shortened(text: &str) -> String {
    let plain: String = text.chars().take(LONGEST).map(|c| if c == '`' { '\'' } else { c }).collect();
    let rest = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("`{plain}{rest}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_statement_is_shown_to_a_part_and_times_in_milliseconds() {
        assert_eq!(shortened("select `x`"), "`select 'x'`");
        assert_eq!(shortened(&"ñ".repeat(LONGEST + 1)), format!("`{}…`", "ñ".repeat(LONGEST)));
        assert_eq!([0, 9, 1_234, 1_000_000].map(milliseconds), ["0.00", "0.00", "1.23", "1000.00"]);
    }
}
