//! The statements: none, because the services are asked through the host's probes.

/// Every statement of this command.
pub const STATEMENTS: &[&str] = &[];
