//! Chats in groups: how many messages each has follows from the group alone, and all of them together are as many as asked.

use super::{Maker, Told};
use crate::batch::{A_CHAT, Stream};

/// How many chats make a group.
pub(crate) const A_GROUP: u64 = 64;

/// A group of chats that was made.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) chats: Vec<Told>,
    /// The texts of all messages, one behind the other.
    pub(crate) texts: String,
}

impl Maker {
    /// How many groups there are.
    pub(crate) fn groups(&self) -> u64 {
        self.batch.counts.chats.div_ceil(A_GROUP)
    }

    /// How many messages each chat of a group has: log-normally many, at least one and at most as many as have a place.
    fn lengths(&self, group: u64) -> Vec<u64> {
        let (chats, messages) = (self.batch.counts.chats, self.batch.counts.messages);
        let (first, end) = (group * A_GROUP, ((group + 1) * A_GROUP).min(chats));
        // Rounded down for every border, so the shares of all groups are the whole, and each has one for each of its chats.
        let up_to = |chat: u64| chat + (u128::from(messages - chats) * u128::from(chat) / u128::from(chats)) as u64;
        let mut more = up_to(end) - up_to(first) - (end - first);
        let mut random = self.batch.random(Stream::Lengths, group);
        let weights: Vec<_> = (first..end).map(|_| self.spread.around(1_000, &mut random) as u64 + 1).collect();
        let (all, share) = (weights.iter().sum::<u64>(), more);
        let mut lengths: Vec<_> = weights.iter().map(|weight| (share * weight / all).min(A_CHAT as u64 - 1)).collect();
        more -= lengths.iter().sum::<u64>();
        // What rounding and the longest left over goes round.
        while more > 0 {
            for length in lengths.iter_mut().filter(|length| **length < A_CHAT as u64 - 1) {
                if more == 0 {
                    break;
                }
                *length += 1;
                more -= 1;
            }
        }
        lengths.iter().map(|length| length + 1).collect()
    }

    /// Makes a group of chats.
    pub(crate) fn group(&self, group: u64, made: &mut Group) {
        made.chats.clear();
        made.texts.clear();
        for (n, length) in (group * A_GROUP..).zip(self.lengths(group)) {
            let told = self.chat(n, length, &mut made.texts);
            made.chats.push(told);
        }
    }
}
