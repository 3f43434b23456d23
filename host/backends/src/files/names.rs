//! Names of files that a command may give.

use encargo_model::{ErrorCode, Text, is_unseen, text};
use unicode_normalization::is_nfc;

use crate::BackendError;

/// The longest name in bytes, as file systems have it.
const LONGEST: usize = 255;

/// Refuses a name for a new file that [`check`] refuses, is hidden, or looks like another.
pub(super) fn check_new(name: &str) -> Result<(), BackendError> {
    check(name)?;
    let problem = if name.starts_with('.') {
        text!("it begins with a dot", "empieza por un punto")
    } else if name.chars().any(is_unseen) {
        text!("it has a character in it that is not seen", "contiene un carácter que no se ve")
    } else if !is_nfc(name) {
        text!("it is not in the Unicode form NFC", "no está en la forma NFC de Unicode")
    } else {
        return Ok(());
    };
    Err(refused(name, &problem))
}

/// Refuses a name that would not stay in its folder or could be taken for something else.
pub(super) fn check(name: &str) -> Result<(), BackendError> {
    let problem = if name.is_empty() || name == "." || name == ".." {
        text!("it names no file", "no nombra ningún archivo")
    } else if name.len() > LONGEST {
        text!("it is longer than 255 bytes", "tiene más de 255 bytes")
    } else if name.contains('/') || name.contains('\\') {
        text!("it has a slash in it", "contiene una barra")
    } else if name.contains("..") {
        text!("it has two dots in a row", "contiene dos puntos seguidos")
    } else if name.starts_with('-') {
        text!("it begins with `-`", "empieza por `-`")
    } else if name.chars().any(char::is_control) {
        text!("it has a control character in it", "contiene un carácter de control")
    } else {
        return Ok(());
    };
    Err(refused(name, &problem))
}

fn refused(name: &str, problem: &Text) -> BackendError {
    let message = text!(
        "`{}` cannot name a file: {problem}",
        "`{}` no puede nombrar un archivo: {problem}",
        problem = problem;
        name.escape_debug()
    );
    BackendError::new(ErrorCode::Invalid, message)
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
