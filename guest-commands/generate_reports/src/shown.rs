//! How values look to people, in both languages.

use encargo_sdk::language::{self, Language};
use encargo_sdk::prelude::*;

use crate::document::{Figure, Value};

/// What stands where there is no value.
pub(crate) const NONE: &str = "–";

/// The value as people read it.
pub(crate) fn value(value: Option<Value>) -> String {
    let Some(value) = value else { return NONE.to_owned() };
    match value {
        Value::Count(number) => whole(number),
        Value::PerDay(number) => decimal(number, 1),
        Value::Stars(number) => decimal(number, 2),
        Value::Share(share) => percent(share),
        Value::Milliseconds(0) => "0 ms".to_owned(),
        Value::Milliseconds(number) => time(number.saturating_mul(1_000)),
        Value::Microseconds(number) => time(number),
    }
}

/// A share in percent.
pub(crate) fn percent(share: f64) -> String {
    let number = decimal(share * 100.0, 1);
    text!("{number}%", "{number} %")
}

/// A share in whole percent.
pub(crate) fn percent_whole(share: f64) -> String {
    let number = whole((share * 100.0).round() as u64);
    text!("{number}%", "{number} %")
}

/// A number with a digit behind its point where it is small and has one.
pub(crate) fn compact(number: f64) -> String {
    let digits = if number < 10.0 && (number * 10.0).round() % 10.0 != 0.0 { 1 } else { 0 };
    decimal(number, digits)
}

/// How a figure differs from the one before: in percent, shares in points; empty where nothing can be compared.
pub(crate) fn change(now: Option<Value>, before: Option<Value>) -> String {
    let (Some(now), Some(before)) = (now, before) else { return String::new() };
    let (difference, unit) = match (now, before) {
        (Value::Share(now), Value::Share(before)) => ((now - before) * 100.0, text!(" points", " puntos")),
        (Value::Stars(now), Value::Stars(before)) => return signed(now - before, 2),
        (now, before) if before.number() > 0.0 => ((now.number() / before.number() - 1.0) * 100.0, text!("%", " %")),
        _ => return String::new(),
    };
    signed(difference, 1) + &unit
}

/// A number with its sign; what is rounded to nothing has none.
fn signed(number: f64, digits: usize) -> String {
    let shown = decimal(number.abs(), digits);
    if shown.bytes().all(|byte| !byte.is_ascii_digit() || byte == b'0') {
        return format!("±{shown}");
    }
    format!("{}{shown}", if number < 0.0 { '−' } else { '+' })
}

/// Of how many a figure is, and its interval: `n = 263, 95 % from 26.6% to 37.8%`; empty for a bare count.
pub(crate) fn certainty(figure: &Figure) -> String {
    let Some(n) = figure.n else { return String::new() };
    let n = whole(n);
    let Some((low, high)) = figure.interval else { return text!("n = {n}", "n = {n}") };
    let (low, high) = (percent(low), percent(high));
    text!("n = {n}; 95% from {low} to {high}", "n = {n}; 95 % de {low} a {high}")
}

/// A whole number in groups of three digits: `12,345` and `12.345`.
pub(crate) fn whole(number: u64) -> String {
    let digits = number.to_string();
    let separator = if language::current() == Language::Es { '.' } else { ',' };
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(separator);
        }
        shown.push(digit);
    }
    shown
}

fn decimal(number: f64, digits: usize) -> String {
    let shown = format!("{number:.digits$}");
    let (integer, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    let integer = integer.parse().map_or_else(|_| integer.to_owned(), whole);
    if fraction.is_empty() {
        return integer;
    }
    let point = if language::current() == Language::Es { ',' } else { '.' };
    format!("{integer}{point}{fraction}")
}

/// A time span in two units at most.
fn time(micros: u64) -> String {
    let (milliseconds, seconds) = (micros / 1_000, micros / 1_000_000);
    match seconds {
        _ if micros < 1_000 => format!("{micros} µs"),
        0 => format!("{milliseconds} ms"),
        1..10 => decimal(micros as f64 / 1e6, 2) + " s",
        10..60 => decimal(micros as f64 / 1e6, 1) + " s",
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", whole(seconds / 86_400), seconds / 3_600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_have_their_unit() {
        for (shown, expected) in [
            (value(Some(Value::Count(1_234_567))), "1,234,567"),
            (value(Some(Value::PerDay(1_234.56))), "1,234.6"),
            (value(Some(Value::Share(0.123_45))), "12.3%"),
            (value(Some(Value::Stars(4.5))), "4.50"),
            (value(Some(Value::Milliseconds(0))), "0 ms"),
            (value(Some(Value::Milliseconds(950))), "950 ms"),
            (value(Some(Value::Milliseconds(2_345))), "2.35 s"),
            (value(Some(Value::Milliseconds(45_678))), "45.7 s"),
            (value(Some(Value::Milliseconds(754_000))), "12 min 34 s"),
            (value(Some(Value::Milliseconds(8_040_000))), "2 h 14 min"),
            (value(Some(Value::Milliseconds(100 * 86_400_000))), "100 d 0 h"),
            (value(Some(Value::Microseconds(250))), "250 µs"),
            (value(None), NONE),
        ] {
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn a_change_is_in_percent_or_points_and_none_of_nothing() {
        let count = |number| Some(Value::Count(number));
        assert_eq!(change(count(120), count(100)), "+20.0%");
        assert_eq!(change(count(0), count(100)), "−100.0%");
        assert_eq!(change(count(100), count(100)), "±0.0%");
        assert_eq!(change(count(100), count(0)), "");
        assert_eq!(change(count(100), None), "");
        assert_eq!(change(Some(Value::Share(0.5)), Some(Value::Share(0.525))), "−2.5 points");
        assert_eq!(change(Some(Value::Stars(4.5)), Some(Value::Stars(4.25))), "+0.25");
    }
}
