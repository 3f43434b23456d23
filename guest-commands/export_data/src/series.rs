//! Whether the parts of a file are all there.

use std::collections::{BTreeMap, BTreeSet};

use encargo_sdk::text;

use crate::manifest::Place;

/// The parts that were seen, by what their names have in common: `chats-*.csv`.
#[derive(Default)]
pub(crate) struct Series {
    parts: BTreeMap<String, BTreeSet<(usize, usize)>>,
}

impl Series {
    /// Takes in one part by the name of its file.
    pub(crate) fn take_in(&mut self, name: &str, Place { number, of }: Place) {
        let common = name.replacen(&format!("-{number:04}."), "-*.", 1);
        self.parts.entry(common).or_default().insert((of, number));
    }

    /// What is wrong with which series: parts that are missing, and parts of exports with another number of them.
    pub(crate) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        for (name, parts) in &self.parts {
            let counts: BTreeSet<usize> = parts.iter().map(|(of, _)| *of).collect();
            if counts.len() > 1 {
                let counts: Vec<_> = counts.iter().map(usize::to_string).collect();
                let counts = counts.join(", ");
                problems.push((
                    name.clone(),
                    text!(
                        "its parts are of exports with different numbers of them ({counts})",
                        "sus partes son de exportaciones con distinto número de ellas ({counts})"
                    ),
                ));
                continue;
            }
            let of = counts.first().copied().unwrap_or(0);
            let missing: Vec<_> =
                (1..=of).filter(|part| !parts.contains(&(of, *part))).map(|part| part.to_string()).collect();
            if !missing.is_empty() {
                let missing = missing.join(", ");
                problems.push((
                    name.clone(),
                    text!("of {of} parts these are missing: {missing}", "de {of} partes faltan estas: {missing}"),
                ));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_whole_or_says_what_is_missing() {
        let problems = |parts: &[(&str, usize, usize)]| {
            let mut series = Series::default();
            parts.iter().for_each(|(name, number, of)| series.take_in(name, Place { number: *number, of: *of }));
            series.problems()
        };
        assert_eq!(problems(&[("a-0001.csv", 1, 2), ("a-0002.csv", 2, 2), ("b-0001.csv", 1, 1)]), []);
        let found = problems(&[("a-0002.csv", 2, 4), ("a-0004.csv", 4, 4), ("b-0001.csv", 1, 1)]);
        assert_eq!((found.len(), &*found[0].0), (1, "a-*.csv"));
        assert!(found[0].1.ends_with("missing: 1, 3"), "{}", found[0].1);
        let found = problems(&[("a-0001.csv", 1, 2), ("a-0002.csv", 2, 2), ("a-0003.csv", 3, 3)]);
        assert!(found[0].1.contains("(2, 3)"), "{}", found[0].1);
    }
}
