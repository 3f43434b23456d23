//! Files that are no text, told by their first bytes, each with its way out.

use encargo_sdk::text;

/// How many bytes tell.
pub(super) const LONGEST: usize = 16;

/// What a file is and how it can be imported, when it is no text.
pub(super) fn told_by(beginning: &[u8]) -> Option<String> {
    let is = |mark: &[u8]| beginning.starts_with(mark);
    let kind = if is(b"PK\x03\x04") || is(b"PK\x05\x06") {
        return Some(text!(
            "it is a spreadsheet or a zip archive, not a text: save it as CSV",
            "es una hoja de cálculo o un archivo zip, no un texto: guárdelo como CSV"
        ));
    } else if is(b"\xD0\xCF\x11\xE0") {
        return Some(text!(
            "it is a spreadsheet or another document of Office, not a text: save it as CSV",
            "es una hoja de cálculo u otro documento de Office, no un texto: guárdelo como CSV"
        ));
    } else if is(b"%PDF") {
        return Some(text!("it is a PDF, not a text: save it as CSV", "es un PDF, no un texto: guárdelo como CSV"));
    } else if is(b"{\\rtf") {
        return Some(text!(
            "it is RTF, not plain text: save it as CSV",
            "es RTF, no texto sin formato: guárdelo como CSV"
        ));
    } else if is(b"\xFF\xFE\0\0") || is(b"\0\0\xFE\xFF") {
        return Some(text!(
            "it is UTF-32, which is not read: save it as UTF-8",
            "es UTF-32, que no se lee: guárdelo como UTF-8"
        ));
    } else if is(b"PAR1") {
        "Parquet"
    } else if is(b"SQLite format 3\0") {
        "SQLite"
    } else if is(b"BZh") && beginning.get(4..10) == Some(b"1AY&SY") {
        "bzip2"
    } else if is(b"\xFD7zXZ\0") {
        "xz"
    } else if is(b"7z\xBC\xAF\x27\x1C") {
        "7z"
    } else if is(b"\x1F\x8B") {
        "gzip"
    } else if is(b"\x28\xB5\x2F\xFD") {
        "zstd"
    } else {
        return None;
    };
    Some(text!(
        "it is {kind} data, not a text: give what is in it, or that as `.gz` or `.zst`",
        "son datos {kind}, no un texto: da lo que hay dentro, o eso como `.gz` o `.zst`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named_with_the_way_out() {
        for (beginning, words) in [
            (&b"PK\x03\x04 and so on"[..], "a spreadsheet or a zip archive"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "document of Office"),
            (b"%PDF-1.7", "a PDF"),
            (b"PAR1\x15", "Parquet data"),
            (b"BZh91AY&SY\x00", "bzip2 data"),
            (b"\xFD7zXZ\0\0", "xz data"),
            (b"\x1F\x8B\x08\0", "gzip data"),
            (b"\x28\xB5\x2F\xFD", "zstd data"),
            (b"\xFF\xFE\0\0t\0\0\0", "UTF-32"),
            (b"SQLite format 3\0", "SQLite data"),
        ] {
            let told = told_by(beginning).expect("it is told");
            assert!(told.contains(words) && told.contains(": "), "{told}");
        }
        for text in [&b""[..], b"PK,title", b"BZh9,title,body", b"7z,title", b"title,body", b"\xFF\xFEt\0"] {
            assert_eq!(told_by(text), None, "{text:?}");
        }
    }
}
