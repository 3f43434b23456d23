//! What the checks of one tenant found: how many of each issue, and the first few places.

use encargo_sdk::prelude::*;

use crate::issues::Issue;
use crate::module::Module;

/// Where one of an issue's faults is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// A relation, the media folder as `media`, or what of the installation it is about.
    pub(crate) relation: String,
    /// The row's id, else its key; empty for the whole.
    pub(crate) key: String,
    /// The column, or a sentence of the host's.
    pub(crate) detail: String,
}

impl Place {
    /// As people read it.
    pub(crate) fn shown(&self) -> String {
        let Self { relation, key, detail } = self;
        let place = if key.is_empty() { relation.clone() } else { format!("{relation}/{key}") };
        if detail.is_empty() { place } else { format!("{place} ({detail})") }
    }
}

/// How often one issue was found.
#[derive(Debug, Clone)]
pub(crate) struct Tallied {
    pub(crate) issue: &'static Issue,
    pub(crate) n: u64,
    /// The first ones, as many as were asked for.
    pub(crate) sample: Vec<Place>,
}

/// A check that did not come to its end, so nothing is known of what it looks for.
#[derive(Debug, Clone)]
pub(crate) struct Crash {
    pub(crate) module: Module,
    pub(crate) check: String,
    pub(crate) error: String,
}

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    most: usize,
    pub(crate) issues: Vec<Tallied>,
    pub(crate) crashes: Vec<Crash>,
}

impl Found {
    /// Nothing yet; of each issue at most so many places are kept.
    pub(crate) fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// Notes one fault. The key is made only where its place is kept.
    pub(crate) fn note(&mut self, issue: &'static Issue, relation: &str, detail: &str, key: impl FnOnce() -> String) {
        let at = self.issues.iter().position(|tallied| tallied.issue == issue).unwrap_or_else(|| {
            self.issues.push(Tallied { issue, n: 0, sample: Vec::new() });
            self.issues.len() - 1
        });
        let tallied = &mut self.issues[at];
        tallied.n += 1;
        if tallied.sample.len() < self.most {
            tallied.sample.push(Place { relation: relation.to_owned(), key: key(), detail: detail.to_owned() });
        }
    }

    /// Notes faults that were counted elsewhere and have one place together.
    pub(crate) fn note_several(&mut self, issue: &'static Issue, n: u64, relation: &str, detail: &str) {
        if n > 0 {
            self.note(issue, relation, detail, String::new);
            let tallied = self.issues.iter_mut().find(|tallied| tallied.issue == issue);
            tallied.into_iter().for_each(|tallied| tallied.n += n - 1);
        }
    }

    /// How often an issue was found.
    pub(crate) fn of(&self, issue: &Issue) -> u64 {
        self.issues.iter().find(|tallied| tallied.issue == issue).map_or(0, |tallied| tallied.n)
    }

    /// Takes note of how a check ended. What concerns the run itself ends it.
    pub(crate) fn ended(&mut self, module: Module, check: &str, ended: Result<()>) -> Result<()> {
        match ended {
            Ok(()) => Ok(()),
            Err(error) if error.ends_run() => Err(error),
            Err(error) => {
                let message = &error.message;
                warn!("the check of {check} crashed: {message}", code = error.code);
                self.crashes.push(Crash { module, check: check.to_owned(), error: error.message });
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::issues::chats;

    #[test]
    fn all_are_counted_and_the_first_ones_named() {
        let mut found = Found::new(2);
        for id in 1..=5 {
            found.note(&chats::WITHOUT_AGENT, "chats", "", || id.to_string());
        }
        found.note(&chats::ENCODING, "messages", "body", || "9".to_owned());
        let shown: Vec<_> = found.issues[0].sample.iter().map(Place::shown).collect();
        assert_eq!((found.of(&chats::WITHOUT_AGENT), shown), (5, vec!["chats/1".to_owned(), "chats/2".to_owned()]));
        assert_eq!(found.issues[1].sample[0].shown(), "messages/9 (body)");
        assert_eq!(found.of(&chats::CROSSED), 0);
    }

    #[test]
    fn a_check_that_crashed_is_kept_and_one_that_may_not_ends_the_run() {
        let mut found = Found::new(1);
        let gone = Error::new(ErrorCode::NotFound, "there is no such column");
        assert_eq!(found.ended(Module::Chats, "messages", Err(gone)), Ok(()));
        assert_eq!((found.crashes.len(), found.crashes[0].check.as_str()), (1, "messages"));
        let denied = Error::new(ErrorCode::Denied, "no");
        assert_eq!(found.ended(Module::Chats, "messages", Err(denied.clone())), Err(denied));
    }
}
