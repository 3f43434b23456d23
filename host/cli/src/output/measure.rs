//! Sizes and time spans as people read them.

use encargo_model::{LimitUse, Run};

const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];

/// `312 B`, `4.0 KiB`, `1.5 GiB`.
pub(crate) fn bytes(bytes: u64) -> String {
    if bytes < 1_024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1_024.0;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        if size < 1_024.0 {
            break;
        }
        size /= 1_024.0;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// `350 ms`, `1.5 s`, `2 min 5 s`, `3 h 20 min`.
pub(crate) fn milliseconds(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..60 => format!("{seconds}.{} s", milliseconds % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

/// `0.2`, `7.5`, `42`, `231000`: three digits that count.
pub(crate) fn rate(a_second: f64) -> String {
    if a_second < 10.0 {
        return format!("{a_second:.1}");
    }
    let unit = 10_f64.powi(a_second.log10() as i32 - 2).max(1.0);
    format!("{}", (a_second / unit).round() * unit)
}

/// How long a run took; `None` while it is under way.
pub(crate) fn took(run: &Run) -> Option<String> {
    let microseconds = run.ended_at?.0 - run.started_at.0;
    Some(milliseconds(u64::try_from(microseconds / 1_000).unwrap_or_default()))
}

/// `12 ms of 1 h 0 min`, `3.0 MiB of 1.0 GiB`, `2 of 4000`; `66` where no run can come to the limit.
pub(crate) fn limit(limit: &LimitUse, of: &str) -> String {
    let shown = |amount: u64| match limit.unit.as_str() {
        "ms" => milliseconds(amount),
        "bytes" => bytes(amount),
        _ => amount.to_string(),
    };
    let used = shown(limit.used);
    let used = if limit.is_endless() { used } else { format!("{used} {of} {}", shown(limit.limit)) };
    match limit.unit.as_str() {
        "ms" | "bytes" => used,
        // What is counted is what the limit is named after.
        unit if limit.name.ends_with(unit) => used,
        unit => format!("{used} {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_spans_are_short() {
        for (size, text) in
            [(0, "0 B"), (1_023, "1023 B"), (1_536, "1.5 KiB"), (1 << 30, "1.0 GiB"), (1 << 52, "4096.0 TiB")]
        {
            assert_eq!(bytes(size), text);
        }
        for (span, text) in
            [(0, "0 ms"), (999, "999 ms"), (1_560, "1.5 s"), (125_000, "2 min 5 s"), (12_000_000, "3 h 20 min")]
        {
            assert_eq!(milliseconds(span), text);
        }
        for (a_second, text) in
            [(0.04, "0.0"), (7.46, "7.5"), (42.4, "42"), (999.4, "999"), (123_456.0, "123000"), (1e9, "1000000000")]
        {
            assert_eq!(rate(a_second), text);
        }
    }

    #[test]
    fn a_limit_that_no_run_can_come_to_is_not_shown() {
        for (name, used, most, unit, text) in [
            ("memory", 2 << 20, 1 << 30, "bytes", "2.0 MiB of 1.0 GiB"),
            ("batch-rows", 2, 4_000, "rows", "2 of 4000"),
            ("open-files", 2, 16, "files", "2 of 16"),
            ("calls", 66, 10_000_000, "calls", "66 of 10000000"),
            ("calls", 66, 1_000_000_000_000, "calls", "66"),
            ("log-lines", 3, 1_000_000_000_000, "lines", "3"),
            ("rate", 3, 16, "lines", "3 of 16 lines"),
            ("transaction", 12, 366 * 86_400_000, "ms", "12 ms"),
            ("transaction", 12, 5_000, "ms", "12 ms of 5.0 s"),
        ] {
            let of = LimitUse { name: name.to_owned(), used, limit: most, unit: unit.to_owned() };
            assert_eq!(limit(&of, "of"), text);
        }
    }
}
