//! Every integration test, in one binary. They run the `encargo` that `scripts/test` built.

mod architecture;
mod cases;
mod cli;
mod conformance;
mod crowd;
mod descriptions;
mod kill;
mod manifests;
mod misbehave;
mod postgres;
mod real_data;
mod roundtrip;
mod scope;
mod spanish;
mod transfer;
mod versions;
mod wit_snapshot;
