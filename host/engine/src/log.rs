//! The run's log: what a guest writes to it, within its limits.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use encargo_model::{Clock, Language, Limits, LogLevel, LogLine, Text, text};

use crate::host::RunHost;
use crate::rate::Rate;

/// Cuts long lines, and counts what comes past a limit instead of keeping it.
pub(crate) struct Log {
    host: Arc<dyn RunHost>,
    clock: Arc<dyn Clock>,
    /// The language of the run.
    language: Language,
    line_bytes: usize,
    limit: u64,
    used: AtomicU64,
    /// Lines past the limit of bytes.
    dropped: AtomicU64,
    lines_per_second: u64,
    rate: Mutex<Rate>,
    /// Lines past the rate.
    too_fast: AtomicU64,
}

impl Log {
    pub(crate) fn new(host: &Arc<dyn RunHost>, clock: &Arc<dyn Clock>, language: Language, limits: &Limits) -> Self {
        Self {
            host: Arc::clone(host),
            clock: Arc::clone(clock),
            language,
            line_bytes: usize::try_from(limits.log_line_bytes).unwrap_or(usize::MAX),
            limit: limits.log_bytes,
            used: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            lines_per_second: limits.log_lines_per_second,
            rate: Mutex::new(Rate::new(limits.log_lines_per_second, limits.log_burst_lines)),
            too_fast: AtomicU64::new(0),
        }
    }

    pub(crate) fn line(&self, level: LogLevel, message: &str, fields: &[(String, String)]) {
        let bytes = message.len() + fields.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>();
        let bytes = bytes.min(self.line_bytes);
        if self.used.load(Ordering::Relaxed) + bytes as u64 > self.limit {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let at = self.clock.now();
        if !self.rate().take(at) {
            self.too_fast.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.used.fetch_add(bytes as u64, Ordering::Relaxed);
        let fields = fields.iter().map(|(key, value)| (key.clone(), self.cut(value))).collect();
        self.host.log(LogLine { at, level, message: self.cut(message), fields });
    }

    /// Says how many lines were not kept, for each limit once; the run is over.
    pub(crate) fn finish(&self) {
        let count = |dropped: &AtomicU64| Some(dropped.load(Ordering::Relaxed)).filter(|&dropped| dropped > 0);
        if let Some(dropped) = count(&self.too_fast) {
            self.warn(&text!(
                "the log was given more than {} lines a second: {dropped} more lines were counted and not kept",
                "el registro recibió más de {} líneas por segundo: {dropped} líneas más se contaron y no se guardaron";
                self.lines_per_second
            ));
        }
        if let Some(dropped) = count(&self.dropped) {
            self.warn(&text!(
                "the log reached its limit of {} bytes: {dropped} more lines were counted and not kept",
                "el registro llegó a su límite de {} bytes: {dropped} líneas más se contaron y no se guardaron";
                self.limit
            ));
        }
    }

    fn warn(&self, message: &Text) {
        let message = message.get(self.language).to_owned();
        self.host.log(LogLine { at: self.clock.now(), level: LogLevel::Warning, message, fields: Vec::new() });
    }

    /// How many lines of the burst were used up at a time.
    pub(crate) fn burst(&self) -> u64 {
        self.rate().peak()
    }

    fn rate(&self) -> MutexGuard<'_, Rate> {
        self.rate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn cut(&self, text: &str) -> String {
        let end = text.floor_char_boundary(self.line_bytes);
        let kept = &text[..end];
        if end == text.len() {
            return kept.to_owned();
        }
        let cut = text!("{kept}… ({} more bytes)", "{kept}… ({} bytes más)"; text.len() - end);
        cut.get(self.language).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{FakeHost, clock};

    fn log(line_bytes: u64, limit: u64) -> (Arc<FakeHost>, Log) {
        let fake = Arc::new(FakeHost::default());
        let host: Arc<dyn RunHost> = Arc::clone(&fake) as Arc<dyn RunHost>;
        let limits = Limits { log_line_bytes: line_bytes, log_bytes: limit, ..Limits::default() };
        (fake, Log::new(&host, &clock(), Language::En, &limits))
    }

    #[test]
    fn lines_are_kept_up_to_the_last_byte_of_the_limit_and_then_counted() {
        let (host, log) = log(100, 10);
        log.line(LogLevel::Info, "12345", &[]);
        log.line(LogLevel::Info, "1", &[("abc".to_owned(), "d".to_owned())]);
        assert_eq!(log.used(), 10);
        log.line(LogLevel::Info, "x", &[]);
        log.line(LogLevel::Info, "", &[]);
        log.line(LogLevel::Info, "y", &[]);
        assert_eq!((log.used(), host.messages()), (10, ["12345", "1", ""].map(str::to_owned).to_vec()));
        log.finish();
        let last = host.messages().pop();
        let words = "the log reached its limit of 10 bytes: 2 more lines were counted and not kept";
        assert_eq!(last.as_deref(), Some(words));
        let lines = host.lines.lock().unwrap();
        assert_eq!(lines[1].fields, [("abc".to_owned(), "d".to_owned())]);
        assert!(lines.iter().all(|line| line.at == clock().now()));
        assert_eq!((lines[0].level, lines[3].level), (LogLevel::Info, LogLevel::Warning));
    }

    #[test]
    fn a_log_within_its_limit_says_nothing_at_the_end() {
        let (host, log) = log(100, 10);
        log.finish();
        assert_eq!(host.messages(), Vec::<String>::new());
    }

    #[test]
    fn lines_past_the_rate_are_counted_and_cost_no_bytes() {
        let fake = Arc::new(FakeHost::default());
        let host: Arc<dyn RunHost> = Arc::clone(&fake) as Arc<dyn RunHost>;
        let limits = Limits { log_lines_per_second: 7, log_burst_lines: 2, ..Limits::default() };
        let log = Log::new(&host, &clock(), Language::Es, &limits);
        ["a", "b", "c", "d", "e"].iter().for_each(|line| log.line(LogLevel::Info, line, &[]));
        log.finish();
        let words = "el registro recibió más de 7 líneas por segundo: 3 líneas más se contaron y no se guardaron";
        assert_eq!((fake.messages(), log.used(), log.burst()), (["a", "b", words].map(str::to_owned).to_vec(), 2, 2));
    }

    #[test]
    fn a_long_line_is_cut_between_characters_and_costs_what_is_kept() {
        let (host, log) = log(4, 100);
        log.line(LogLevel::Info, "abcd", &[]);
        log.line(LogLevel::Info, "abc\u{e9}\u{1b}", &[("key\u{7}".to_owned(), "valued".to_owned())]);
        assert_eq!(host.messages(), ["abcd", "abc… (3 more bytes)"]);
        let fields = host.lines.lock().unwrap()[1].fields.clone();
        assert_eq!(fields, [("key\u{7}".to_owned(), "valu… (2 more bytes)".to_owned())]);
        assert_eq!(log.used(), 8);
    }
}
