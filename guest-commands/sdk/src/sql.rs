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

            // Not an expectation: in a command's crate the lint may be on or off.
            #[cfg(target_arch = "wasm32")]
            #[allow(unsafe_code)]
            const _: () = {
                #[used]
                #[unsafe(link_section = "encargo:statements")]
                static STATEMENT: [u8; $name.len() + $crate::description::HEAD] = $crate::description::framed($name);
            };
        )+
    };
}
