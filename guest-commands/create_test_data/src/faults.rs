//! Faults that the schema lets through, each in rows of its own behind the batch's others, and the key that tells them.
//!
//! Every planted row has one fault alone. Its place is known, so a batch with faults is removed as any other is.

mod planted_chats;
mod planted_records;
mod planted_texts;

use crate::answers::Answer;
use crate::batch::PLANTED;
use crate::maker::{Maker, Message};
use crate::rows::{
    AgentRow, ChatRow, DocumentRow, EventRow, FileRow, ItemRow, LogRow, SentimentRow, SettingRow, ToolRow,
};

/// How often each fault is planted.
pub(crate) const TIMES: u64 = 3;

/// Texts that were read in the wrong encoding, lost characters, or have control characters.
const DAMAGED: [&str; 3] = ["DevoluciÃ³n en la secciÃ³n", "Devoluci\u{fffd}n", "Devolu\u{1}ción"];

/// What is planted.
#[derive(Debug, Default)]
pub(crate) struct Planted {
    pub(crate) agents: Vec<AgentRow>,
    pub(crate) tools: Vec<ToolRow>,
    pub(crate) items: Vec<ItemRow>,
    pub(crate) documents: Vec<DocumentRow>,
    pub(crate) files: Vec<FileRow>,
    pub(crate) chats: Vec<ChatRow>,
    pub(crate) messages: Vec<(i64, Message, String)>,
    pub(crate) sentiments: Vec<SentimentRow>,
    pub(crate) logs: Vec<LogRow>,
    pub(crate) events: Vec<EventRow>,
    pub(crate) settings: Vec<SettingRow>,
    /// Files of the media folder: name and content.
    pub(crate) media: Vec<(String, String)>,
    pub(crate) answers: Vec<Answer>,
}

/// Everything that is planted in a batch.
pub(crate) fn plant(maker: &Maker) -> Planted {
    let mut planted = Planted::default();
    planted_texts::plant(maker, &mut planted);
    planted_chats::plant(maker, &mut planted);
    planted_records::plant(maker, &mut planted);
    planted
}

impl Planted {
    /// Notes what `validate_system` is to find.
    fn fault(&mut self, issue: &'static str, relation: &'static str, id: &dyn ToString) {
        self.answers.push(Answer { command: "validate_system", issue, relation, id: id.to_string() });
    }

    /// Notes what `cleanup_old_data` is to do.
    fn cleanup(&mut self, fate: &'static str, relation: &'static str, id: i64) {
        self.answers.push(Answer { command: "cleanup_old_data", issue: fate, relation, id: id.to_string() });
    }
}

/// The place of the next planted row of a relation that has so many.
fn next(planted: usize) -> u64 {
    PLANTED + planted as u64
}

#[cfg(test)]
mod tests;
