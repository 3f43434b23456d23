//! A run for the tests of what is shown.

use encargo_model::{Digest, Exit, Language, Receipt, Run, RunId, RunStatus, Timestamp, Trigger};

/// A run of `import_knowledge` that took a second and a half.
pub(crate) fn run() -> Run {
    Run {
        id: RunId(39),
        parent: None,
        command: "import_knowledge".to_owned(),
        digest: Digest("0123456789abcdef".to_owned()),
        version: "0.1.0".to_owned(),
        tenant: None,
        trigger: Trigger::Cli,
        arguments: Vec::new(),
        resume_key: String::new(),
        dry_run: false,
        language: Language::En,
        status: RunStatus::Succeeded,
        exit: Some(Exit::Done),
        started_at: Timestamp(1_795_000_000_000_000),
        ended_at: Some(Timestamp(1_795_000_001_500_000)),
        attempts: 1,
        report: None,
        error: None,
        backtrace: None,
        receipt: Receipt::default(),
    }
}
