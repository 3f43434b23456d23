//! Parameters of a statement.

use crate::time::{Duration, Instant};

pub use crate::bindings::encargo::types::types::{Kind, Value};

/// What can stand for a `$n`.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

macro_rules! to_value {
    ($($type:ty => |$value:ident| $made:expr;)*) => {
        $(impl ToValue for $type {
            fn to_value(&self) -> Value {
                let $value = self;
                $made
            }
        })*
    };
}

to_value! {
    i64 => |value| Value::Integer(*value);
    i32 => |value| Value::Integer(i64::from(*value));
    u32 => |value| Value::Integer(i64::from(*value));
    bool => |value| Value::Integer(i64::from(*value));
    f64 => |value| Value::Real(*value);
    str => |value| Value::Text(value.to_owned());
    String => |value| Value::Text(value.clone());
    [u8] => |value| Value::Blob(value.to_vec());
    Vec<u8> => |value| Value::Blob(value.clone());
    Instant => |value| Value::Integer(value.micros());
    Duration => |value| Value::Integer(value.micros());
    Value => |value| value.clone();
}

pub(crate) fn values(parameters: &[&dyn ToValue]) -> Vec<Value> {
    parameters.iter().map(ToValue::to_value).collect()
}
