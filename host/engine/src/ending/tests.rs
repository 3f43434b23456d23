//! Every way in which an attempt ends, without a guest.

use std::time::Duration;

use encargo_model::Exit;

use super::*;
use crate::samples::{answer, job};

fn facts<'a>(job: &'a Job, reason: Option<FailureKind>, signal: Option<Signal>) -> Facts<'a> {
    Facts { job, reason, signal, last_words: &[] }
}

/// How it ended: the kind, the exit code, the error's code and its words.
fn of(facts: &Facts<'_>, answer: Result<command::Report, Answer>) -> (FailureKind, Exit, ErrorCode, String) {
    let failure = ending(facts, answer).expect_err("it gave no report");
    let exit = failure.exit();
    (failure.kind, exit, failure.error.code, failure.error.message)
}

fn trap(error: impl Into<wasmtime::Error>) -> Result<command::Report, Answer> {
    Err(Answer::Trapped(error.into()))
}

fn error(code: ErrorCode) -> Result<command::Report, Answer> {
    Err(Answer::Refused(CommandError::new(code, "the command's own words")))
}

#[test]
fn the_host_overrules_whatever_the_guest_answered() {
    let mut job = job();
    job.limits.wall_seconds = Duration::from_millis(1_500);
    job.limits.cpu_seconds = Duration::from_secs(7);
    job.limits.memory_bytes = 123;
    job.limits.transaction_seconds = Duration::from_millis(2_500);
    for (reason, exit, code, words) in [
        (FailureKind::WallLimit, Exit::TimedOut, ErrorCode::Timeout, "longer than 1.5 s"),
        (FailureKind::CpuLimit, Exit::Sandbox, ErrorCode::Quota, "more than 7 s of CPU time"),
        (FailureKind::MemoryLimit, Exit::Sandbox, ErrorCode::Quota, "more than 123 bytes of memory"),
        (FailureKind::TransactionLimit, Exit::Sandbox, ErrorCode::Quota, "was open for longer than 2.5 s"),
        (FailureKind::OutOfMemory, Exit::Failed, ErrorCode::Unavailable, "the machine has no memory left"),
        (FailureKind::Interrupted, Exit::Interrupted, ErrorCode::Cancelled, "was interrupted and did not end"),
        (FailureKind::Terminated, Exit::Terminated, ErrorCode::Cancelled, "was terminated and did not end"),
    ] {
        for answer in [Ok(answer()), error(ErrorCode::Denied), trap(I32Exit(0)), trap(Trap::StackOverflow)] {
            // A signal of another kind does not change why the host ended it.
            let (kind, ends, error, message) = of(&facts(&job, Some(reason), Some(Signal::Interrupt)), answer);
            assert_eq!((kind, ends, error), (reason, exit, code));
            assert!(message.contains(words), "{message}");
        }
    }
}

#[test]
fn a_report_is_a_report_unless_it_is_too_large_or_none() {
    let mut job = job();
    assert_eq!(ending(&facts(&job, None, Some(Signal::Interrupt)), Ok(answer())).unwrap().summary, "done");
    let garbage = command::Report { details: Some("{".to_owned()), ..answer() };
    let (kind, exit, code, message) = of(&facts(&job, None, None), Ok(garbage));
    assert_eq!((kind, exit, code), (FailureKind::Garbage, Exit::Failed, ErrorCode::Internal));
    assert!(message.contains("its details are not JSON"), "{message}");
    job.limits.result_bytes = 3;
    let (kind, exit, code, message) = of(&facts(&job, None, None), Ok(answer()));
    assert_eq!((kind, exit, code), (FailureKind::ResultLimit, Exit::Sandbox, ErrorCode::Quota));
    assert_eq!(message, "the report has 6 bytes; the limit `result_bytes` is 3");
}

#[test]
fn a_command_that_ends_on_a_signal_was_ended_by_it() {
    let job = job();
    for (code, signal, kind, exit) in [
        (ErrorCode::Cancelled, Some(Signal::Interrupt), FailureKind::Interrupted, Exit::Interrupted),
        (ErrorCode::Cancelled, Some(Signal::Terminate), FailureKind::Terminated, Exit::Terminated),
        (ErrorCode::Cancelled, None, FailureKind::Command, Exit::Interrupted),
        (ErrorCode::Refused, Some(Signal::Interrupt), FailureKind::Interrupted, Exit::Interrupted),
        (ErrorCode::Refused, Some(Signal::Terminate), FailureKind::Terminated, Exit::Terminated),
        (ErrorCode::Refused, None, FailureKind::Command, Exit::Refused),
        (ErrorCode::Unique, Some(Signal::Interrupt), FailureKind::Command, Exit::Failed),
        (ErrorCode::NotFound, None, FailureKind::Command, Exit::NotFound),
    ] {
        let (ended, ends, error, message) = of(&facts(&job, None, signal), error(code));
        assert_eq!((ended, ends, error), (kind, exit, code), "{code:?} {signal:?}");
        assert_eq!(message, "the command's own words");
    }
}

#[test]
fn every_trap_has_the_name_of_what_it_was() {
    let mut job = job();
    (job.limits.handles, job.limits.hostcall_bytes) = (77, 88);
    let no_memory = || wasmtime::Error::from(std::io::Error::from_raw_os_error(12)).context("mmap failed");
    let fuel = || wasmtime::Error::msg("too much data allocated for hostcalls").context("in a call");
    for (trapped, kind, exit, words) in [
        (trap(I32Exit(0)), FailureKind::Exited, Exit::Failed, "ended its process with code 0 and gave no report"),
        (trap(I32Exit(7)), FailureKind::Exited, Exit::Failed, "with code 7"),
        (trap(Trap::StackOverflow), FailureKind::StackLimit, Exit::Sandbox, "`stack_bytes`"),
        (trap(ResourceTableError::Full), FailureKind::HandlesLimit, Exit::Sandbox, "more than 77"),
        (trap(fuel()), FailureKind::HostcallLimit, Exit::Sandbox, "more than 88 bytes to one call"),
        (trap(no_memory()), FailureKind::OutOfMemory, Exit::Failed, "the machine has no memory left"),
        (trap(Trap::UnreachableCodeReached), FailureKind::Trap, Exit::Failed, "stopped by a trap: wasm"),
        (trap(ResourceTableError::NotPresent), FailureKind::Trap, Exit::Failed, "stopped by a trap: "),
        (trap(wasmtime::Error::msg("root").context("top")), FailureKind::Trap, Exit::Failed, "by a trap: root"),
    ] {
        let (ended, ends, code, message) = of(&facts(&job, None, Some(Signal::Interrupt)), trapped);
        assert_eq!((ended, ends), (kind, exit), "{message}");
        assert!(message.contains(words), "{message}");
        let expected = match kind {
            FailureKind::Exited | FailureKind::Trap => ErrorCode::Internal,
            FailureKind::OutOfMemory => ErrorCode::Unavailable,
            _ => ErrorCode::Quota,
        };
        assert_eq!(code, expected, "{message}");
    }
}

#[test]
fn a_panic_and_a_scripts_exception_are_worded_with_their_place() {
    let job = job();
    let lines = ["", "thread '<unnamed>' panicked at src/lib.rs:3:5:", "boom", "note: run with"].map(str::to_owned);
    let panicked = Facts { last_words: &lines, ..facts(&job, None, None) };
    let message = of(&panicked, trap(Trap::UnreachableCodeReached)).3;
    assert_eq!(message, "the command panicked: boom (src/lib.rs:3:5)");
    let script = ["Error: no rows", "    at run (app.js:12:7)"].map(str::to_owned);
    let raised = Facts { last_words: &script, ..facts(&job, None, None) };
    let failure = ending(&raised, trap(Trap::UnreachableCodeReached)).unwrap_err();
    assert_eq!(failure.error.message, "the script failed: Error: no rows (app.js:12:7)");
    assert_eq!(failure.backtrace.as_deref(), Some("Error: no rows\n    at run (app.js:12:7)"));
}

/// A real trap, with the guest's own stack.
fn trapped() -> wasmtime::Error {
    use wasm_encoder::{CodeSection, ExportKind, ExportSection, Function, FunctionSection, Module, TypeSection};
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut functions, mut exports, mut code) = (FunctionSection::new(), ExportSection::new(), CodeSection::new());
    functions.function(0);
    exports.export("f", ExportKind::Func, 0);
    let mut body = Function::new([]);
    body.instructions().unreachable().end();
    code.function(&body);
    let mut module = Module::new();
    module.section(&types).section(&functions).section(&exports).section(&code);
    let engine = wasmtime::Engine::default();
    let module = wasmtime::Module::new(&engine, module.finish()).unwrap();
    let mut store = wasmtime::Store::new(&engine, ());
    let instance = wasmtime::Instance::new(&mut store, &module, &[]).unwrap();
    instance.get_typed_func::<(), ()>(&mut store, "f").unwrap().call(&mut store, ()).unwrap_err()
}

#[test]
fn the_stack_of_a_guest_that_was_stopped_is_kept_whoever_stopped_it() {
    let job = job();
    for reason in [None, Some(FailureKind::WallLimit)] {
        let failure = ending(&facts(&job, reason, None), trap(trapped())).unwrap_err();
        assert_eq!(failure.backtrace.as_deref(), Some("   0: <unnamed>"), "{reason:?}");
        assert_eq!(ending(&facts(&job, reason, None), trap(I32Exit(0))).unwrap_err().backtrace, None);
    }
}

#[test]
fn a_report_of_what_was_done_till_the_signal_has_its_exit_code_and_none_without_a_signal() {
    let job = job();
    let told = |signal| {
        let cancelled = command::Report { outcome: "cancelled".to_owned(), ..answer() };
        ending(&facts(&job, None, signal), Ok(cancelled)).map(|report| (report.outcome, report.summary))
    };
    assert_eq!(told(Some(Signal::Interrupt)), Ok((Outcome::Interrupted, "done".to_owned())));
    assert_eq!(told(Some(Signal::Terminate)), Ok((Outcome::Terminated, "done".to_owned())));
    let failure = told(None).expect_err("nobody asked");
    assert_eq!((failure.kind, failure.exit()), (FailureKind::Garbage, Exit::Failed));
    // Who was done when the signal came is done.
    let done = ending(&facts(&job, None, Some(Signal::Interrupt)), Ok(answer()));
    assert_eq!(done.map(|report| report.outcome), Ok(Outcome::Ok));
}
