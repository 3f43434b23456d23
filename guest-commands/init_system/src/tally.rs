//! What happened to the rows of one kind, and the report of it.

use encargo_sdk::prelude::*;

/// What happened to the rows of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    /// Left alone because the tenant has edited them.
    pub(crate) kept: u64,
}

/// The tallies of a run, one line each.
#[derive(Debug, Default)]
pub(crate) struct Tallies {
    lines: Vec<(String, &'static str, Tally)>,
}

impl Tallies {
    /// Adds a line: the tenant (nothing for what belongs to none) and the kind.
    pub(crate) fn add(&mut self, tenant: &str, subject: &'static str, tally: Tally) {
        self.lines.push((tenant.to_owned(), subject, tally));
    }

    /// The report: created, updated, unchanged and kept of each kind.
    pub(crate) fn report(&self) -> Report {
        let sum = |of: fn(&Tally) -> u64| self.lines.iter().map(|(_, _, tally)| of(tally)).sum::<u64>();
        let (created, updated) = (sum(|tally| tally.created), sum(|tally| tally.updated));
        let summary = if created + updated == 0 {
            text!("Everything was set up already", "Todo estaba ya preparado")
        } else {
            text!(
                "Set up: {created} created, {updated} updated",
                "Preparado: {created} creados, {updated} actualizados"
            )
        };
        let mut report = Report::new(summary);
        for subject in ["users", "tenants", "agents", "tools", "agent_tools"] {
            let mut lines = self.lines.iter().filter(|line| line.1 == subject).map(|line| line.2).peekable();
            if lines.peek().is_none() {
                continue;
            }
            let all = lines.fold(Tally::default(), |all, tally| Tally {
                created: all.created + tally.created,
                updated: all.updated + tally.updated,
                unchanged: all.unchanged + tally.unchanged,
                kept: all.kept + tally.kept,
            });
            report = report
                .count(subject, Action::Created, all.created)
                .count(subject, Action::Updated, all.updated)
                .count(subject, Action::Unchanged, all.unchanged);
            if all.kept > 0 {
                report = report.count(subject, Action::Kept, all.kept);
            }
        }
        let columns = [
            text!("tenant", "inquilino"),
            text!("kind", "clase"),
            text!("created", "creados"),
            text!("updated", "actualizados"),
            text!("unchanged", "sin cambios"),
            text!("kept", "conservados"),
        ];
        let row = |(tenant, subject, tally): &(String, &'static str, Tally)| {
            let numbers = [tally.created, tally.updated, tally.unchanged, tally.kept].map(|n| n.to_string());
            [tenant.clone(), word(subject)].into_iter().chain(numbers).collect()
        };
        report.table(text!("Set up", "Preparado"), columns.to_vec(), self.lines.iter().map(row).collect())
    }
}

/// A kind of row, to people.
fn word(subject: &str) -> String {
    match subject {
        "users" => text!("administrators", "cuentas de administración"),
        "tenants" => text!("tenants", "inquilinos"),
        "agents" => text!("agents", "agentes"),
        "agent_tools" => text!("tools of agents", "herramientas de agentes"),
        _ => text!("tools", "herramientas"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenants_are_added_up_and_shown_one_by_one() {
        let mut tallies = Tallies::default();
        tallies.add("north", "tools", Tally { created: 4, ..Tally::default() });
        tallies.add("south", "tools", Tally { unchanged: 3, kept: 1, ..Tally::default() });
        let report = tallies.report();
        let counts: Vec<_> =
            report.counts.iter().map(|count| (count.subject.as_str(), count.action, count.n)).collect();
        assert_eq!(
            counts,
            [
                ("tools", Action::Created, 4),
                ("tools", Action::Updated, 0),
                ("tools", Action::Unchanged, 3),
                ("tools", Action::Kept, 1)
            ]
        );
        assert_eq!(report.tables[0].rows[1], ["south", "tools", "0", "0", "3", "1"]);
        assert_eq!(report.summary, "Set up: 4 created, 0 updated");
    }

    #[test]
    fn a_second_run_says_that_nothing_was_to_do() {
        let mut tallies = Tallies::default();
        tallies.add("", "users", Tally { unchanged: 1, ..Tally::default() });
        assert_eq!(tallies.report().summary, "Everything was set up already");
    }
}
