//! The JSON schema of a description, published as `wit/command/description.schema.json`.

use encargo_model::Description;

/// The schema's text, as it stands in the repository.
pub fn schema_json() -> String {
    let mut text = format!("{:#}", schemars::schema_for!(Description).as_value());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_that_is_read() {
        let published = include_str!("../../../wit/command/description.schema.json");
        assert!(
            published == super::schema_json(),
            "write it anew: `encargo-pack --schema > wit/command/description.schema.json`, and look at the difference"
        );
    }
}
