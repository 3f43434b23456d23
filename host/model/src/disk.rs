//! What a disk has run out of.

use crate::{Text, Worded, english_display, text};

/// What a disk has run out of. A file system with many small files can lack inodes while most of its space is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Blocks to write to.
    Space,
    /// Inodes: no file can be made any more.
    Inodes,
}

impl Lack {
    /// What is lacking, by the numbers of `statvfs`, for who needs so many bytes. A file system that counts no inodes
    /// says that it has 0.
    pub const fn of(free_bytes: u64, needed_bytes: u64, inodes: u64, free_inodes: u64) -> Option<Self> {
        if free_bytes < needed_bytes {
            Some(Self::Space)
        } else if inodes > 0 && free_inodes == 0 {
            Some(Self::Inodes)
        } else {
            None
        }
    }
}

impl Worded for Lack {
    fn text(&self) -> Text {
        match self {
            Self::Space => text!("the disk is full", "el disco está lleno"),
            Self::Inodes => text!("the disk has no inodes left", "al disco no le quedan inodos"),
        }
    }
}

english_display!(Lack);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_lacks_space_or_inodes_where_it_counts_them() {
        for (free_bytes, inodes, free_inodes, lack) in [
            (100, 10, 5, None),
            (99, 10, 5, Some(Lack::Space)),
            (99, 10, 0, Some(Lack::Space)),
            (100, 10, 0, Some(Lack::Inodes)),
            (100, 0, 0, None),
        ] {
            assert_eq!(Lack::of(free_bytes, 100, inodes, free_inodes), lack, "{free_bytes} {inodes} {free_inodes}");
        }
    }
}
