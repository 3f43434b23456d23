//! What SQLite may take of the machine for one run: memory, and disk for what does not fit into it.
//!
//! SQLite's own heap limit is one for the whole process: a statement that runs into it would take the memory of every
//! other run too. So its allocator is wrapped, and each thread has a limit and counts for itself; a run has its thread.
//! Past the limit SQLite gets no memory, which it answers as `SQLITE_NOMEM`, on that connection alone. SQLite's own
//! statistics, with a lock on every allocation, are off.
#![expect(unsafe_code, reason = "an allocator of a C library is a table of C functions; each says why it is sound")]

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::sync::OnceLock;

use libsqlite3_sys as ffi;

/// What a statement may take while it is compiled. What doubles at every step is stopped by it within a fifth of a second.
const COMPILING: u64 = 24 << 20;

/// One thing that is counted and limited.
struct Counter {
    used: Cell<u64>,
    limit: Cell<u64>,
    peak: Cell<u64>,
    /// Whether something was refused since this was last asked.
    refused: Cell<bool>,
}

impl Counter {
    const fn new() -> Self {
        Self { used: Cell::new(0), limit: Cell::new(u64::MAX), peak: Cell::new(0), refused: Cell::new(false) }
    }

    /// Whether so much more fits.
    fn allows(&self, more: u64) -> bool {
        let allows = self.used.get().saturating_add(more) <= self.limit.get();
        if !allows {
            self.refused.set(true);
        }
        allows
    }

    fn add(&self, more: u64) {
        let used = self.used.get().saturating_add(more);
        self.used.set(used);
        if used > self.peak.get() {
            self.peak.set(used);
        }
    }

    /// What another thread took may be given back here, so it saturates.
    fn give_back(&self, less: u64) {
        self.used.set(self.used.get().saturating_sub(less));
    }
}

thread_local! {
    static MEMORY: Counter = const { Counter::new() };
    static DISK: Counter = const { Counter::new() };
}

/// The most that a thread's SQLite took, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Peaks {
    /// Of memory.
    pub memory: u64,
    /// Of temporary files.
    pub temporary: u64,
}

/// The most that SQLite took on this thread since [`forget_peaks`].
pub fn peaks() -> Peaks {
    Peaks { memory: MEMORY.with(|counter| counter.peak.get()), temporary: DISK.with(|counter| counter.peak.get()) }
}

/// Begins to look for the peaks anew, as a run does at its start.
pub fn forget_peaks() {
    MEMORY.with(|counter| counter.peak.set(counter.used.get()));
    DISK.with(|counter| counter.peak.set(counter.used.get()));
}

/// Sets what SQLite may take on this thread from now on.
pub(super) fn limit(memory: u64, temporary: u64) {
    MEMORY.with(|counter| counter.limit.set(memory));
    DISK.with(|counter| counter.limit.set(temporary));
}

/// Does what compiles a statement within the memory that this may take.
pub(super) fn compiling<T>(compile: impl FnOnce() -> T) -> T {
    let limit = MEMORY.with(|counter| {
        let limit = counter.limit.get();
        counter.limit.set(limit.min(counter.used.get().saturating_add(COMPILING)));
        limit
    });
    let compiled = compile();
    MEMORY.with(|counter| counter.limit.set(limit));
    compiled
}

/// Whether a temporary file was kept from growing since this was last asked.
pub(super) fn was_disk_refused() -> bool {
    DISK.with(|counter| counter.refused.replace(false))
}

/// Counts a temporary file's growth; false when it may not grow so far.
pub(super) fn grow_disk(more: u64) -> bool {
    DISK.with(|counter| {
        let allows = counter.allows(more);
        if allows {
            counter.add(more);
        }
        allows
    })
}

/// Counts what a temporary file gave back.
pub(super) fn shrink_disk(less: u64) {
    DISK.with(|counter| counter.give_back(less));
}

/// SQLite's own allocator, which does the work.
static ORIGINAL: OnceLock<Original> = OnceLock::new();

struct Original {
    allocate: unsafe extern "C" fn(c_int) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
    grow: unsafe extern "C" fn(*mut c_void, c_int) -> *mut c_void,
    size: unsafe extern "C" fn(*mut c_void) -> c_int,
}

/// Puts the counting allocator into place, once, and answers whether it is there. It must come before the first use of
/// SQLite in the process: afterwards SQLite keeps the allocator that it has.
pub fn bound_memory() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let mut methods = MaybeUninit::<ffi::sqlite3_mem_methods>::zeroed();
        // SAFETY: GETMALLOC fills the one structure that it is given. All fields are nullable, so zeroes are a value.
        let mut methods = unsafe {
            if ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETMALLOC, methods.as_mut_ptr()) != ffi::SQLITE_OK {
                return false;
            }
            methods.assume_init()
        };
        let (Some(allocate), Some(free), Some(grow), Some(size)) =
            (methods.xMalloc, methods.xFree, methods.xRealloc, methods.xSize)
        else {
            return false;
        };
        if ORIGINAL.set(Original { allocate, free, grow, size }).is_err() {
            return false;
        }
        methods.xMalloc = Some(counted_allocate);
        methods.xFree = Some(counted_free);
        methods.xRealloc = Some(counted_grow);
        let off: c_int = 0;
        // SAFETY: SQLite copies the structure. Once it is initialised both calls answer SQLITE_MISUSE and do nothing.
        unsafe {
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &raw mut methods) == ffi::SQLITE_OK
                && ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, off) == ffi::SQLITE_OK
        }
    })
}

/// The allocator that ours calls. SQLite calls ours only after it was set.
fn original() -> &'static Original {
    ORIGINAL.get().expect("the counting allocator is put into place after the one that it counts for")
}

fn bytes(size: c_int) -> u64 {
    u64::try_from(size).unwrap_or(0)
}

unsafe extern "C" fn counted_allocate(size: c_int) -> *mut c_void {
    let original = original();
    if !MEMORY.with(|counter| counter.allows(bytes(size))) {
        return std::ptr::null_mut();
    }
    // SAFETY: SQLite keeps to its allocator's rules: a size above zero, a pointer that it got here and has not freed;
    // all three functions hand these on.
    unsafe {
        let taken = (original.allocate)(size);
        if !taken.is_null() {
            MEMORY.with(|counter| counter.add(bytes((original.size)(taken))));
        }
        taken
    }
}

unsafe extern "C" fn counted_free(taken: *mut c_void) {
    let original = original();
    // SAFETY: see `counted_allocate`.
    unsafe {
        MEMORY.with(|counter| counter.give_back(bytes((original.size)(taken))));
        (original.free)(taken);
    }
}

unsafe extern "C" fn counted_grow(taken: *mut c_void, size: c_int) -> *mut c_void {
    let original = original();
    // SAFETY: see `counted_allocate`. When it cannot grow, the old memory stays as it was.
    unsafe {
        let before = bytes((original.size)(taken));
        if !MEMORY.with(|counter| counter.allows(bytes(size).saturating_sub(before))) {
            return std::ptr::null_mut();
        }
        let grown = (original.grow)(taken, size);
        if !grown.is_null() {
            MEMORY.with(|counter| {
                counter.give_back(before);
                counter.add(bytes((original.size)(grown)));
            });
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_has_a_limit_and_a_peak() {
        let counter = Counter::new();
        counter.limit.set(10);
        assert!(counter.allows(10) && !counter.refused.get());
        counter.add(8);
        assert!(!counter.allows(3) && counter.refused.replace(false));
        assert!(counter.allows(2));
        counter.give_back(9);
        assert_eq!((counter.used.get(), counter.peak.get()), (0, 8));
    }

    #[test]
    fn the_peaks_are_looked_for_anew_from_what_is_in_use() {
        for counter in [&MEMORY, &DISK] {
            counter.with(|counter| counter.peak.set(counter.used.get() + 1_000));
        }
        forget_peaks();
        let used = |counter: &'static std::thread::LocalKey<Counter>| counter.with(|counter| counter.used.get());
        assert_eq!(peaks(), Peaks { memory: used(&MEMORY), temporary: used(&DISK) });
    }

    #[test]
    fn one_threads_limit_is_not_anothers() {
        assert!(bound_memory());
        let length = || -> rusqlite::Result<i64> {
            let connection = rusqlite::Connection::open_in_memory()?;
            connection.query_row("SELECT length(hex(zeroblob(4000000)))", [], |row| row.get(0))
        };
        std::thread::scope(|scope| {
            let bounded = scope.spawn(|| {
                limit(2 << 20, 0);
                (length().unwrap_err().sqlite_error_code(), peaks().memory)
            });
            let (code, peak) = bounded.join().unwrap();
            assert_eq!(code, Some(rusqlite::ErrorCode::OutOfMemory));
            assert!(peak > 0 && peak <= 2 << 20, "{peak}");
            let free = scope.spawn(|| (length().unwrap(), peaks().memory));
            let (length, peak) = free.join().unwrap();
            assert_eq!(length, 8_000_000);
            assert!(peak > 8_000_000, "{peak}");
        });
        // SAFETY: it takes nothing but a flag and answers a number, which stays zero where no statistics are kept.
        assert_eq!(unsafe { ffi::sqlite3_memory_highwater(0) }, 0);
    }
}
