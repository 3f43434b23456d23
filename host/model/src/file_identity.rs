//! What tells a file that was looked at before from any other, without reading it.

use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::str::FromStr;

use crate::Timestamp;

/// Which file it is, and when it was changed last. Whoever writes to a file, puts another in its place or sets its times
/// changes `changed`, which no program can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    device: u64,
    inode: u64,
    size: u64,
    /// Nanoseconds since 1970.
    modified: i64,
    /// Nanoseconds since 1970: of the contents, the name or the rights.
    changed: i64,
}

impl FileIdentity {
    /// How long nothing changed before a file counts as settled: the coarsest clocks of file systems tick every two
    /// seconds, and what is written within a tick cannot be told from what was there before.
    const SETTLED_AFTER: i64 = 2_000_000_000;

    /// The identity of a file.
    pub fn of(metadata: &Metadata) -> Self {
        let nanoseconds = |seconds: i64, more| seconds.saturating_mul(1_000_000_000).saturating_add(more);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// Whether a later change is certain to change the identity.
    pub fn is_settled(&self, now: Timestamp) -> bool {
        now.0.saturating_mul(1_000).saturating_sub(self.changed) > Self::SETTLED_AFTER
    }

    /// Whether it is the same file, changed or not.
    pub fn is_of_file(&self, other: &Self) -> bool {
        (self.device, self.inode) == (other.device, other.inode)
    }
}

/// Five numbers, which are read again as they are written.
impl fmt::Display for FileIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { device, inode, size, modified, changed } = self;
        write!(f, "{device}:{inode}:{size}:{modified}:{changed}")
    }
}

impl FromStr for FileIdentity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let mut numbers = text.split(':');
            let identity = Self {
                device: numbers.next()?.parse().ok()?,
                inode: numbers.next()?.parse().ok()?,
                size: numbers.next()?.parse().ok()?,
                modified: numbers.next()?.parse().ok()?,
                changed: numbers.next()?.parse().ok()?,
            };
            numbers.next().is_none().then_some(identity)
        };
        read().ok_or_else(|| format!("`{text}` is not a file's identity"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: FileIdentity = FileIdentity { device: 1, inode: 2, size: 3, modified: -4, changed: 5_000_000_000 };

    #[test]
    fn an_identity_is_read_as_it_is_written() {
        assert_eq!(SAMPLE.to_string().parse(), Ok(SAMPLE));
        for broken in ["", "1:2:3:4", "1:2:3:4:5:6", "1:2:3:4:x", "-1:2:3:4:5"] {
            assert!(broken.parse::<FileIdentity>().is_err(), "{broken}");
        }
    }

    #[test]
    fn a_file_is_settled_two_seconds_after_its_last_change_and_never_before_it() {
        for (now, settled) in [(0, false), (5_000_000, false), (7_000_000, false), (7_000_001, true), (i64::MAX, true)]
        {
            assert_eq!(SAMPLE.is_settled(Timestamp(now)), settled, "{now}");
        }
    }
}
