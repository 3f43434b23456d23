//! Names of files that a command may give.

use encargo_model::{CommandError, ErrorCode};

/// The longest name in bytes, as file systems have it.
const LONGEST: usize = 255;

/// Refuses a name that would not stay in its folder or could be taken for something else.
pub(super) fn check(name: &str) -> Result<(), CommandError> {
    let problem = if name.is_empty() || name == "." || name == ".." {
        "it names no file"
    } else if name.len() > LONGEST {
        "it is longer than 255 bytes"
    } else if name.contains('/') || name.contains('\\') {
        "it has a slash in it"
    } else if name.contains("..") {
        "it has two dots in a row"
    } else if name.starts_with('-') {
        "it begins with `-`"
    } else if name.chars().any(char::is_control) {
        "it has a control character in it"
    } else {
        return Ok(());
    };
    Err(CommandError::new(ErrorCode::Invalid, format!("`{}` cannot name a file: {problem}", name.escape_debug())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_folder() {
        for name in ["a", "informe de año.csv", ".hidden", "a.b.gz", &"x".repeat(255)] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
        for name in ["", ".", "..", "a/b", "/a", "../a", "a..b", "-a", "a\0", "a\nb", "a\\b", &"x".repeat(256)] {
            assert_eq!(check(name).unwrap_err().code, ErrorCode::Invalid, "{name}");
        }
    }
}
