//! A page of a log as the store keeps it: a JSON list of lines, compressed where that makes it smaller.

use encargo_model::{LogLevel, LogLine, Timestamp};

/// Lines repeat themselves, which the fastest level finds.
const LEVEL: i32 = 1;
/// What a compressed page begins with; JSON begins with `[`.
const COMPRESSED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A line as it stands in a page.
type Line = (Timestamp, LogLevel, String, Vec<(String, String)>);

/// The page of these lines.
pub(super) fn write(lines: &[LogLine]) -> Result<Vec<u8>, sqlx::Error> {
    let lines = lines.iter().map(|line| (line.at, line.level, &line.message, &line.fields));
    let json = serde_json::to_vec(&lines.collect::<Vec<_>>()).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let compressed = zstd::bulk::compress(&json, LEVEL).map_err(|error| sqlx::Error::Encode(error.into()))?;
    Ok(if compressed.len() < json.len() { compressed } else { json })
}

/// The lines of a page.
pub(super) fn read(page: &[u8]) -> Result<Vec<LogLine>, sqlx::Error> {
    let lines: Vec<Line> = if page.starts_with(&COMPRESSED) {
        let json = zstd::decode_all(page).map_err(|error| sqlx::Error::Decode(error.into()))?;
        serde_json::from_slice(&json)
    } else {
        serde_json::from_slice(page)
    }
    .map_err(|error| sqlx::Error::Decode(format!("`page`: {error}").into()))?;
    Ok(lines.into_iter().map(|(at, level, message, fields)| LogLine { at, level, message, fields }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: &str) -> LogLine {
        LogLine { at: Timestamp(-1), level: LogLevel::Said, message: message.to_owned(), fields: vec![] }
    }

    #[test]
    fn a_page_is_compressed_where_that_helps_and_read_either_way() {
        for (lines, compressed) in [(vec![line("a")], false), (vec![line("again and again"); 9], true)] {
            let page = write(&lines).unwrap();
            assert_eq!(page.starts_with(&COMPRESSED), compressed);
            assert_eq!(read(&page).unwrap(), lines);
        }
    }

    #[test]
    fn a_damaged_page_is_an_error() {
        let page = write(&vec![line("again and again"); 9]).unwrap();
        assert!(read(&page[..page.len() - 1]).is_err() && read(&page[1..]).is_err() && read(b"[[]]").is_err());
    }
}
