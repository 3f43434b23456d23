//! A component that is ready to run.

use crate::bindings::GuestPre;
use crate::state::State;

/// A compiled component, linked; every attempt instantiates it anew.
#[derive(Clone)]
pub struct Program {
    pub(crate) ready: GuestPre<State>,
}
