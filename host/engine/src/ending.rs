//! Whatever a guest did becomes a report or a failure with its own name.

use encargo_model::{CommandError, ErrorCode, Failure, FailureKind, Report, Signal};
use wasmtime::component::ResourceTableError;
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::bindings::exports::encargo::command::command;
use crate::result::{NoReport, report};
use crate::state::State;

/// An attempt that gave no report.
pub(crate) enum Answer {
    /// The command, or the host before it, answered with an error.
    Refused(CommandError),
    /// The guest was stopped.
    Trapped(wasmtime::Error),
}

pub(crate) fn ending(
    state: &State,
    answer: Result<command::Report, Answer>,
    last_words: &[String],
) -> Result<Report, Failure> {
    // A deadline or a limit cannot be swallowed: the host overrules what the guest returned.
    if let Some(kind) = state.control.reason() {
        let backtrace = match &answer {
            Err(Answer::Trapped(error)) => backtrace(error),
            _ => None,
        };
        return Err(failure(kind, limit_words(state, kind), backtrace));
    }
    match answer {
        Ok(answer) => report(answer, state.job.limits.result_bytes).map_err(|problem| match problem {
            NoReport::TooLarge(bytes) => {
                let limit = state.job.limits.result_bytes;
                failure(
                    FailureKind::ResultLimit,
                    format!("the report has {bytes} bytes; the limit `result_bytes` is {limit}"),
                    None,
                )
            }
            NoReport::Garbage(problem) => failure(
                FailureKind::Garbage,
                format!("the command answered with something that is not a report: {problem}"),
                None,
            ),
        }),
        Err(Answer::Refused(error)) if error.code == ErrorCode::Cancelled => Err(signalled(state, error)),
        // Ctrl-C at a question is no "no".
        Err(Answer::Refused(error)) if error.code == ErrorCode::Refused && state.host.signal().is_some() => {
            Err(signalled(state, error))
        }
        Err(Answer::Refused(error)) => {
            Err(Failure { kind: FailureKind::Command, error: state.explain(error), backtrace: None })
        }
        Err(Answer::Trapped(error)) => Err(trapped(state, &error, last_words)),
    }
}

fn failure(kind: FailureKind, message: String, backtrace: Option<String>) -> Failure {
    let code = match kind {
        FailureKind::WallLimit => ErrorCode::Timeout,
        FailureKind::Interrupted | FailureKind::Terminated => ErrorCode::Cancelled,
        FailureKind::Trap | FailureKind::Exited | FailureKind::Garbage => ErrorCode::Internal,
        _ => ErrorCode::Quota,
    };
    Failure { kind, error: CommandError::new(code, message), backtrace }
}

fn signalled(state: &State, error: CommandError) -> Failure {
    let kind = match state.host.signal() {
        Some(Signal::Terminate) => FailureKind::Terminated,
        Some(Signal::Interrupt) => FailureKind::Interrupted,
        None => FailureKind::Command,
    };
    Failure { kind, error, backtrace: None }
}

fn limit_words(state: &State, kind: FailureKind) -> String {
    let limits = &state.job.limits;
    match kind {
        FailureKind::WallLimit => format!(
            "the run took longer than {} s; --timeout or the limit `wall_seconds` allows more",
            limits.wall_seconds.as_secs_f64()
        ),
        FailureKind::CpuLimit => format!(
            "the run used more than {} s of CPU time, its limit `cpu_seconds`",
            limits.cpu_seconds.as_secs_f64()
        ),
        FailureKind::MemoryLimit => {
            format!("the command asked for more than {} bytes of memory, its limit `memory_bytes`", limits.memory_bytes)
        }
        FailureKind::Interrupted => {
            "the run was interrupted and did not end by itself in time; what was committed stays".to_owned()
        }
        _ => "the run was terminated and did not end by itself in time; what was committed stays".to_owned(),
    }
}

fn trapped(state: &State, error: &wasmtime::Error, last_words: &[String]) -> Failure {
    let stack = backtrace(error);
    if let Some(exit) = error.downcast_ref::<I32Exit>() {
        return failure(
            FailureKind::Exited,
            format!("the command ended its process with code {} and gave no report", exit.0),
            stack,
        );
    }
    if error.downcast_ref::<Trap>() == Some(&Trap::StackOverflow) {
        return failure(
            FailureKind::StackLimit,
            "the command used up its stack: a recursion without end, or too deep for the limit `stack_bytes`"
                .to_owned(),
            stack,
        );
    }
    if matches!(error.downcast_ref::<ResourceTableError>(), Some(ResourceTableError::Full)) {
        let limit = state.job.limits.handles;
        return failure(
            FailureKind::HandlesLimit,
            format!("the command holds more than {limit} transactions, cursors and files open, its limit `handles`"),
            stack,
        );
    }
    // wasmtime keeps the type of this error to itself; its words are pinned by the misbehave test.
    let words = format!("{error:#}");
    if words.contains("allocated for hostcalls") {
        let limit = state.job.limits.hostcall_bytes;
        return failure(
            FailureKind::HostcallLimit,
            format!("the command handed more than {limit} bytes to one call, its limit `hostcall_bytes`"),
            stack,
        );
    }
    let message = match panic_words(last_words) {
        Some(words) => format!("the command panicked: {words}"),
        None => {
            let trap = error.downcast_ref::<Trap>().map_or_else(|| error.root_cause().to_string(), ToString::to_string);
            format!("the command was stopped by a trap: {trap}")
        }
    };
    failure(FailureKind::Trap, message, stack)
}

/// The message and the place of a Rust panic, which the guest printed on its standard error.
fn panic_words(last_words: &[String]) -> Option<String> {
    let at = last_words.iter().rposition(|line| line.contains("panicked at "))?;
    let place = last_words[at].split_once("panicked at ")?.1.trim_end_matches(':');
    let message = last_words.get(at + 1).map_or("", String::as_str);
    Some(format!("{message} ({place})"))
}

fn backtrace(error: &wasmtime::Error) -> Option<String> {
    let backtrace = error.downcast_ref::<WasmBacktrace>()?;
    let frames = backtrace.frames().iter().enumerate().map(|(at, frame)| {
        format!("{at:>4}: {:#}", rustc_demangle::demangle(frame.func_name().unwrap_or("<unnamed>")))
    });
    Some(frames.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_worded_with_its_place() {
        let lines = ["", "thread '<unnamed>' panicked at src/lib.rs:3:5:", "boom", "note: run with"].map(str::to_owned);
        assert_eq!(panic_words(&lines), Some("boom (src/lib.rs:3:5)".to_owned()));
        assert_eq!(panic_words(&["fine".to_owned()]), None);
    }
}
