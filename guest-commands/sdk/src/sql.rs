//! A command's statements, in one place, and so in the component: a test asks PostgreSQL about each of them.

use crate::value::ToValue;

/// Declares constants that are statements: `statements! { /// What it reads. READ_AGENTS = "SELECT .."; }`.
///
/// Each becomes a constant of the module and stands in the component's section `encargo:statements`.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:expr;)+) => {
        $(
            $(#[$doc])*
            pub(crate) const $name: &str = $sql;

            $crate::section!("encargo:statements", $name);
        )+
    };
}

/// How many values [`hundred!`](crate::hundred) has places for.
pub const HUNDRED: usize = 100;

/// A hundred placeholders, `$1` to `$100`, for a statement that looks up many values at once:
/// `concat!("SELECT id FROM agents WHERE slug IN (", hundred!(), ")")`.
#[macro_export]
macro_rules! hundred {
    () => {
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, \
         $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, \
         $61, $62, $63, $64, $65, $66, $67, $68, $69, $70, $71, $72, $73, $74, $75, $76, $77, $78, $79, $80, \
         $81, $82, $83, $84, $85, $86, $87, $88, $89, $90, $91, $92, $93, $94, $95, $96, $97, $98, $99, $100"
    };
}

/// Parameters for [`hundred!`](crate::hundred): the last value stands in the places that are left. None where there are no
/// values; more than a hundred are the caller's mistake, and only the first hundred are taken.
pub fn in_hundred<T: ToValue>(values: &[T]) -> Option<Vec<&dyn ToValue>> {
    let last = values.last()?;
    let filled = values.iter().chain(std::iter::repeat(last)).take(HUNDRED);
    Some(filled.map(|value| value as &dyn ToValue).collect())
}
