//! What packaged components say about themselves.

use std::fs;

use encargo_pack::{Place, describe, missing_spanish};
use support::checkout;

#[test]
fn every_packaged_command_speaks_both_languages() {
    let mut described = 0;
    let commands = checkout().join("target/commands");
    for entry in fs::read_dir(&commands).expect("`scripts/build-commands` makes the folder") {
        let path = entry.expect("an entry can be read").path();
        let component = fs::read(&path).expect("a component can be read");
        let description = describe(&component).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(path.file_stem().and_then(|name| name.to_str()), Some(description.name.as_str()));
        assert_eq!(missing_spanish(&description), Vec::<Place>::new(), "`{}` lacks Spanish there", description.name);
        for (place, text) in [("summary", Some(&description.summary)), ("details", description.details.as_ref())] {
            let same = text.is_some_and(|text| text.es.as_ref() == Some(&text.en));
            assert!(!same, "the {place} of `{}` is the same in both languages", description.name);
        }
        described += 1;
    }
    assert!(described >= 5, "{} has {described} components", commands.display());
}

#[test]
fn the_published_schema_of_descriptions_is_the_one_of_the_code() {
    let published = checkout().join("wit/command/description.schema.json");
    let text = fs::read_to_string(&published).unwrap_or_else(|error| panic!("{}: {error}", published.display()));
    assert!(
        text.trim_end() == encargo_pack::schema_json().trim_end(),
        "{} is out of date; write it with `target/release/encargo-pack --schema`",
        published.display()
    );
}
