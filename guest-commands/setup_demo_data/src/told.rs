//! What was done, as it is told at the end.

use encargo_sdk::prelude::*;

use crate::kind::Kind;

/// The report of a demo that was set up.
pub(crate) fn set_up(tally: Tally, tenant: &str) -> Report {
    let mut table = table!(
        "The demo" / "La demostración": "kind" / "clase", "created" / "creados", "unchanged" / "sin cambios",
        "kept" / "conservados", "deleted since" / "borrados desde entonces",
    );
    for kind in Kind::ALL {
        let [created, unchanged, kept, skipped] = [Action::Created, Action::Unchanged, Action::Kept, Action::Skipped]
            .map(|action| tally.of(kind.relation(), action));
        table.row(&[&kind.spoken(), &created, &unchanged, &kept, &skipped]);
    }
    let made: u64 = Kind::ALL.iter().map(|kind| tally.of(kind.relation(), Action::Created)).sum();
    let gone = tally.all(Action::Skipped);
    let summary = match made {
        0 => text!("The demo was set up already", "La demostración ya estaba preparada"),
        _ => text!("Set up the demo: {made} things", "Demostración preparada: {made} cosas"),
    };
    let mut report = tally.report(summary).table(table);
    if gone > 0 {
        report = report.note(text!(
            "{gone} that somebody deleted stay deleted; `--reset` makes them again",
            "{gone} que alguien borró siguen borrados; `--reset` los crea de nuevo"
        ));
    }
    report.notes(next_commands(tenant))
}

/// The report of a demo that was taken back.
pub(crate) fn removed(tally: Tally) -> Report {
    let mut table = table!(
        "The demo" / "La demostración": "kind" / "clase", "deleted" / "borrados", "kept" / "conservados",
    );
    for kind in Kind::ALL {
        let [deleted, kept] = [Action::Deleted, Action::Kept].map(|action| tally.of(kind.relation(), action));
        table.row(&[&kind.spoken(), &deleted, &kept]);
    }
    let deleted: u64 = Kind::ALL.iter().map(|kind| tally.of(kind.relation(), Action::Deleted)).sum();
    let summary = match deleted {
        0 => text!("There was no demo to remove", "No había demostración que quitar"),
        _ => text!("Removed the demo: {deleted} things", "Demostración quitada: {deleted} cosas"),
    };
    tally.report(summary).table(table)
}

/// Commands to try; they work from any folder.
fn next_commands(tenant: &str) -> [String; 5] {
    [
        text!(
            "read the chats:  encargo export_data --type=chats --tenant={tenant} --format=jsonl --output=-",
            "leer los chats:  encargo export_data --type=chats --tenant={tenant} --format=jsonl --output=-"
        ),
        text!(
            "is it all sound?  encargo validate_system --tenant={tenant}",
            "¿está todo en orden?  encargo validate_system --tenant={tenant}"
        ),
        text!(
            "see what has expired:  encargo cleanup_old_data --type=logs --tenant={tenant} --dry-run",
            "ver qué ha caducado:  encargo cleanup_old_data --type=logs --tenant={tenant} --dry-run"
        ),
        text!(
            "take the knowledge with you:  encargo export_data --type=knowledge --tenant={tenant} --output=demo.csv",
            "llevarse los conocimientos:  encargo export_data --type=knowledge --tenant={tenant} --output=demo.csv"
        ),
        text!(
            "take the demo back:  encargo setup_demo_data --tenant={tenant} --remove",
            "quitar la demostración:  encargo setup_demo_data --tenant={tenant} --remove"
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_is_told_kind_by_kind() {
        let mut tally = Tally::default();
        tally.add("chats", Action::Created, 220);
        tally.add("messages", Action::Created, 1_300);
        tally.add("logs", Action::Skipped, 3);
        let report = set_up(tally, "shop");
        assert_eq!(report.summary, "Set up the demo: 220 things");
        assert_eq!(report.tables[0].rows[4], ["chats", "220", "0", "0", "0"]);
        assert_eq!(report.tables[0].rows[6], ["log lines", "0", "0", "0", "3"]);
        assert!(report.notes[0].contains("--reset") && report.notes[1].contains("--tenant=shop"));
        assert_eq!(removed(Tally::default()).summary, "There was no demo to remove");
    }
}
