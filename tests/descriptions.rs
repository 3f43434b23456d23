//! What packaged components say about themselves.

use std::fs;
use std::process::Command;

use encargo_pack::{Place, describe, missing_spanish};
use support::{TestHost, binary, checkout, finished, packaged_components, test_component};

#[test]
fn every_packaged_command_speaks_both_languages() {
    let mut described = 0;
    for (name, component) in packaged_components() {
        let description = describe(&component).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(name, description.name);
        assert_eq!(missing_spanish(&description), Vec::<Place>::new(), "`{}` lacks Spanish there", description.name);
        for (place, text) in [("summary", Some(&description.summary)), ("details", description.details.as_ref())] {
            let same = text.is_some_and(|text| text.es.as_ref() == Some(&text.en));
            assert!(!same, "the {place} of `{}` is the same in both languages", description.name);
        }
        described += 1;
    }
    assert!(described >= 5, "{described} components");
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

#[test]
fn the_packer_takes_a_description_and_spanish_texts_that_lie_beside_a_component() {
    let host = TestHost::new();
    let pack = |more: &[&str]| {
        let mut packer = Command::new(binary().with_file_name("encargo-pack"));
        finished(packer.current_dir(host.folder()).args(["in.wasm", "out.wasm"]).args(more))
    };
    host.file("in.wasm", b"\0asm\x0d\0\x01\0");
    host.file("it.json", r#"{"schema":1,"name":"it","version":"1","summary":{"en":"Do."},"scope":"tenant","effect":"read-only","idempotent":true}"#);
    host.file("es.toml", "summary = 'Hacer.'");
    assert!(pack(&[]).exits(1).stderr.contains("`--description FILE.json` gives one"));
    let both = ["--spanish", "es.toml", "--description", "it.json"];
    let _ = pack(&both).exits(0);
    let packed = fs::read(host.folder().join("out.wasm")).expect("the component was packed");
    assert_eq!(describe(&packed).expect("it is described").summary.es.as_deref(), Some("Hacer."));
    host.file("es.toml", "sumary = 'Hacer.'");
    let refused = pack(&both).exits(1).stderr;
    assert!(refused.contains("`summary` has none; the description has no `sumary`"), "{refused}");
    host.file("in.wasm", fs::read(test_component("wander")).expect("the component is built"));
    assert!(pack(&both[2..]).exits(1).stderr.contains("not the one beside it"));
    for wrong in
        [&["--spanish"][..], &["--other", "it.json"], &["--description", "it.json", "--description", "it.json"]]
    {
        assert!(pack(wrong).exits(1).stderr.contains("usage: encargo-pack IN.wasm OUT.wasm"));
    }
}
