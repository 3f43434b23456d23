//! How long things are kept: what the caller says, else the settings of each type, else those of all, else 90 days.

use encargo_sdk::prelude::*;
use encargo_sdk::settings;

use crate::cleaned::Target;

const DEFAULT: u32 = 90;
const LONGEST: u32 = 36_500;

/// How many days things of a type are kept.
///
/// # Errors
/// `usage` for a setting that is no number of days.
pub(crate) fn days(asked: Option<u32>, target: Target) -> Result<u32> {
    if let Some(days) = asked {
        return Ok(days);
    }
    let of_type = format!("cleanup_days_{}", target.word());
    for name in [of_type.as_str(), "cleanup_days"] {
        let value: Option<serde_json::Value> = settings::get(name)?;
        if let Some(value) = value {
            return read(name, &value);
        }
    }
    Ok(DEFAULT)
}

fn read(name: &str, value: &serde_json::Value) -> Result<u32> {
    let days = value.as_u64().and_then(|days| u32::try_from(days).ok()).filter(|days| (1..=LONGEST).contains(days));
    days.ok_or_else(|| {
        let message = text!(
            "the setting `{name}` is `{value}` and should be a number of days from 1 to {LONGEST}",
            "el ajuste `{name}` es `{value}` y debería ser un número de días de 1 a {LONGEST}"
        );
        Error::new(ErrorCode::Usage, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_a_number_of_days_or_is_refused_with_its_name() {
        let value = |text| serde_json::from_str(text).unwrap();
        assert_eq!((read("x", &value("1")), read("x", &value("36500"))), (Ok(1), Ok(36_500)));
        for text in ["0", "-3", "36501", "\"30\"", "1.5", "null"] {
            let error = read("cleanup_days_chats", &value(text)).unwrap_err();
            assert!(error.code() == ErrorCode::Usage && error.message.contains("`cleanup_days_chats`"), "{text}");
        }
    }
}
