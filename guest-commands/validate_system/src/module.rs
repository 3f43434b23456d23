//! What can be checked by itself, in the order of the report.

use encargo_sdk::prelude::*;

/// A part of the data, with a word that each of its issue ids begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub(crate) enum Module {
    /// Agents, tools and which agent has which tool.
    Agents,
    /// Knowledge items.
    Knowledge,
    /// Chats, messages, sentiments and feedback.
    Chats,
    /// Documents.
    Documents,
    /// Files of the media folder and their rows.
    Media,
    /// Settings of the tenant.
    Settings,
    /// Events of the analytics.
    Analytics,
    /// Lines of the log.
    Logs,
    /// The schema, indexes, references and rules below all rows; tombstones and journals.
    Storage,
    /// Descriptions and grants of the commands.
    Commands,
}

impl Module {
    /// The module that looks after a relation's references itself.
    pub(crate) fn of_relation(relation: &str) -> Self {
        match relation {
            "agents" | "tools" | "agent_tools" => Self::Agents,
            "knowledge_items" => Self::Knowledge,
            "chats" | "messages" | "sentiments" | "feedback" => Self::Chats,
            "documents" => Self::Documents,
            "files" => Self::Media,
            "settings" => Self::Settings,
            "analytics_events" => Self::Analytics,
            "logs" => Self::Logs,
            _ => Self::Storage,
        }
    }
}
