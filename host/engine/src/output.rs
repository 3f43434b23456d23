//! What a guest prints becomes lines of the log; the end of it words a panic.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use encargo_model::LogLevel;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::last_words::is_rust_note;
use crate::log::Log;

/// A line longer than this is cut before it becomes one.
const LONGEST_LINE: usize = 64 << 10;
/// How many lines are kept to word a panic or an exception: a script's traceback is to arrive whole.
const LAST_LINES: usize = 200;

/// One of the guest's standard streams.
#[derive(Clone)]
pub(crate) struct Output {
    level: LogLevel,
    log: Arc<Log>,
    pending: Arc<Mutex<Vec<u8>>>,
    last: Arc<Mutex<VecDeque<String>>>,
}

impl Output {
    pub(crate) fn new(level: LogLevel, log: &Arc<Log>) -> Self {
        Self { level, log: Arc::clone(log), pending: Arc::default(), last: Arc::default() }
    }

    /// Ends the last line and answers the last lines.
    pub(crate) fn finish(&self) -> Vec<String> {
        let rest = std::mem::take(&mut *lock(&self.pending));
        if !rest.is_empty() {
            self.line(&rest);
        }
        std::mem::take(&mut *lock(&self.last)).into()
    }

    fn line(&self, bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).trim_end_matches('\r').to_owned();
        if is_rust_note(&text) {
            return;
        }
        let mut last = lock(&self.last);
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(text.clone());
        drop(last);
        if !text.is_empty() {
            self.log.line(self.level, &text, &[]);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        let mut pending = lock(&self.pending);
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (text, ends) = part.strip_suffix(b"\n").map_or((part, false), |text| (text, true));
            let room = LONGEST_LINE.saturating_sub(pending.len());
            pending.extend_from_slice(&text[..text.len().min(room)]);
            if ends {
                let line = std::mem::take(&mut *pending);
                self.line(&line);
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(LONGEST_LINE)
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        // Only WASI 0.2 is linked, and that asks for `p2_stream`.
        Box::new(tokio::io::sink())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use encargo_model::{Language, Limits};

    use super::*;
    use crate::host::RunHost;
    use crate::samples::{FakeHost, clock};

    fn output() -> (Arc<FakeHost>, Output) {
        let fake = Arc::new(FakeHost::default());
        let host: Arc<dyn RunHost> = Arc::clone(&fake) as Arc<dyn RunHost>;
        let log = Arc::new(Log::new(&host, &clock(), Language::En, &Limits::default()));
        (fake, Output::new(LogLevel::Warning, &log))
    }

    #[test]
    fn what_is_written_in_pieces_becomes_lines_and_the_last_one_needs_no_end() {
        let (host, output) = output();
        // Its clones write to the same stream.
        for (mut stream, bytes) in [(output.clone(), "one\r\n\ntw"), (output.clone(), "o\n"), (output.clone(), "three")]
        {
            assert!(stream.check_write().is_ok_and(|room| room > 0));
            stream.write(Bytes::from_static(bytes.as_bytes())).unwrap();
            stream.flush().unwrap();
        }
        assert_eq!(host.messages(), ["one", "two"]);
        assert_eq!(output.finish(), ["one", "", "two", "three"]);
        assert_eq!(host.messages(), ["one", "two", "three"]);
        assert!(host.lines.lock().unwrap().iter().all(|line| line.level == LogLevel::Warning));
        assert_eq!((output.finish(), host.messages().len(), output.is_terminal()), (vec![], 3, false));
    }

    #[test]
    fn the_last_lines_are_kept_and_a_long_one_is_cut() {
        let (host, mut output) = output();
        for n in 0..=LAST_LINES {
            output.write(Bytes::from(format!("{n}\n"))).unwrap();
        }
        let kept = output.finish();
        assert_eq!((kept.len(), kept[0].as_str(), host.messages().len()), (LAST_LINES, "1", LAST_LINES + 1));
        output.write(Bytes::from("x".repeat(LONGEST_LINE - 1))).unwrap();
        output.write(Bytes::from_static(b"yz\nnext\n")).unwrap();
        let cut = output.finish();
        assert_eq!((cut[0].len(), cut[0].ends_with("xy"), cut[1].as_str()), (LONGEST_LINE, true, "next"));
    }
}
