//! What was set up, as it is told at the end.

use encargo_sdk::prelude::*;
use encargo_sdk::table::Table;

/// What may happen to a row that is to be there.
const ACTIONS: [Action; 4] = [Action::Created, Action::Updated, Action::Unchanged, Action::Kept];

/// What was set up so far: a row for each kind of thing in each tenant, and the counts of all.
#[derive(Debug)]
pub(crate) struct Told {
    table: Table,
    tally: Tally,
}

impl Told {
    pub(crate) fn new() -> Self {
        let table = table!(
            "Set up" / "Preparado": "tenant" / "inquilino", "kind" / "clase", "created" / "creados",
            "updated" / "actualizados", "unchanged" / "sin cambios", "kept" / "conservados",
        );
        Self { table, tally: Tally::default() }
    }

    /// Takes in what was done to the rows of a tenant; no name for what belongs to none.
    pub(crate) fn take_in(&mut self, tenant: &str, done: &Tally) {
        for subject in done.subjects() {
            let [created, updated, unchanged, kept] = ACTIONS.map(|action| done.of(subject, action));
            self.table.row(&[&tenant, &spoken(subject), &created, &updated, &unchanged, &kept]);
            for action in ACTIONS {
                let n = done.of(subject, action);
                // What a tenant has edited is the exception; the other three are told also where they are none.
                if action != Action::Kept || n > 0 {
                    self.tally.add(subject, action, n);
                }
            }
        }
    }

    /// Something worth knowing.
    pub(crate) fn note(&mut self, note: String) {
        self.tally.note(note);
    }

    pub(crate) fn report(self) -> Report {
        let (created, updated) = (self.tally.all(Action::Created), self.tally.all(Action::Updated));
        let summary = match created + updated {
            0 => text!("Everything was set up already", "Todo estaba ya preparado"),
            _ => text!(
                "Set up: {created} created, {updated} updated",
                "Preparado: {created} creados, {updated} actualizados"
            ),
        };
        self.tally.report(summary).table(self.table)
    }
}

/// A kind of row, to people.
fn spoken(subject: &str) -> String {
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

    fn told(done: &[(&str, &str, Action, u64)]) -> Report {
        let mut told = Told::new();
        for (tenant, subject, action, n) in done {
            let mut tally = Tally::default();
            tally.add(subject, *action, *n);
            told.take_in(tenant, &tally);
        }
        told.report()
    }

    #[test]
    fn tenants_are_added_up_and_shown_one_by_one() {
        let report = told(&[
            ("north", "tools", Action::Created, 4),
            ("south", "tools", Action::Unchanged, 3),
            ("south", "tools", Action::Kept, 1),
        ]);
        let counts: Vec<_> =
            report.counts.iter().map(|count| (count.subject.as_str(), count.action, count.n)).collect();
        let expected = [
            ("tools", Action::Created, 4),
            ("tools", Action::Updated, 0),
            ("tools", Action::Unchanged, 3),
            ("tools", Action::Kept, 1),
        ];
        assert_eq!(counts, expected);
        assert_eq!(report.tables[0].rows[1], ["south", "tools", "0", "0", "3", "0"]);
        assert_eq!(report.summary, "Set up: 4 created, 0 updated");
    }

    #[test]
    fn a_second_run_says_that_nothing_was_to_do() {
        assert_eq!(told(&[("", "users", Action::Unchanged, 1)]).summary, "Everything was set up already");
    }
}
