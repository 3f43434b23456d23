//! The records of plain and independent readers: the csv crate behind a check of RFC 4180, and serde_json.

use serde_json::Value;

use crate::plain_readers::csv_rows;

/// The records of a CSV text with a header, as far as a strict reader takes it: each row has the cells of the header, and
/// rows of nothing are none.
pub(super) fn csv_records(text: &str) -> Option<Vec<Vec<(String, String)>>> {
    let mut rows = csv_rows(text)?.into_iter();
    let header = rows.next()?;
    let mut records = Vec::new();
    for row in rows.filter(|row| row.iter().any(|cell| !cell.is_empty())) {
        if row.len() != header.len() {
            return None;
        }
        records.push(header.iter().cloned().zip(row).collect());
    }
    Some(records)
}

/// The records of a JSON array of objects; none where serde_json refuses it.
pub(super) fn json_records(text: &[u8]) -> Option<Vec<Vec<(String, String)>>> {
    let Value::Array(elements) = serde_json::from_slice(text).ok()? else { return None };
    elements.into_iter().map(json_record).collect()
}

/// A JSON object as names and texts.
pub(super) fn json_record(value: Value) -> Option<Vec<(String, String)>> {
    let Value::Object(members) = value else { return None };
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Some(members.into_iter().map(|(name, value)| (name, text(value))).collect())
}
