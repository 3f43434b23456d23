//! How much is made. The numbers are published in the help and do not change within a version.

use encargo_sdk::prelude::*;
use serde::{Deserialize, Serialize};

/// A volume by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Volume {
    /// 4,000 messages in 500 chats.
    Small,
    /// 100,000 messages in 10,000 chats.
    Medium,
    /// 1,000,000 messages in 100,000 chats.
    Large,
    /// 10,000,000 messages in 1,000,000 chats.
    Stress,
}

/// How many of each there are; of the rest there is as much as the chats give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) agents: u64,
    pub(crate) knowledge: u64,
    pub(crate) documents: u64,
    pub(crate) chats: u64,
    pub(crate) messages: u64,
    pub(crate) logs: u64,
    pub(crate) events: u64,
}

/// The most messages that chats have on average.
pub(crate) const MOST_A_CHAT: u64 = 40;

impl Volume {
    /// The seed where none was given: each volume has its own, so that one stands beside another.
    pub(crate) const fn seed(self) -> u32 {
        self as u32 + 1
    }

    pub(crate) const fn counts(self) -> Counts {
        let [agents, knowledge, documents, chats, messages, logs, events] = match self {
            Self::Small => [5, 200, 20, 500, 4_000, 500, 1_000],
            Self::Medium => [20, 2_000, 100, 10_000, 100_000, 10_000, 20_000],
            Self::Large => [50, 20_000, 500, 100_000, 1_000_000, 100_000, 200_000],
            Self::Stress => [200, 200_000, 1_000, 1_000_000, 10_000_000, 500_000, 1_000_000],
        };
        Counts { agents, knowledge, documents, chats, messages, logs, events }
    }
}

impl Counts {
    /// Refuses chats that cannot have so many or so few messages.
    pub(crate) fn check(&self) -> Result<()> {
        let Self { chats, messages, .. } = *self;
        let most = chats * MOST_A_CHAT;
        ensure!(
            (chats..=most).contains(&messages),
            Usage,
            "{chats} chats have from {chats} to {most} messages, not {messages}; change `--messages` or `--chats`",
            "{chats} chats tienen de {chats} a {most} mensajes, no {messages}; cambie `--messages` o `--chats`"
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_volume_can_be_made_and_is_larger_than_the_one_before() {
        let all: Vec<_> = Volume::ALL.iter().map(|volume| volume.counts()).collect();
        assert!(all.iter().all(|counts| counts.check().is_ok()));
        assert!(all.windows(2).all(|pair| pair[0].messages < pair[1].messages && pair[0].agents < pair[1].agents));
        assert_eq!(all[3].messages, 10_000_000);
    }

    #[test]
    fn chats_with_too_many_or_too_few_messages_are_refused() {
        let small = Volume::Small.counts();
        for messages in [0, 499, 20_001] {
            let refused = Counts { messages, ..small }.check().unwrap_err();
            assert_eq!(refused.code(), ErrorCode::Usage);
            assert!(refused.message.contains("20000"), "{}", refused.message);
        }
        assert!(Counts { chats: 0, messages: 0, ..small }.check().is_ok());
    }
}
