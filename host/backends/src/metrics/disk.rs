//! The disk that the data directory is on.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use procfs_core::DiskStat;
use rustix::fs::{major, minor, statvfs};

use super::reading::{Files, Reading, figure};
use super::{Group, not_told};

/// The kernel counts in sectors of this size, whatever the disk's own is.
const SECTOR: f64 = 512.0;

/// Its room, and what was read and written.
pub(super) fn disk(files: Files<'_>, data: &Path) -> Reading {
    let Ok(room) = statvfs(data) else {
        return Reading::unavailable(Group::Disk, not_told(&data.display().to_string()));
    };
    let device = fs::metadata(data).ok().map(|found| (major(found.dev()), minor(found.dev())));
    let counted = device.and_then(|device| counters(files, device));
    let time = |milliseconds: u64| Some(milliseconds as f64 * 1_000.0);
    let of = |figure: fn(&DiskStat) -> u64| counted.as_ref().map(figure).map(|n| n as f64);
    let name = counted.as_ref().map(|disk| disk.name.clone()).unwrap_or_default();
    // Some file systems have as many as are asked for, and say 0.
    let has_inodes = room.f_files > 0;
    Reading::of(
        Group::Disk,
        [
            ("total", figure(room.f_blocks * room.f_frsize)),
            ("available", figure(room.f_bavail * room.f_frsize)),
            ("inodes", figure(room.f_files).filter(|_| has_inodes)),
            ("inodes-free", figure(room.f_favail).filter(|_| has_inodes)),
            ("reads", of(|disk| disk.reads)),
            ("writes", of(|disk| disk.writes)),
            ("read-bytes", of(|disk| disk.sectors_read).map(|sectors| sectors * SECTOR)),
            ("written-bytes", of(|disk| disk.sectors_written).map(|sectors| sectors * SECTOR)),
            ("waited", counted.as_ref().and_then(|disk| time(disk.time_reading + disk.time_writing))),
            ("busy", counted.as_ref().and_then(|disk| time(disk.time_in_progress))),
        ],
    )
    .about(name)
}

/// What the kernel counted of a device; none of one that is no disk of its own, such as an overlay. Of all lines the one of
/// the device alone is taken apart.
fn counters(files: Files<'_>, (major, minor): (u32, u32)) -> Option<DiskStat> {
    let lines = BufReader::new(fs::File::open(files.proc.join("diskstats")).ok()?).lines();
    let is_it = |line: &String| {
        let mut words = line.split_ascii_whitespace().map(str::parse);
        words.next() == Some(Ok(major)) && words.next() == Some(Ok(minor))
    };
    let line = lines.map_while(Result::ok).find(is_it)?;
    DiskStat::from_line(&line).ok()
}
