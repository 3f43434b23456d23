//! Reads and writes of standard streams that never keep a run from its end.
//!
//! The streams are shared with whoever started the process, so they stay as they are: nothing is read or written before
//! the stream is ready for it, and each call asks the system not to block.

use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::BorrowedFd;
use std::rc::Rc;
use std::sync::Arc;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{FileType, fstat};
use rustix::io::{Errno, ReadWriteFlags, preadv2, pwritev2};

use super::host::FilesHost;
use super::stop::Stop;
use crate::Interrupt;

/// How often a stream that is not ready is left to see whether the run has to end.
const LOOK_EVERY: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
/// A pipe that is ready takes as much without blocking.
const PIPE_BUFFER: usize = 4_096;
/// The place in the file is the stream's own.
const GO_ON: u64 = u64::MAX;

/// What ends a wait.
#[derive(Clone)]
pub(super) struct Waiting {
    pub(super) host: Rc<dyn FilesHost>,
    pub(super) interrupt: Arc<Interrupt>,
}

impl Waiting {
    /// Whether the run has to end, or was asked to.
    pub(super) fn is_over(&self) -> bool {
        self.interrupt.is_raised() || self.host.is_asked_to_end()
    }

    /// Waits until the stream is ready.
    ///
    /// # Errors
    /// [`Stop::Ended`], or what the system says.
    fn ready(&self, stream: BorrowedFd<'_>, what: PollFlags) -> io::Result<()> {
        loop {
            if self.interrupt.is_raised() {
                return Err(Stop::Ended.into());
            }
            match poll(&mut [PollFd::from_borrowed_fd(stream, what)], Some(&LOOK_EVERY)) {
                Ok(0) | Err(Errno::INTR) if self.host.is_asked_to_end() => return Err(Stop::Ended.into()),
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Bytes from a stream; 0 at its end.
    pub(super) fn read(&self, stream: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
        let is_file = is_file(stream)?;
        loop {
            self.ready(stream, PollFlags::IN)?;
            let read = if is_file { Err(Errno::OPNOTSUPP) } else { read_now(stream, buffer) };
            match read {
                Err(Errno::OPNOTSUPP | Errno::NOSYS) => match rustix::io::read(stream, &mut *buffer) {
                    Err(Errno::AGAIN | Errno::INTR) => {}
                    read => return Ok(read?),
                },
                Err(Errno::AGAIN | Errno::INTR) => {}
                read => return Ok(read?),
            }
        }
    }

    /// Takes some bytes to a stream, and answers how many.
    pub(super) fn write(&self, stream: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
        let is_file = is_file(stream)?;
        loop {
            self.ready(stream, PollFlags::OUT)?;
            let written = if is_file {
                rustix::io::write(stream, bytes)
            } else {
                match pwritev2(stream, &[IoSlice::new(bytes)], GO_ON, ReadWriteFlags::NOWAIT) {
                    Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
                        rustix::io::write(stream, &bytes[..bytes.len().min(PIPE_BUFFER)])
                    }
                    written => written,
                }
            };
            match written {
                Err(Errno::AGAIN | Errno::INTR) => {}
                written => return Ok(written?),
            }
        }
    }
}

fn read_now(stream: BorrowedFd<'_>, buffer: &mut [u8]) -> Result<usize, Errno> {
    preadv2(stream, &mut [IoSliceMut::new(buffer)], GO_ON, ReadWriteFlags::NOWAIT)
}

/// A regular file is always ready, and may never be so for a call that must not wait for the disk.
fn is_file(stream: BorrowedFd<'_>) -> io::Result<bool> {
    Ok(FileType::from_raw_mode(fstat(stream)?.st_mode) == FileType::RegularFile)
}
