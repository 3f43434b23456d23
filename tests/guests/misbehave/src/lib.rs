//! A guest that misbehaves on request, one behaviour a switch; without one it reports that all is well.

use std::io::{self, Write};
use std::process;

use encargo_sdk::log::{self, Level};
use encargo_sdk::prelude::*;
use encargo_sdk::table::Table;

/// Misbehave in one way.
#[derive(Args)]
#[command(scope = "tenant", effect = "changes", idempotent = true, permissions("read:chats", "insert:chats"))]
struct Misbehave {
    /// Count for ever.
    #[arg(name = "loop")]
    endless: bool,

    /// Call the host for ever.
    call: bool,

    /// Panic.
    panic: bool,

    /// Ask for memory for ever.
    allocate: bool,

    /// Call itself for ever.
    recurse: bool,

    /// Answer with details that are not JSON.
    garbage: bool,

    /// Answer with a report of two million bytes.
    long: bool,

    /// End the process with this code.
    exit: Option<i64>,

    /// Panic after an insert and before its commit.
    trap_in_transaction: bool,

    /// Read a table that was not requested.
    trespass: bool,

    /// Send SQL that cannot be read.
    misspell: bool,

    /// Write this many lines to the log.
    log_flood: Option<u32>,

    /// Print this many lines.
    print_flood: Option<u32>,

    /// Hold a transaction open for ever, whatever is refused.
    hold: bool,

    /// Send a statement that never ends, this many times.
    slow: Option<u32>,

    /// Send this many statements.
    statements: Option<u32>,

    /// Make this many files.
    files: Option<u32>,

    /// Begin this many files, and let go of none.
    open_files: Option<u32>,

    /// Go on where a statement or a file is refused.
    swallow: bool,

    /// Say this many times how far it is, each time in another phase.
    progress_flood: Option<u64>,

    /// Say this text wherever a command can say one.
    say: Option<String>,

    /// Ask the text of `--say`, too.
    ask: bool,
}

impl Command for Misbehave {
    fn run(self, run: &Run) -> Result<Report> {
        if self.endless {
            count_for_ever();
        }
        if self.call {
            call_for_ever(run);
        }
        if let Some(text) = &self.say {
            log::line(Level::Warning, text, &[(text.clone(), text.clone())]);
            run.progress(&Phase::new(text, text).of(10_000), 5_000);
            if self.ask {
                run.confirm(text)?;
            }
            assert!(!self.panic, "{text}");
            let table = Table { title: text.clone(), columns: vec![text.clone()], rows: vec![vec![text.clone()]] };
            run.say(text);
            return Ok(Report::new(text).note(text).count(text, Action::Read, 1).table(table));
        }
        assert!(!self.panic, "the guest's own words");
        if self.allocate {
            allocate_for_ever();
        }
        let mut report = Report::new(text!("all is well", "todo va bien"));
        if self.recurse {
            report = report.note(descend(1).to_string());
        }
        if self.garbage {
            report.details = Some("{".to_owned());
        }
        if self.long {
            report = report.note("x".repeat(2_000_000));
        }
        if let Some(code) = self.exit {
            leave(i32::try_from(code).unwrap_or(1));
        }
        if self.trap_in_transaction {
            trap_in_transaction(run)?;
        }
        if self.trespass {
            run.database()?.rows::<i64>("SELECT id FROM messages", &[])?;
        }
        if self.misspell {
            run.database()?.execute("SELEC id FROM chats", &[])?;
        }
        if self.hold {
            hold_for_ever(run)?;
        }
        let refused = self.ask_too_much(run)?;
        if self.swallow {
            report = report.note(refused);
        }
        let water = "~".repeat(100);
        for n in 0..self.log_flood.unwrap_or(0) {
            log::line(Level::Info, &format!("line {n} of a flood {water}"), &[]);
        }
        for n in 0..self.progress_flood.unwrap_or(0) {
            let phase = Phase::new(if n % 2 == 0 { "one way" } else { "the other" }, "steps");
            let total = (n % 3 == 0).then_some(n % 7);
            run.progress(&phase.of(total).of_input(Some(n % 5)), 1_000_000 + n);
        }
        print(self.print_flood.unwrap_or(0))?;
        Ok(report)
    }
}

impl Misbehave {
    /// Asks for more than a run may have, and answers how often that was refused where it goes on.
    fn ask_too_much(&self, run: &Run) -> Result<String> {
        let mut refused = 0;
        let mut take = |asked: Result<()>| match asked {
            Err(error) if error.code == "quota" && self.swallow => {
                refused += 1;
                Ok(())
            }
            other => other,
        };
        for _ in 0..self.slow.unwrap_or(0) {
            take(run.database()?.rows::<i64>(ENDLESS, &[]).map(drop))?;
        }
        for _ in 0..self.statements.unwrap_or(0) {
            take(run.database()?.rows::<i64>("SELECT 1", &[]).map(drop))?;
        }
        for n in 0..self.files.unwrap_or(0) {
            take(files::create("output", &format!("{n}.txt")).and_then(files::Sink::publish))?;
        }
        let mut open = Vec::new();
        for n in 0..self.open_files.unwrap_or(0) {
            take(files::create("output", &format!("open-{n}.txt")).map(|sink| open.push(sink)))?;
        }
        Ok(text!("refused {refused} times", "negado {refused} veces"))
    }
}

const ENDLESS: &str = "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a";

/// It neither commits nor takes a no for an answer.
fn hold_for_ever(run: &Run) -> Result<()> {
    let database = run.database()?;
    let transaction = database.begin()?;
    loop {
        let _ = transaction.execute("SELECT count(*) FROM chats", &[]);
    }
}

fn print(lines: u32) -> Result<()> {
    let mut out = io::stdout().lock();
    for n in 0..lines {
        writeln!(out, "line {n} of what is printed")?;
    }
    Ok(())
}

fn count_for_ever() {
    let mut count = 0_u64;
    loop {
        count = std::hint::black_box(count.wrapping_add(1));
    }
}

fn call_for_ever(run: &Run) {
    loop {
        run.cancelled();
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the misbehaviour")]
fn leave(code: i32) {
    process::exit(code);
}

fn allocate_for_ever() {
    let mut all = Vec::new();
    loop {
        all.push(std::hint::black_box(vec![1_u8; 1 << 20]));
    }
}

/// The black boxes keep the compiler from making a loop of it.
fn descend(depth: u64) -> u64 {
    let below = if std::hint::black_box(true) { descend(depth + 1) } else { 0 };
    std::hint::black_box(below) + depth
}

fn trap_in_transaction(run: &Run) -> Result<()> {
    let database = run.database()?;
    let transaction = database.begin()?;
    let now = run.started_at();
    transaction
        .execute("INSERT INTO chats (id, created_at, updated_at) VALUES ($1, $2, $3)", &[&run.ids(1)?, &now, &now])?;
    panic!("in the middle of a transaction");
}

export_command!(Misbehave);
