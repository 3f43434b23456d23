//! Times that people name, read in the report's time zone.

use encargo_sdk::prelude::*;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::period::start_of;

/// Finds a time zone by its name in the IANA database.
///
/// # Errors
/// `usage` for a name that is none.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        let message = text!(
            "`{name}` is no time zone of the IANA database, such as `Europe/Madrid` or `UTC`",
            "`{name}` no es una zona horaria de la base de datos de IANA, como `Europe/Madrid` o `UTC`"
        );
        Error::new(ErrorCode::Usage, message)
    })
}

/// Reads a time: a date (its beginning there), a date with a time of day there, either with an offset, or so long ago.
///
/// # Errors
/// `usage` for anything else.
pub(crate) fn read(option: &str, written: &str, zone: &TimeZone, now: Instant) -> Result<Instant> {
    let micros =
        ago(written, now).or_else(|| date(written, zone)).or_else(|| exact(written)).or_else(|| local(written, zone));
    micros.map(Instant::from_micros).ok_or_else(|| {
        let message = text!(
            "`--{option}={written}` is no time: write `2026-01-31`, `2026-01-31T06:00`, `2026-01-31T06:00:00+01:00`, or `7d` for seven days ago",
            "`--{option}={written}` no es una hora: escriba `2026-01-31`, `2026-01-31T06:00`, `2026-01-31T06:00:00+01:00`, o `7d` para hace siete días"
        );
        Error::new(ErrorCode::Usage, message)
    })
}

/// As `--since` of the other commands reads it: `90s`, `15m`, `12h`, `30d`, `2w`.
fn ago(written: &str, now: Instant) -> Option<i64> {
    let (number, unit) = written.split_at_checked(written.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        _ => return None,
    };
    let number: u32 = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok())??;
    now.micros().checked_sub(i64::from(number) * seconds * 1_000_000)
}

fn date(written: &str, zone: &TimeZone) -> Option<i64> {
    // The parser takes a date out of a longer text too.
    if written.len() != 10 {
        return None;
    }
    start_of(written.parse::<Date>().ok()?, zone)
}

fn exact(written: &str) -> Option<i64> {
    written.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

fn local(written: &str, zone: &TimeZone) -> Option<i64> {
    let there: DateTime = written.parse().ok()?;
    there.to_zoned_datetime(zone.clone()).ok().map(|time| time.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_micros(1_800_000_000_000_000);

    fn shown(written: &str, zone_name: &str) -> Option<String> {
        read("since", written, &zone(zone_name).unwrap(), NOW).ok().map(|time| time.to_string())
    }

    #[test]
    fn a_date_is_its_beginning_in_the_zone_and_an_offset_is_kept() {
        for (written, there, time) in [
            ("2026-03-29", "Europe/Madrid", "2026-03-28T23:00:00Z"),
            ("2026-03-30", "Europe/Madrid", "2026-03-29T22:00:00Z"),
            ("2026-03-30T06:30", "Europe/Madrid", "2026-03-30T04:30:00Z"),
            ("2026-03-30 06:30:15.5", "America/New_York", "2026-03-30T10:30:15.500Z"),
            ("2026-03-30T06:30:00+05:30", "Europe/Madrid", "2026-03-30T01:00:00Z"),
            ("2026-03-30T06:30:00Z", "Europe/Madrid", "2026-03-30T06:30:00Z"),
            // Chile's clocks go forward at midnight: this day begins at one o'clock.
            ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00Z"),
            ("7d", "Europe/Madrid", "2027-01-08T08:00:00Z"),
        ] {
            assert_eq!(shown(written, there).as_deref(), Some(time), "{written}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for written in ["", "d", "-7d", "2026-02-30", "yesterday", "7y", "é", "2026-03-30T25:00", "99999999999d"] {
            assert_eq!(shown(written, "UTC"), None, "{written}");
        }
        assert_eq!(zone("Europe/Nowhere").unwrap_err().code(), ErrorCode::Usage);
    }
}
