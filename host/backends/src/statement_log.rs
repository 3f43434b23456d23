//! What a run's statements took, by their text without values: added up while the run goes on, in memory that is bounded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use encargo_model::{Latency, StatementUse};

use crate::sqlite::{fingerprint, without_values};

/// How many statements one run tells apart: packaged commands have some 40 at most, and what a command makes up beyond
/// that is not remembered.
const MOST: usize = 256;
/// How long the text of one may be. A longer one is cut, and has no plan then.
const LONGEST: usize = 8 << 10;

/// Which of a run's statements it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot(usize);

/// The statements of one run; its copies are one log. A log that is off remembers nothing.
#[derive(Debug, Clone, Default)]
pub struct StatementLog(Option<Arc<Mutex<Uses>>>);

#[derive(Debug, Default)]
struct Uses {
    slots: HashMap<(i64, String), usize>,
    uses: Vec<StatementUse>,
}

impl StatementLog {
    /// A log that remembers.
    pub fn on() -> Self {
        Self(Some(Arc::default()))
    }

    /// What was remembered; the log is empty then.
    pub fn take(&self) -> Vec<StatementUse> {
        let Some(uses) = &self.0 else { return Vec::new() };
        let taken = std::mem::take(&mut *lock(uses));
        taken.uses.into_iter().filter(|taken| taken.calls > 0).collect()
    }

    /// Which one a statement is that was compiled in a tenant's rows; none where it is not remembered.
    pub(crate) fn slot(&self, tenant: i64, sql: &str) -> Option<Slot> {
        let uses = self.0.as_ref()?;
        let text = without_values(sql);
        let fingerprint = fingerprint(&text);
        let mut uses = lock(uses);
        if let Some(slot) = uses.slots.get(&(tenant, fingerprint.clone())) {
            return Some(Slot(*slot));
        }
        if uses.uses.len() >= MOST {
            return None;
        }
        let slot = uses.uses.len();
        uses.slots.insert((tenant, fingerprint.clone()), slot);
        uses.uses.push(StatementUse {
            tenant,
            fingerprint,
            text: cut(text),
            calls: 0,
            rows: 0,
            total_ns: 0,
            longest_ns: 0,
            latency: Latency::default(),
        });
        Some(Slot(slot))
    }

    /// Adds a call.
    pub(crate) fn add(&self, slot: Slot, took: Duration, rows: u64) {
        let Some(uses) = &self.0 else { return };
        if let Some(taken) = lock(uses).uses.get_mut(slot.0) {
            let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
            taken.calls += 1;
            taken.rows += rows;
            taken.total_ns = taken.total_ns.saturating_add(nanoseconds);
            taken.longest_ns = taken.longest_ns.max(nanoseconds);
            taken.latency.add(nanoseconds);
        }
    }
}

/// Nothing is left half done by a panic: each change is one of numbers.
fn lock(uses: &Mutex<Uses>) -> MutexGuard<'_, Uses> {
    uses.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_statement_with_several_values_is_one_and_each_tenant_has_its_own() {
        let log = StatementLog::on();
        let of = |tenant, sql| log.slot(tenant, sql).unwrap();
        let first = of(1, "SELECT id FROM chats WHERE title = 'a secret'");
        assert_eq!(of(1, "select  id from chats where title='another' -- x"), first);
        let other = of(2, "SELECT id FROM chats WHERE title = 'a secret'");
        assert_ne!(first, other);
        let _ = of(1, "SELECT 1");
        log.add(first, Duration::from_micros(3), 1);
        log.add(first, Duration::from_micros(5), 2);
        log.add(other, Duration::from_micros(7), 3);
        let taken = log.take();
        let told: Vec<_> =
            taken.iter().map(|one| (one.tenant, one.calls, one.rows, one.total_ns, one.longest_ns)).collect();
        assert_eq!(told, [(1, 2, 3, 8_000, 5_000), (2, 1, 3, 7_000, 7_000)], "what was never run is not told");
        assert!(!format!("{taken:?}").contains("secret"));
        assert_eq!(log.take(), []);
        assert_eq!(StatementLog::default().slot(1, "SELECT 1"), None);
    }

    #[test]
    fn no_more_and_no_longer_ones_are_remembered_than_there_is_room_for() {
        let log = StatementLog::on();
        for number in 0..2 * MOST {
            let slot = log.slot(1, &format!("SELECT a{number} FROM chats"));
            assert_eq!(slot.is_some(), number < MOST);
        }
        assert!(log.slot(1, "SELECT a1 FROM chats").is_some());
        let long = StatementLog::on();
        let slot = long.slot(1, &format!("SELECT {}", "ñ + ".repeat(LONGEST))).unwrap();
        long.add(slot, Duration::ZERO, 0);
        assert!(long.take()[0].text.len() <= LONGEST + '…'.len_utf8());
    }
}
