//! Reads a number as Python writes it.

use encargo_model::text;

use super::cursor::Cursor;
use super::literal::wrong;
use super::{Value, Wrong};

impl Cursor<'_> {
    /// The number that comes next, with its signs.
    pub(super) fn number(&mut self) -> Result<Value, Wrong> {
        let place = self.place;
        let mut is_negative = false;
        while let Some(sign @ ('-' | '+')) = self.peek() {
            is_negative ^= sign == '-';
            self.next();
            self.blanks(false);
        }
        let at = (self.rest, self.place);
        let mut written = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).to_owned();
        let is_decimal = !written.starts_with("0x") && !written.starts_with("0X");
        if is_decimal && written.ends_with(['e', 'E']) && matches!(self.peek(), Some('-' | '+')) {
            written.extend(self.next());
            written.push_str(self.take_while(|c| c.is_ascii_digit() || c == '_'));
        }
        let value = read(&written).map(|value| match value {
            Number::Whole(whole) if is_negative => Number::Whole(-whole),
            Number::Real(real) if is_negative => Number::Real(-real),
            value => value,
        });
        match value {
            Some(Number::Whole(whole)) => i64::try_from(whole)
                .map(Value::Integer)
                .map_err(|_| wrong(place, text!("the number has more than 64 bits", "el número tiene más de 64 bits"))),
            Some(Number::Real(real)) if real.is_finite() => Ok(Value::Real(real)),
            Some(Number::Real(_)) => {
                Err(wrong(place, text!("the number is too large", "el número es demasiado grande")))
            }
            None => {
                (self.rest, self.place) = at;
                Err(self.not_a_literal())
            }
        }
    }
}

enum Number {
    Whole(i128),
    Real(f64),
}

/// A number without its sign.
fn read(written: &str) -> Option<Number> {
    let small = written.to_ascii_lowercase();
    let based = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find_map(|(prefix, base)| Some((small.strip_prefix(prefix)?, base)));
    if let Some((digits, base)) = based {
        // One underscore may stand behind the prefix.
        let digits = plain(digits.strip_prefix('_').unwrap_or(digits))?;
        return whole(&digits, base);
    }
    let digits = plain(&small)?;
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    let fits = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | '-' | '+');
    match is_whole {
        // Python refuses them since they were octal once.
        true if digits.starts_with('0') && digits.bytes().any(|byte| byte != b'0') => None,
        true => whole(&digits, 10),
        false if has_digit && digits.chars().all(fits) => digits.parse().ok().map(Number::Real),
        false => None,
    }
}

/// Of more digits than any number of 64 bits has, all that counts is that they are too many.
fn whole(digits: &str, base: u32) -> Option<Number> {
    let is_one = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
    let digits = digits.trim_start_matches('0');
    match is_one {
        false => None,
        true if digits.is_empty() => Some(Number::Whole(0)),
        true => Some(Number::Whole(i128::from_str_radix(digits, base).unwrap_or(i128::MAX))),
    }
}

/// Without the underscores between digits; none where one stands elsewhere.
fn plain(written: &str) -> Option<String> {
    let bytes = written.as_bytes();
    let stands_right = |at: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_hexdigit);
        beside(at.checked_sub(1)) && beside(at.checked_add(1))
    };
    let all_right = bytes.iter().enumerate().all(|(at, byte)| *byte != b'_' || stands_right(at));
    all_right.then(|| written.replace('_', ""))
}
