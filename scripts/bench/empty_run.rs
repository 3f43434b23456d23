//! An empty run in one process: instantiate a component, call it, drop it. Prints the median in microseconds.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use encargo_backends::probes::Services;
use encargo_backends::{DataDir, Platform};
use encargo_engine::{Engine, EngineConfig, Job, RunHost, Waiting};
use encargo_model::{
    Artefact, Clock, Damage, Digest, Ended, Exit, Language, Limits, LogLevel, LogLine, Progress, RunId, Signal,
    SystemClock, Text, Tier,
};

const RUNS: usize = 2_000;

struct Silent;

impl RunHost for Silent {
    fn log(&self, _: LogLine) {}

    fn log_enabled(&self, _: LogLevel) -> bool {
        false
    }

    fn progress(&self, _: Progress) {}

    fn artefact(&self, _: &Artefact) {}

    fn publishing(&self, _: &str, _: &str) {}

    fn published_before(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn confirm(&self, _: &str, _: &dyn Fn() -> bool) -> bool {
        false
    }

    fn signal(&self) -> Option<Signal> {
        None
    }

    fn admin_password(&self) -> Option<String> {
        None
    }

    fn configuration(&self, _: bool) -> Option<String> {
        None
    }

    fn can_show_password(&self) -> bool {
        false
    }

    fn show_password(&self, _: &str, _: &str) {}

    fn show_key(&self, _: &std::path::Path, _: &str) {}

    fn others_at_work(&self) -> std::result::Result<Vec<(String, RunId)>, Text> {
        Ok(Vec::new())
    }

    fn adopt_engine_store(&self, _: &std::path::Path) -> std::result::Result<(), Text> {
        Ok(())
    }

    fn command_damage(&self) -> std::result::Result<Vec<Damage>, Text> {
        Ok(Vec::new())
    }

    fn abandoned(&self, _: &Ended) {}

    #[expect(clippy::disallowed_methods, reason = "a stuck run leaves nothing that could return from main")]
    fn leave(&self, exit: Exit) {
        std::process::exit(i32::from(exit.code()));
    }
}

#[expect(clippy::print_stdout, reason = "what it prints is its result")]
fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = DataDir::new(folder.path().join("data"));
    Platform::migrate(&data, "development")?;
    let platform = Arc::new(Platform::open(data, "development", Arc::new(SystemClock))?);
    let clock = Arc::new(SystemClock);
    let limits = Limits::default();
    let config = EngineConfig {
        caches: vec![folder.path().join("cache")],
        stack_bytes: limits.stack_bytes,
        services: Services::default(),
    };
    let engine = Engine::new(config, platform, clock.clone())?;
    let component = fs::read(support::test_component("misbehave"))?;
    // The cache is this process's own, so any name does.
    let waiting = Waiting { most: Duration::from_secs(600), signal: &|| None, slow: &|| {} };
    let program = engine.compile(&Digest("0".repeat(64)), &component, Tier::Operator, &waiting)?;
    let host: Arc<dyn RunHost> = Arc::new(Silent);
    let job = Job {
        run: RunId(1),
        command: "misbehave".to_owned(),
        tier: Tier::Operator,
        tenant: None,
        selected: None,
        started_at: clock.now(),
        attempt: 1,
        dry_run: false,
        language: Language::En,
        environment: "development".to_owned(),
        verbosity: 0,
        arguments: Vec::new(),
        requested: BTreeSet::new(),
        granted: BTreeSet::new(),
        limits,
        spent: Duration::ZERO,
        resume_key: String::new(),
        resume: false,
        settings: serde_json::Value::Null,
        tenant_folder: false,
        overwrite: false,
    };
    let mut times = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let job = job.clone();
        let begun = Instant::now();
        let ended = engine.execute(&program, job, &host);
        times.push(begun.elapsed());
        ended.result.map_err(|failure| anyhow!(failure.error.message))?;
    }
    times.sort();
    println!("{:.1}", times[RUNS / 2].as_secs_f64() * 1e6);
    Ok(())
}
