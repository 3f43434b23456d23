//! A command that does its worst, one way a switch; without any it does nothing at all.

use encargo_sdk::prelude::*;

/// Do what a command should not.
#[derive(Args)]
#[command(scope = "either", effect = "changes", idempotent = false, permissions("read:chats", "insert:chats"))]
struct Misbehave {
    /// Compute without end.
    #[arg(name = "loop")]
    loop_: bool,
    /// Ask the host for the time without end.
    call: bool,
    /// Panic.
    panic: bool,
    /// Ask for memory without end.
    allocate: bool,
    /// Call itself without end.
    recurse: bool,
    /// Answer with what is not a report.
    garbage: bool,
    /// Answer with a report without end.
    long: bool,
    /// End the process with this code.
    exit: Option<u32>,
    /// Panic in the middle of a transaction.
    trap_in_transaction: bool,
    /// Write this many lines to the log.
    log_flood: Option<u32>,
    /// Read a table that it has not asked for.
    trespass: bool,
}

impl Command for Misbehave {
    #[expect(clippy::disallowed_methods, reason = "a command that ends its process is one of the things to survive")]
    fn run(self, run: &Run) -> Result<Report> {
        let mut report = Report::new("nothing happened");
        if self.loop_ {
            spin();
        }
        if self.call {
            while !run.environment().is_empty() {}
        }
        if self.panic {
            panic!("the guest's own words");
        }
        if self.allocate {
            allocate();
        }
        if self.recurse {
            report.summary = format!("{} calls deep", recurse(1));
        }
        if self.garbage {
            report.details = Some("not JSON".to_owned());
        }
        if self.long {
            report.notes = vec!["n".repeat(1 << 20); 64];
        }
        if let Some(code) = self.exit {
            std::process::exit(i32::try_from(code).unwrap_or(1));
        }
        if self.trap_in_transaction {
            let database = run.database()?;
            let transaction = database.begin()?;
            let insert = "INSERT INTO chats (id, created_at, updated_at) VALUES ($1, $2, $2)";
            transaction.execute(insert, &[&run.ids(1)?, &run.started_at()])?;
            panic!("in the middle of a transaction");
        }
        for line in 0..self.log_flood.unwrap_or(0) {
            info!("line {line} of a flood", padding = "p".repeat(1_000));
        }
        if self.trespass {
            run.database()?.rows::<i64>("SELECT count(*) FROM messages", &[])?;
        }
        Ok(report)
    }
}

fn spin() {
    let mut number = 1_u64;
    while std::hint::black_box(number) != 0 {
        number = number.wrapping_mul(3) | 1;
    }
}

fn allocate() {
    let mut kept = Vec::new();
    loop {
        kept.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
}

fn recurse(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    if frame[1] == 0 { 0 } else { recurse(depth + 1) + std::hint::black_box(frame[2]) }
}

export_command!(Misbehave);
