//! A run that is killed leaves no file among the media that no row names, for whoever comes next.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use support::{Random, TestHost, copy_folder, rows, tenant_database};

use super::kill_after;

const KILLS: u64 = 20;
const LINE: [&str; 9] = [
    "create_test_data",
    "--tenant=demo",
    "--quiet",
    "--documents=1500",
    "--knowledge=0",
    "--chats=1",
    "--messages=1",
    "--logs=0",
    "--events=0",
];

fn names(media: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(media).into_iter().flatten();
    entries.map(|entry| entry.expect("it can be read").file_name().into_string().expect("a plain name")).collect()
}

#[test]
fn a_killed_run_leaves_no_file_that_no_row_names() {
    let template = TestHost::with_tenant();
    let undisturbed = TestHost::new();
    copy_folder(&template.data(), &undisturbed.data());
    let begun = Instant::now();
    let _ = undisturbed.run(LINE).exits(0);
    let length = u64::try_from(begun.elapsed().as_micros()).expect("it took less than an age");

    let mut random = Random::new(20_261_127);
    let mut settled = 0;
    for kill in 0..KILLS {
        let host = TestHost::new();
        copy_folder(&template.data(), &host.data());
        let process = host.command(LINE).spawn().expect("the binary can be started");
        let _ = kill_after(process, Duration::from_micros(random.below(length)));
        let (database, media) = (tenant_database(&host.data(), "demo"), host.data().join("media/1"));
        let of_rows = || rows(&database, "SELECT name FROM files").into_iter().collect::<BTreeSet<_>>();
        settled += u32::from(names(&media) != of_rows());
        // Whoever opens the tenant next, also to read.
        let _ = host.run(["export_data", "--type=agents", "--tenant=demo", "--output=-"]).exits(0);
        assert_eq!(names(&media), of_rows(), "kill {kill}");
        assert_eq!(fs::read_dir(host.data().join("tmp")).expect("there is scratch").count(), 0, "kill {kill}");
    }
    assert!(settled >= 3, "only {settled} of {KILLS} kills left anything");
}
