//! Ids: of rows and runs (time-ordered, below 2^53) and of component versions.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

use crate::{Text, Timestamp, text};

/// 2025-01-01T00:00:00Z in milliseconds, where ids begin.
const EPOCH_MS: i64 = 1_735_689_600_000;
/// Ids in a millisecond. 2^53 / 4,096 milliseconds last until 2094.
const PER_MS: i64 = 4_096;

/// The first of `n` consecutive ids at this time: later than every id this process has given, and not below `floor`.
///
/// Milliseconds since 2025 times 4,096, running ahead when a millisecond has more than 4,096. They stay below 2^53, so
/// that JavaScript and JSON hold them exactly.
pub fn next_id(now: Timestamp, n: u32, floor: i64) -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let earliest = ((now.0 / 1_000 - EPOCH_MS).max(1) * PER_MS).max(floor);
    let mut next = NEXT.load(Ordering::Relaxed);
    loop {
        let first = next.max(earliest);
        match NEXT.compare_exchange_weak(next, first + i64::from(n), Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return first,
            Err(seen) => next = seen,
        }
    }
}

/// A run's id, shown as eleven characters without those that are easily confused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RunId(pub i64);

/// Crockford's base 32, in lower case.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: String = (0..11).rev().map(|at| char::from(DIGITS[(self.0 >> (5 * at) & 31) as usize])).collect();
        f.pad(&digits)
    }
}

impl FromStr for RunId {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Text> {
        let not_an_id = || text!("`{text}` is not a run's id", "`{text}` no es el identificador de una ejecución");
        if text.len() != 11 {
            return Err(not_an_id());
        }
        let mut id = 0_i64;
        for byte in text.bytes() {
            let digit = DIGITS.iter().position(|&digit| digit == byte.to_ascii_lowercase()).ok_or_else(not_an_id)?;
            id = id << 5 | digit as i64;
        }
        Ok(Self(id))
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for RunId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|problem: Text| problem.en)
    }
}

/// The SHA-256 of a component, in lower-case hexadecimal: what makes a version of a command.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// A digest's first twelve characters, enough for people.
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_run_ahead_of_the_clock_and_stay_exact_in_a_double() {
        let now = Timestamp(1_795_000_000_000_000);
        let first = next_id(now, 10_000, 0);
        let second = next_id(now, 1, 0);
        assert!(second >= first + 10_000);
        assert!(second < 1 << 53);
        assert_eq!(next_id(now, 1, second + 50), second + 50);
    }

    #[test]
    fn a_run_id_reads_back() {
        for id in [RunId(0), RunId(1), RunId((1 << 53) - 1)] {
            assert_eq!(id.to_string().parse(), Ok(id));
        }
        assert!("nonsense".parse::<RunId>().is_err());
        assert!("iiiiiiiiiii".parse::<RunId>().is_err());
    }
}
