//! Words to choose from: behind options, and wherever the host and a command agree on a word.

use crate::value::Value;

/// An enum of words; `derive(Choice)` makes it. A field of this type in a struct with `derive(Args)` is an option that
/// takes one of them, and the description lists them.
pub trait Choice: Copy + PartialEq + 'static {
    /// In the order of the enum.
    const ALL: &'static [Self];
    /// As they stand in a description: a JSON array.
    const WORDS: &'static str;

    /// The word, a code that is never translated.
    fn word(self) -> &'static str;

    /// The choice of this word.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.word() == word)
    }
}

/// Any number of choices: what was asked for, each once and in the order of the enum. As an option it also takes
/// `all`, which is its default, in the place of every word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices<T> {
    chosen: Vec<T>,
}

impl<T: Choice> Choices<T> {
    /// The word that stands for every choice.
    pub const EVERY: &'static str = "all";

    /// The choices of these words; none when one of them is no choice.
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut asked = vec![false; T::ALL.len()];
        for word in words {
            if word == Self::EVERY {
                asked.fill(true);
            } else {
                asked[T::ALL.iter().position(|choice| choice.word() == word)?] = true;
            }
        }
        let chosen = T::ALL.iter().zip(asked).filter_map(|(choice, asked)| asked.then_some(*choice));
        Some(Self { chosen: chosen.collect() })
    }

    /// Each once, in the order of the enum.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.chosen.iter().copied()
    }

    /// Whether this one was asked for.
    pub fn has(&self, choice: T) -> bool {
        self.chosen.contains(&choice)
    }

    /// Whether every one was.
    pub fn are_all(&self) -> bool {
        self.chosen.len() == T::ALL.len()
    }
}

/// What an option lists in its description: a JSON array.
#[doc(hidden)]
pub trait Listed {
    /// The array.
    const LISTED: &'static str;
}

impl<T: Choice> Listed for T {
    const LISTED: &'static str = T::WORDS;
}

impl<T: Listed> Listed for Option<T> {
    const LISTED: &'static str = T::LISTED;
}

/// The choice that an argument's value is. `derive(Choice)` calls it.
#[doc(hidden)]
pub fn of_values<T: Choice>(values: Option<Vec<Value>>) -> Option<T> {
    match values?.as_slice() {
        [Value::Text(word)] => T::from_word(word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
    enum Wood {
        /// Hard.
        Oak,
        /// Soft,
        /// and light.
        WhitePine,
        #[choice(name = "other_wood")]
        Other,
    }

    #[test]
    fn words_are_kebab_case_or_given_and_listed_with_their_help() {
        let words: Vec<_> = Wood::ALL.iter().map(|wood| wood.word()).collect();
        assert_eq!(words, ["oak", "white-pine", "other_wood"]);
        assert!(Wood::ALL.iter().all(|wood| Wood::from_word(wood.word()) == Some(*wood)));
        assert_eq!(Wood::from_word("Oak"), None);
        let listed: serde_json::Value = serde_json::from_str(Wood::WORDS).unwrap();
        let expected = serde_json::json!([
            {"value": "oak", "help": {"en": "Hard."}},
            {"value": "white-pine", "help": {"en": "Soft, and light."}},
            {"value": "other_wood"}
        ]);
        assert_eq!(listed, expected);
    }

    #[test]
    fn several_choices_are_each_taken_once_and_in_order() {
        let of = |words: &[&str]| Choices::<Wood>::from_words(words.iter().copied());
        let chosen = |words| of(words).unwrap().iter().collect::<Vec<_>>();
        assert_eq!(chosen(&["other_wood", "oak", "oak"]), [Wood::Oak, Wood::Other]);
        assert_eq!(chosen(&["oak", "all"]), Wood::ALL);
        assert_eq!(chosen(&[]), []);
        assert_eq!(of(&["oak", "elm"]), None);
        assert!(of(&["all"]).unwrap().are_all() && !of(&["oak"]).unwrap().are_all());
        assert!(of(&["oak"]).unwrap().has(Wood::Oak) && !of(&["oak"]).unwrap().has(Wood::Other));
    }

    #[test]
    fn an_option_takes_one_word() {
        let text = |word: &str| Value::Text(word.to_owned());
        assert_eq!(of_values(Some(vec![text("oak")])), Some(Wood::Oak));
        for values in [None, Some(vec![]), Some(vec![text("elm")]), Some(vec![text("oak"), text("oak")])] {
            assert_eq!(of_values::<Wood>(values), None);
        }
    }
}
