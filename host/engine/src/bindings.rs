//! The WIT, in Rust, and the types that stand for its resources.

wasmtime::component::bindgen!({
    path: "../../wit/command",
    world: "encargo:command/guest",
    imports: { default: trappable },
    with: {
        "encargo:database/database.database": crate::capabilities::database::OpenDatabase,
        "encargo:database/database.transaction": crate::capabilities::database::OpenTransaction,
        "encargo:database/database.cursor": crate::capabilities::database::OpenCursor,
        "encargo:files/files.source": crate::capabilities::files::OpenSource,
        "encargo:files/files.sink": crate::capabilities::files::OpenSink,
        "encargo:maintenance/maintenance.backup": crate::capabilities::backups::OpenBackup,
        "encargo:maintenance/maintenance.restore": crate::capabilities::restores::OpenRestore,
        "encargo:metrics/metrics.sampling": crate::capabilities::metrics::OpenSampling,
    },
});
