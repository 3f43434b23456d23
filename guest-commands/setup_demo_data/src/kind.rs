//! The kinds of things that the demo consists of. Each thing is found by a natural key, and stands in the journal.

use encargo_sdk::prelude::*;

/// A kind, in the order in which things are made: what is referred to comes before what refers to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Tools,
    Agents,
    Knowledge,
    Documents,
    Chats,
    Settings,
    Logs,
    Events,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Tools,
        Self::Agents,
        Self::Knowledge,
        Self::Documents,
        Self::Chats,
        Self::Settings,
        Self::Logs,
        Self::Events,
    ];

    /// In the order in which things are removed: a chat before its agent, an agent before its tools.
    pub(crate) const REMOVED: [Self; 8] = [
        Self::Events,
        Self::Logs,
        Self::Settings,
        Self::Chats,
        Self::Documents,
        Self::Knowledge,
        Self::Agents,
        Self::Tools,
    ];

    /// The relation of its rows, which is also what is counted.
    pub(crate) const fn relation(self) -> &'static str {
        match self {
            Self::Tools => "tools",
            Self::Agents => "agents",
            Self::Knowledge => "knowledge_items",
            Self::Documents => "documents",
            Self::Chats => "chats",
            Self::Settings => "settings",
            Self::Logs => "logs",
            Self::Events => "analytics_events",
        }
    }

    /// Its name to people.
    pub(crate) fn spoken(self) -> String {
        match self {
            Self::Tools => text!("tools", "herramientas"),
            Self::Agents => text!("agents", "agentes"),
            Self::Knowledge => text!("knowledge", "conocimientos"),
            Self::Documents => text!("documents with files", "documentos con archivos"),
            Self::Chats => text!("chats", "chats"),
            Self::Settings => text!("settings", "ajustes"),
            Self::Logs => text!("log lines", "líneas del registro"),
            Self::Events => text!("events", "eventos"),
        }
    }
}
