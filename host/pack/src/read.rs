//! Reads a component's description from its top level.

use encargo_model::Description;

use crate::{MOST_BYTES, PackError, sections, validate};

/// What a component says about itself, validated; only its top level is looked at, and nothing is run.
///
/// # Errors
/// Not a component, no description or more than one at the top level, or one that is not acceptable.
pub fn describe(component: &[u8]) -> Result<Description, PackError> {
    match sections::find(component, false)?.top.as_slice() {
        [] => Err(PackError::NotLifted),
        [(_, json)] => parse(json),
        several => Err(PackError::Several(several.len())),
    }
}

/// The description that a JSON text is, with nothing behind it.
pub(crate) fn parse(json: &[u8]) -> Result<Description, PackError> {
    if json.len() > MOST_BYTES {
        return Err(PackError::TooLarge(json.len()));
    }
    let description = serde_json::from_slice(json)?;
    validate(&description).map_err(PackError::Invalid)?;
    Ok(description)
}
