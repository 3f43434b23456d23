//! The backups: how old the newest is, and when one was last restored to see whether it can be.

use std::time::Duration;

use encargo_model::{ErrorCode, Text, Timestamp, Worded as _, text};

use super::{Answer, Around, ProbeStatus};
use crate::backups::{self, Place};

/// The kinds that hold rows.
const WITH_ROWS: [&str; 2] = ["full", "database"];
const HOUR: f64 = 3_600.0;

/// How old the newest backup with rows is.
pub(super) fn backup(around: &Around) -> Answer {
    let data = around.platform.data();
    let own = || Place { repository: data.backups(), key_file: data.backup_key() };
    let place = around.services.backups.clone().unwrap_or_else(own);
    let all = match backups::list(&place) {
        Ok(all) => all,
        Err(error) if error.code == ErrorCode::NotFound => Vec::new(),
        Err(error) => return Answer::failed(error.text()),
    };
    let installation = around.platform.registry().installation();
    let newest =
        all.iter().find(|backup| backup.installation == installation && WITH_ROWS.contains(&backup.kind.as_str()));
    match newest {
        None => Answer::warning(text!(
            "there is no backup; `encargo backup_data` takes one",
            "no hay ningún respaldo; `encargo backup_data` hace uno"
        )),
        Some(backup) => {
            let age = age(around.clock.now(), Timestamp(backup.taken_at));
            let told = text!("`{}` was taken {} ago", "`{}` se hizo hace {}"; backup.id, spoken(age));
            judged(told, age, around.services.backup_age)
        }
    }
}

/// When a backup was last restored elsewhere without problems.
pub(super) fn drill(around: &Around) -> Answer {
    match &around.last_drill {
        Err(why) => Answer::new(
            ProbeStatus::Crashed,
            text!("the drills cannot be read: {why}", "no se pueden leer los simulacros: {why}", why = why),
        ),
        Ok(None) => Answer::warning(text!(
            "no backup was ever restored to see whether it can be; `encargo backups drill` does it",
            "nunca se restauró un respaldo para ver si se puede; `encargo backups drill` lo hace"
        )),
        Ok(Some(at)) => {
            let age = age(around.clock.now(), *at);
            let told = text!(
                "a backup was restored {} ago to see whether it can be",
                "hace {} se restauró un respaldo para ver si se puede";
                spoken(age)
            );
            judged(told, age, around.services.drill_age)
        }
    }
}

fn judged(told: Text, age: Duration, most: Duration) -> Answer {
    let too_old = (age > most).then(|| text!("older than {}", "hace más de {}"; spoken(most)));
    Answer::ok(told).with("age", age.as_secs_f64(), "seconds").but(too_old.into_iter().collect())
}

fn age(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_micros(u64::try_from(now.0.saturating_sub(then.0)).unwrap_or_default())
}

/// In the unit that people would take; the same in both languages.
fn spoken(age: Duration) -> String {
    let hours = age.as_secs_f64() / HOUR;
    if hours < 1.0 {
        format!("{:.0} min", hours * 60.0)
    } else if hours < 72.0 {
        format!("{hours:.0} h")
    } else {
        format!("{:.0} d", hours / 24.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_old_is_a_warning_and_its_age_is_told() {
        let day = Duration::from_secs(86_400);
        for (age, status, begins) in [
            (day / 48, ProbeStatus::Ok, "it"),
            (day, ProbeStatus::Ok, "it"),
            (2 * day, ProbeStatus::Warning, "older than 26 h; it"),
        ] {
            let answer = judged(text!("it", "ello"), age, Duration::from_secs(26 * 3_600));
            assert_eq!((answer.status, answer.detail.en.as_str()), (status, begins));
            assert_eq!(answer.measures[0].value, age.as_secs_f64());
        }
        assert_eq!([day / 48, day, 40 * day].map(spoken), ["30 min", "24 h", "40 d"]);
    }
}
