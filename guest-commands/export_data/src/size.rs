//! Sizes as people write them.

/// How many bytes a text says: a number, perhaps with `kb`, `mb`, `gb` (thousands) or `kib`, `mib`, `gib` (1,024)
/// behind it.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit: u64 = match text[digits..].trim_start() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    text[..digits].parse::<u64>().ok()?.checked_mul(unit).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_number_with_a_unit_and_nothing_else() {
        for (text, size) in [
            ("1", Some(1)),
            ("100mb", Some(100_000_000)),
            ("2 GiB", Some(2 << 30)),
            ("64KiB", Some(65_536)),
            ("0", None),
            ("", None),
            ("mb", None),
            ("1.5mb", None),
            ("-1", None),
            ("1é", None),
            ("99999999999gb", None),
        ] {
            assert_eq!(bytes(text), size, "{text}");
        }
    }
}
