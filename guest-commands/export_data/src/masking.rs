//! Personal data replaced by pseudonyms, the same for the same value within one export and by a secret of its own that
//! is forgotten with it, so that neither two exports nor two tenants can be joined by them.

use std::hash::{BuildHasher, RandomState};

use encargo_sdk::batch::{Batch, Cells, Texts};

use crate::relation::Relation;

mod contacts;

/// What a column gets in the place of what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mask {
    /// Another id below 2^53, and no two the same.
    Id,
    /// A key of another system, such as a customer's or a ticket's: `key-` and 16 digits.
    Key,
    /// What people wrote: its length alone, `[12 characters]`.
    Text,
    /// What the organisation wrote: itself, with e-mail addresses and telephone numbers replaced.
    Contacts,
}

/// Which columns hold personal data. All others are words of the platform, numbers and times.
fn mask(relation: Relation, column: &str) -> Option<Mask> {
    Some(match (relation, column) {
        (
            Relation::Agents | Relation::Knowledge,
            "name" | "description" | "instructions" | "title" | "body" | "source",
        )
        | (Relation::Knowledge, "external_id" | "tags") => Mask::Contacts,
        (
            Relation::Chats | Relation::Documents | Relation::Messages | Relation::Feedback,
            "id" | "chat_id" | "message_id",
        ) => Mask::Id,
        (Relation::Chats | Relation::Documents, "external_id") => Mask::Key,
        (_, "title" | "body" | "message_body" | "comment") | (Relation::Settings, "value") => Mask::Text,
        _ => return None,
    })
}

/// The columns of a type that are masked, in their order.
pub(crate) fn columns(relation: Relation) -> Vec<String> {
    let columns = relation.shape().columns.iter().map(|column| column.name);
    columns.filter(|name| mask(relation, name).is_some()).map(str::to_owned).collect()
}

/// The secret of one export.
pub(crate) struct Masks {
    secret: RandomState,
}

impl Masks {
    /// A new one, from the host's random numbers.
    pub(crate) fn new() -> Self {
        Self { secret: RandomState::new() }
    }

    /// Masks the rows of a batch.
    pub(crate) fn apply(&self, relation: Relation, batch: &mut Batch) {
        for (column, told) in batch.columns.iter_mut().zip(relation.shape().columns) {
            let Some(mask) = mask(relation, told.name) else { continue };
            match &mut column.cells {
                Cells::Integers(cells) => cells.iter_mut().for_each(|cell| *cell = self.id(*cell)),
                Cells::Texts(texts) => *texts = self.texts(mask, texts),
                Cells::Reals(_) | Cells::Blobs(_) => {}
            }
        }
    }

    fn texts(&self, mask: Mask, texts: &Texts) -> Texts {
        let mut masked = Texts { offsets: Vec::with_capacity(texts.offsets.len()), data: String::new() };
        masked.offsets.push(0);
        for ends in texts.offsets.windows(2) {
            let text = texts.data.get(ends[0] as usize..ends[1] as usize).unwrap_or_default();
            match mask {
                _ if text.is_empty() => {}
                Mask::Id | Mask::Key => masked.data.push_str(&format!("key-{:016x}", self.number("key", text))),
                Mask::Text => masked.data.push_str(&format!("[{} characters]", text.chars().count())),
                Mask::Contacts => contacts::replace(text, &mut masked.data, |kind, found| self.number(kind, found)),
            }
            masked.offsets.push(u32::try_from(masked.data.len()).unwrap_or(u32::MAX));
        }
        masked
    }

    fn number(&self, kind: &str, text: &str) -> u64 {
        self.secret.hash_one((kind, text))
    }

    /// A permutation of the numbers below 2^53, in four rounds over halves of 27 bits, repeated while it lands above.
    fn id(&self, id: i64) -> i64 {
        let mut masked = id.cast_unsigned();
        if masked >= 1 << 53 {
            return (self.secret.hash_one(("id", masked)) >> 11).cast_signed();
        }
        loop {
            let (mut left, mut right) = (masked >> 27, masked & HALF);
            for round in 0..4_u8 {
                (left, right) = (right, left ^ (self.secret.hash_one((round, right)) & HALF));
            }
            masked = left << 27 | right;
            if masked < 1 << 53 {
                return masked.cast_signed();
            }
        }
    }
}

const HALF: u64 = (1 << 27) - 1;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use encargo_sdk::Choice as _;
    use encargo_sdk::batch::ColumnBuilder;
    use encargo_sdk::value::Kind;

    use super::*;

    #[test]
    fn ids_are_others_below_2_to_the_53_and_no_two_the_same() {
        let masks = Masks::new();
        let ids: HashSet<i64> = (0..20_000).chain((1 << 53) - 20_000..1 << 53).map(|id| masks.id(id)).collect();
        assert_eq!(ids.len(), 40_000);
        assert!(ids.iter().all(|id| (0..1 << 53).contains(id)));
        assert_ne!((0..9).map(|id| masks.id(id)).collect::<Vec<_>>(), (0..9).collect::<Vec<_>>());
    }

    #[test]
    fn a_key_is_the_same_within_an_export_and_another_one_in_the_next() {
        let texts = |masks: &Masks| {
            let mut column = ColumnBuilder::new("external_id", Kind::Text);
            ["c-1", "c-2", "c-1", ""].iter().for_each(|text| column.text(text));
            let column = column.take(Kind::Text);
            let Cells::Texts(texts) = &column.cells else { panic!("it is of texts") };
            let texts = masks.texts(Mask::Key, texts);
            texts
                .offsets
                .windows(2)
                .map(|ends| texts.data[ends[0] as usize..ends[1] as usize].to_owned())
                .collect::<Vec<_>>()
        };
        let (one, other) = (texts(&Masks::new()), texts(&Masks::new()));
        assert_eq!((&one[0], &one[3]), (&one[2], &String::new()));
        assert_ne!(one[0], one[1]);
        assert_ne!(one[0], other[0]);
    }

    #[test]
    fn every_text_of_people_is_masked() {
        for (relation, masked) in [
            (Relation::Chats, &["id", "external_id", "title", "message_id", "message_body"][..]),
            (Relation::Agents, &["name", "description", "instructions"]),
            (Relation::Knowledge, &["external_id", "title", "body", "tags", "source"]),
            (Relation::Documents, &["id", "external_id", "title", "body"]),
            (Relation::Messages, &["id", "chat_id", "body"]),
            (Relation::Feedback, &["id", "chat_id", "comment"]),
            (Relation::Settings, &["value"]),
        ] {
            assert_eq!(columns(relation), masked, "{}", relation.word());
        }
        assert_eq!(Relation::ALL.len(), 7);
    }
}
