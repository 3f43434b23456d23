//! Figures out of made-up files of a system, and what is said where there are none.

use std::fs;
use std::path::Path;

use super::*;

/// A machine of files: `proc/...` and `sys/...`, each with its text.
fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Machine) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let of = |name: &str| folder.path().join(name);
    let machine = Machine { proc: of("proc"), sys: of("sys"), data: folder.path().to_owned() };
    (folder, machine)
}

fn only(machine: &Machine, group: Group) -> Reading {
    let mut readings = machine.read(group);
    assert_eq!(readings.len(), 1, "{readings:?}");
    readings.remove(0)
}

const STAT: &str = "\
cpu  100 20 30 4000 50 6 7 80 9 0
cpu0 50 10 15 2000 25 3 3 40 4 0
cpu1 50 10 15 2000 25 3 4 40 5 0
intr 12345 0 9
ctxt 99
btime 1700000000
processes 4
procs_running 3
procs_blocked 1
softirq 1 2
";

#[test]
fn the_time_of_processors_is_told_in_microseconds_with_what_was_stolen() {
    let (_folder, machine) = machine(&[("proc/stat", STAT), ("proc/loadavg", "1.50 2.25 3.00 2/300 4711\n")]);
    let cpu = only(&machine, Group::Cpu);
    let seconds = |ticks: f64| Some(ticks * 10_000.0);
    for (name, value) in [
        ("count", Some(2.0)),
        ("user", seconds(120.0)),
        ("system", seconds(43.0)),
        ("idle", seconds(4_000.0)),
        ("iowait", seconds(50.0)),
        ("steal", seconds(80.0)),
        ("running", Some(3.0)),
        ("blocked", Some(1.0)),
    ] {
        assert_eq!(cpu.get(name), value, "{name}");
    }
    let load = only(&machine, Group::Load);
    assert_eq!(["one", "five", "fifteen"].map(|name| load.get(name)), [Some(1.5), Some(2.25), Some(3.0)]);
}

#[test]
fn what_an_old_kernel_does_not_tell_is_left_out_and_what_is_not_there_is_said() {
    let old = "cpu  100 20 30 4000\ncpu0 100 20 30 4000\nctxt 99\nbtime 1\nprocesses 4\n";
    let (_folder, machine) = machine(&[("proc/stat", old), ("proc/loadavg", "nonsense\n")]);
    let cpu = only(&machine, Group::Cpu);
    assert_eq!(
        (cpu.get("user"), cpu.get("steal"), cpu.get("iowait"), cpu.get("running")),
        (Some(1.2e6), None, None, None)
    );
    let load = only(&machine, Group::Load);
    assert!(load.measures.is_empty() && load.unavailable.unwrap().en.contains("is not understood"));
    for group in [Group::Memory, Group::Network, Group::Container, Group::Process] {
        let reading = only(&machine, group);
        let why = reading.unavailable.unwrap();
        assert!(reading.measures.is_empty() && why.en.contains("this system does not tell it") && why.es.is_some());
    }
    let pressure = machine.read(Group::Pressure);
    let subjects: Vec<_> = pressure.iter().map(|one| (one.subject.as_str(), one.unavailable.is_some())).collect();
    assert_eq!(subjects, [("cpu", true), ("memory", true), ("io", true)]);
}

#[test]
fn memory_is_what_is_available_and_swapped_pages_are_bytes() {
    let meminfo = "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 400 kB\nBuffers: 1 kB\nCached: 2 kB\nSwapCached: 0 kB\n\
        Active: 1 kB\nInactive: 1 kB\nSwapTotal: 200 kB\nSwapFree: 50 kB\nDirty: 0 kB\nWriteback: 0 kB\nMapped: 0 kB\n\
        Slab: 0 kB\nCommitted_AS: 0 kB\nVmallocTotal: 0 kB\nVmallocUsed: 0 kB\nVmallocChunk: 0 kB\n";
    let vmstat = "pgmajfault 7\npswpin 2\npswpout 3\noom_kill 1\n";
    let (_folder, machine) = machine(&[("proc/meminfo", meminfo), ("proc/vmstat", vmstat)]);
    let memory = only(&machine, Group::Memory);
    for (name, value) in [
        ("total", 1_024_000.0),
        ("available", 409_600.0),
        ("swap-total", 204_800.0),
        ("swap-free", 51_200.0),
        ("major-faults", 7.0),
        ("swapped-in", 8_192.0),
        ("swapped-out", 12_288.0),
        ("killed", 1.0),
    ] {
        assert_eq!(memory.get(name), Some(value), "{name}");
    }
}

#[test]
fn the_disk_is_that_of_the_data_directory_and_one_that_is_none_of_its_own_has_its_room_alone() {
    let (folder, machine) = machine(&[]);
    let bare = only(&machine, Group::Disk);
    assert!(bare.get("total") > Some(0.0) && bare.get("available").is_some() && bare.get("busy").is_none());
    let device = std::os::unix::fs::MetadataExt::dev(&fs::metadata(folder.path()).unwrap());
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    let lines = format!("   1 99999 ram0 9 9 9 9 9 9 9 9 9 9 9\n {major} {minor} vda 1 2 3 4 5 6 7 8 9 10 11\n");
    fs::create_dir(folder.path().join("proc")).unwrap();
    fs::write(folder.path().join("proc/diskstats"), lines).unwrap();
    let disk = only(&machine, Group::Disk);
    assert_eq!(disk.subject, "vda");
    for (name, value) in [
        ("reads", 1.0),
        ("writes", 5.0),
        ("read-bytes", 3.0 * 512.0),
        ("written-bytes", 7.0 * 512.0),
        ("waited", 12_000.0),
        ("busy", 10_000.0),
    ] {
        assert_eq!(disk.get(name), Some(value), "{name}");
    }
}

#[test]
fn interfaces_are_told_one_by_one_but_not_that_of_the_machine_to_itself() {
    let heading = "Inter-|   Receive                            |  Transmit\n face |bytes packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier compressed\n";
    let line = |name: &str, received: u32| format!("{name}: {received} 2 3 4 0 0 0 0 50 6 7 8 0 0 0 0\n");
    let all = [heading, &line("lo", 9), &line("eth1", 20), &line("eth0", 10)].concat();
    let (_folder, machine) = machine(&[
        ("proc/self/net/dev", &all),
        ("sys/class/net/eth0/speed", "1000\n"),
        ("sys/class/net/eth1/speed", "-1\n"),
    ]);
    let interfaces = machine.read(Group::Network);
    let told: Vec<_> =
        interfaces.iter().map(|one| (one.subject.as_str(), one.get("received"), one.get("speed"))).collect();
    assert_eq!(told, [("eth0", Some(10.0), Some(125e6)), ("eth1", Some(20.0), None)]);
    assert_eq!((interfaces[0].get("errors"), interfaces[0].get("dropped")), (Some(10.0), Some(12.0)));
}

#[test]
fn pressure_is_the_time_that_was_waited_since_the_beginning() {
    let io = "some avg10=1.00 avg60=0.50 avg300=0.10 total=500\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=20\n";
    let (_folder, machine) = machine(&[("proc/pressure/io", io)]);
    let pressure = machine.read(Group::Pressure);
    assert_eq!((pressure[2].get("some"), pressure[2].get("full")), (Some(500.0), Some(20.0)));
    assert!(pressure[0].unavailable.is_some());
}

#[test]
fn a_container_of_version_2_has_the_lowest_limit_of_the_groups_around_it() {
    let (_folder, machine) = machine(&[
        ("proc/self/cgroup", "0::/app/web\n"),
        ("sys/fs/cgroup/app/memory.max", "1000\n"),
        ("sys/fs/cgroup/app/cpu.max", "300000 100000\n"),
        ("sys/fs/cgroup/app/web/memory.max", "max\n"),
        ("sys/fs/cgroup/app/web/memory.current", "700\n"),
        ("sys/fs/cgroup/app/web/memory.stat", "anon 1\ninactive_file 200\n"),
        ("sys/fs/cgroup/app/web/memory.events", "oom 4\noom_kill 2\n"),
        ("sys/fs/cgroup/app/web/cpu.max", "max 100000\n"),
        ("sys/fs/cgroup/app/web/cpu.stat", "usage_usec 90\nnr_periods 10\nnr_throttled 4\nthrottled_usec 33\n"),
    ]);
    let container = only(&machine, Group::Container);
    for (name, value) in [
        ("memory", 500.0),
        ("memory-limit", 1_000.0),
        ("cpus", 3.0),
        ("cpu", 90.0),
        ("periods", 10.0),
        ("throttled-periods", 4.0),
        ("throttled", 33.0),
        ("killed", 2.0),
    ] {
        assert_eq!(container.get(name), Some(value), "{name}");
    }
}

#[test]
fn a_container_of_version_1_sees_its_own_group_as_the_root_and_a_group_without_limits_has_none() {
    let (_folder, machine) = machine(&[
        ("proc/self/cgroup", "4:memory:/docker/1234\n2:cpu,cpuacct:/docker/1234\n0::/\n"),
        ("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"),
        ("sys/fs/cgroup/memory/memory.usage_in_bytes", "700\n"),
        ("sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 900\n"),
        ("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"),
        ("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"),
        ("sys/fs/cgroup/cpu/cpu.stat", "nr_periods 1\nnr_throttled 0\nthrottled_time 5000\n"),
        ("sys/fs/cgroup/cpuacct/cpuacct.usage", "8000\n"),
    ]);
    let container = only(&machine, Group::Container);
    for (name, value) in [
        ("memory", Some(0.0)),
        ("memory-limit", None),
        ("cpus", Some(0.5)),
        ("cpu", Some(8.0)),
        ("throttled", Some(5.0)),
        ("killed", None),
    ] {
        assert_eq!(container.get(name), value, "{name}");
    }
}

#[test]
fn this_machine_tells_of_this_process() {
    let machine = Machine::of(Path::new("/"));
    let process = only(&machine, Group::Process);
    assert!(process.get("memory") > Some(0.0) && process.get("threads") >= Some(1.0), "{process:?}");
    let before = cpu_time();
    while cpu_time() == before {}
}

#[test]
fn files_of_rows_are_counted_with_their_logs() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["1.db", "2.db", "3.db"].map(|name| folder.path().join(name));
    fs::write(&paths[0], "12345").unwrap();
    fs::write(&paths[1], "123").unwrap();
    fs::write(folder.path().join("2.db-wal"), "12").unwrap();
    let reading = storage(&paths, Some(1));
    let told = ["files", "bytes", "log-bytes", "writers"].map(|name| reading.get(name));
    assert_eq!(told, [Some(2.0), Some(8.0), Some(2.0), Some(1.0)]);
}

#[test]
fn every_group_is_found_by_its_word() {
    for group in Group::ALL {
        assert_eq!(Group::from_word(group.word()), Some(group));
    }
    assert_eq!(Group::from_word("weather"), None);
}
