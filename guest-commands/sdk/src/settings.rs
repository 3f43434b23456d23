//! Values that an operator or a tenant has set.

use serde::de::DeserializeOwned;

use crate::bindings::encargo::settings::settings as wit;
use crate::error::{Error, ErrorCode, Result};
use crate::text;

/// The value of this name, if it is set.
///
/// # Errors
/// `invalid` when it is there and does not fit, `denied` without the permission `read-settings:NAME`.
pub fn get<T: DeserializeOwned>(name: &str) -> Result<Option<T>> {
    let Some(text) = wit::get(name)? else { return Ok(None) };
    serde_json::from_str(&text).map(Some).map_err(|error| {
        Error::new(
            ErrorCode::Invalid,
            text!("the setting `{name}` does not fit: {error}", "el ajuste `{name}` no encaja: {error}"),
        )
    })
}
