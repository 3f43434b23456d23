//! A whole installation for the tests of this crate: tenants, commands that describe themselves and do nothing, an engine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use encargo_backends::probes::Services;
use encargo_backends::{DataDir, Platform};
use encargo_catalog::{Catalog, Packaged};
use encargo_engine::{Engine, EngineConfig};
use encargo_model::{Clock, Language};
use encargo_store::{Store, ToRead};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use wasm_encoder::{Component, CustomSection};

use super::Hands;
use crate::records::Records;
use crate::{Runs, RunsConfig};

/// Runs over a data directory of their own.
pub(crate) struct Installation {
    pub(crate) runs: Runs,
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<Hands>,
    pub(crate) folder: tempfile::TempDir,
    _runtime: Runtime,
}

impl Installation {
    /// With these tenants, and one command `sample` whose description has these fields besides.
    pub(crate) fn new(slugs: &[&str], description: &Value) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::new(folder.path().join("data"));
        let clock = Arc::new(Hands(Mutex::new(1_795_000_000_000_000)));
        let shared = || Arc::clone(&clock) as Arc<dyn Clock>;
        Platform::migrate(&data, "test").unwrap();
        let platform = Arc::new(Platform::open(data.clone(), "test", shared()).unwrap());
        for slug in slugs {
            platform.create_tenant(slug, slug, Language::En).unwrap();
        }
        let store = runtime.block_on(async {
            Store::migrate(&data.engine_db()).await.unwrap();
            Store::open(&data.engine_db()).await.unwrap()
        });
        let config = EngineConfig { caches: vec![], stack_bytes: 1 << 20, services: Services::default() };
        let engine = Arc::new(Engine::new(config, Arc::clone(&platform), shared()).unwrap());
        let catalog = Arc::new(Catalog::new(sample(description), data.commands(), Some(store.clone())));
        let config = RunsConfig { lease: Duration::from_secs(3_000), ..RunsConfig::default() };
        let runs = Runs::new(store, engine, catalog, shared(), runtime.handle().clone(), config);
        Self { runs, platform, clock, folder, _runtime: runtime }
    }

    /// The same runs where nothing can be written.
    pub(crate) fn to_read(&self) -> Runs {
        let file = self.platform.data().engine_db();
        let to_read = ToRead { file: file.clone(), as_it_lies: false };
        let store = self.runs.records.handle.block_on(Store::open_to_read(&file, &to_read)).unwrap();
        Runs { records: Records { store, ..self.runs.records.clone() }, ..self.again() }
    }

    /// The same runs.
    pub(crate) fn again(&self) -> Runs {
        let Runs { records, engine, catalog, retention } = &self.runs;
        Runs {
            records: records.clone(),
            engine: Arc::clone(engine),
            catalog: Arc::clone(catalog),
            retention: *retention,
        }
    }
}

/// A component that describes itself; it lives as long as the test's process.
fn sample(besides: &Value) -> &'static [Packaged] {
    let mut description = json!({
        "schema": 1, "name": "sample", "version": "1.0.0", "summary": {"en": "Do nothing."}, "scope": "tenant",
        "effect": "changes", "idempotent": true, "permissions": ["read:chats", "update:chats"],
    });
    for (field, value) in besides.as_object().unwrap() {
        description[field] = value.clone();
    }
    let mut component = Component::new();
    let data = description.to_string();
    component.section(&CustomSection { name: encargo_pack::SECTION.into(), data: data.as_bytes().into() });
    vec![Packaged { name: "sample", component: component.finish().leak() }].leak()
}
