//! Arguments: what `derive(Args)` stands on. The host has validated them against the description.

use crate::bindings::exports::encargo::command::command::{Argument, ArgumentValue};
use crate::error::{Error, ErrorCode, Result};
use crate::time::{Duration, Instant};

/// A struct whose fields are a command's arguments; `derive(Args)` makes it, with the description.
pub trait Args: Sized {
    /// The description, as it stands in the component.
    const DESCRIPTION: &'static str;

    /// Takes the values that the host passes.
    ///
    /// # Errors
    /// `invalid` when the host and the description do not agree.
    fn from_arguments(arguments: &mut Arguments) -> Result<Self>;
}

/// The values of a run.
#[derive(Debug)]
pub struct Arguments {
    values: Vec<Argument>,
}

impl Arguments {
    pub(crate) fn new(values: Vec<Argument>) -> Self {
        Self { values }
    }

    /// Takes one value out.
    ///
    /// # Errors
    /// `invalid` when it is of another kind.
    pub fn take<T: FromArgument>(&mut self, name: &'static str) -> Result<T> {
        let at = self.values.iter().position(|argument| argument.name == name);
        let value = at.map(|at| self.values.swap_remove(at).value);
        T::from_argument(name, value)
            .ok_or_else(|| Error::new(ErrorCode::Invalid, format!("the host passed no fitting value for `{name}`")))
    }
}

/// What a field of such a struct can be.
pub trait FromArgument: Sized {
    /// Makes the field; none when the value is missing or of another kind.
    fn from_argument(name: &'static str, value: Option<ArgumentValue>) -> Option<Self>;
}

impl<T: FromArgument> FromArgument for Option<T> {
    fn from_argument(name: &'static str, value: Option<ArgumentValue>) -> Option<Self> {
        match value {
            None => Some(None),
            value => T::from_argument(name, value).map(Some),
        }
    }
}

macro_rules! from_argument {
    ($($type:ty: $($value:pat => $made:expr),+;)*) => {
        $(impl FromArgument for $type {
            fn from_argument(_: &'static str, value: Option<ArgumentValue>) -> Option<Self> {
                match value {
                    $($value => $made,)+
                    _ => None,
                }
            }
        })*
    };
}

from_argument! {
    bool: None => Some(false), Some(ArgumentValue::Flag(flag)) => Some(flag);
    i64: Some(ArgumentValue::Integer(number)) => Some(number);
    u64: Some(ArgumentValue::Integer(number)) => u64::try_from(number).ok();
    u32: Some(ArgumentValue::Integer(number)) => u32::try_from(number).ok();
    f64: Some(ArgumentValue::Real(number)) => Some(number);
    String: Some(ArgumentValue::Text(text) | ArgumentValue::Tenant(text)) => Some(text);
    Vec<String>: None => Some(Vec::new()), Some(ArgumentValue::Texts(texts)) => Some(texts);
    Instant: Some(ArgumentValue::Instant(time)) => Some(Instant::from_micros(time));
    Duration: Some(ArgumentValue::Duration(span)) => Some(Duration::from_micros(span));
}

macro_rules! paths {
    ($($(#[$doc:meta])* $type:ident;)*) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $type {
            /// The argument's name, by which `files` knows it.
            pub argument: &'static str,
        }

        impl FromArgument for $type {
            fn from_argument(argument: &'static str, value: Option<ArgumentValue>) -> Option<Self> {
                matches!(value, Some(ArgumentValue::Path(_))).then_some(Self { argument })
            }
        })*
    };
}

paths! {
    /// A file to read; perhaps standard input.
    InputFile;
    /// A folder whose files are read.
    InputFolder;
    /// A file or a folder to write; perhaps standard output.
    Output;
}
