//! Commands that do what a test says, without a program, and the requests for them.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use encargo_catalog::{Catalog, Command, Source};
use encargo_engine::{Job, PlatformError, RunHost};
use encargo_model::{Digest, Ended, Language, Limits, Outcome, Tenant, Tier, Trigger};

use super::ended;
use crate::execution::Execute;
use crate::start::Prepared;
use crate::{Fallbacks, StartRequest};

type Body = dyn Fn(&Job, &Arc<dyn RunHost>) -> Ended + Send + Sync;

struct Fake {
    body: Box<Body>,
    refused: &'static str,
    stack_bytes: Option<usize>,
}

impl Execute for Fake {
    fn check(&self, tenant: Option<&Tenant>, _: bool) -> Result<(), PlatformError> {
        match tenant {
            Some(tenant) if tenant.slug == self.refused => Err(PlatformError::Corrupt { path: "2.db".into() }),
            _ => Ok(()),
        }
    }

    fn thread(&self) -> thread::Builder {
        self.stack_bytes.map_or_else(thread::Builder::new, |bytes| thread::Builder::new().stack_size(bytes))
    }

    fn execute(&self, job: Job, host: &Arc<dyn RunHost>) -> Ended {
        (self.body)(&job, host)
    }
}

/// A command that does this, and refuses the tenant `refused`.
pub(crate) fn prepared(body: impl Fn(&Job, &Arc<dyn RunHost>) -> Ended + Send + Sync + 'static) -> Prepared {
    let description = serde_json::json!({
        "schema": 1, "name": "cleanup", "version": "1.0.0", "summary": {"en": "Clean up", "es": "Limpiar"},
        "scope": "tenant", "effect": "changes", "idempotent": true
    });
    let description = serde_json::from_value(description).unwrap();
    Prepared {
        request: request(),
        command: Command { description, tier: Tier::Packaged, owner: None, source: Source::Packaged },
        catalog: Arc::new(Catalog::new(&[], "/nowhere".into(), None)),
        digest: Digest("ab".repeat(32)),
        work: Box::new(Fake { body: Box::new(body), refused: "refused", stack_bytes: None }),
        compiled_for: Duration::ZERO,
        arguments: vec![],
        input: String::new(),
        granted: std::collections::BTreeSet::new(),
    }
}

/// A command for which no thread can be started: its stack is larger than any address space.
pub(crate) fn without_threads() -> Prepared {
    let body: Box<Body> = Box::new(|_, _| unreachable!("there is no thread"));
    let work = Fake { body, refused: "refused", stack_bytes: Some(1 << 60) };
    Prepared { work: Box::new(work), ..prepared(|_, _| ended(Outcome::Ok)) }
}

pub(crate) fn request() -> StartRequest {
    StartRequest {
        command: "cleanup".to_owned(),
        arguments: vec![],
        tenants: None,
        exclude_tenants: vec![],
        fallbacks: Fallbacks::default(),
        dry_run: false,
        resume: None,
        restart: false,
        yes: false,
        overwrite: false,
        isolated: None,
        wait_lock: None,
        timeout: None,
        parallel: None,
        fail_fast: false,
        language: Language::En,
        environment: "test".to_owned(),
        verbosity: 1,
        limits: Limits::default(),
        tenant_limits: Limits::of_tenants(),
        trigger: Trigger::Cli,
        admin_password: None,
    }
}
