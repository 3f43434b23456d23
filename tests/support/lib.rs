//! What the integration tests stand on: a host of their own, what its platform holds, and a way to skip.

mod host;
mod interruption;
mod namespace;
mod output;
mod places;
mod random;
mod receipt;
mod skip;
mod state;
mod terminal;

pub use host::TestHost;
pub use interruption::{copy_of, kill_after, killed_and_run_again};
pub use namespace::in_namespace;
pub use output::{Output, finished};
pub use places::{binary, checkout, contract, packaged_components, real_data, rust_files, sources, test_component};
pub use random::Random;
pub use receipt::{last_run, limit_used, receipt};
pub use skip::skip;
pub use state::{copy_folder, platform_state, rows, settle, tenant_database};
pub use terminal::at_terminal;
