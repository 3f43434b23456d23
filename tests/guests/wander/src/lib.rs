//! A guest that goes where it should not: to other tenants, and away from what it committed.

use std::process;

use encargo_sdk::prelude::*;
use encargo_sdk::{tenants, users};

/// Wander between tenants.
#[derive(Args)]
#[command(
    scope = "either",
    effect = "changes",
    idempotent = true,
    permissions("list:tenants", "create:tenants", "ensure:admin", "check:database", "read:logs", "insert:logs")
)]
struct Wander {
    /// Ask for everything of the installation, with this as the other tenant.
    #[arg(position = 1)]
    roam: Option<String>,

    /// Open these two after each other.
    open: Vec<String>,

    /// Add a line to the log of each tenant, commit it, and end in one way.
    #[arg(choices("report", "keep", "trap", "exit", "cancelled", "twice"))]
    commit: Option<String>,
}

impl Command for Wander {
    fn run(self, run: &Run) -> Result<Report> {
        let mut report = Report::new(text!("wandered", "hecho"));
        if let Some(other) = &self.roam {
            report = roam(run, other).into_iter().fold(report, Report::note);
        }
        if let [one, other] = self.open.as_slice() {
            report = after_each_other(run, one, other)?.into_iter().fold(report, Report::note);
        }
        if let Some(ending) = &self.commit {
            commit(run, ending)?;
        }
        Ok(report)
    }
}

/// What became of a call: what it answered, or the error's code.
fn told<T>(what: &str, result: Result<T>, words: impl FnOnce(T) -> String) -> String {
    match result {
        Ok(answer) => format!("{what}: {}", words(answer)),
        Err(error) => format!("{what}: {:?}", error.code()),
    }
}

fn roam(run: &Run, other: &str) -> Vec<String> {
    let slugs = |slugs: Vec<String>| slugs.join(" ");
    let probe = encargo_sdk::probes::check("database");
    vec![
        told("list", tenants::list(), slugs),
        told("open other", tenants::open(other), |_| "done".to_owned()),
        told("default", tenants::default(), |slug| slug.unwrap_or_else(|| "none".to_owned())),
        told("set default", tenants::set_default(other), |()| "done".to_owned()),
        told("create", tenants::create("made", "Made"), |()| "done".to_owned()),
        told("admin", users::ensure_admin("Ana", "ana@example.com"), |_| "done".to_owned()),
        told("many ids", run.ids(1_000_001), |_| "done".to_owned()),
        told("ids", run.ids(1_000), |_| "done".to_owned()),
        told("probe", probe, |found| found.detail),
    ]
}

fn after_each_other(run: &Run, one: &str, other: &str) -> Result<Vec<String>> {
    let first = tenants::open(one)?;
    let transaction = first.begin()?;
    let while_open = told("while open", tenants::open(other), |_| "done".to_owned());
    let checkpoint = told("checkpoint", transaction.save_checkpoint("a", "b"), |()| "done".to_owned());
    transaction.rollback()?;
    let second = tenants::open(other)?;
    Ok(vec![
        while_open,
        checkpoint,
        told("first", add_line(run, &first), |()| "done".to_owned()),
        told("second", add_line(run, &second), |()| "done".to_owned()),
    ])
}

fn add_line(run: &Run, database: &Database) -> Result<()> {
    let sql = "INSERT INTO logs (id, level, message, created_at) VALUES ($1, 'info', 'was here', $2)";
    database.execute(sql, &[&run.ids(1)?, &run.started_at()]).map(drop)
}

fn commit(run: &Run, ending: &str) -> Result<()> {
    for tenant in tenants::list()? {
        let database = tenants::open(&tenant)?;
        add_line(run, &database)?;
        if ending == "twice" {
            add_line(run, &tenants::open(&tenant)?)?;
        }
        if ending != "report" {
            std::mem::forget(database);
        }
    }
    match ending {
        "trap" => panic!("after the commits"),
        "exit" => leave(),
        "cancelled" => bail!(Cancelled, "as if it had been asked to", "como si se hubiera pedido"),
        _ => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is how a guest of another language ends")]
fn leave() -> ! {
    process::exit(0)
}

export_command!(Wander);
