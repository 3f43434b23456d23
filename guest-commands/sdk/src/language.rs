//! The run's language, and texts in both.

use std::sync::atomic::{AtomicBool, Ordering};

static SPANISH: AtomicBool = AtomicBool::new(false);

/// A language that people are spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
}

/// The language of this run; English in native tests.
pub fn current() -> Language {
    if SPANISH.load(Ordering::Relaxed) { Language::Es } else { Language::En }
}

pub(crate) fn set(tag: &str) {
    SPANISH.store(tag == "es", Ordering::Relaxed);
}

/// A text in the run's language, formatted like `format!` with names in the braces.
#[macro_export]
macro_rules! text {
    ($en:literal, $es:literal $(,)?) => {
        match $crate::language::current() {
            $crate::language::Language::En => format!($en),
            $crate::language::Language::Es => format!($es),
        }
    };
}
