//! Dialogues written by hand, from which chats are put together: what a customer asks for, in several words, and what the
//! agent answers from one item of the knowledge.
//!
//! `{order}`, `{product}`, `{name}`, `{city}` and `{amount}` stand for details that differ from chat to chat, and
//! `{article}` for the title of the item.

mod buying;
mod orders;
mod problems;

/// Chats about one topic.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialogue {
    /// The slug of the item that the answer comes from.
    pub(crate) topic: &'static str,
    /// The slug of the agent that answers.
    pub(crate) agent: &'static str,
    /// The tool that it asks before it answers, and what that says.
    pub(crate) tool: Option<(&'static str, &'static str)>,
    /// In English and Spanish.
    pub(crate) says: [Lines; 2],
}

/// What is said in one language; of each several forms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines {
    pub(crate) title: &'static str,
    /// The customer's first words.
    pub(crate) opens: [&'static str; 3],
    /// What the agent has to know, and what the customer says to it.
    pub(crate) asks: &'static str,
    pub(crate) details: [&'static str; 2],
    pub(crate) answers: [&'static str; 2],
    /// What a customer says who is helped, and one who is not.
    pub(crate) pleased: [&'static str; 2],
    pub(crate) angry: [&'static str; 2],
}

/// All of them.
pub(crate) fn dialogues() -> Vec<&'static Dialogue> {
    [orders::DIALOGUES, problems::DIALOGUES, buying::DIALOGUES].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds::agents::AGENTS;
    use crate::seeds::knowledge::topic;

    #[test]
    fn every_dialogue_has_an_agent_and_an_item_that_it_names_in_its_answer() {
        for dialogue in dialogues() {
            assert!(topic(dialogue.topic).is_some(), "{}", dialogue.topic);
            assert!(AGENTS.iter().any(|agent| agent.slug == dialogue.agent), "{}", dialogue.agent);
            for lines in dialogue.says {
                assert!(lines.answers.iter().all(|answer| answer.contains("{article}")), "{}", lines.title);
            }
        }
    }
}
