//! One attempt from a fresh store to its end.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use encargo_backends::{Files, FilesConfig, Ledger, MadeMedia, StatementLog, sqlite};
use encargo_model::{ArgumentKind, ArgumentValue, CommandError, Ended, LimitUse, LogLevel, Receipt, ResolvedArgument};
use send_wrapper::SendWrapper;
use wasmtime::{Store, UpdateDeadline};
use wasmtime_wasi::{ResourceTable, WasiCtx};

use crate::bindings::encargo::types::types::Value;
use crate::bindings::exports::encargo::command::command;
use crate::control::Control;
use crate::cpu::ThreadClock;
use crate::ending::{Answer, Facts, ending};
use crate::engine::Engine;
use crate::host::{AroundFiles, RunHost};
use crate::job::{Job, paths_of};
use crate::limiter::Limiter;
use crate::log::Log;
use crate::output::Output;
use crate::phase::Phase;
use crate::program::Program;
use crate::result;
use crate::roots::roots;
use crate::rows::Rows;
use crate::scratch::Scratch;
use crate::state::{Here, State};

pub(crate) fn execute(engine: &Engine, program: &Program, job: Job, host: &Arc<dyn RunHost>) -> Ended {
    sqlite::forget_peaks();
    let control = Arc::new(Control::new(&job.limits, job.spent).speaking(job.language));
    let watch = engine.watcher.watch(&control, host);
    let scratch = Scratch::of(engine.platform.scratch(), job.run, job.dry_run);
    let log = Arc::new(Log::new(host, &engine.clock, job.language, &job.limits));
    let streams = [LogLevel::Said, LogLevel::Warning].map(|level| Output::new(level, &log));
    let state = state(engine, job, host, &control, &log, &streams, &scratch);
    let mut store = Store::new(&engine.wasmtime, state);
    prepare(&mut store, &control);

    let answer =
        arguments_of(store.data()).map_err(Answer::Refused).and_then(|arguments| call(program, &mut store, &arguments));
    // A sleep ends at the deadline, and a short run ends between two looks of the watcher: this look is the last one.
    watch.look(Instant::now());
    let result_bytes = answer.as_ref().map_or(0, result::size);
    let [_, last_words] = streams.map(|stream| stream.finish());
    log.finish();
    let mut state = store.into_data();
    let (reason, signal) = (state.control.reason(), state.host.signal());
    let ended = ending(&Facts { job: &state.job, reason, signal, last_words: &last_words }, answer);
    if ended.is_ok() {
        forget_checkpoints(&mut state);
        state.media.keep();
    }
    if let Some(upkeep) = host.upkeep() {
        upkeep.took(state.statements.take());
    }
    drop(watch);
    let receipt = receipt(state, &control, &log, result_bytes);
    Ended { result: ended, receipt }
}

/// What the guest's calls work on.
pub(crate) fn state(
    engine: &Engine,
    job: Job,
    host: &Arc<dyn RunHost>,
    control: &Arc<Control>,
    log: &Arc<Log>,
    [stdout, stderr]: &[Output; 2],
    scratch: &Scratch,
) -> State {
    let platform = match job.dry_run {
        true => Arc::new(engine.platform.dry_run(&scratch.path().join("databases"))),
        false => Arc::clone(&engine.platform),
    };
    let permissions = job.permissions();
    let roots = roots(&job, &engine.platform);
    // A dry run's files go with it.
    let media = if job.dry_run { MadeMedia::default() } else { MadeMedia::below(engine.platform.data()) };
    let files = Files::new(FilesConfig {
        paths: paths_of(&job.arguments),
        exports: engine.platform.data().exports(job.run),
        roots,
        overlay: job.dry_run.then(|| scratch.path().join("files")),
        standard_input: Arc::clone(&engine.standard_input),
        scratch: engine.platform.scratch(),
        input_bytes: job.limits.input_bytes,
        output_bytes: job.limits.output_bytes,
        output_files: job.limits.output_files,
        open_files: job.limits.open_files,
        overwrite: job.overwrite,
        interrupt: Arc::clone(&control.interrupt),
        made: media.clone(),
        host: Rc::new(AroundFiles(Arc::clone(host))),
        tenant_folder: job.tenant.as_ref().filter(|_| job.tenant_folder).map(|tenant| tenant.slug.clone()),
        permissions: permissions.clone(),
    });
    let mut table = ResourceTable::new();
    table.set_max_capacity(usize::try_from(job.limits.handles).unwrap_or(usize::MAX));
    let wasi = WasiCtx::builder()
        .stdout(stdout.clone())
        .stderr(stderr.clone())
        .max_random_size(job.limits.random_bytes)
        .build();
    State {
        wasi,
        table,
        limiter: Limiter::new(control, job.limits.memory_bytes),
        control: Arc::clone(control),
        host: Arc::clone(host),
        log: Arc::clone(log),
        permissions,
        platform,
        clock: Arc::clone(&engine.clock),
        services: Arc::clone(&engine.services),
        ledger: Ledger::default(),
        media,
        // What a dry run's copies take says nothing of the rows.
        statements: if job.dry_run { StatementLog::default() } else { StatementLog::on() },
        checkpoint_saved: false,
        phase: Phase::default(),
        here: SendWrapper::new(Here { rows: Rows::default(), files: Rc::new(RefCell::new(files)) }),
        job,
    }
}

fn prepare(store: &mut Store<State>, control: &Arc<Control>) {
    let limits = store.data().job.limits.clone();
    let fits = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    store.limiter(|state| &mut state.limiter);
    store.set_hostcall_fuel(fits(limits.hostcall_bytes));
    store.set_max_component_handles(fits(limits.handles));
    store.set_epoch_deadline(1);
    let control = Arc::clone(control);
    let clock = ThreadClock::start();
    store.epoch_deadline_callback(move |_| {
        // It is called on the run's thread, whose clock is there even without /proc.
        control.used_cpu(clock.used());
        match control.reason() {
            None => Ok(UpdateDeadline::Continue(1)),
            Some(reason) => Err(wasmtime::Error::msg(reason.as_str())),
        }
    });
}

fn call(
    program: &Program,
    store: &mut Store<State>,
    arguments: &[command::Argument],
) -> Result<command::Report, Answer> {
    let guest = program.ready.instantiate(&mut *store).map_err(Answer::Trapped)?;
    let answered = guest.encargo_command_command().call_run(&mut *store, arguments).map_err(Answer::Trapped)?;
    answered.map_err(|error| Answer::Refused(error.into()))
}

/// The arguments that have a value, as the guest takes them.
fn arguments_of(state: &State) -> Result<Vec<command::Argument>, CommandError> {
    let files = state.here.files.borrow_mut();
    passed(&state.job.arguments, |name| match files.entries(name) {
        Ok(entries) => Ok(entries.len()),
        Err(error) => Err(error.said(state.job.language)),
    })
}

/// Passes on arguments that have a value. A path is the number of files behind it, which `count` knows by its name; a
/// password's is a flag, since the guest never has it.
fn passed(
    arguments: &[ResolvedArgument],
    mut count: impl FnMut(&str) -> Result<usize, CommandError>,
) -> Result<Vec<command::Argument>, CommandError> {
    let mut taken = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let Some(value) = &argument.value else { continue };
        let (kind, values) = match value {
            ArgumentValue::Flag(flag) => ("flag", vec![Value::Integer((*flag).into())]),
            ArgumentValue::Integer(integer) => ("integer", vec![Value::Integer(*integer)]),
            ArgumentValue::Real(real) => ("real", vec![Value::Real(*real)]),
            ArgumentValue::Text(text) => ("text", vec![Value::Text(text.clone())]),
            ArgumentValue::Texts(texts) => ("texts", texts.iter().cloned().map(Value::Text).collect()),
            ArgumentValue::Instant(at) => ("instant", vec![Value::Integer(at.0)]),
            ArgumentValue::Duration(span) => ("duration", vec![Value::Integer(*span)]),
            ArgumentValue::Tenant(slug) => ("tenant", vec![Value::Text(slug.clone())]),
            ArgumentValue::Path(path) => match path.kind {
                ArgumentKind::PasswordFile => ("flag", vec![Value::Integer(1)]),
                ArgumentKind::Output | ArgumentKind::Repository => ("path", vec![Value::Integer(1)]),
                _ => ("path", vec![Value::Integer(i64::try_from(count(&argument.name)?).unwrap_or(i64::MAX))]),
            },
        };
        taken.push(command::Argument { name: argument.name.clone(), kind: kind.to_owned(), values });
    }
    Ok(taken)
}

/// A run that came to its end has nothing to resume.
fn forget_checkpoints(state: &mut State) {
    if state.job.tenant.is_some() && (state.checkpoint_saved || state.job.resume) {
        // A checkpoint that stays is only in the way of nothing: the next run without --resume does not read it.
        let _ = state.own().and_then(|own| own.clear_checkpoints());
    }
}

fn receipt(state: State, control: &Control, log: &Log, result_bytes: u64) -> Receipt {
    let State { here, limiter, ledger, job, table, .. } = state;
    let Here { rows, files } = here.take();
    // A connection tells the last of its pages when it closes, and what is open in the table keeps it open.
    drop((table, rows));
    let milliseconds = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let used = |name: &str, used: u64, limit: u64, unit: &str| LimitUse {
        name: name.to_owned(),
        used,
        limit,
        unit: unit.to_owned(),
    };
    let sql = sqlite::peaks();
    let limits = &job.limits;
    let (now, meter, files) = (Instant::now(), &control.meter, files.borrow());
    let wall = now.saturating_duration_since(control.started);
    let longest = meter.longest_transaction(now);
    Receipt {
        tables: ledger.changes(),
        files: files.records(),
        limits: vec![
            used("cpu", milliseconds(control.cpu()), milliseconds(limits.cpu_seconds), "ms"),
            used("wall", milliseconds(wall), milliseconds(limits.wall_seconds), "ms"),
            used("memory", limiter.peak, limits.memory_bytes, "bytes"),
            used("sql-memory", sql.memory, limits.sql_memory_bytes, "bytes"),
            used("temporary", sql.temporary, limits.temporary_bytes, "bytes"),
            used("transaction", milliseconds(longest), milliseconds(limits.transaction_seconds), "ms"),
            used("statement", milliseconds(meter.longest_statement()), milliseconds(limits.statement_seconds), "ms"),
            used("statements", meter.statements(), limits.statements, "statements"),
            used("batch-rows", meter.batch_rows(), limits.batch_rows, "rows"),
            used("log", log.used(), limits.log_bytes, "bytes"),
            used("log-lines", log.burst(), limits.log_burst_lines, "lines"),
            used("calls", control.calls(), limits.host_calls, "calls"),
            used("output", files.output_bytes(), limits.output_bytes, "bytes"),
            used("files", files.output_files(), limits.output_files, "files"),
            used("open-files", files.open_files(), limits.open_files, "files"),
            used("result", result_bytes, limits.result_bytes, "bytes"),
        ],
        pages: meter.pages(),
    }
}

#[cfg(test)]
mod tests;
