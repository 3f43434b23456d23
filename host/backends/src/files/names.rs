//! Names of files that a command may give.

use encargo_model::{ErrorCode, is_unseen};
use unicode_normalization::is_nfc;

use crate::BackendError;

/// The longest name in bytes, as file systems have it.
const LONGEST: usize = 255;

/// Refuses a name for a new file that [`check`] refuses, is hidden, or looks like another.
pub(super) fn check_new(name: &str) -> Result<(), BackendError> {
    check(name)?;
    let problem = if name.starts_with('.') {
        "it begins with a dot"
    } else if name.chars().any(is_unseen) {
        "it has a character in it that is not seen"
    } else if !is_nfc(name) {
        "it is not in the Unicode form NFC"
    } else {
        return Ok(());
    };
    Err(refused(name, problem))
}

/// Refuses a name that would not stay in its folder or could be taken for something else.
pub(super) fn check(name: &str) -> Result<(), BackendError> {
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
    Err(refused(name, problem))
}

fn refused(name: &str, problem: &str) -> BackendError {
    BackendError::new(ErrorCode::Invalid, format!("`{}` cannot name a file: {problem}", name.escape_debug()))
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
            assert_eq!(check_new(name).unwrap_err().code, ErrorCode::Invalid, "{name}");
        }
    }

    #[test]
    fn a_new_file_is_neither_hidden_nor_looks_like_another() {
        for name in ["a", "informe de a\u{f1}o.csv", "a.b.gz", "日本語"] {
            assert_eq!(check_new(name), Ok(()), "{name}");
        }
        for name in
            [".bashrc", ".", "a\u{202e}vsc", "a\u{200b}", "a\u{2028}b", "\u{feff}a", "informe de an\u{303}o.csv"]
        {
            assert_eq!(check_new(name).unwrap_err().code, ErrorCode::Invalid, "{name:?}");
        }
        for c in ('\0'..=char::MAX).filter(|c| is_unseen(*c)) {
            assert!(check_new(&format!("a{c}b")).is_err(), "{c:?}");
        }
    }
}
