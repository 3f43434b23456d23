//! The steps between versions, each both ways.

pub(crate) mod language;
pub(crate) mod tags;

use encargo_sdk::fingerprint;

use crate::item::Item;
use crate::legacy::Legacy;
use crate::version::Version;

/// A step from a version to the next one, and back.
pub(crate) struct Step {
    pub(crate) from: Version,
    pub(crate) to: Version,
    /// What it does, in words that change whenever that does; its hash is the step's checksum.
    definition: &'static str,
    up: fn(&mut Item),
    /// Empties the fields that the older version lacks.
    down: fn(&mut Item),
}

/// All steps, in order.
pub(crate) const STEPS: [Step; 2] = [
    Step {
        from: Version::V1_0,
        to: Version::V2_0,
        definition: "1: blanks of the title are single and none at its ends; the language is told from the text where it is \
                     empty, else written as en-GB is; tags that are no JSON array of texts become one. Down: language and \
                     tags are emptied.",
        up: |item| {
            item.title = tags::single_blanks(&item.title);
            item.language = language::of(item);
            item.tags = tags::as_array(&item.tags);
        },
        down: |item| {
            item.language.clear();
            "[]".clone_into(&mut item.tags);
        },
    },
    Step {
        from: Version::V2_0,
        to: Version::V2_1,
        definition: "1: tags are in lower case with single blanks, each once; a tag `source:x` or `fuente:x` becomes the source \
                     of an item that has none. Down: the source is emptied.",
        up: |item| {
            let (normalised, source) = tags::normalised(&item.tags, item.source.is_empty());
            item.tags = normalised;
            if let Some(source) = source {
                item.source = source;
            }
        },
        down: |item| item.source.clear(),
    },
];

impl Step {
    /// The hash of what the step does: one that was edited after it was applied has another.
    pub(crate) fn checksum(&self) -> String {
        fingerprint::of_texts([self.from.word(), self.to.word(), self.definition])
    }
}

/// The steps from one version to another, in the order in which they are taken; `true` for upwards.
pub(crate) fn between(from: Version, to: Version) -> Vec<(&'static Step, bool)> {
    if from <= to {
        STEPS.iter().filter(|step| step.from >= from && step.to <= to).map(|step| (step, true)).collect()
    } else {
        STEPS.iter().rev().filter(|step| step.from >= to && step.to <= from).map(|step| (step, false)).collect()
    }
}

/// Takes an item to a version. One of a version that is not known stays as it is.
pub(crate) fn migrate(item: &Item, to: Version) -> Item {
    let Some(from) = item.version() else { return item.clone() };
    let mut now = item.clone();
    for (step, is_up) in between(from, to) {
        let was = now.clone();
        let (left, reached) = if is_up { (step.from, step.to) } else { (step.to, step.from) };
        let mut legacy = Legacy::of(&now);
        let returned = legacy.come_back(reached, &mut now);
        let back = now.clone();
        if is_up {
            (step.up)(&mut now);
        } else {
            (step.down)(&mut now);
        }
        returned.keep(&back, &mut now);
        legacy.leave(left, &was, &now);
        now.format_version = reached.number();
        now.legacy = legacy.stored();
    }
    now.content_hash = now.hash();
    now
}

#[cfg(test)]
mod tests;
