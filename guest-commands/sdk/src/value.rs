//! Parameters of a statement.

use crate::time::{Duration, Instant};

pub use crate::bindings::encargo::types::types::{Kind, Value};

/// A value as it lies with whoever has it, not copied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum View<'a> {
    /// No value.
    Null,
    /// An integer.
    Integer(i64),
    /// A double.
    Real(f64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

/// What can stand for a `$n`.
pub trait ToValue {
    /// The value where it lies.
    fn view(&self) -> View<'_>;

    /// The value to bind.
    fn to_value(&self) -> Value {
        match self.view() {
            View::Null => Value::Null,
            View::Integer(integer) => Value::Integer(integer),
            View::Real(real) => Value::Real(real),
            View::Text(text) => Value::Text(text.to_owned()),
            View::Blob(blob) => Value::Blob(blob.to_vec()),
        }
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn view(&self) -> View<'_> {
        (**self).view()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn view(&self) -> View<'_> {
        self.as_ref().map_or(View::Null, T::view)
    }
}

macro_rules! to_value {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl ToValue for $type {
            fn view(&self) -> View<'_> {
                let $value = self;
                $made
            }
        })*
    };
}

to_value! {
    i64 => |value| View::Integer(*value);
    i32 => |value| View::Integer(i64::from(*value));
    u32 => |value| View::Integer(i64::from(*value));
    bool => |value| View::Integer(i64::from(*value));
    f64 => |value| View::Real(*value);
    str => |value| View::Text(value);
    String => |value| View::Text(value);
    [u8] => |value| View::Blob(value);
    Vec<u8> => |value| View::Blob(value);
    Instant => |value| View::Integer(value.micros());
    Duration => |value| View::Integer(value.micros());
    Value => |value| match value {
        Value::Null => View::Null,
        Value::Integer(integer) => View::Integer(*integer),
        Value::Real(real) => View::Real(*real),
        Value::Text(text) => View::Text(text),
        Value::Blob(blob) => View::Blob(blob),
    };
}

pub(crate) fn values(parameters: &[&dyn ToValue]) -> Vec<Value> {
    parameters.iter().map(ToValue::to_value).collect()
}
