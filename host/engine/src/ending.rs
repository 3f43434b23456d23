//! Whatever a guest did becomes a report or a failure with its own name.

use encargo_model::{CommandError, ErrorCode, Failure, FailureKind, Limits, Outcome, Report, Signal, Text, text};
use wasmtime::component::ResourceTableError;
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::bindings::exports::encargo::command::command;
use crate::job::Job;
use crate::last_words::LastWords;
use crate::limiter::is_out_of_memory;
use crate::result::{NoReport, report};

/// An attempt that gave no report.
pub(crate) enum Answer {
    /// The command, or the host before it, answered with an error.
    Refused(CommandError),
    /// The guest was stopped.
    Trapped(wasmtime::Error),
}

/// What decides an ending, beside what the guest answered.
pub(crate) struct Facts<'a> {
    pub(crate) job: &'a Job,
    /// Why the run had to end.
    pub(crate) reason: Option<FailureKind>,
    /// Whether someone asked it to end.
    pub(crate) signal: Option<Signal>,
    /// What the guest last wrote on its standard error.
    pub(crate) last_words: &'a [String],
}

pub(crate) fn ending(facts: &Facts<'_>, answer: Result<command::Report, Answer>) -> Result<Report, Failure> {
    // A deadline or a limit cannot be swallowed: the host overrules what the guest returned.
    if let Some(kind) = facts.reason {
        let backtrace = match &answer {
            Err(Answer::Trapped(error)) => backtrace(error),
            _ => None,
        };
        return Err(failure(facts.job, kind, &limit_words(&facts.job.limits, kind), backtrace));
    }
    match answer {
        Ok(answer) => report(answer, facts.job.limits.result_bytes)
            .and_then(|report| signalled(report, facts.signal))
            .map_err(|problem| no_report(facts.job, &problem)),
        Err(Answer::Refused(error)) => Err(refused(facts, error)),
        Err(Answer::Trapped(error)) => Err(trapped(facts, &error)),
    }
}

/// Of a report that says that it was asked to end, by which signal.
fn signalled(report: Report, signal: Option<Signal>) -> Result<Report, NoReport> {
    match (report.outcome, signal) {
        (Outcome::Interrupted, Some(Signal::Interrupt)) => Ok(report),
        (Outcome::Interrupted, Some(Signal::Terminate)) => Ok(Report { outcome: Outcome::Terminated, ..report }),
        (Outcome::Interrupted, None) => Err(NoReport::Garbage(text!(
            "it says that it was asked to end, and nobody asked",
            "dice que se le pidió terminar, y nadie lo pidió"
        ))),
        _ => Ok(report),
    }
}

fn failure(job: &Job, kind: FailureKind, message: &Text, backtrace: Option<String>) -> Failure {
    let code = match kind {
        FailureKind::WallLimit => ErrorCode::Timeout,
        FailureKind::Interrupted | FailureKind::Terminated => ErrorCode::Cancelled,
        FailureKind::Trap | FailureKind::Exited | FailureKind::Garbage => ErrorCode::Internal,
        FailureKind::OutOfMemory => ErrorCode::Unavailable,
        _ => ErrorCode::Quota,
    };
    Failure { kind, error: CommandError::new(code, message.get(job.language)), backtrace }
}

fn no_report(job: &Job, problem: &NoReport) -> Failure {
    let limit = job.limits.result_bytes;
    match problem {
        NoReport::TooLarge(bytes) => failure(
            job,
            FailureKind::ResultLimit,
            &text!(
                "the report has {bytes} bytes; the limit `result_bytes` is {limit}",
                "el informe tiene {bytes} bytes; el límite `result_bytes` es {limit}"
            ),
            None,
        ),
        NoReport::Garbage(problem) => failure(
            job,
            FailureKind::Garbage,
            &text!(
                "the command answered with something that is not a report: {problem}",
                "el comando respondió con algo que no es un informe: {problem}",
                problem = problem
            ),
            None,
        ),
    }
}

fn refused(facts: &Facts<'_>, error: CommandError) -> Failure {
    let kind = match (error.code, facts.signal) {
        // Ctrl-C at a question is no "no".
        (ErrorCode::Cancelled | ErrorCode::Refused, Some(Signal::Terminate)) => FailureKind::Terminated,
        (ErrorCode::Cancelled | ErrorCode::Refused, Some(Signal::Interrupt)) => FailureKind::Interrupted,
        _ => FailureKind::Command,
    };
    Failure { kind, error, backtrace: None }
}

fn limit_words(limits: &Limits, kind: FailureKind) -> Text {
    match kind {
        FailureKind::WallLimit => text!(
            "the run took longer than {} s; --timeout or the limit `wall_seconds` allows more",
            "la ejecución tardó más de {} s; --timeout o el límite `wall_seconds` permite más";
            limits.wall_seconds.as_secs_f64()
        ),
        FailureKind::CpuLimit => text!(
            "the run used more than {} s of CPU time, its limit `cpu_seconds`",
            "la ejecución usó más de {} s de CPU, su límite `cpu_seconds`";
            limits.cpu_seconds.as_secs_f64()
        ),
        FailureKind::MemoryLimit => {
            text!(
                "the command asked for more than {} bytes of memory, its limit `memory_bytes`",
                "el comando pidió más de {} bytes de memoria, su límite `memory_bytes`";
                limits.memory_bytes
            )
        }
        FailureKind::HostCallsLimit => text!(
            "the command called the host more than {} times, its limit `host_calls`",
            "el comando llamó al anfitrión más de {} veces, su límite `host_calls`";
            limits.host_calls
        ),
        FailureKind::TransactionLimit => text!(
            "a transaction was open for longer than {} s, its limit `transaction_seconds`; what was not committed is rolled back",
            "una transacción estuvo abierta más de {} s, su límite `transaction_seconds`; lo no confirmado se deshizo";
            limits.transaction_seconds.as_secs_f64()
        ),
        FailureKind::OutOfMemory => text!(
            "the machine has no memory left for the command, which was within its own limit; free some, or run fewer commands at a time",
            "a la máquina no le queda memoria para el comando, que no había pasado su propio límite; libere memoria, o ejecute menos comandos a la vez"
        ),
        FailureKind::Interrupted => {
            text!(
                "the run was interrupted and did not end by itself in time; what was committed stays",
                "la ejecución fue interrumpida y no terminó por sí misma a tiempo; lo confirmado queda"
            )
        }
        _ => text!(
            "the run was terminated and did not end by itself in time; what was committed stays",
            "la ejecución recibió la orden de terminar y no terminó por sí misma a tiempo; lo confirmado queda"
        ),
    }
}

fn trapped(facts: &Facts<'_>, error: &wasmtime::Error) -> Failure {
    let (job, limits, mut stack) = (facts.job, &facts.job.limits, backtrace(error));
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return failure(
            job,
            FailureKind::Exited,
            &text!(
                "the command ended its process with code {} and gave no report",
                "el comando terminó su proceso con el código {} y no dio informe";
                exit.0
            ),
            stack,
        );
    }
    if error.downcast_ref::<Trap>() == Some(&Trap::StackOverflow) {
        return failure(
            job,
            FailureKind::StackLimit,
            &text!(
                "the command used up its stack: a recursion without end, or too deep for the limit `stack_bytes`",
                "el comando agotó su pila: una recursión sin fin, o demasiado profunda para el límite `stack_bytes`"
            ),
            stack,
        );
    }
    if matches!(error.downcast_ref::<ResourceTableError>(), Some(ResourceTableError::Full)) {
        let limit = limits.handles;
        return failure(
            job,
            FailureKind::HandlesLimit,
            &text!(
                "the command holds more than {limit} transactions, cursors and files open, its limit `handles`",
                "el comando tiene abiertos más de {limit} transacciones, cursores y archivos, su límite `handles`"
            ),
            stack,
        );
    }
    // wasmtime keeps the type of this error to itself; its words are pinned by the misbehave test.
    if format!("{error:#}").contains("allocated for hostcalls") {
        let limit = limits.hostcall_bytes;
        return failure(
            job,
            FailureKind::HostcallLimit,
            &text!(
                "the command handed more than {limit} bytes to one call, its limit `hostcall_bytes`",
                "el comando pasó más de {limit} bytes a una llamada, su límite `hostcall_bytes`"
            ),
            stack,
        );
    }
    // A guest that cannot have its first memory never begins.
    if is_out_of_memory(error) {
        return failure(job, FailureKind::OutOfMemory, &limit_words(limits, FailureKind::OutOfMemory), stack);
    }
    let last_words = LastWords::of(facts.last_words);
    if last_words.as_ref().is_some_and(LastWords::is_stack) {
        stack = Some(facts.last_words.join("\n"));
    }
    let message = match last_words {
        Some(words) => words.text(),
        None => {
            let trap = error.downcast_ref::<Trap>().map_or_else(|| error.root_cause().to_string(), ToString::to_string);
            text!("the command was stopped by a trap: {trap}", "el comando fue detenido por una trampa: {trap}")
        }
    };
    failure(job, FailureKind::Trap, &message, stack)
}

fn backtrace(error: &wasmtime::Error) -> Option<String> {
    let backtrace = error.downcast_ref::<WasmBacktrace>()?;
    let frames = backtrace.frames().iter().enumerate().map(|(at, frame)| {
        format!("{at:>4}: {:#}", rustc_demangle::demangle(frame.func_name().unwrap_or("<unnamed>")))
    });
    Some(frames.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests;
