//! Counts the chats of a tenant.

use encargo_sdk::prelude::*;

statements! { COUNT = "SELECT count(*) FROM chats WHERE status = $1"; }

/// Count chats.
#[derive(Args)]
#[command(scope = "tenant", effect = "read-only", idempotent = true, permissions("read:chats"))]
struct CountChats {
    /// Only chats in this state.
    #[arg(choices("open", "resolved", "closed"), default = "open")]
    status: String,
}

impl Command for CountChats {
    fn run(self, run: &Run) -> Result<Report> {
        let n: u64 = run.database()?.row(COUNT, &[&self.status])?.unwrap_or(0);
        Ok(Report::new(text!("{n} chats", "{n} chats")).count("chats", Action::Read, n))
    }
}

export_command!(CountChats);
