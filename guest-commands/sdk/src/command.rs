//! The command itself, and how it becomes a component.

use crate::args::{Args, Arguments};
use crate::bindings::exports::encargo::command::command as wit;
use crate::error::Result;
use crate::report::Report;
use crate::run::Run;

/// What a command does.
pub trait Command: Args {
    /// Runs it.
    ///
    /// # Errors
    /// Whatever ends it early; the error's code decides the exit code.
    fn run(self, run: &Run) -> Result<Report>;
}

/// What the exported function does. `export_command!` calls it.
///
/// # Errors
/// What the command answers.
pub fn run<C: Command>(arguments: Vec<wit::Argument>) -> Result<wit::Report> {
    let run = Run::current();
    C::from_arguments(&mut Arguments::new(arguments))?.run(&run).map(wit::Report::from)
}

/// Makes a component of a command. Natively there is nothing to export: a linker for native code does not take the
/// names of a component's exports.
#[macro_export]
macro_rules! export_command {
    ($command:ty) => {
        /// Keeps the command in use where it is not exported.
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(
            Vec<$crate::bindings::exports::encargo::command::command::Argument>,
        ) -> $crate::error::Result<$crate::bindings::exports::encargo::command::command::Report> =
            $crate::command::run::<$command>;

        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Component;

            impl $crate::bindings::exports::encargo::command::command::Guest for Component {
                fn run(
                    arguments: Vec<$crate::bindings::exports::encargo::command::command::Argument>,
                ) -> $crate::error::Result<$crate::bindings::exports::encargo::command::command::Report> {
                    $crate::command::run::<$command>(arguments)
                }
            }

    $crate::bindings::export!(Component with_types_in $crate::bindings);
        };
    };
}
