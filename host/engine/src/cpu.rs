//! The CPU time of a run's thread: by the thread's own clock, and from outside by what /proc tells of it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// How many ticks of `stat` are a second; Linux tells every process this number, whatever the kernel's own is.
const TICKS_PER_SECOND: u64 = 100;

/// The clock of the thread that started it; it must be read on that thread.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadClock {
    before: Duration,
}

/// A thread's CPU time, seen from another one.
#[derive(Debug)]
pub(crate) struct ThreadTime {
    folder: PathBuf,
    before: Duration,
}

impl ThreadClock {
    pub(crate) fn start() -> Self {
        Self { before: own() }
    }

    /// What the thread has used since the start.
    pub(crate) fn used(self) -> Duration {
        own().saturating_sub(self.before)
    }
}

impl ThreadTime {
    /// The time of the calling thread.
    pub(crate) fn of_this_thread() -> Self {
        let thread = rustix::thread::gettid().as_raw_nonzero();
        Self { folder: PathBuf::from(format!("/proc/self/task/{thread}")), before: own() }
    }

    /// What the thread has used since then; none where /proc is not there.
    pub(crate) fn used(&self) -> Option<Duration> {
        let read = |name| fs::read_to_string(self.folder.join(name)).ok();
        // Kernels without scheduler statistics have the coarser file only.
        let now = read("schedstat").as_deref().and_then(schedstat).or_else(|| stat(&read("stat")?))?;
        Some(now.saturating_sub(self.before))
    }
}

/// Whether a run's CPU time can be seen while it waits in a call of the host, and not in its own code alone.
pub fn cpu_is_seen() -> bool {
    ThreadTime::of_this_thread().used().is_some()
}

fn own() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Its first number is nanoseconds on the CPU; a kernel that keeps no statistics writes zeros.
fn schedstat(text: &str) -> Option<Duration> {
    text.split(' ').next()?.parse().ok().filter(|&on_cpu| on_cpu > 0).map(Duration::from_nanos)
}

/// Ticks in user mode and in the kernel, the 12th and 13th word behind the name, which is in parentheses.
fn stat(text: &str) -> Option<Duration> {
    let mut words = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system) = (words.next()?.parse::<u64>().ok()?, words.next()?.parse::<u64>().ok()?);
    Some(Duration::from_millis((user + system) * 1_000 / TICKS_PER_SECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_schedstat_is_the_time_on_the_cpu() {
        assert_eq!(schedstat("1500000 20 3\n"), Some(Duration::from_micros(1_500)));
        for nothing in ["", "0 0 0\n", "none"] {
            assert_eq!(schedstat(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn stat_counts_user_and_kernel_ticks_behind_whatever_name() {
        let text = "42 (a ) name) R 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20";
        assert_eq!(stat(text), Some(Duration::from_secs(2)));
        assert_eq!(stat("42 (short) R 1"), None);
    }

    #[test]
    fn both_files_of_a_thread_tell_about_the_same() {
        let (spin, seen) = (ThreadClock::start(), ThreadTime::of_this_thread());
        while spin.used() < Duration::from_millis(60) {}
        let folder = ThreadTime::of_this_thread().folder;
        let coarse = stat(&fs::read_to_string(folder.join("stat")).unwrap()).unwrap();
        assert!(coarse >= Duration::from_millis(10), "{coarse:?}");
        assert!(seen.used().is_some_and(|used| used >= Duration::from_millis(10)), "{:?}", seen.used());
        assert!(cpu_is_seen());
    }
}
