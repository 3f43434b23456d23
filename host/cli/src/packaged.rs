//! The commands that are part of this binary; `build.rs` lists them.

use encargo_catalog::Packaged;

/// Every packaged command, in the order of their names; empty when none was built before the binary.
pub(crate) static PACKAGED: &[Packaged] = include!(concat!(env!("OUT_DIR"), "/packaged.rs"));
