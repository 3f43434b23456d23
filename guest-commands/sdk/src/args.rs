//! Arguments: what `derive(Args)` stands on. The host has validated them against the description.

use crate::bindings::exports::encargo::command::command::Argument;
use crate::choice::{Choice, Choices};
use crate::error::{Error, ErrorCode, Result};
use crate::text;
use crate::time::{Duration, Instant};
use crate::value::Value;

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
        let values = at.map(|at| self.values.swap_remove(at).values);
        T::from_argument(name, values).ok_or_else(|| {
            Error::new(
                ErrorCode::Invalid,
                text!(
                    "the host passed no fitting value for `{name}`",
                    "el anfitrión no pasó un valor que sirva para `{name}`"
                ),
            )
        })
    }
}

/// What a field of such a struct can be.
pub trait FromArgument: Sized {
    /// Makes the field; none when there is no value or one of another kind.
    fn from_argument(name: &'static str, values: Option<Vec<Value>>) -> Option<Self>;
}

impl<T: FromArgument> FromArgument for Option<T> {
    fn from_argument(name: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
        match values {
            None => Some(None),
            values => T::from_argument(name, values).map(Some),
        }
    }
}

impl FromArgument for bool {
    fn from_argument(_: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
        match values.as_deref() {
            None => Some(false),
            Some([Value::Integer(flag)]) => Some(*flag != 0),
            _ => None,
        }
    }
}

impl FromArgument for Vec<String> {
    fn from_argument(_: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
        let text = |value| if let Value::Text(text) = value { Some(text) } else { None };
        values.unwrap_or_default().into_iter().map(text).collect()
    }
}

impl<T: Choice> FromArgument for Choices<T> {
    fn from_argument(name: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
        let words = Vec::<String>::from_argument(name, values)?;
        Self::from_words(words.iter().map(String::as_str))
    }
}

macro_rules! one_value {
    ($($type:ty: $case:ident($value:ident) => $made:expr;)*) => {
        $(impl FromArgument for $type {
            fn from_argument(_: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
                match <[Value; 1]>::try_from(values?) {
                    Ok([Value::$case($value)]) => $made,
                    _ => None,
                }
            }
        })*
    };
}

one_value! {
    i64: Integer(number) => Some(number);
    u64: Integer(number) => u64::try_from(number).ok();
    u32: Integer(number) => u32::try_from(number).ok();
    f64: Real(number) => Some(number);
    String: Text(text) => Some(text);
    Instant: Integer(time) => Some(Instant::from_micros(time));
    Duration: Integer(span) => Some(Duration::from_micros(span));
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
            fn from_argument(argument: &'static str, values: Option<Vec<Value>>) -> Option<Self> {
                matches!(values?[..], [Value::Integer(_)]).then_some(Self { argument })
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
    /// Where backups are: a folder, or a bucket of an S3-compatible store.
    Repository;
}
