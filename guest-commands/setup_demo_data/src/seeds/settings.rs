//! Settings, lines of the log and names of events, as a shop of this kind has them.

/// Settings: name and value, which is JSON.
pub(crate) const SETTINGS: [(&str, &str); 4] = [
    ("demo.shop", r#"{"name":"Alerce","currency":"EUR","languages":["es","en"]}"#),
    ("demo.support_hours", r#"{"weekdays":"09:00-19:00","saturday":null,"sunday":null}"#),
    ("demo.feedback", r#"{"ask_after_minutes":15,"scale":5}"#),
    ("demo.greeting", r#"{"es":"Hola, ¿en qué le puedo ayudar?","en":"Hello, how can I help you?"}"#),
];

/// Lines of the log: level, message, and how many days it is kept; none for as long as the retention says.
pub(crate) const LOGS: [(&str, &str, Option<i64>); 10] = [
    ("debug", "knowledge index warmed up in {n} ms", Some(7)),
    ("info", "nightly summary written: {n} chats", None),
    ("info", "catalogue synchronised: {n} products", Some(30)),
    ("info", "agent demo-orders reloaded its tools", Some(30)),
    ("warning", "carrier answered after {n} ms", Some(30)),
    ("warning", "search found no article for a question of {n} letters", None),
    ("error", "carrier did not answer, asked again after {n} ms", Some(60)),
    ("debug", "session cache holds {n} entries", Some(7)),
    ("info", "label of a return sent by mail in {n} ms", Some(14)),
    ("error", "mail server refused a message, tried again {n} s later", None),
];
