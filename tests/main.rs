//! Every integration test, in one binary. They run the `encargo` that `scripts/test` built.

mod architecture;
mod archives;
mod brief;
mod cases;
mod cli;
mod conformance;
mod crowd;
mod demo_data;
mod descriptions;
mod interrupted;
mod kill;
mod manifests;
mod misbehave;
mod moving;
mod postgres;
mod real_data;
mod receipts;
mod roundtrip;
mod scope;
mod spanish;
mod test_data;
mod transfer;
mod validate;
mod versions;
mod wit_snapshot;
