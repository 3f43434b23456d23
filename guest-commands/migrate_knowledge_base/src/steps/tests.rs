//! Steps both ways.

use encargo_sdk::prelude::Instant;
use proptest::prelude::*;

use super::*;

fn item(version: Version, title: &str, language: &str, tags: &str, source: &str) -> Item {
    let own = str::to_owned;
    let mut item = Item {
        id: 7,
        external_id: own("a"),
        title: own(title),
        body: own("Abre los ajustes y elige tu agente; después guarda los cambios que hiciste."),
        language: own(language),
        tags: own(tags),
        source: own(source),
        content_hash: String::new(),
        format_version: version.number(),
        legacy: None,
        created_at: Instant::from_micros(5),
        updated_at: Instant::from_micros(6),
    };
    item.content_hash = item.hash();
    item
}

/// The item without what it was in other versions.
fn said(item: &Item) -> Item {
    Item { legacy: None, ..item.clone() }
}

#[test]
fn an_old_item_gets_what_newer_versions_have() {
    let old = item(Version::V1_0, "  ¿Cómo   cambio de agente? ", "", "Pagos; fuente:Manual;pagos", "");
    let newer = migrate(&old, Version::V2_0);
    assert_eq!((newer.title.as_str(), newer.language.as_str()), ("¿Cómo cambio de agente?", "es"));
    assert_eq!(newer.tags, r#"["Pagos","fuente:Manual","pagos"]"#);
    let newest = migrate(&newer, Version::V2_1);
    assert_eq!((newest.tags.as_str(), newest.source.as_str()), (r#"["pagos"]"#, "Manual"));
    assert_eq!(newest, migrate(&old, Version::V2_1), "two steps at once are the two");
    assert_eq!((newest.format_version, &newest.content_hash), (3, &newest.hash()));
}

#[test]
fn what_an_older_version_lacks_is_kept_and_comes_back() {
    let newest = item(Version::V2_1, "T", "es-MX", r#"["pagos"]"#, "Manual");
    let old = migrate(&newest, Version::V1_0);
    assert_eq!((old.language.as_str(), old.tags.as_str(), old.source.as_str()), ("", "[]", ""));
    assert_eq!(said(&migrate(&old, Version::V2_1)), said(&newest));
}

#[test]
fn what_somebody_changed_meanwhile_stays() {
    let old = item(Version::V1_0, "T", "", "A;B", "");
    let mut newest = migrate(&old, Version::V2_1);
    newest.tags = r#"["mine"]"#.to_owned();
    newest.title = "Mine".to_owned();
    let back = migrate(&newest, Version::V2_0);
    assert_eq!((back.tags.as_str(), back.title.as_str()), (r#"["mine"]"#, "Mine"));
    assert_eq!(migrate(&back, Version::V1_0).title, "Mine");
    let again = migrate(&migrate(&newest, Version::V1_0), Version::V2_1);
    assert_eq!((again.tags.as_str(), again.title.as_str()), (r#"["mine"]"#, "Mine"));
}

#[test]
fn steps_are_in_order_and_each_has_its_own_checksum() {
    assert!(STEPS.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].from < pair[0].to));
    let checksums: std::collections::BTreeSet<_> = STEPS.iter().map(Step::checksum).collect();
    assert_eq!(checksums.len(), STEPS.len());
    let ups: Vec<_> = between(Version::V1_0, Version::V2_1).iter().map(|(step, up)| (step.to, *up)).collect();
    assert_eq!(ups, [(Version::V2_0, true), (Version::V2_1, true)]);
    let downs: Vec<_> = between(Version::V2_1, Version::V1_0).iter().map(|(step, up)| (step.from, *up)).collect();
    assert_eq!(downs, [(Version::V2_0, false), (Version::V1_0, false)]);
    assert!(between(Version::V2_0, Version::V2_0).is_empty());
}

fn versions() -> impl Strategy<Value = Version> {
    prop::sample::select(&Version::ALL[..])
}

fn texts() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "",
            " ",
            "es",
            "EN_gb",
            "[]",
            "[\"a\",\"A \"]",
            "x;y",
            "null",
            "[1]",
            "fuente:z",
            "{\"a\":1}",
            "  two  words ",
        ][..],
    )
    .prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn there_and_back_again_is_where_it_was(
        from in versions(), way in prop::collection::vec(versions(), 0..6),
        title in texts(), language in texts(), tags in texts(), source in texts(), legacy in prop::option::of(texts()),
    ) {
        let mut start = item(from, &title, &language, &tags, &source);
        start.legacy = legacy;
        let mut now = start.clone();
        for version in way {
            now = migrate(&now, version);
            prop_assert_eq!(now.version(), Some(version));
            prop_assert_eq!(&migrate(&now, version), &now, "the same version again changes nothing");
        }
        prop_assert_eq!(said(&migrate(&now, from)), said(&start));
    }
}
