//! The WIT, in Rust.

wit_bindgen::generate!({
    path: "../../wit/command",
    world: "encargo:command/guest",
    generate_all,
    additional_derives: [PartialEq],
    pub_export_macro: true,
    default_bindings_module: "encargo_sdk::bindings",
});
