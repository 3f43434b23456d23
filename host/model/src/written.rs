//! The written form of an argument's value: what may stand on the command line, in the environment, in the
//! configuration and in a description's default.

use chrono::{DateTime, NaiveDate, NaiveTime};

use crate::{ArgumentKind, ArgumentSpec, ArgumentValue, PathValue, Tenant, Text, Timestamp, near_names, text};

const SECOND: i64 = 1_000_000;
const UNITS: [(&str, i64); 6] = [
    // Before the others, which its end is one of.
    ("ms", SECOND / 1_000),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 86_400 * SECOND),
    ("w", 7 * 86_400 * SECOND),
];

impl ArgumentValue {
    /// Reads one written value of a kind; `now` is what times ago are counted from.
    ///
    /// Nothing is asked of the file system: a path is taken as it stands.
    ///
    /// # Errors
    /// A sentence that quotes the text and says what is expected.
    pub fn parse(kind: ArgumentKind, written: &str, now: Timestamp) -> Result<Self, Text> {
        match kind {
            ArgumentKind::Flag => flag(written).map(Self::Flag),
            ArgumentKind::Integer => written.parse().map(Self::Integer).map_err(|_| {
                text!(
                    "`{written}` is not a whole number that fits into 64 bits",
                    "`{written}` no es un número entero que quepa en 64 bits"
                )
            }),
            ArgumentKind::Real => match written.parse::<f64>() {
                Ok(real) if real.is_finite() => Ok(Self::Real(real)),
                _ => Err(text!("`{written}` is not a number such as `0.5`", "`{written}` no es un número como `0.5`")),
            },
            ArgumentKind::Text => Ok(Self::Text(written.to_owned())),
            ArgumentKind::Texts => texts(written).map(Self::Texts),
            ArgumentKind::Instant => instant(written, now).map(Self::Instant),
            ArgumentKind::Duration => span(written).or_else(|| seconds(written)).map(Self::Duration).ok_or_else(|| {
                text!(
                    "`{written}` is not a time span such as `90s`, `15m`, `12h`, `30d`, `2w`, `50ms` or a number of seconds",
                    "`{written}` no es un lapso como `90s`, `15m`, `12h`, `30d`, `2w`, `50ms` o un número de segundos"
                )
            }),
            ArgumentKind::Tenant => Tenant::check_slug(written).map(|()| Self::Tenant(written.to_owned())),
            ArgumentKind::InputFile
            | ArgumentKind::InputFolder
            | ArgumentKind::Output
            | ArgumentKind::Repository
            | ArgumentKind::PasswordFile => match written {
                "" => Err(text!("a path is empty", "una ruta está vacía")),
                _ => Ok(Self::Path(PathValue { path: written.to_owned(), kind })),
            },
        }
    }
}

impl ArgumentSpec {
    /// The value of all that was written for this argument, checked against its bounds and choices; a flag without a
    /// text is given.
    ///
    /// # Errors
    /// A sentence that quotes the text and says what is expected; it does not name the argument.
    pub fn value(&self, written: &[String], now: Timestamp) -> Result<ArgumentValue, Text> {
        let value = match (self.kind, written) {
            (ArgumentKind::Flag, []) => ArgumentValue::Flag(true),
            (_, []) => return Err(text!("a value is missing", "falta un valor")),
            (_, [one]) => ArgumentValue::parse(self.kind, one, now)?,
            (ArgumentKind::Texts, many) => {
                let parts = many.iter().map(|text| texts(text)).collect::<Result<Vec<_>, _>>()?;
                ArgumentValue::Texts(parts.concat())
            }
            (_, many) => {
                return Err(text!("one value is expected, {} are given", "se espera un valor y se dan {}"; many.len()));
            }
        };
        self.check_bounds(&value)?;
        match &value {
            ArgumentValue::Text(text) => self.check_choice(text)?,
            ArgumentValue::Texts(texts) => texts.iter().try_for_each(|text| self.check_choice(text))?,
            _ => {}
        }
        Ok(value)
    }

    fn check_bounds(&self, value: &ArgumentValue) -> Result<(), Text> {
        let bound = |written: &Option<String>| {
            written.as_ref().and_then(|text| ArgumentValue::parse(self.kind, text, Timestamp(0)).ok())
        };
        let below = |a: &ArgumentValue, b: &ArgumentValue| match (a, b) {
            (ArgumentValue::Integer(a), ArgumentValue::Integer(b)) => a < b,
            (ArgumentValue::Duration(a), ArgumentValue::Duration(b)) => a < b,
            (ArgumentValue::Real(a), ArgumentValue::Real(b)) => a < b,
            _ => false,
        };
        if bound(&self.min).is_some_and(|min| below(value, &min)) {
            let min = self.min.as_deref().unwrap_or_default();
            return Err(text!("at least `{min}` is expected", "se espera `{min}` como mínimo"));
        }
        if bound(&self.max).is_some_and(|max| below(&max, value)) {
            let max = self.max.as_deref().unwrap_or_default();
            return Err(text!("at most `{max}` is expected", "se espera `{max}` como máximo"));
        }
        Ok(())
    }

    fn check_choice(&self, text: &str) -> Result<(), Text> {
        if self.choices.is_empty() || self.choices.iter().any(|choice| choice.value == text) {
            return Ok(());
        }
        let choices: Vec<_> = self.choices.iter().map(|choice| choice.value.as_str()).collect();
        let near = near_names(text, choices.iter().copied());
        let choices = choices.join(", ");
        Err(match near.first() {
            None => text!("`{text}` is none of {choices}", "`{text}` no es ninguno de {choices}"),
            Some(near) => text!(
                "`{text}` is none of {choices}; did you mean `{near}`?",
                "`{text}` no es ninguno de {choices}; ¿quería decir `{near}`?"
            ),
        })
    }
}

fn flag(written: &str) -> Result<bool, Text> {
    match written.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err(text!("`{written}` is neither `true` nor `false`", "`{written}` no es ni `true` ni `false`")),
    }
}

fn texts(written: &str) -> Result<Vec<String>, Text> {
    let parts: Vec<_> = written.split(',').map(|part| part.trim().to_owned()).collect();
    if parts.iter().any(String::is_empty) {
        return Err(text!(
            "`{written}` has an empty part; texts are separated by single commas",
            "`{written}` tiene una parte vacía; los textos se separan con una sola coma"
        ));
    }
    Ok(parts)
}

/// Microseconds of a whole number and a unit.
fn span(written: &str) -> Option<i64> {
    let unit = |(unit, microseconds)| Some((written.strip_suffix(unit)?, microseconds));
    let (number, microseconds): (&str, i64) = UNITS.into_iter().find_map(unit)?;
    let whole = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<i64>().ok().filter(|_| whole)?.checked_mul(microseconds)
}

/// Microseconds of a number alone, which is one of seconds.
fn seconds(written: &str) -> Option<i64> {
    let whole = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    written.parse::<i64>().ok().filter(|_| whole)?.checked_mul(SECOND)
}

fn instant(written: &str, now: Timestamp) -> Result<Timestamp, Text> {
    if let Some(ago) = span(written) {
        return Ok(now.plus(-ago));
    }
    if let Ok(date) = NaiveDate::parse_from_str(written, "%Y-%m-%d") {
        return Ok(Timestamp(date.and_time(NaiveTime::MIN).and_utc().timestamp_micros()));
    }
    match DateTime::parse_from_rfc3339(written) {
        Ok(time) => Ok(Timestamp(time.timestamp_micros())),
        Err(_) => Err(text!(
            "`{written}` is not a time: a date such as `2026-01-31` (midnight in UTC), `2026-01-31T08:00:00Z`, or a time ago such as `7d`",
            "`{written}` no es un momento: una fecha como `2026-01-31` (medianoche UTC), `2026-01-31T08:00:00Z`, o hace cuánto, como `7d`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Choice;

    const NOW: Timestamp = Timestamp(1_795_000_000_000_000);

    fn spec(kind: ArgumentKind) -> ArgumentSpec {
        serde_json::from_value(serde_json::json!({"name": "x", "help": {"en": "x"}, "kind": kind})).unwrap()
    }

    #[test]
    fn each_kind_reads_its_written_form() {
        use ArgumentKind as K;
        use ArgumentValue as V;
        let texts = |parts: &[&str]| V::Texts(parts.iter().map(|part| (*part).to_owned()).collect());
        for (kind, written, value) in [
            (K::Flag, "Yes", V::Flag(true)),
            (K::Flag, "0", V::Flag(false)),
            (K::Integer, "-9223372036854775808", V::Integer(i64::MIN)),
            (K::Real, "1e3", V::Real(1_000.0)),
            (K::Text, "", V::Text(String::new())),
            (K::Texts, "a, b", texts(&["a", "b"])),
            (K::Duration, "90s", V::Duration(90 * SECOND)),
            (K::Duration, "90", V::Duration(90 * SECOND)),
            (K::Duration, "50ms", V::Duration(50_000)),
            (K::Duration, "15m", V::Duration(900 * SECOND)),
            (K::Duration, "12h", V::Duration(43_200 * SECOND)),
            (K::Duration, "30d", V::Duration(2_592_000 * SECOND)),
            (K::Duration, "2w", V::Duration(1_209_600 * SECOND)),
            (K::Instant, "1d", V::Instant(NOW.plus(-86_400 * SECOND))),
            (K::Instant, "1970-01-02", V::Instant(Timestamp(86_400 * SECOND))),
            (K::Instant, "1970-01-01T01:00:00.5+01:00", V::Instant(Timestamp(500_000))),
            (K::Tenant, "demo", V::Tenant("demo".to_owned())),
            (K::Output, "-", V::Path(PathValue { path: "-".to_owned(), kind: K::Output })),
        ] {
            assert_eq!(ArgumentValue::parse(kind, written, NOW), Ok(value), "{written}");
        }
    }

    #[test]
    fn a_text_of_another_form_is_refused_in_words() {
        use ArgumentKind as K;
        for (kind, written, problem) in [
            (K::Flag, "maybe", "`maybe` is neither `true` nor `false`"),
            (K::Integer, "9223372036854775808", "is not a whole number"),
            (K::Integer, "1.0", "is not a whole number"),
            (K::Real, "NaN", "is not a number"),
            (K::Real, "inf", "is not a number"),
            (K::Texts, "a,,b", "`a,,b` has an empty part"),
            (K::Duration, "", "is not a time span"),
            (K::Duration, "ms", "is not a time span"),
            (K::Duration, "5us", "is not a time span"),
            (K::Duration, "d", "is not a time span"),
            (K::Duration, "-3d", "is not a time span"),
            (K::Duration, "+3d", "is not a time span"),
            (K::Duration, "3 d", "is not a time span"),
            (K::Duration, "3é", "is not a time span"),
            (K::Duration, "9223372036854775807w", "is not a time span"),
            (K::Instant, "2026-02-30", "`2026-02-30` is not a time: a date such as"),
            (K::Instant, "2026-01-31T08:00:00", "is not a time"),
            (K::Tenant, "all", "`all` means every tenant"),
            (K::InputFile, "", "a path is empty"),
        ] {
            let refused = ArgumentValue::parse(kind, written, NOW).unwrap_err();
            assert!(refused.en.contains(problem) && refused.es.is_some(), "{written}: {refused:?}");
        }
    }

    #[test]
    fn bounds_and_choices_hold() {
        let given = |spec: &ArgumentSpec, texts: &[&str]| {
            spec.value(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>(), NOW)
                .map_err(|problem| problem.en)
        };
        let mut days = spec(ArgumentKind::Integer);
        (days.min, days.max) = (Some("1".to_owned()), Some("10".to_owned()));
        assert_eq!(given(&days, &["10"]), Ok(ArgumentValue::Integer(10)));
        assert_eq!(given(&days, &["0"]), Err("at least `1` is expected".to_owned()));
        assert_eq!(given(&days, &["11"]), Err("at most `10` is expected".to_owned()));
        assert_eq!(given(&days, &["1", "2"]), Err("one value is expected, 2 are given".to_owned()));

        let mut age = spec(ArgumentKind::Duration);
        age.min = Some("1h".to_owned());
        assert_eq!(given(&age, &["59m"]), Err("at least `1h` is expected".to_owned()));

        let mut types = spec(ArgumentKind::Texts);
        types.choices = ["chats", "logs"].map(|value| Choice { value: value.to_owned(), help: None }).to_vec();
        assert_eq!(
            given(&types, &["chats,logs", "logs"]),
            Ok(ArgumentValue::Texts(["chats", "logs", "logs"].map(str::to_owned).to_vec()))
        );
        assert_eq!(given(&types, &["chats,files"]), Err("`files` is none of chats, logs".to_owned()));
        for slip in ["chat", "Chats", "chtas"] {
            let meant = format!("`{slip}` is none of chats, logs; did you mean `chats`?");
            assert_eq!(given(&types, &[slip]), Err(meant));
        }

        assert_eq!(given(&spec(ArgumentKind::Flag), &[]), Ok(ArgumentValue::Flag(true)));
        assert_eq!(given(&types, &[]), Err("a value is missing".to_owned()));
    }
}
