//! Reads a component's description from its top level.

use std::io::{Cursor, Read, Seek};
use std::ops::Range;

use encargo_model::{Constraint, Description};

use crate::{MOST_BYTES, PackError, top, validate};

/// A description, and how it stands in its component.
#[derive(Debug)]
pub struct Described {
    /// What it says, validated.
    pub description: Description,
    /// Its JSON.
    pub json: Vec<u8>,
    /// The bytes of its section in the component; the others are what is compiled.
    pub section: Range<usize>,
}

/// What a component says about itself, validated; only its top level is looked at, and nothing is run.
///
/// # Errors
/// Not a component, no description or more than one at the top level, or one that is not acceptable.
pub fn describe(component: &[u8]) -> Result<Description, PackError> {
    Ok(read(Cursor::new(component))?.description)
}

/// The same of a file, of which nothing else is read, and where it stands.
///
/// # Errors
/// Those of [`describe`], and a file that cannot be read.
pub fn read(component: impl Read + Seek) -> Result<Described, PackError> {
    let mut found = top::sections(component)?;
    match (found.pop(), found.len()) {
        (None, _) => Err(PackError::NotLifted),
        (Some(only), 0) => Ok(Described { description: parse(&only.json)?, json: only.json, section: only.range }),
        (Some(_), others) => Err(PackError::Several(others + 1)),
    }
}

/// The description that a JSON text is, with nothing behind it.
pub(crate) fn parse(json: &[u8]) -> Result<Description, PackError> {
    if json.len() > MOST_BYTES {
        return Err(PackError::TooLarge(json.len()));
    }
    let mut description = serde_json::from_slice(json)?;
    join_names(&mut description);
    validate(&description).map_err(PackError::Invalid)?;
    Ok(description)
}

/// In many languages a name has no `-`.
fn join_names(description: &mut Description) {
    let of_arguments = description.arguments.iter_mut().map(|argument| &mut argument.name);
    let of_constraints = description.constraints.iter_mut().flat_map(|constraint| match constraint {
        Constraint::Requires(one, other) => vec![one, other],
        Constraint::Conflicts(names) => names.iter_mut().collect(),
    });
    for name in of_arguments.chain(of_constraints) {
        *name = name.replace('_', "-");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_argument_may_be_written_as_other_languages_write_it() {
        let argument = |name: &str| json!({"name": name, "help": {"en": "x"}, "kind": "text"});
        let described = |one: &str, other: &str| {
            let json = json!({
                "schema": 1, "name": "hello_all", "version": "1", "summary": {"en": "Greet."}, "scope": "tenant",
                "effect": "read-only", "idempotent": true, "arguments": [argument(one), argument(other)],
                "constraints": [{"requires": [one, other]}, {"conflicts": [one, other]}],
            });
            parse(json.to_string().as_bytes())
        };
        assert_eq!(described("batch_size", "a_b_c").unwrap(), described("batch-size", "a-b-c").unwrap());
        let refused = described("a_b", "a-b").unwrap_err().to_string();
        assert!(refused.contains("the argument `a-b` is declared twice"), "{refused}");
    }
}
