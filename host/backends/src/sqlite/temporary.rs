//! Temporary files of SQLite: where they lie, and how large they may become.
//!
//! A sort or a set that does not fit into memory goes into files that no limit of SQLite's own covers: an endless
//! `ORDER BY` wrote 3.6 GB in four seconds. They are opened through a layer around SQLite's own one that counts what they
//! hold for the run's thread and answers "full" past its limit. Every other file is opened as if the layer were not there.
//! They lie beside the database and are removed from their folder as soon as they are open.
#![expect(unsafe_code, reason = "a file system for a C library is a table of C functions; each says why it is sound")]

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::mem::size_of;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use libsqlite3_sys as ffi;

use super::budget;

/// What SQLite knows the layer by.
pub(super) const NAME: &CStr = c"encargo";
/// The kinds of files that go away with their statement or connection.
const TEMPORARY: c_int = ffi::SQLITE_OPEN_TEMP_DB
    | ffi::SQLITE_OPEN_TRANSIENT_DB
    | ffi::SQLITE_OPEN_TEMP_JOURNAL
    | ffi::SQLITE_OPEN_SUBJOURNAL;

thread_local! {
    static FOLDER: RefCell<PathBuf> = const { RefCell::new(PathBuf::new()) };
}

/// The layer below, which does the work. It lives as long as the process.
static BELOW: OnceLock<Below> = OnceLock::new();

struct Below(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite itself uses its layers from every thread, and nothing changes this one after its registration.
unsafe impl Send for Below {}
// SAFETY: as above.
unsafe impl Sync for Below {}

/// A temporary file: what SQLite knows of it, followed by the file of the layer below.
#[repr(C)]
struct File {
    methods: *const ffi::sqlite3_io_methods,
    /// Its name as long as it is open, from `CString::into_raw`, or null where the layer below chose it.
    name: *mut c_char,
    /// Where its last written byte ends.
    end: i64,
}

/// Says in which folder this thread's temporary files lie from now on.
pub(super) fn lie_in(folder: &Path) {
    FOLDER.with_borrow_mut(|path| {
        if path != folder {
            folder.clone_into(path);
        }
    });
}

/// Makes the layer known to SQLite, once; whether it is.
pub(super) fn install() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        // SAFETY: SQLite answers its default layer, which is static, or null. Ours is a copy with three fields
        // changed: its other functions do not look at which layer they are called for. It is never freed.
        unsafe {
            let below = ffi::sqlite3_vfs_find(ptr::null());
            if below.is_null() || BELOW.set(Below(below)).is_err() {
                return false;
            }
            let mut layer = *below;
            layer.zName = NAME.as_ptr();
            layer.pNext = ptr::null_mut();
            layer.szOsFile += c_int::try_from(size_of::<File>()).unwrap_or(0);
            layer.xOpen = Some(open);
            ffi::sqlite3_vfs_register(Box::into_raw(Box::new(layer)), 0) == ffi::SQLITE_OK
        }
    })
}

fn below() -> *mut ffi::sqlite3_vfs {
    BELOW.get().expect("the layer is registered after the one below it was found").0
}

/// A name in the thread's folder that no other file has. `None` where no folder was said.
fn name() -> Option<CString> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let folder = FOLDER.try_with(|folder| folder.borrow().clone()).ok().filter(|folder| folder.is_absolute())?;
    let path = folder.join(format!(".encargo-sort-{}-{number}.tmp", std::process::id()));
    CString::new(path.as_os_str().as_bytes()).ok()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    given: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let below = below();
    // SAFETY: SQLite hands `szOsFile` bytes, which are enough for `File` and the file below; that one begins aligned,
    // as `File` has only pointers and 64-bit numbers. The layer below gets its own pointer and arguments as given.
    unsafe {
        let Some(open) = (*below).xOpen else { return ffi::SQLITE_CANTOPEN };
        if flags & TEMPORARY == 0 {
            return open(below, given, file, flags, out);
        }
        let file = file.cast::<File>();
        (*file).methods = ptr::null();
        let inner = inner(file);
        let mut name =
            if given.is_null() { name().map_or(ptr::null_mut(), CString::into_raw) } else { ptr::null_mut() };
        (*inner).pMethods = ptr::null();
        let chosen = if name.is_null() { given } else { name.cast_const() };
        let mut code = open(below, chosen, inner, flags, out);
        if code != ffi::SQLITE_OK && !name.is_null() {
            // A folder that cannot be written, as of a read-only disk: SQLite finds one.
            forget(name);
            name = ptr::null_mut();
            (*inner).pMethods = ptr::null();
            code = open(below, given, inner, flags, out);
        }
        if (*inner).pMethods.is_null() {
            forget(name);
            return code;
        }
        ptr::write(file, File { methods: &raw const METHODS, name, end: 0 });
        code
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without memory maps and shared memory, which temporary files have no use for.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// The file of the layer below.
///
/// # Safety
/// `file` is followed by the bytes of that file, as in `open`.
unsafe fn inner(file: *mut File) -> *mut ffi::sqlite3_file {
    unsafe { file.add(1).cast() }
}

/// # Safety
/// `name` is null or of `CString::into_raw`, and not used again.
unsafe fn forget(name: *mut c_char) {
    if !name.is_null() {
        drop(unsafe { CString::from_raw(name) });
    }
}

/// Calls a method of the file below. Every file of the layer below has all methods of the first version.
macro_rules! below {
    ($file:ident, $method:ident $(, $argument:expr)*) => {{
        // SAFETY: SQLite calls these methods only on a file that `open` made and that is not closed yet, with
        // arguments that fit the method.
        unsafe {
            let inner = inner($file.cast());
            match (*(*inner).pMethods).$method {
                Some(method) => method(inner $(, $argument)*),
                None => ffi::SQLITE_IOERR,
            }
        }
    }};
}

/// Counts that the file ends here now; false when it may not be so long.
///
/// # Safety
/// `file` is one that `open` made.
unsafe fn ends_at(file: *mut ffi::sqlite3_file, end: i64) -> bool {
    let file = file.cast::<File>();
    let before = unsafe { (*file).end };
    let difference = before.abs_diff(end);
    if end < before {
        budget::shrink_disk(difference);
    } else if !budget::grow_disk(difference) {
        return false;
    }
    unsafe { (*file).end = end };
    true
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let code = below!(file, xClose);
    // SAFETY: see `below!`; after this call SQLite does not use the file again.
    unsafe {
        ends_at(file, 0);
        forget((*file.cast::<File>()).name);
    }
    code
}

unsafe extern "C" fn read(file: *mut ffi::sqlite3_file, to: *mut c_void, length: c_int, at: i64) -> c_int {
    below!(file, xRead, to, length, at)
}

unsafe extern "C" fn write(file: *mut ffi::sqlite3_file, from: *const c_void, length: c_int, at: i64) -> c_int {
    let end = at.saturating_add(i64::from(length));
    // SAFETY: see `below!`.
    let fits = unsafe { end <= (*file.cast::<File>()).end || ends_at(file, end) };
    if fits { below!(file, xWrite, from, length, at) } else { ffi::SQLITE_FULL }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: see `below!`.
    unsafe {
        if length < (*file.cast::<File>()).end {
            ends_at(file, length);
        }
    }
    below!(file, xTruncate, length)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    below!(file, xSync, flags)
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, length: *mut i64) -> c_int {
    below!(file, xFileSize, length)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    below!(file, xLock, level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    below!(file, xUnlock, level)
}

unsafe extern "C" fn check_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    below!(file, xCheckReservedLock, out)
}

unsafe extern "C" fn control(file: *mut ffi::sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    below!(file, xFileControl, operation, argument)
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    below!(file, xSectorSize)
}

unsafe extern "C" fn characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    below!(file, xDeviceCharacteristics)
}
