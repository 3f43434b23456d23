//! E-mail addresses and telephone numbers within a text.

/// Writes a text with its e-mail addresses and telephone numbers replaced; `number` gives the one that stands for a
/// find.
///
/// An address is what stands around an `@` with a dot behind it. A number is seven digits or more, perhaps with a `+`
/// before them and single spaces, dots, hyphens, slashes and brackets between: a date and a long order number are taken
/// for one, because one too many is better than one too few.
pub(super) fn replace(text: &str, out: &mut String, number: impl Fn(&'static str, &str) -> u64) {
    let (mut written, mut at) = (0, 0);
    while let Some(found) = text[at..].find(|c: char| matches!(c, '@' | '+' | '0'..='9')) {
        at += found;
        if text[at..].starts_with('@') {
            let Some((start, end)) = address(text, written, at) else {
                at += 1;
                continue;
            };
            let number = number("address", &text[start..end].to_lowercase());
            out.push_str(&text[written..start]);
            out.push_str(&format!("person-{number:016x}@example.invalid"));
            (written, at) = (end, end);
        } else if let Some(length) = phone(&text[at..]) {
            if let Some(address) = address_ahead(text, written, at) {
                at = address;
                continue;
            }
            let digits: String = text[at..at + length].chars().filter(char::is_ascii_digit).collect();
            out.push_str(&text[written..at]);
            out.push_str(&format!("phone-{:016x}", number("phone", &digits)));
            (written, at) = (at + length, at + length);
        } else {
            at += 1 + text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        }
    }
    out.push_str(&text[written..]);
}

/// The `@` of the address that a number is a part of; no address is longer than 254 characters.
fn address_ahead(text: &str, from: usize, at: usize) -> Option<usize> {
    let name: usize = text[at..].chars().take(254).take_while(|c| is_of_address(*c)).map(char::len_utf8).sum();
    (text[at + name..].starts_with('@') && address(text, from, at + name).is_some()).then_some(at + name)
}

fn is_of_address(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '+' | '%')
}

/// The address around an `@`, of what was not written yet.
fn address(text: &str, from: usize, at: usize) -> Option<(usize, usize)> {
    let name: usize = text[from..at].chars().rev().take_while(|c| is_of_address(*c)).map(char::len_utf8).sum();
    let host: usize = text[at + 1..].chars().take_while(|c| is_of_address(*c)).map(char::len_utf8).sum();
    let host = text[at + 1..at + 1 + host].trim_end_matches(['.', '-', '_']);
    (name > 0 && host.trim_start_matches('.').contains('.')).then(|| (at - name, at + 1 + host.len()))
}

/// How long the number is that a text begins with.
fn phone(text: &str) -> Option<usize> {
    let (mut digits, mut end, mut between) = (0, 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '0'..='9' => (digits, end, between) = (digits + 1, at + 1, 0),
            '+' if at == 0 => {}
            ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' if between < 2 => between += 1,
            _ => break,
        }
    }
    (digits >= 7).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> String {
        let mut out = String::new();
        replace(
            text,
            &mut out,
            |kind, found| if kind == "phone" { found.parse().unwrap() } else { found.len() as u64 },
        );
        out
    }

    #[test]
    fn addresses_and_numbers_are_replaced_and_all_else_stays() {
        let (address, phone) =
            ("person-000000000000000f@example.invalid", |number: u64| format!("phone-{number:016x}"));
        for (text, expected) in [
            ("", String::new()),
            ("Open at 10:30, 12 chairs, 1.500 €", "Open at 10:30, 12 chairs, 1.500 €".to_owned()),
            ("write to Ana.B@correo.es.", format!("write to {address}.")),
            ("<ana.b@correo.es>", format!("<{address}>")),
            ("call +34 (91) 123-45-67!", format!("call {}!", phone(34_911_234_567))),
            ("call 5551234 or 555-1234", format!("call {} or {}", phone(5_551_234), phone(5_551_234))),
            ("1234567890@foo.mx", "person-0000000000000011@example.invalid".to_owned()),
            ("@ana, a@b, é@ñ", "@ana, a@b, é@ñ".to_owned()),
            ("ana.b@correo.es 5551234", format!("{address} {}", phone(5_551_234))),
            ("5551234, ana.b@correo.es", format!("{}, {address}", phone(5_551_234))),
        ] {
            assert_eq!(replaced(text), expected, "{text}");
        }
    }
}
