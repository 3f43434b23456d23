//! Every issue that there is, in one place: its id, how bad it is, what it means and what to do.
//!
//! An id is a module's word, a letter for the severity and a number of that module's own. Once released it means the same
//! for ever: silences, dashboards and answer keys name it. An issue that goes leaves its number unused, and a test keeps
//! the list in order and without repeats.

pub(crate) mod agents;
pub(crate) mod chats;
pub(crate) mod knowledge;
pub(crate) mod media;
pub(crate) mod records;
pub(crate) mod storage;

use crate::module::Module;
use crate::severity::Severity;

/// One kind of fault.
#[derive(Debug)]
pub(crate) struct Issue {
    pub(crate) id: &'static str,
    pub(crate) module: Module,
    pub(crate) severity: Severity,
    /// What one of it means, a sentence without a full stop.
    pub(crate) means: fn() -> String,
    /// What to do.
    pub(crate) advice: fn() -> String,
    /// Whether `--fix-issues` mends it.
    pub(crate) fixable: bool,
}

impl PartialEq for Issue {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// Declares a module's issues: each a static, and all of them in `ALL`.
macro_rules! issues {
    ($($name:ident = $module:ident $severity:ident $id:literal $(($fixable:ident))?
        means => ($en:literal, $es:literal),
        advice => ($advice_en:literal, $advice_es:literal);)+) => {
        $(pub(crate) static $name: $crate::issues::Issue = $crate::issues::Issue {
            id: $id,
            module: $crate::module::Module::$module,
            severity: $crate::severity::Severity::$severity,
            means: || encargo_sdk::text!($en, $es),
            advice: || encargo_sdk::text!($advice_en, $advice_es),
            fixable: !stringify!($($fixable)?).is_empty(),
        };)+

        pub(super) static ALL: &[&$crate::issues::Issue] = &[$(&$name),+];
    };
}
use issues;

/// All of them, module by module.
pub(crate) fn all() -> impl Iterator<Item = &'static Issue> {
    [agents::ALL, knowledge::ALL, chats::ALL, media::ALL, records::ALL, storage::ALL].into_iter().flatten().copied()
}

/// The issue of this id.
pub(crate) fn find(id: &str) -> Option<&'static Issue> {
    all().find(|issue| issue.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use encargo_sdk::Choice;

    use super::*;

    #[test]
    fn an_id_is_its_modules_word_its_severitys_letter_and_a_number_that_nothing_else_has() {
        let mut numbers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for issue in all() {
            let (module, rest) = issue.id.split_once('.').unwrap();
            assert_eq!(module, issue.module.word(), "{}", issue.id);
            assert_eq!(rest.chars().next(), Some(issue.severity.letter()), "{}", issue.id);
            assert!(rest.len() == 4 && rest[1..].bytes().all(|digit| digit.is_ascii_digit()), "{}", issue.id);
            numbers.entry(module).or_default().push(&rest[1..]);
            assert_eq!(find(issue.id), Some(issue));
        }
        for (module, numbers) in numbers {
            assert!(numbers.is_sorted_by(|one, next| one < next), "{module}: {numbers:?}");
        }
    }

    #[test]
    fn every_issue_says_what_it_means_and_what_to_do() {
        for issue in all() {
            for text in [(issue.means)(), (issue.advice)()] {
                assert!(text.len() > 10 && !text.ends_with('.'), "{}: {text}", issue.id);
            }
        }
        assert_eq!(find("agents.E999"), None);
    }
}
