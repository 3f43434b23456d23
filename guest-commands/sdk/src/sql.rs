//! A command's statements, in one place, and so in the component: a test asks PostgreSQL about each of them.

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
