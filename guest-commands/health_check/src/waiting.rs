//! Asks, and asks again what fails until all is well or the time is over.

use std::time;

use encargo_sdk::prelude::*;
use encargo_sdk::probes;

use crate::verdict::{FailLevel, Verdict};

/// How long there is between two looks.
const PAUSE: time::Duration = time::Duration::from_secs(1);
/// How often a pause asks whether the run is to end.
const PIECE: time::Duration = time::Duration::from_millis(100);

/// What is asked, and for how long.
pub(crate) struct Question {
    pub(crate) names: Vec<String>,
    pub(crate) each: Duration,
    pub(crate) all: Duration,
    pub(crate) wait: Option<Duration>,
    pub(crate) level: FailLevel,
}

/// What is known once all is well, or once the wait is over.
///
/// # Errors
/// `usage` for a service that is not there.
pub(crate) fn ask(run: &Run, question: &Question) -> Result<Verdict> {
    let began = time::Instant::now();
    let wait = question.wait.map(|wait| time::Duration::from_micros(u64::try_from(wait.micros()).unwrap_or_default()));
    let asking = Phase::new(text!("checking", "comprobando"), text!("rounds", "rondas"));
    for round in 0.. {
        run.progress(&asking, round);
        let verdict = Verdict::of(&look(question)?);
        let is_over = wait.is_none_or(|wait| began.elapsed() + PAUSE >= wait);
        if is_over || !verdict.is_failing(question.level) {
            return Ok(verdict);
        }
        pause(run)?;
    }
    unreachable!("rounds have no end")
}

fn look(question: &Question) -> Result<Vec<probes::Observation>> {
    probes::check_all(&question.names, question.each, question.all).map_err(|error| match error.code() {
        // A name of nobody is an argument that makes no sense.
        ErrorCode::NotFound => Error::new(ErrorCode::Usage, error.message),
        _ => error,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a service that starts tells nobody, so it is asked again a little later"
)]
fn pause(run: &Run) -> Result<()> {
    let until = time::Instant::now() + PAUSE;
    while time::Instant::now() < until {
        run.check()?;
        std::thread::sleep(PIECE);
    }
    Ok(())
}
