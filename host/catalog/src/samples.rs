//! Components and catalogs for the tests of this crate.

use std::path::Path;

use serde_json::json;
use wasm_encoder::{Component, CustomSection};

use crate::{Catalog, Packaged};

/// A component that describes itself and does nothing.
pub(crate) fn component(name: &str, permissions: &[&str]) -> Vec<u8> {
    let description = json!({
        "schema": 1, "name": name, "version": "1.0.0", "summary": {"en": "Do nothing."},
        "scope": "tenant", "effect": "destroys", "idempotent": true, "permissions": permissions,
    });
    let mut component = Component::new();
    let json = description.to_string();
    component.section(&CustomSection { name: encargo_pack::SECTION.into(), data: json.as_bytes().into() });
    component.finish()
}

/// A catalog without a store, with packaged commands of these names.
pub(crate) fn with_commands(folder: &Path, names: &[&'static str]) -> Catalog {
    Catalog::new(packaged(names, &[]), folder.to_owned(), None)
}

/// Packaged commands of these names, all with the same permissions; they live as long as the test's process.
pub(crate) fn packaged(names: &[&'static str], permissions: &[&str]) -> &'static [Packaged] {
    let packaged = |name: &&'static str| Packaged { name, component: component(name, permissions).leak() };
    names.iter().map(packaged).collect::<Vec<_>>().leak()
}
