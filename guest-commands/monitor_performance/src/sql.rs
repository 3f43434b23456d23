//! The statements.

use encargo_sdk::statements;

statements! {
    /// A chat is as new as its last message, so messages of a time are found without a look at all of them.
    TIMES = "SELECT messages.response_ms FROM chats JOIN messages ON messages.chat_id = chats.id \
         WHERE chats.updated_at >= $1 AND messages.created_at >= $1 AND messages.response_ms >= 0";

    /// The end of an index, whatever the size of the table.
    NEWEST_CHAT = "SELECT id FROM chats ORDER BY updated_at DESC, id DESC LIMIT 1";
}
